// One trace of a file: by its id, or the newest.
import type { Span, Trace } from '../../trace/span.ts';
import { NewestTrace } from '../newest-trace.ts';
import { SourceError } from '../source-error.ts';
import type { Bytes } from './bytes.ts';
import type { Piece } from './piece.ts';
import type { ReadReport } from './read-report.ts';
import { readSpans } from './read-spans.ts';

function notFound(name: string, traceId: string | undefined): SourceError {
  if (traceId === undefined) return new SourceError('ERR_LONGPOLE_NO_TRACES', `${name} holds no spans.`);
  return new SourceError('ERR_LONGPOLE_TRACE_NOT_FOUND', `Trace ${traceId} is not in ${name}.`);
}

/** The ways in which JSON text may write an id: hex in either case, without leading zeros, base64 in two alphabets. */
function spellings(traceId: string): readonly string[] {
  const base64 = Buffer.from(traceId, 'hex').toString('base64url');
  const short = traceId.replace(/^0+/, '');
  return [short, short.toUpperCase(), base64, base64.replaceAll('-', '+').replaceAll('_', '/')];
}

/** Whether a piece may have spans of the trace; only lines of JSON are looked into, the rest always may. */
function mayHold(traceId: string): (piece: Piece) => boolean {
  const written = spellings(traceId);
  let isFirst = true;
  return ({ at, unit, bytes }) => {
    const isLooked = unit === 'line' && at > 0 && !isFirst;
    isFirst = false;
    return !isLooked || written.some((spelling) => bytes.includes(spelling));
  };
}

/** @throws SourceError `ERR_LONGPOLE_TRACE_NOT_FOUND` when no span of it is there. */
export async function findById(bytes: Bytes, traceId: string, report: ReadReport): Promise<Trace> {
  const found: Span[] = [];
  for await (const spans of readSpans(bytes, report, mayHold(traceId))) {
    for (const span of spans) if (span.traceId === traceId) found.push(span);
  }
  if (found.length === 0) throw notFound(bytes.name, traceId);
  return { traceId, spans: found };
}

/** @throws SourceError `ERR_LONGPOLE_NO_TRACES` when there is no span. */
export async function findNewest(bytes: Bytes, report: ReadReport): Promise<Trace> {
  const newest = new NewestTrace();
  for await (const spans of readSpans(bytes, report)) for (const span of spans) newest.add(span);
  const { traceId } = newest;
  if (traceId === undefined) throw notFound(bytes.name, undefined);
  report.isQuiet = true;
  return findById(bytes, traceId, report);
}
