// An OpenTelemetry instrumentation of Express 5.3 that listens to the router's diagnostics channel.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { type MeterProvider, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import type { Instrumentation, InstrumentationConfig } from '@opentelemetry/instrumentation';
import { ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import { recordHandlerError } from '../http/handler-error.ts';
import { routeName } from '../http/methods.ts';
import { keepOwnEmit } from '../http/request-context.ts';
import { setRouteFallback } from '../http/route-fallback.ts';
import { recordOf, requestRecordOf, type ServerRecord, withSpan } from '../http/server-record.ts';
import { isBoolean, isOneOf } from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';
import { activeContext } from '../shared/active-context.ts';
import { reportFault } from '../shared/guard.ts';
import { sharedState } from '../shared/state.ts';
import { PACKAGE, VERSION } from '../shared/version.ts';
import { findRoute } from './find-route.ts';
import { LAYERS, type Layers } from './layer-kind.ts';
import { LayerSpans } from './layer-spans.ts';
import { RouteTrail } from './route.ts';
import { isOfRoute, type RouterEvent } from './router-event.ts';

const OWNER = 'express';

/** A value of the option `layers`. */
export const isLayers: Check = isOneOf(...LAYERS);

export interface ExpressChannelConfig extends InstrumentationConfig {
  /**
   * INTERNAL spans of route handlers (`'handlers'`), or of every middleware, router, `router.param()` callback,
   * error handler and route handler (`'all'`). Defaults to `'none'`.
   */
  readonly layers?: Layers;
}

type Listener = (event: unknown) => void;

/**
 * Puts the route template (`http.route`, span name) and the errors of handlers on the request's SERVER span, the
 * error as the router first sees it, whoever answers it later. Works on the spans of `HttpChannelInstrumentation`
 * and on those of `@opentelemetry/instrumentation-http`. Makes no spans of its own unless `layers` asks for them.
 */
export class ExpressChannelInstrumentation implements Instrumentation<ExpressChannelConfig> {
  readonly instrumentationName: string = `${PACKAGE}/router`;
  readonly instrumentationVersion: string = VERSION;
  #config: ExpressChannelConfig = {};
  #tracer: Tracer = trace.getTracer(PACKAGE, VERSION);
  #listeners: readonly (readonly [string, Listener])[] = [];

  /** @throws LongpoleError on an unknown or wrong option */
  constructor(config: ExpressChannelConfig = {}) {
    parseOptions('ExpressChannelInstrumentation', config, {
      enabled: isBoolean,
      layers: isLayers,
    });
    this.setConfig(config);
    if (this.#config.enabled) this.enable();
  }

  enable(): void {
    const { owners } = sharedState();
    if (owners.has(OWNER)) return;
    owners.set(OWNER, this);
    const { layers = 'none' } = this.#config;
    this.#listeners =
      layers === 'none' ? ROUTE_LISTENERS : layerListeners(new LayerSpans(layers, () => this.#tracer));
    for (const [channel, listener] of this.#listeners) subscribe(channel, listener);
    setRouteFallback(findUnpublishedRoute);
  }

  disable(): void {
    const { owners } = sharedState();
    if (owners.get(OWNER) === this) {
      owners.delete(OWNER);
      setRouteFallback(undefined);
    }
    for (const [channel, listener] of this.#listeners) unsubscribe(channel, listener);
    this.#listeners = [];
  }

  setTracerProvider(provider: TracerProvider): void {
    this.#tracer = provider.getTracer(PACKAGE, VERSION);
  }

  setMeterProvider(_provider: MeterProvider): void {}

  setConfig(config: ExpressChannelConfig): void {
    this.#config = { enabled: true, ...config };
  }

  getConfig(): ExpressChannelConfig {
    return this.#config;
  }
}

/** All that routes and errors need; the other channels cost something only when they have a subscriber. */
const ROUTE_LISTENERS = [listened('start', onLayerStart), listened('error', onLayerError)];

function layerListeners(spans: LayerSpans): [string, Listener][] {
  return [
    listened('start', (event) => {
      onLayerStart(event);
      spans.onStart(event, templateOf(event));
    }),
    listened('end', (event) => spans.onEnd(event)),
    listened('asyncEnd', (event) => spans.onAsyncEnd(event)),
    listened('error', (event) => {
      onLayerError(event);
      spans.onError(event);
    }),
  ];
}

function listened(name: string, listener: (event: RouterEvent) => void): [string, Listener] {
  const channel = `tracing:express.router.request:${name}`;
  const onEvent = (event: unknown): void => {
    try {
      listener(event as RouterEvent);
    } catch (fault) {
      reportFault(channel, fault);
    }
  };
  return [channel, onEvent];
}

function onLayerStart(event: RouterEvent): void {
  const { req, res } = event;
  const known = requestRecordOf(req);
  if (known?.hasApplication === false) keepOwnEmit(known, req, res);
  const record = withSpan(known);
  const trail = record === undefined ? trailOf(req) : trailIn(record);
  if (trail === undefined) return;
  const { layer, route, errorHandler, param } = event;
  const base = req.baseUrl ?? '';
  if (param !== undefined) {
    // A parameter's callback runs before its route's handlers and may be all that ever runs.
    if (layer.route !== undefined) setRoute(req, record, trail.enterRoute(req.next, base, route));
  } else if (!isOfRoute(event)) {
    trail.enterLayer(req.next, base, route);
  } else {
    const template = trail.enterRoute(req.next, base, route);
    if (errorHandler !== true) setRoute(req, record, template);
  }
}

/** The template of what is entered, now that `onLayerStart` has heard of it. */
function templateOf(event: RouterEvent): string | undefined {
  const { req, layer, route, param } = event;
  const record = recordOf(req);
  const trail = record === undefined ? trailOf(req) : trailIn(record);
  if (trail === undefined || (param !== undefined && layer.route === undefined)) return undefined;
  const isRoute = param !== undefined || isOfRoute(event);
  return isRoute ? trail.enterRoute(req.next, req.baseUrl ?? '', route) : trail.template;
}

function onLayerError({ req, error }: RouterEvent): void {
  recordHandlerError(req, error);
}

/** Express before 5.3 (router before 2.3) publishes nothing, so its routers are searched when the request has ended. */
function findUnpublishedRoute(request: IncomingMessage): string | undefined {
  const isPublished = recordOf(request)?.trail !== undefined || (request as Followed)[TRAIL] !== undefined;
  return isPublished ? undefined : findRoute(request);
}

/** `undefined` where the span shows nobody its route. */
function trailIn(record: ServerRecord): RouteTrail | undefined {
  if (record.trail === undefined && record.span.isRecording()) record.trail = new RouteTrail();
  return record.trail as RouteTrail | undefined;
}

const TRAIL = Symbol('trail');

/** A property, because a WeakMap with an entry for each request is a burden for the garbage collector. */
type Followed = IncomingMessage & { [TRAIL]?: RouteTrail };

/** The trail of a request whose SERVER span somebody else has made, when there is one to put a route on. */
function trailOf(request: Followed): RouteTrail | undefined {
  if (request[TRAIL] === undefined && getRPCMetadata(activeContext()) === undefined) return undefined;
  request[TRAIL] ??= new RouteTrail();
  return request[TRAIL];
}

function setRoute(request: IncomingMessage, record: ServerRecord | undefined, template: string): void {
  if (record !== undefined) {
    record.route = template;
    return;
  }
  const metadata = getRPCMetadata(activeContext());
  if (metadata === undefined) return;
  metadata.route = template;
  metadata.span.setAttribute(ATTR_HTTP_ROUTE, template);
  metadata.span.updateName(routeName(request.method ?? 'GET', template));
}
