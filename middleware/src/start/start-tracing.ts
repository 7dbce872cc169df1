// Starts tracing in this process, once, whoever asks first.

import { isMainThread } from 'node:worker_threads';
import { isLayers } from '../express/express-channel-instrumentation.ts';
import { isIgnoreRule } from '../http/ignore.ts';
import { PRIVACY_CHECKS, registerPrivacy } from '../http/privacy.ts';
import * as checks from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';
import { reportFault } from '../shared/guard.ts';
import { sharedState } from '../shared/state.ts';
import { BOUNDARY_CHECKS, registerBoundary } from '../trust/boundary.ts';
import { reportLostContext } from '../trust/watch-callers.ts';
import * as lines from './console-lines.ts';
import * as environment from './environment.ts';
import { idleHandle, joinedHandle } from './handles.ts';
import { listeningInstrumentations } from './instrumentations.ts';
import { hasTracerProvider } from './other-tracers.ts';
import { startOwnSdk } from './own-sdk.ts';
import type { CompleteOptions, StartOptions, TracingHandle } from './types.ts';

const CHECKS: Record<keyof StartOptions, Check> = {
  service: checks.isString,
  endpoint: checks.isOtlpBaseUrl,
  instrumentation: checks.isOneOf('listen', 'stock'),
  instrumentations: checks.isArrayOf(checks.hasMethod('enable', 'an OpenTelemetry instrumentation')),
  layers: isLayers,
  spanBudget: checks.isCount,
  ignore: checks.isArrayOf(isIgnoreRule),
  ignoreDefaults: checks.isBoolean,
  sampler: checks.hasMethod('shouldSample', 'an OpenTelemetry sampler'),
  exporter: checks.hasMethod('export', 'an OpenTelemetry span exporter'),
  shutdownDeadlineMs: checks.isDurationMs,
  log: checks.isFunction,
  ...BOUNDARY_CHECKS,
  ...PRIVACY_CHECKS,
};

const DEFAULT_DEADLINE_MS = 5000;

/**
 * Starts the OpenTelemetry SDK with our instrumentations. The first call wins: later ones, by whoever, return its
 * handle. Reads every `OTEL_*` variable; for names and addresses they win over the options.
 *
 * With `OTEL_SDK_DISABLED=true`, on a Node.js that is too old, or when starting fails, the handle does nothing.
 * Where an OpenTelemetry SDK is registered already, only our instrumentations are added to it.
 *
 * @throws LongpoleError `ERR_LONGPOLE_UNKNOWN_OPTION`, `ERR_LONGPOLE_INVALID_OPTION`
 */
export function startTracing(options: StartOptions = {}): TracingHandle {
  parseOptions('startTracing()', options, CHECKS);
  const state = sharedState();
  // Whom to trust and whom to tell is a matter of safety: it holds although somebody else has started tracing.
  if (state.handle !== undefined) {
    registerBoundary(options);
    registerPrivacy(options);
    if (options.service !== undefined) state.watcher?.named(options.service);
  }
  state.handle ??= startSafely(options);
  return state.handle;
}

/** Starts tracing for an application that has not done so itself; under the testing kit that is for `captureTraces()`. */
export function startForApp(service: string | undefined): void {
  const { isUnderTest, handle, watcher } = sharedState();
  if (isUnderTest && (handle === undefined || watcher !== undefined)) return;
  startTracing(service === undefined ? {} : { service });
}

function startSafely(options: StartOptions): TracingHandle {
  // Worker threads inherit `--import`; their main thread has said it all.
  const log = lines.safely(options.log ?? (isMainThread ? lines.toStandardError : () => {}));
  sharedState().log = log;
  try {
    return start(options, log);
  } catch (error) {
    reportFault('starting', error);
    log(lines.failedStartLine(error));
    return idleHandle();
  }
}

function start(options: StartOptions, log: lines.Log): TracingHandle {
  if (environment.isNodeTooOld(process.versions.node)) {
    log(lines.oldNodeLine(process.versions.node));
    return idleHandle();
  }
  if (environment.isDisabled()) {
    log(lines.disabledLine);
    return idleHandle();
  }
  const state = sharedState();
  const { ignore } = state;
  const ownRules = options.ignore ?? [];
  ignore.push(...ownRules);
  const { ignoreDefaults } = state;
  state.ignoreDefaults = options.ignoreDefaults ?? ignoreDefaults;
  const forgetBoundary = registerBoundary({ ...options, trustVariable: environment.trustInbound() });
  const forgetPrivacy = registerPrivacy(options);
  const forgetRules = (): void => {
    reportLostContext();
    forgetBoundary();
    forgetPrivacy();
    for (const rule of ownRules) ignore.splice(ignore.indexOf(rule), 1);
    state.ignoreDefaults = ignoreDefaults;
  };
  try {
    const complete = { ...options, shutdownDeadlineMs: options.shutdownDeadlineMs ?? DEFAULT_DEADLINE_MS };
    return hasTracerProvider()
      ? joinOtherSdk(complete, log, forgetRules)
      : startOwnSdk(complete, log, forgetRules);
  } catch (error) {
    forgetRules();
    throw error;
  }
}

function joinOtherSdk(options: CompleteOptions, log: lines.Log, onEnd: () => void): TracingHandle {
  log(lines.otherTracerLine('an OpenTelemetry SDK', 'Longpole’s listeners make their spans with it'));
  const instrumentations = [...listeningInstrumentations(options), ...(options.instrumentations ?? [])];
  return joinedHandle(instrumentations, options.shutdownDeadlineMs, onEnd);
}
