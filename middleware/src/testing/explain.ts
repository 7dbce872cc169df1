// The sentences a test fails with when a trace is not what it waited for.

import { show } from '../options/parse-options.ts';
import { LongpoleError } from '../shared/errors.ts';
import type { CapturedTrace } from './captured.ts';
import { drawSoFar, inFlightText } from './draw-so-far.ts';
import { snapshotOf } from './snapshot.ts';
import type { Lack, TraceRecord } from './trace-record.ts';

const MOST_DRAWN = 10;

export function explainTrace(traceId: string, record: TraceRecord | undefined, deadlineMs: number): string {
  if (record === undefined) {
    return `No span of the trace ${traceId} was captured within ${deadlineMs} ms. Its application runs in another process, or traces.clear() has forgotten it.`;
  }
  const trace = snapshotOf(record);
  return withTrees(`The trace was not complete within ${deadlineMs} ms.${stillOpen(trace, 'span')}`, [trace]);
}

export function explainLinks(
  origin: CapturedTrace,
  linked: readonly CapturedTrace[],
  deadlineMs: number,
): string {
  const open = [stillOpen(origin), ...linked.map((trace) => stillOpen(trace, 'span'))].join('');
  return withTrees(`The jobs of the trace were not done within ${deadlineMs} ms.${open}`, [
    origin,
    ...linked,
  ]);
}

export function explainSearch(traces: readonly CapturedTrace[], deadlineMs: number): string {
  const isComplete = traces.filter((trace) => trace.isComplete).length;
  const drawn = traces.slice(-MOST_DRAWN);
  const last = drawn.length < traces.length ? ` The last ${drawn.length}:` : '';
  return withTrees(
    `traces.waitFor() found no trace within ${deadlineMs} ms: of ${traces.length} captured, ${isComplete} complete, none fits.${last}`,
    drawn,
  );
}

export function lacking(lacks: readonly Lack[]): LongpoleError {
  const each = lacks.map(({ place, names }) => `  ${place} ended without ${names.join(', ')}`);
  return new LongpoleError(
    'ERR_LONGPOLE_MISSING_ATTRIBUTES',
    `Spans lack attributes that tracing({ require, strict: true }) asks for:\n${each.join('\n')}\nSet them with tracing({ attributes }) or annotate(); captureTraces({ strict: false }) lets them pass.`,
  );
}

export function notAFunction(predicate: unknown): LongpoleError {
  return new LongpoleError(
    'ERR_LONGPOLE_INVALID_OPTION',
    `traces.waitFor() takes a function of a trace, but received ${show(predicate)}.`,
  );
}

export function unknownTrace(traceId: string): LongpoleError {
  return new LongpoleError(
    'ERR_LONGPOLE_NO_TRACE',
    `The trace ${traceId} was not captured here, or traces.clear() has forgotten it.`,
  );
}

function stillOpen({ inFlight }: CapturedTrace, only?: 'span'): string {
  const texts = inFlight.filter(({ what }) => only === undefined || what === only).map(inFlightText);
  return texts.length === 0 ? '' : `\n  ${texts.join('\n  ')}`;
}

function withTrees(text: string, traces: readonly CapturedTrace[]): string {
  return `${text}\n\n${drawSoFar(traces)}\n`;
}
