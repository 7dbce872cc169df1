// The Express middleware: one line that starts tracing and puts the application's own attributes on each request's span.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AttributeValue, type Context, context, type SpanContext } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { recordHandlerError } from '../http/handler-error.ts';
import { type IgnoreRule, ignoreInApp, isIgnoreRule } from '../http/ignore.ts';
import { PRIVACY_CHECKS, type PrivacyOptions, registerPrivacy } from '../http/privacy.ts';
import { readersOf } from '../http/read-attributes.ts';
import { keepOwnEmit, lostContextOf } from '../http/request-context.ts';
import { demandAttributes, isRequire, type Require, type Requirement } from '../http/required-attributes.ts';
import {
  type AttributeReader,
  type Readers,
  requestRecordOf,
  type ServerRecord,
  withSpan,
} from '../http/server-record.ts';
import { isArrayOf, isBoolean, isCount, isRecordOfFunctions, isString } from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';
import { setSpanBudget } from '../shaping/index.ts';
import { activeContext } from '../shared/active-context.ts';
import { type AppToken, markApp, newApp } from '../shared/apps.ts';
import { LongpoleError } from '../shared/errors.ts';
import { reportFault } from '../shared/guard.ts';
import { isValidContext } from '../shared/own-span-context.ts';
import { sharedState } from '../shared/state.ts';
import { isDisabled, spanBudgetOf } from '../start/environment.ts';
import { startForApp } from '../start/start-tracing.ts';
import { BOUNDARY_CHECKS, type BoundaryOptions, registerBoundary } from '../trust/boundary.ts';
import { nameRequest, registerService } from './app-service.ts';
import { refuseRequest, warnIfTooLate } from './misuse.ts';
import { holdOwnTrust } from './own-trust.ts';
import { describeAtTheEnd } from './somebody-elses-span.ts';

