// An OpenTelemetry instrumentation of Express 5.3 that listens to the router's diagnostics channel.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { context, type MeterProvider, type TracerProvider } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import type { Instrumentation, InstrumentationConfig } from '@opentelemetry/instrumentation';
import { ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import { recordHandlerError } from '../http/handler-error.ts';
import { methodInName } from '../http/methods.ts';
import { setRouteFallback } from '../http/route-fallback.ts';
import { recordOf } from '../http/server-record.ts';
import { isBoolean } from '../options/checks.ts';
import { parseOptions } from '../options/parse-options.ts';
import { guarded } from '../shared/guard.ts';
import { sharedState } from '../shared/state.ts';
import { PACKAGE, VERSION } from '../shared/version.ts';
import { findRoute } from './find-route.ts';
import { type Pattern, RouteTrail } from './route.ts';

const START = 'tracing:express.router.request:start';
const ERROR = 'tracing:express.router.request:error';
const OWNER = 'express';

/** What the router publishes with each event (router 2.3, "Tracing" in its README). */
interface RouterEvent {
  readonly req: IncomingMessage & {
    readonly baseUrl?: string;
    readonly next?: unknown;
    readonly route?: { readonly stack?: readonly unknown[] };
  };
  readonly layer: { readonly route?: object };
  readonly route?: Pattern;
  readonly errorHandler?: boolean;
  readonly param?: string;
  readonly error?: unknown;
}

/**
 * Puts the route template (`http.route`, span name) and the errors of handlers on the request's SERVER span, the
 * error as the router first sees it, whoever answers it later. Works on the spans of `HttpChannelInstrumentation`
 * and on those of `@opentelemetry/instrumentation-http`. Makes no spans of its own.
 */
export class ExpressChannelInstrumentation implements Instrumentation<InstrumentationConfig> {
  readonly instrumentationName: string = `${PACKAGE}/router`;
  readonly instrumentationVersion: string = VERSION;
  #config: InstrumentationConfig = {};
  readonly #onStart: (event: unknown) => void = guarded(START, (event: unknown) =>
    onLayerStart(event as RouterEvent),
  );
  readonly #onError: (event: unknown) => void = guarded(ERROR, (event: unknown) =>
    onLayerError(event as RouterEvent),
  );

  /** @throws LongpoleError on an unknown or wrong option */
  constructor(config: InstrumentationConfig = {}) {
    parseOptions('ExpressChannelInstrumentation', config, { enabled: isBoolean });
    this.setConfig(config);
    if (this.#config.enabled) this.enable();
  }

  enable(): void {
    const { owners } = sharedState();
    if (owners.has(OWNER)) return;
    owners.set(OWNER, this);
    subscribe(START, this.#onStart);
    subscribe(ERROR, this.#onError);
    setRouteFallback(findUnpublishedRoute);
  }

  disable(): void {
    const { owners } = sharedState();
    if (owners.get(OWNER) === this) {
      owners.delete(OWNER);
      setRouteFallback(undefined);
    }
    unsubscribe(START, this.#onStart);
    unsubscribe(ERROR, this.#onError);
  }

  setTracerProvider(_provider: TracerProvider): void {}

  setMeterProvider(_provider: MeterProvider): void {}

  setConfig(config: InstrumentationConfig): void {
    this.#config = { enabled: true, ...config };
  }

  getConfig(): InstrumentationConfig {
    return this.#config;
  }
}

function onLayerStart({ req, layer, route, errorHandler, param }: RouterEvent): void {
  const trail = trailOf(req);
  if (trail === undefined) return;
  const position = { dispatch: req.next, base: req.baseUrl ?? '', pattern: route };
  if (param !== undefined) {
    // A parameter's callback runs before its route's handlers and may be all that ever runs.
    if (layer.route !== undefined) setRoute(req, trail.enterRoute(position));
  } else if (req.route?.stack?.includes(layer)) {
    const template = trail.enterRoute(position);
    if (errorHandler !== true) setRoute(req, template);
  } else {
    trail.enterLayer(position);
  }
}

function onLayerError({ req, error }: RouterEvent): void {
  recordHandlerError(req, error);
}

/** Express before 5.3 (router before 2.3) publishes nothing, so its routers are searched when the request has ended. */
function findUnpublishedRoute(request: IncomingMessage): string | undefined {
  return (request as Followed)[TRAIL] === undefined ? findRoute(request) : undefined;
}

const TRAIL = Symbol('trail');

/** A property, because a WeakMap with an entry for each request is a burden for the garbage collector. */
type Followed = IncomingMessage & { [TRAIL]?: RouteTrail };

/** The request's trail, when there is a SERVER span to put a route on. */
function trailOf(request: Followed): RouteTrail | undefined {
  const known = request[TRAIL];
  if (known !== undefined) return known;
  if (recordOf(request) === undefined && getRPCMetadata(context.active()) === undefined) return undefined;
  const trail = new RouteTrail();
  request[TRAIL] = trail;
  return trail;
}

function setRoute(request: IncomingMessage, template: string): void {
  const record = recordOf(request);
  if (record !== undefined) {
    record.route = template;
    return;
  }
  const metadata = getRPCMetadata(context.active());
  if (metadata === undefined) return;
  metadata.route = template;
  metadata.span.setAttribute(ATTR_HTTP_ROUTE, template);
  metadata.span.updateName(`${methodInName(request.method ?? 'GET')} ${template}`);
}
