// Captures the traces of a test file in memory.

import { sharedState } from '../shared/state.ts';
import {
  type CaptureOptions,
  type CompleteCaptureOptions,
  completeOptions,
  deadlineOf,
  type WaitOptions,
} from './capture-options.ts';
import type { CapturedTrace } from './captured.ts';
import { Connections } from './connections.ts';
import { registerMatchers } from './expect/register-matchers.ts';
import { explainLinks, explainSearch, explainTrace, lacking, notAFunction, unknownTrace } from './explain.ts';
import { givenTrace } from './matchers/given-trace.ts';
import { type MemoryTracing, traceInto } from './memory-tracing.ts';
import { refuseWithinTests, registerHooks } from './runner-hooks.ts';
import { snapshotOf } from './snapshot.ts';
import { takeOver } from './take-over.ts';
import { TraceBook } from './trace-book.ts';
import { traceIdOf } from './trace-id-of.ts';
import type { TraceRecord } from './trace-record.ts';
import type { TraceOrigin, Traces } from './traces.ts';
import { Waits } from './waits.ts';

// From here on `tracing()` starts nothing by itself, so that an application may be loaded before captureTraces() is called.
sharedState().isUnderTest = true;

/**
 * Starts tracing in memory, for every application of this process: no network, no console line, every request sampled.
 * Call it once in a test file, outside of tests and hooks. It ends by itself after the file's last test in
 * Jest, and in Vitest with `globals`, else with `await traces.stop()` or `await using`.
 *
 * Extends `expect` of Jest and Vitest with the matchers for traces.
 *
 * Tracing that was started before is shut down. After `stop()` it can be called again, and begins with no traces.
 *
 * @throws LongpoleError `ERR_LONGPOLE_CAPTURE_CONFLICT` while it runs already, with `instrumentation: 'stock'`, and beside
 * another OpenTelemetry SDK; `ERR_LONGPOLE_UNKNOWN_OPTION`, `ERR_LONGPOLE_INVALID_OPTION`
 */
export function captureTraces(options: CaptureOptions = {}): Traces {
  const complete = completeOptions(options);
  if (complete.hooks) refuseWithinTests();
  registerMatchers();
  const { service } = sharedState();
  const letGo = takeOver();
  const capture = new Capture(complete, letGo, service?.isFixed === false ? service.name : undefined);
  if (complete.hooks) registerHooks({ afterEach: () => capture.check(), afterAll: () => capture.stop() });
  return capture;
}

class Capture implements Traces {
  readonly #options: CompleteCaptureOptions;
  readonly #letGo: Promise<void>;
  readonly #waits = new Waits();
  readonly #connections = new Connections();
  readonly #book = new TraceBook(this.#connections, () => this.#waits.lookAgain());
  readonly #tracing: MemoryTracing;
  #stopping: Promise<void> | undefined;

  constructor(options: CompleteCaptureOptions, letGo: Promise<void>, processName: string | undefined) {
    this.#options = options;
    this.#letGo = letGo;
    if (processName !== undefined) this.#book.named(processName);
    this.#tracing = traceInto(this.#book, options);
    this.#connections.start();
  }

  of(origin: TraceOrigin, options: WaitOptions = {}): Promise<CapturedTrace> {
    return this.#waits.promise(() => this.#of(origin, options));
  }

  waitFor(predicate: (trace: CapturedTrace) => boolean, options: WaitOptions = {}): Promise<CapturedTrace> {
    return this.#waits.promise(() => this.#waitFor(predicate, options));
  }

  linkedTo(trace: CapturedTrace, options: WaitOptions = {}): Promise<readonly CapturedTrace[]> {
    return this.#waits.promise(() => this.#linkedTo(trace, options));
  }

  async #of(origin: TraceOrigin, options: WaitOptions): Promise<CapturedTrace> {
    const deadlineMs = deadlineOf('traces.of()', options, this.#options.deadlineMs);
    const traceId = traceIdOf(origin);
    const look = (): TraceRecord | undefined => settled(this.#book.get(traceId));
    const explain = (): string => explainTrace(traceId, this.#book.get(traceId), deadlineMs);
    return this.#told(await this.#waits.until({ look, deadlineMs, explain }, this.of));
  }

  all(): readonly CapturedTrace[] {
    this.#tracing.release();
    return [...this.#book.traces].map(snapshotOf);
  }

  async #waitFor(predicate: (trace: CapturedTrace) => boolean, options: WaitOptions): Promise<CapturedTrace> {
    const deadlineMs = deadlineOf('traces.waitFor()', options, this.#options.deadlineMs);
    if (typeof predicate !== 'function') throw notAFunction(predicate);
    const seen = new WeakMap<TraceRecord, number>();
    const look = (): TraceRecord | undefined =>
      [...this.#book.traces].find((trace) => {
        if (!trace.isSettled || seen.get(trace) === trace.started) return false;
        seen.set(trace, trace.started);
        return predicate(snapshotOf(trace));
      });
    const explain = (): string => explainSearch(this.all(), deadlineMs);
    return this.#told(await this.#waits.until({ look, deadlineMs, explain }, this.waitFor));
  }

  async #linkedTo(trace: CapturedTrace, options: WaitOptions): Promise<readonly CapturedTrace[]> {
    const deadlineMs = deadlineOf('traces.linkedTo()', options, this.#options.deadlineMs);
    const { traceId } = givenTrace('traces.linkedTo()', trace).trace;
    const origin = this.#book.get(traceId);
    if (origin === undefined) throw unknownTrace(traceId);
    const linked = (): TraceRecord[] => [...origin.linkedFrom].flatMap((id) => this.#book.get(id) ?? []);
    const look = (): TraceRecord[] | undefined => {
      const isDone = origin.isSettled && origin.jobsToCome().length === 0;
      return isDone && linked().every(({ isSettled }) => isSettled) ? linked() : undefined;
    };
    const explain = (): string => explainLinks(snapshotOf(origin), linked().map(snapshotOf), deadlineMs);
    const found = await this.#waits.until({ look, deadlineMs, explain }, this.linkedTo);
    return found.map((each) => this.#told(each));
  }

  clear(): void {
    this.#book.clear();
  }

  /** @throws LongpoleError `ERR_LONGPOLE_MISSING_ATTRIBUTES` for what nobody was told of */
  check(): void {
    this.#refuseLacks(this.#book.traces);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    const abandoned = this.#waits.stop();
    this.#connections.stop();
    await Promise.all([this.#tracing.stop(), this.#letGo]);
    if (abandoned !== undefined) throw abandoned;
    this.check();
  }

  #told(trace: TraceRecord): CapturedTrace {
    this.#refuseLacks([trace]);
    return snapshotOf(trace);
  }

  #refuseLacks(traces: Iterable<TraceRecord>): void {
    if (!this.#options.strict) return;
    const lacks = this.#book.takeLacks(traces);
    if (lacks.length > 0) throw lacking(lacks);
  }
}

function settled(trace: TraceRecord | undefined): TraceRecord | undefined {
  return trace?.isSettled === true ? trace : undefined;
}