/** Anything Express calls between request and response; `Request` is Express's own type where it is installed. */
export type TracingMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** The 4-argument form that Express calls with an error. */
export type TracingErrorMiddleware = (
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** What attribute getters find on a request when they name no type of their own; Express's `Request` has it all. */
export interface TracedRequest extends IncomingMessage {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly baseUrl: string;
  readonly originalUrl: string;
}

export interface TracingOptions<Request = TracedRequest> extends BoundaryOptions, PrivacyOptions {
  /**
   * `service.name` of the requests of this application, of everything in them, and of the jobs they order. Where
   * `startTracing()` got none, of the process too. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win over it.
   */
  readonly service?: string;
  /**
   * Attributes of the SERVER span, each read when the response has ended. A getter that returns `undefined` adds
   * nothing; one that throws is reported once and the request never notices. Defaults to none.
   */
  readonly attributes?: Readonly<Record<string, (request: Request) => AttributeValue | undefined>>;
  /**
   * Attributes that every SERVER span must have, or those of a route: `{ 'POST /api/checkout': ['order.id'] }`. A
   * request that came to a route, was answered below 400 and ends without one has its name in
   * `longpole.missing_attributes`; outside production a line says so, once. Defaults to none.
   */
  readonly require?: Require;
  /** Count missing attributes in `stats().missingAttributes`, for tests to fail on. Defaults to `false`. */
  readonly strict?: boolean;
  /** Most spans of one of these requests from this process, instead of `startTracing({ spanBudget })`; `0` for no limit. */
  readonly spanBudget?: number;
  /** Requests without a span, beside health checks and static files. Defaults to none. */
  readonly ignore?: readonly IgnoreRule[];
  /**
   * Whether health checks and static files (`DEFAULT_IGNORE`) of this application get no span either. Defaults to what
   * `startTracing()` says, and that to `true`.
   */
  readonly ignoreDefaults?: boolean;
  /** Answer with a `traceresponse` header (W3C Trace Context level 3). Defaults to `true`. */
  readonly responseHeader?: boolean;
}

const CHECKS: Record<keyof TracingOptions, Check> = {
  service: isString,
  attributes: isRecordOfFunctions,
  ignore: isArrayOf(isIgnoreRule),
  ignoreDefaults: isBoolean,
  responseHeader: isBoolean,
  require: isRequire,
  strict: isBoolean,
  spanBudget: isCount,
  ...BOUNDARY_CHECKS,
  ...PRIVACY_CHECKS,
};

/**
 * Middleware for the top of an Express application. Starts tracing if nobody did. Options are checked here, once.
 *
 * @throws LongpoleError `ERR_LONGPOLE_UNKNOWN_OPTION`, `ERR_LONGPOLE_INVALID_OPTION`
 */
export function tracing<Request = TracedRequest>(options: TracingOptions<Request> = {}): TracingMiddleware {
  refuseRequest(options);
  parseOptions('tracing()', options, CHECKS);
  const requirement = requirementOf(options);
  startForApp(options.service);
  registerService(options.service);
  warnIfTooLate();
  const app = newApp();
  ignoreInApp(app, options.ignore, options.ignoreDefaults);
  registerBoundary({ ...options, app });
  registerPrivacy(options);
  const attributes = options.attributes as Readonly<Record<string, AttributeReader>> | undefined;
  const readers = attributes && readersOf(attributes);
  const { responseHeader = true, service } = options;
  const spanBudget = spanBudgetOf(options.spanBudget);
  const wishes = { app, readers, requirement, responseHeader, spanBudget, service };

  // With OTEL_SDK_DISABLED=true nothing is looked at, except by the testing kit, which samples whatever the environment says.
  const isOff = sharedState().handle !== undefined && isDisabled();

  return markApp(function longpoleTracing(request, response, next) {
    if (isOff && !sharedState().isUnderTest) {
      next();
      return;
    }
    const resume = guardedPrepare(request, response, wishes);
    if (resume === undefined) next();
    else context.with(resume, () => next());
  }, app);
}

/**
 * Express 4 has no diagnostics channel: mount this before your own error handlers, so that the error reaches the
 * SERVER span. With Express 5.3 it is not needed and does nothing twice.
 */
export function tracingErrors(): TracingErrorMiddleware {
  return function longpoleTracingErrors(error, request, _response, next) {
    try {
      recordHandlerError(request, error);
    } catch (fault) {
      reportFault('tracingErrors()', fault);
    }
    next(error);
  };
}

/** What is asked for of each request. */
interface Wishes {
  readonly app: AppToken;
  readonly readers: Readers | undefined;
  readonly requirement: Requirement | undefined;
  readonly responseHeader: boolean;
  readonly spanBudget: number | undefined;
  readonly service: string | undefined;
}

function requirementOf({
  require,
  strict,
}: Pick<TracingOptions, 'require' | 'strict'>): Requirement | undefined {
  if (require !== undefined) return { require, isStrict: strict ?? false };
  if (strict !== true) return undefined;
  throw new LongpoleError(
    'ERR_LONGPOLE_INVALID_OPTION',
    'tracing() received true for `strict` without `require`: name the attributes that must not be missing.',
  );
}

function guardedPrepare(
  request: IncomingMessage,
  response: ServerResponse,
  wishes: Wishes,
): Context | undefined {
  try {
    return prepare(request, response, wishes);
  } catch (fault) {
    reportFault('tracing()', fault);
    return undefined;
  }
}

/** Returns the context to run the application in, when it is not the active one already. */
function prepare(request: IncomingMessage, response: ServerResponse, wishes: Wishes): Context | undefined {
  const { readers, requirement, responseHeader, spanBudget, service } = wishes;
  const begunAgain = holdOwnTrust(wishes.app, request, response);
  const known = requestRecordOf(request);
  if (known !== undefined) keepOwnEmit(known, request, response);
  const record = withSpan(known);
  const span = record?.span ?? getRPCMetadata(activeContext())?.span;
  if (span !== undefined) {
    if (responseHeader && !response.headersSent) answerWith(response, span.spanContext());
    if (service !== undefined) nameRequest(span, service);
    if (spanBudget !== undefined) setSpanBudget(span, spanBudget);
    if (requirement !== undefined) demandAttributes(request, requirement);
    if (record === undefined) describeAtTheEnd(span, readers, request, response);
    else if (readers !== undefined) addReaders(record, readers);
  }
  return begunAgain ?? lostContextOf(request);
}

/** Each `tracing()` counts once, however often a request comes through it. */
function addReaders(record: ServerRecord, readers: Readers): void {
  if (record.readers === undefined) record.readers = [readers];
  else if (!record.readers.includes(readers)) record.readers.push(readers);
}

/** By far the most frequent ones, in hexadecimal. */
const FLAGS = ['00', '01', '02', '03'];

/** W3C Trace Context level 3, "traceresponse Header"; not where no span was made and the ids are the caller's. */
function answerWith(response: ServerResponse, spanContext: SpanContext): void {
  if (spanContext.isRemote === true || !isValidContext(spanContext)) return;
  const { traceId, spanId, traceFlags } = spanContext;
  const flags = FLAGS[traceFlags] ?? (traceFlags & 0xff).toString(16).padStart(2, '0');
  response.setHeader('traceresponse', `00-${traceId}-${spanId}-${flags}`);
}
