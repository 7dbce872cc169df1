// What captureTraces() and its methods take.

import type { Instrumentation } from '@opentelemetry/instrumentation';
import { LAYERS, type Layers } from '../express/layer-kind.ts';
import {
  hasMethod,
  isArrayOf,
  isBoolean,
  isCount,
  isDurationMs,
  isOneOf,
  isString,
} from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';

export interface CaptureOptions {
  /** `service.name` of the spans of apps whose `tracing()` has no name. Defaults to the one of the
   * application's `startTracing()`, else `'unknown_service'`. */
  readonly service?: string;
  /** How long `of()`, `waitFor()` and `linkedTo()` wait before they reject, in milliseconds of real time. Defaults to `2000`. */
  readonly deadlineMs?: number;
  /** INTERNAL spans of Express's layers, as in `startTracing()`. Defaults to `'none'`. */
  readonly layers?: Layers;
  /** Instrumentations beside http, fetch and Express, e.g. of a database client; disabled at the end. Defaults to none. */
  readonly instrumentations?: readonly Instrumentation[];
  /** Most spans of one request, as in `startTracing()`. Defaults to `0`: every span is captured. */
  readonly spanBudget?: number;
  /** Whether runs of equal short spans become one span, as they do in production. Defaults to `false`. */
  readonly foldRuns?: boolean;
  /** Whether calls that belong to no request, job or span are captured, the test's own among them. Defaults to `false`. */
  readonly callsOfTest?: boolean;
  /** Whether a trace that lacks what `tracing({ require, strict: true })` asks for makes the test fail. Defaults to `true`. */
  readonly strict?: boolean;
  /**
   * Whether to register `afterAll(stop)` and `afterEach(check)`, which is possible in Jest, and in Vitest with `globals`.
   * Defaults to `true`. Without them, `stop()` is the test's business.
   */
  readonly hooks?: boolean;
}

export interface WaitOptions {
  /** Instead of the one of `captureTraces()`. */
  readonly deadlineMs?: number;
}

export type CompleteCaptureOptions = Required<CaptureOptions>;

/** Checks the options and fills in the defaults. @throws LongpoleError on an unknown or wrong one */
export function completeOptions(options: CaptureOptions): CompleteCaptureOptions {
  parseOptions('captureTraces()', options, CHECKS);
  return { ...DEFAULTS, ...withoutUndefined(options) };
}

/** @throws LongpoleError on an unknown or wrong option */
export function deadlineOf(owner: string, options: WaitOptions, defaultMs: number): number {
  parseOptions(owner, options, { deadlineMs: isDurationMs });
  return options.deadlineMs ?? defaultMs;
}

/** `service.name` where nobody has chosen one. */
export const UNNAMED_SERVICE = 'unknown_service';

const DEFAULTS: CompleteCaptureOptions = {
  service: UNNAMED_SERVICE,
  deadlineMs: 2000,
  layers: 'none',
  instrumentations: [],
  spanBudget: 0,
  foldRuns: false,
  callsOfTest: false,
  strict: true,
  hooks: true,
};

const CHECKS: Record<keyof CaptureOptions, Check> = {
  service: isString,
  deadlineMs: isDurationMs,
  layers: isOneOf(...LAYERS),
  instrumentations: isArrayOf(hasMethod('enable', 'an OpenTelemetry instrumentation')),
  spanBudget: isCount,
  foldRuns: isBoolean,
  callsOfTest: isBoolean,
  strict: isBoolean,
  hooks: isBoolean,
};

function withoutUndefined(options: CaptureOptions): CaptureOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
