// The calls in a trace, from one service to another, and the names by which a test may speak of them.

import { FOLDED_COUNT } from '../../shaping/run.ts';
import type { CapturedAttributes } from '../captured.ts';
import type { TraceView, ViewNode } from './trace-view.ts';

export interface Call {
  /** How many it stands for: more than 1 only where runs of equal calls were folded. */
  readonly count: number;
  /** The CLIENT or PRODUCER span; the SERVER or CONSUMER span where the caller made none. */
  readonly node: ViewNode;
  /** The service that was called, as far as it is known: its own name, the one the caller gave it, its address. */
  readonly service: string;
  /** `GET inventory`; the service alone where there is no method. */
  readonly name: string;
  /** Everything the call may be called: service, name, name with route, names of its spans. */
  readonly names: readonly string[];
}

/** Each call once, in the order of the view. */
export function callsOf(view: TraceView): Call[] {
  return view.nodes.flatMap((node) => callOf(node) ?? []);
}

/** The call that a span is; `undefined` of work inside a service, and of the request that began the trace. */
export function callOf(node: ViewNode): Call | undefined {
  if (isSending(node)) {
    const receiver = receiverOf(node);
    const service = receiver?.span.service ?? peerOf(node.span.attributes);
    return service === undefined ? undefined : newCall(node, service, receiver);
  }
  const isReceived = isReceiving(node) && node.parent !== undefined && !isSending(node.parent);
  return isReceived ? newCall(node, node.span.service, node) : undefined;
}

/** The service a CLIENT or PRODUCER span was sent to. */
export function calledService(node: ViewNode): string | undefined {
  return isSending(node) ? callOf(node)?.service : undefined;
}

/** Whether a span is a call to, or the arrival in, a service other than its parent's. */
export function receiverOf(node: ViewNode): ViewNode | undefined {
  return node.children.find(isReceiving);
}

function isSending({ span }: ViewNode): boolean {
  return span.kind === 'CLIENT' || span.kind === 'PRODUCER';
}

function isReceiving({ span }: ViewNode): boolean {
  return span.kind === 'SERVER' || span.kind === 'CONSUMER';
}

function newCall(node: ViewNode, service: string, receiver: ViewNode | undefined): Call {
  const method = text(node.span.attributes, 'http.request.method', 'db.operation.name', 'rpc.method');
  const name = method === undefined ? service : `${method} ${service}`;
  const route = receiver === undefined ? undefined : text(receiver.span.attributes, 'http.route');
  const withRoute = route === undefined ? [] : [`${name} ${route}`];
  const spans = [node.span.name, ...(receiver === undefined ? [] : [receiver.span.name])];
  const folded = node.span.attributes[FOLDED_COUNT];
  const count = typeof folded === 'number' ? folded : 1;
  return { count, node, service, name, names: [...new Set([service, name, ...withRoute, ...spans])] };
}

function peerOf(attributes: CapturedAttributes): string | undefined {
  const named = text(attributes, 'service.peer.name', 'peer.service', 'db.system.name', 'messaging.system');
  if (named !== undefined) return named;
  const address = text(attributes, 'server.address');
  const port = attributes['server.port'];
  return address === undefined || port === undefined ? address : `${address}:${port}`;
}

function text(attributes: CapturedAttributes, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = attributes[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
