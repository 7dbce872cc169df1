// Traces of any size for the measurements: the shapes that services make, the same ones on every run.
import type { Resource, Span, SpanKind, Trace } from '../../observatory/src/trace/span.ts';

const EPOCH_NS = 1_700_000_000_000_000_000n;
const TRACE_ID = '0123456789abcdef0123456789abcdef';
const RESOURCES = new Map<string, Resource>();
const SCOPE = { name: 'bench', version: '', attributes: {}, droppedAttributesCount: 0 };
const UNSET = { code: 'UNSET', message: '' } as const;

/** A generator of numbers from 0 to 1 that gives the same row on every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function spanIdOf(index: number): string {
  return (index + 1).toString(16).padStart(16, '0');
}

function resourceOf(service: string): Resource {
  const known = RESOURCES.get(service);
  if (known !== undefined) return known;
  const resource = { attributes: { 'service.name': service }, droppedAttributesCount: 0 };
  RESOURCES.set(service, resource);
  return resource;
}

interface Drawn {
  readonly index: number;
  readonly parent: number;
  readonly name: string;
  readonly kind: SpanKind;
  readonly service: string;
  readonly startUs: number;
  readonly endUs: number;
}

function toSpan({ index, parent, name, kind, service, startUs, endUs }: Drawn, traceId: string): Span {
  return {
    traceId,
    spanId: spanIdOf(index),
    parentSpanId: parent < 0 ? '' : spanIdOf(parent),
    traceState: '',
    flags: 1,
    name,
    kind,
    startNs: EPOCH_NS + BigInt(Math.round(startUs)) * 1000n,
    endNs: EPOCH_NS + BigInt(Math.round(endUs)) * 1000n,
    attributes: {
      'http.request.method': 'GET',
      'http.response.status_code': 200n,
      'http.route': '/items/:id',
    },
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: UNSET,
    resource: resourceOf(service),
    scope: SCOPE,
    service,
  };
}

/** As exporters send them: a span leaves when it has ended. */
function inOrderOfEnd(spans: Drawn[], traceId: string): Trace {
  spans.sort((a, b) => a.endUs - b.endUs);
  return { traceId, spans: spans.map((span) => toSpan(span, traceId)) };
}

/** One of many traces: the same `seed` makes the same calls, `scale` times as long. */
export interface Variant {
  readonly traceId?: string;
  readonly seed?: number;
  readonly scale?: number;
}

/** Calls below calls, one after the other or side by side, four children a span: what a mesh of services makes. */
export function makeMesh(count: number, variant: Variant = {}): Trace {
  const { traceId = TRACE_ID, seed = count, scale = 1 } = variant;
  const random = createRandom(seed);
  const whole = count * 100 * scale;
  const spans: Drawn[] = [
    {
      index: 0,
      parent: -1,
      name: `GET /${seed}`,
      kind: 'SERVER',
      service: 'service-0',
      startUs: 0,
      endUs: whole,
    },
  ];
  for (let at = 0; spans.length < count; at++) {
    const parent = spans[at] as Drawn;
    const isCall = parent.kind === 'CLIENT';
    const children = isCall ? 1 : 1 + Math.floor(random() * 6);
    const room = (parent.endUs - parent.startUs) / children;
    const isParallel = random() < 0.2;
    for (let i = 0; i < children && spans.length < count; i++) {
      const from = parent.startUs + (isParallel ? room * 0.1 * random() : room * i + room * 0.2 * random());
      const to = Math.min(parent.endUs, from + room * (isParallel ? children : 0.8) * (0.6 + 0.4 * random()));
      const kind = isCall ? 'SERVER' : random() < 0.4 ? 'CLIENT' : 'INTERNAL';
      const service = isCall ? `service-${Math.floor(random() * 20)}` : parent.service;
      const name = `operation ${Math.floor(random() * 50)}`;
      spans.push({ index: spans.length, parent: at, name, kind, service, startUs: from, endUs: to });
    }
  }
  return inOrderOfEnd(spans, traceId);
}

/** One root and all the others below it, one after the other: a loop of queries. */
export function makeLoop(count: number): Trace {
  const spans = Array.from({ length: count }, (_, index): Drawn => {
    const times =
      index === 0 ? { startUs: 0, endUs: count * 100 } : { startUs: index * 100 - 90, endUs: index * 100 };
    return {
      index,
      parent: index === 0 ? -1 : 0,
      name: 'query',
      kind: 'CLIENT',
      service: 'worker',
      ...times,
    };
  });
  return inOrderOfEnd(spans, TRACE_ID);
}

/** Every span below the one before it. */
export function makeChain(count: number): Trace {
  const spans = Array.from({ length: count }, (_, index): Drawn => {
    const times = { startUs: index * 10, endUs: count * 30 - index * 10 };
    return {
      index,
      parent: index - 1,
      name: `level ${index % 10}`,
      kind: 'INTERNAL',
      service: 'worker',
      ...times,
    };
  });
  return inOrderOfEnd(spans, TRACE_ID);
}
