// Makes INTERNAL spans of the layers of Express's routers: route handlers, or every function that a request runs through.

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { errorMessage, exceptionType } from '../http/errors.ts';
import { lostContextOf } from '../http/request-context.ts';
import { activeContext } from '../shared/active-context.ts';
import { hrTimeSince, type Moment, now, toHrTime } from '../shared/clock.ts';
import { guarded } from '../shared/guard.ts';
import { describeLayer, type Layers, type LayerType, layerType } from './layer-kind.ts';
import type { RouterEvent } from './router-event.ts';

/** One call of a layer's function. */
interface OpenLayer {
  readonly span: Span;
  readonly start: Moment;
  /** The function has returned and given no promise: only what comes next can tell when its work is done. */
  isReturned: boolean;
  isEnded: boolean;
}

/** One router's work on the request. */
interface Dispatch {
  readonly id: unknown;
  /** The span that was active when the router was called. */
  readonly parent: Span;
  /** How many layers were open around it. */
  readonly depth: number;
}

interface RequestLayers {
  readonly open: OpenLayer[];
  readonly dispatches: Dispatch[];
  isWatched: boolean;
}

const LAYERS: unique symbol = Symbol('layers');
const CALL: unique symbol = Symbol('call');
const OF_LAYER: unique symbol = Symbol('layer');

type Request = IncomingMessage & { [LAYERS]?: RequestLayers };
type Call = RouterEvent & { [CALL]?: { layer: OpenLayer | undefined; restore: () => void } };
type LayerSpan = Span & { [OF_LAYER]?: true };

/**
 * Listens to the calls of a router's functions. The span of a function is active while it runs and in what it sets
 * off. Functions of one router are siblings, although each is called by the one before it; a router that a function
 * calls is below that function.
 */
export class LayerSpans {
  readonly #layers: Layers;
  readonly #tracer: () => Tracer;

  constructor(layers: Layers, tracer: () => Tracer) {
    this.#layers = layers;
    this.#tracer = tracer;
  }

  /** A function is about to be called. What was open in its router has called `next`, so it is done. */
  onStart(event: Call, template: string | undefined): void {
    const request: Request = event.req;
    const active = lostContextOf(request) ?? activeContext();
    const serverSpan = getRPCMetadata(active)?.span;
    if (serverSpan === undefined || !serverSpan.isRecording()) return;
    request[LAYERS] ??= { open: [], dispatches: [], isWatched: false };
    const current = trace.getSpan(active) ?? serverSpan;
    const dispatch = enterDispatch(request[LAYERS], event.req.next, current);
    const isOwn = current === serverSpan || (current as LayerSpan)[OF_LAYER] === true;
    const parent = isOwn ? dispatch.parent : current;
    const around = parent === current ? active : trace.setSpan(active, parent);
    const type = layerType(event);
    const layer = this.#isWanted(type) ? this.#open(event, type, template, around) : undefined;
    if (layer !== undefined) request[LAYERS].open.push(layer);
    const inside = layer === undefined ? around : trace.setSpan(around, layer.span);
    // Node.js has no documented way to run a listener's publisher in a context of OpenTelemetry's.
    const token = inside === activeContext() ? undefined : context.attach(inside);
    event[CALL] = { layer, restore: () => token?.dispose() };
  }

  /** The function has returned or thrown. */
  onEnd(event: Call): void {
    const call = event[CALL];
    call?.restore();
    const layer = call?.layer;
    if (layer === undefined || layer.isEnded) return;
    if ('error' in event) endFailed(layer, event.error);
    else {
      layer.isReturned = 'result' in event;
      if (layer.isReturned && event.res.writableEnded) endLayer(layer);
      else endWithResponse(event.req, event.res);
    }
  }

  /** The function's promise is settled. */
  onAsyncEnd(event: Call): void {
    const layer = event[CALL]?.layer;
    if (layer === undefined) return;
    if ('error' in event) endFailed(layer, event.error);
    else endLayer(layer);
    const open = (event.req as Request)[LAYERS]?.open ?? [];
    if (event.res.writableEnded) for (const each of open) if (each.isReturned) endLayer(each);
  }

  /** An error has left the function, perhaps before it was done. */
  onError(event: Call): void {
    const layer = event[CALL]?.layer;
    if (layer !== undefined && !layer.isEnded) markFailed(layer, event.error);
  }

  #isWanted(type: LayerType | undefined): type is LayerType {
    return type !== undefined && (this.#layers === 'all' || type === 'request_handler');
  }

  #open(event: Call, type: LayerType, template: string | undefined, parent: Context): OpenLayer {
    const start = now();
    const { name, attributes } = describeLayer(event, type, template);
    const options = { kind: SpanKind.INTERNAL, attributes, startTime: toHrTime(start) };
    const span: LayerSpan = this.#tracer().startSpan(name, options, parent);
    span[OF_LAYER] = true;
    return { span, start, isReturned: false, isEnded: false };
  }
}

/** The router's place in the request; ends the layers inside it, which it has left behind. */
function enterDispatch({ open, dispatches }: RequestLayers, id: unknown, current: Span): Dispatch {
  const known = dispatches.findLast((each) => each.id === id);
  const dispatch = known ?? { id, parent: current, depth: open.length };
  if (known === undefined) dispatches.push(dispatch);
  for (const layer of open.splice(dispatch.depth)) endLayer(layer);
  return dispatch;
}

/** Has the layers end with the response at the latest, just before the SERVER span. */
function endWithResponse(request: Request, response: ServerResponse): void {
  const layers = request[LAYERS];
  if (layers === undefined || layers.isWatched) return;
  layers.isWatched = true;
  response.prependOnceListener(
    'close',
    guarded('ending the spans of layers', () => {
      for (const layer of layers.open) endLayer(layer);
    }),
  );
}

function endFailed(layer: OpenLayer, error: unknown): void {
  if (!layer.isEnded) markFailed(layer, error);
  endLayer(layer);
}

function markFailed({ span }: OpenLayer, error: unknown): void {
  span.setAttribute(ATTR_ERROR_TYPE, exceptionType(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage(error) });
}

function endLayer(layer: OpenLayer): void {
  if (layer.isEnded) return;
  layer.isEnded = true;
  layer.span.end(hrTimeSince(layer.start));
}
