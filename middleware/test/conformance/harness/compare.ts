// Tells in words where recorded spans differ from the contract.

import { ANY_PORT, type Expected, type ExpectedSpan } from './contract.ts';
import type { SpanView, Value } from './span-view.ts';
import type { Received } from './upstream.ts';

export interface Recorded {
  readonly spans: readonly SpanView[];
  /** What the upstream service was sent in this trace. */
  readonly received: readonly Received[];
  /** The caller's span. */
  readonly remoteSpanId: string;
  /** Attributes beyond the contract do not matter, except those that would tell something wrong. */
  readonly isLenient: boolean;
}

const MISLEADING = new Set(['http.route', 'error.type', 'http.response.status_code']);

/** One sentence for each difference; none when the spans are what the contract says. */
export function differences(expected: readonly ExpectedSpan[], recorded: Recorded): string[] {
  const actual = inOrder(recorded.spans);
  const pairs = pairUp(expected, actual);
  const matched = new Set(pairs.map((pair) => pair.actual));
  const extra = actual
    .filter((span) => !matched.has(span))
    .map((span) => `an extra ${span.kind} span "${span.name}"`);
  return [...pairs.flatMap((pair) => spanDifferences(pair, pairs, recorded)), ...counted(extra)];
}

/** Spans that only tell of Express's layers; the stock instrumentation makes them. */
export const isLayer = (span: SpanView): boolean => span.scope === '@opentelemetry/instrumentation-express';

/** The same spans without those of layers: a child of a layer's span becomes one of the span above it. */
export function withoutLayers(spans: readonly SpanView[]): SpanView[] {
  const layers = new Map(spans.filter(isLayer).map((span) => [span.spanId, span]));
  const parentOf = (span: SpanView): string | undefined => {
    const layer = span.parentSpanId === undefined ? undefined : layers.get(span.parentSpanId);
    return layer === undefined ? span.parentSpanId : parentOf(layer);
  };
  return spans.filter((span) => !isLayer(span)).map((span) => ({ ...span, parentSpanId: parentOf(span) }));
}

interface Pair {
  readonly label: string;
  readonly wanted: ExpectedSpan;
  readonly actual: SpanView | undefined;
}

function inOrder(spans: readonly SpanView[]): SpanView[] {
  return [...spans].sort((a, b) => Number(a.startNs - b.startNs));
}

/** The first expected span of a kind is the one that started first, and so on. */
function pairUp(expected: readonly ExpectedSpan[], actual: readonly SpanView[]): Pair[] {
  return expected.map((wanted, i) => {
    const nth = expected.slice(0, i).filter((each) => each.kind === wanted.kind).length;
    const isOne = expected.filter((each) => each.kind === wanted.kind).length === 1;
    return {
      label: isOne ? wanted.kind : `${wanted.kind} ${nth + 1}`,
      wanted,
      actual: actual.filter((span) => span.kind === wanted.kind)[nth],
    };
  });
}

function spanDifferences(
  { label, wanted, actual }: Pair,
  pairs: readonly Pair[],
  recorded: Recorded,
): string[] {
  if (actual === undefined) return [`no ${label} span`];
  const told: string[] = [];
  const tell = (what: string): void => void told.push(`${label}: ${what}`);
  if (actual.name !== wanted.name) tell(`named \`${actual.name}\`, not \`${wanted.name}\``);
  const parent = typeof wanted.parent === 'number' ? pairs[wanted.parent]?.actual?.spanId : wanted.parent;
  const wantedParent = parent === 'remote' ? recorded.remoteSpanId : parent === 'none' ? undefined : parent;
  if (actual.parentSpanId !== wantedParent) tell('has another parent');
  if (actual.status !== wanted.status) tell(`status ${actual.status}, not ${wanted.status}`);
  const matters = (key: string): boolean => !recorded.isLenient || MISLEADING.has(key);
  told.push(...attributeDifferences(label, wanted.attributes, actual.attributes, matters));
  told.push(...exceptionDifferences(label, wanted, actual));
  if (wanted.isReceived) told.push(...headerDifferences(label, actual, recorded));
  if (actual.endNs < actual.startNs) tell('ends before it starts');
  return told;
}

function attributeDifferences(
  label: string,
  wanted: Readonly<Record<string, Expected>>,
  actual: Readonly<Record<string, Value>>,
  matters: (key: string) => boolean,
): string[] {
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(actual)])].sort();
  return keys.flatMap((key) => {
    const [is, should] = [actual[key], wanted[key]];
    if (should === undefined) return matters(key) ? [`${label}: has \`${key}\` ${show(key, is)}`] : [];
    if (is === undefined) return [`${label}: no \`${key}\``];
    const isRight = should === ANY_PORT ? Number.isInteger(is) && Number(is) > 0 : is === should;
    return isRight ? [] : [`${label}: \`${key}\` is ${show(key, is)}, not ${show(key, should)}`];
  });
}

function exceptionDifferences(label: string, wanted: ExpectedSpan, actual: SpanView): string[] {
  const events = actual.events.filter((event) => event.name === 'exception');
  if (events.length < wanted.exceptions.length) return [`${label}: no exception`];
  if (events.length > wanted.exceptions.length) return [`${label}: an exception`];
  return wanted.exceptions.flatMap(({ type, message }, i) => {
    const attributes = events[i]?.attributes ?? {};
    const is = { type: attributes['exception.type'], message: attributes['exception.message'] };
    return [
      ...(is.type === type ? [] : [`${label}: exception type ${show('', is.type)}, not ${show('', type)}`]),
      ...(is.message === message
        ? []
        : [`${label}: exception message ${show('', is.message)}, not ${show('', message)}`]),
    ];
  });
}

function headerDifferences(label: string, actual: SpanView, { received }: Recorded): string[] {
  const all = received.flatMap((each) =>
    each.traceparents.map((value) => ({ value, count: each.traceparents.length })),
  );
  const own = all.find(({ value }) => value.split('-')[2] === actual.spanId);
  if (own === undefined) return [`${label}: its \`traceparent\` did not arrive`];
  return own.count === 1 ? [] : [`${label}: sent ${own.count} \`traceparent\` headers`];
}

/** A value as it stands in a sentence. Ports differ from run to run. */
function show(key: string, value: unknown): string {
  if (typeof value === 'symbol' || (key.endsWith('.port') && Number(value) > 1023)) return 'another port';
  return typeof value === 'string' ? `\`${value.replace(/:\d{4,5}(?!\d)/g, ':…')}\`` : String(value);
}

function counted(lines: readonly string[]): string[] {
  return [...new Set(lines)].map((line) => {
    const times = lines.filter((each) => each === line).length;
    return times === 1 ? line : `${line}, ${times} times`;
  });
}
