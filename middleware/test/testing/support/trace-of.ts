// Makes captured traces by hand, with every time and id the same in each run.

import type {
  CapturedAttributes,
  CapturedEvent,
  CapturedNode,
  CapturedSpan,
  CapturedSpanKind,
  CapturedTrace,
} from '../../../src/testing/captured.ts';

/** Times are milliseconds after the start of the trace. */
export interface Sketch {
  readonly name: string;
  readonly service: string;
  readonly kind?: CapturedSpanKind;
  readonly at: number;
  /** `undefined`: the span is open. */
  readonly for?: number | undefined;
  readonly attributes?: CapturedAttributes;
  readonly failed?: string;
  readonly exception?: { readonly type: string; readonly message: string };
  readonly children?: readonly Sketch[];
  readonly parentSpanId?: string;
}

const START_NS = 1_700_000_000_000_000_000n;

export function traceOf(
  sketches: readonly Sketch[],
  traceId = '4bf92f3577b34da6a3ce929d0e0e4736',
): CapturedTrace {
  const spans: CapturedSpan[] = [];
  const grow = (sketch: Sketch, parentSpanId: string | undefined): CapturedNode => {
    const span = spanOf(sketch, traceId, (spans.length + 1).toString(16).padStart(16, '0'), parentSpanId);
    spans.push(span);
    return { span, children: (sketch.children ?? []).map((child) => grow(child, span.spanId)) };
  };
  const roots = sketches.map((sketch) => grow(sketch, sketch.parentSpanId));
  return {
    traceId,
    spans,
    roots,
    services: [...new Set(spans.map(({ service }) => service))],
    isComplete: spans.every(({ endNs }) => endNs !== undefined),
    inFlight: [],
  };
}

function spanOf(
  sketch: Sketch,
  traceId: string,
  spanId: string,
  parentSpanId: string | undefined,
): CapturedSpan {
  const startNs = START_NS + BigInt(Math.round(sketch.at * 1e6));
  const isOpen = 'for' in sketch && sketch.for === undefined;
  return {
    traceId,
    spanId,
    parentSpanId,
    name: sketch.name,
    kind: sketch.kind ?? 'INTERNAL',
    service: sketch.service,
    startNs,
    endNs: isOpen ? undefined : startNs + BigInt(Math.round((sketch.for ?? 1) * 1e6)),
    status: { code: sketch.failed === undefined ? 'UNSET' : 'ERROR', message: sketch.failed ?? '' },
    attributes: sketch.attributes ?? {},
    events: eventsOf(sketch, startNs),
    links: [],
    scope: { name: '@longpole/express', version: '0.1.0' },
  };
}

function eventsOf({ exception }: Sketch, timeNs: bigint): CapturedEvent[] {
  if (exception === undefined) return [];
  const attributes = { 'exception.type': exception.type, 'exception.message': exception.message };
  return [{ name: 'exception', timeNs, attributes }];
}

export function server(
  service: string,
  route: string,
  at: number,
  forMs: number,
  more: Partial<Sketch> = {},
): Sketch {
  const [method = '', path = ''] = route.split(' ');
  const attributes = {
    'http.request.method': method,
    'http.route': path,
    'http.response.status_code': 200,
    ...more.attributes,
  };
  return { ...more, service, name: route, kind: 'SERVER', at, for: forMs, attributes };
}

/** A call with the SERVER span that it led to; times are those of the CLIENT span, the SERVER span is 1 ms inside. */
export function call(
  from: string,
  to: string,
  route: string,
  at: number,
  forMs: number,
  more: Partial<Sketch> = {},
): Sketch {
  const [method = ''] = route.split(' ');
  const attributes = {
    'http.request.method': method,
    'server.address': '127.0.0.1',
    'http.response.status_code': 200,
  };
  const received = server(to, route, at + 1, forMs - 2, more);
  return { service: from, name: method, kind: 'CLIENT', at, for: forMs, attributes, children: [received] };
}
