// Traces as drawings: one line a span, indentation is parenthood, the bar is its time, one column 10 milliseconds.
//
//   gateway POST /x     |==========|
//     auth verify       | ===      |
//
// `service name` may be followed by words in brackets: a kind (`client`), `error`, `parent=ID` (an id that is
// nowhere else makes an orphan), `id=ID`, `follows` (a link to the parent). A bar of one `!` is a zero-length span.
// Spans get the ids of their lines (a, b, c, …) unless `id=` says otherwise.
import type { Span, SpanKind, SpanLink, Trace } from '../../src/trace/span.ts';

const LINE = /^(?<indent> *)(?<service>\S+) (?<name>.*?)(?: *\[(?<flags>[^\]]*)\])? *\|(?<bar>[^|]*)\|/;
const KINDS = new Set<string>(['internal', 'server', 'client', 'producer', 'consumer']);
/** Milliseconds of a column. */
export const COLUMN_MS = 10;
const EPOCH_NS = 1_700_000_000_000_000_000n;

export const TRACE_ID = '0123456789abcdef0123456789abcdef';

/** The 16-digit span id of a short one from a drawing. */
export function spanId(short: string): string {
  return Buffer.from(short).toString('hex').padStart(16, '0');
}

/** The short id a drawing gave a span. */
export function shortId(id: string): string {
  return Buffer.from(id, 'hex').toString().replaceAll('\0', '');
}

/** A span with everything at rest but what is given; times in milliseconds after a fixed epoch. */
export function makeSpan(
  part: Partial<Span> & { startMs?: number; endMs?: number; id?: string; parent?: string },
): Span {
  const { startMs = 0, endMs = startMs, id = 'a', parent = '', ...given } = part;
  const service = given.service ?? 'service';
  return {
    traceId: TRACE_ID,
    spanId: spanId(id),
    parentSpanId: parent === '' ? '' : spanId(parent),
    traceState: '',
    flags: 0,
    name: 'work',
    kind: 'INTERNAL',
    startNs: EPOCH_NS + BigInt(Math.round(startMs * 1e6)),
    endNs: EPOCH_NS + BigInt(Math.round(endMs * 1e6)),
    attributes: {},
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 'UNSET', message: '' },
    resource: { attributes: { 'service.name': service }, droppedAttributesCount: 0 },
    scope: { name: 'drawn', version: '', attributes: {}, droppedAttributesCount: 0 },
    ...given,
    service,
  };
}

function followsFrom(parent: string): SpanLink {
  return {
    traceId: TRACE_ID,
    spanId: spanId(parent),
    traceState: '',
    attributes: { 'opentracing.ref_type': 'follows_from' },
    droppedAttributesCount: 0,
    flags: 0,
  };
}

function drawLine(line: string, index: number, parents: { indent: number; id: string }[]): Span {
  const { indent = '', service = '', name = '', flags = '', bar = '' } = LINE.exec(line)?.groups ?? {};
  if (service === '') throw new Error(`not a line of a drawing: ${line}`);
  const words = flags.split(' ').filter((word) => word !== '');
  const wordOf = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  while ((parents.at(-1)?.indent ?? -1) >= indent.length) parents.pop();
  const id = wordOf('id') ?? String.fromCharCode('a'.charCodeAt(0) + index);
  const parent = wordOf('parent') ?? parents.at(-1)?.id ?? '';
  parents.push({ indent: indent.length, id });
  const startMs = bar.search(/\S/) * COLUMN_MS;
  const endMs = bar.includes('!') ? startMs : bar.trimEnd().length * COLUMN_MS;
  const kind = words.find((word) => KINDS.has(word))?.toUpperCase() as SpanKind | undefined;
  return makeSpan({
    id,
    parent,
    service,
    name: name.trim(),
    kind: kind ?? 'INTERNAL',
    startMs,
    endMs,
    links: words.includes('follows') ? [followsFrom(parent)] : [],
    status: { code: words.includes('error') ? 'ERROR' : 'UNSET', message: '' },
  });
}

/** The trace of a drawing. Empty lines and lines of `#` are left out. */
export function draw(picture: string): Trace {
  const lines = picture.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const margin = Math.min(...lines.map((line) => line.search(/\S/)));
  const parents: { indent: number; id: string }[] = [];
  return { traceId: TRACE_ID, spans: lines.map((line, i) => drawLine(line.slice(margin), i, parents)) };
}
