// Table of contents of @longpole/express.

// Calls to other services
export { type ClientOptions, createClient } from './client/create-client.ts';
// For an OpenTelemetry SDK set up elsewhere
export {
  type ExpressChannelConfig,
  ExpressChannelInstrumentation,
} from './express/express-channel-instrumentation.ts';
export type { Layers } from './express/layer-kind.ts';
export { type HttpChannelConfig, HttpChannelInstrumentation } from './http/http-channel-instrumentation.ts';
export { DEFAULT_IGNORE, HEALTH_CHECKS, type IgnoreRule } from './http/ignore.ts';
// What spans may show and must have
export type { CaptureHeaders, PrivacyOptions } from './http/privacy.ts';
export type { Require } from './http/required-attributes.ts';
// Background work
export { type CarriedContext, carryContext } from './jobs/carry-context.ts';
export { type JobOptions, runJob } from './jobs/run-job.ts';
// Express
export {
  type TracedRequest,
  type TracingErrorMiddleware,
  type TracingMiddleware,
  type TracingOptions,
  tracing,
  tracingErrors,
} from './middleware/tracing.ts';
// Errors
export { LongpoleError, type LongpoleErrorCode } from './shared/errors.ts';
// Spans
export { annotate } from './spans/annotate.ts';
export { type CurrentTrace, currentTrace } from './spans/current-trace.ts';
export { type SpanKindName, type WithSpanOptions, withSpan } from './spans/with-span.ts';
// Starting
export { startTracing } from './start/start-tracing.ts';
export type { StartOptions, TracingHandle, TracingStats } from './start/types.ts';
// Whom to trust and whom to tell
export type { HostRule, PropagateTo } from './trust/propagate-to.ts';
export type { TrustInbound } from './trust/trust-inbound.ts';
