// Jaeger's first query API, which Jaeger UI and Grafana speak: JSON in Jaeger's own shapes.
import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { TraceStore } from '../store/index.ts';
import type { Trace } from '../trace/span.ts';
import { tracesToJaegerJson } from '../wire/jaeger-json.ts';
import { ApiError, toApiError } from './api-error.ts';
import { kindWord } from './kind-words.ts';
import { parseDependencyRequest, parseOperationRequest, parseTraceRequest } from './legacy-query.ts';
import { searchOf } from './parameters.ts';
import { parseTraceId } from './parse-trace-id.ts';
import { envelope, sendJson } from './send-json.ts';
import { unknownRoute } from './unknown-route.ts';

const NOT_FOUND = 'trace not found';

/** Answers an error in the shape of Jaeger's first API. */
export const sendLegacyError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  const { status, message } = toApiError(error);
  sendJson(req, res, envelope(null, 0, [{ code: status, msg: message }]), status);
};

function findById(store: TraceStore, traceIds: readonly string[]): object {
  const traces: Trace[] = [];
  const errors: object[] = [];
  for (const traceId of new Set(traceIds)) {
    const trace = store.trace(traceId);
    if (trace === undefined) errors.push({ msg: NOT_FOUND, traceID: traceId });
    else traces.push(trace);
  }
  return { ...tracesToJaegerJson(traces), errors: errors.length > 0 ? errors : null };
}

class LegacyApi {
  readonly #store: TraceStore;
  readonly #nowNs: () => bigint;

  constructor(store: TraceStore, nowNs: () => bigint) {
    this.#store = store;
    this.#nowNs = nowNs;
  }

  services = (req: Request, res: Response): void => {
    const services = this.#store.services();
    sendJson(req, res, envelope(services, services.length));
  };

  operationNames = (req: Request<{ service: string }>, res: Response): void => {
    const names = new Set(this.#store.operations(req.params.service).map((operation) => operation.name));
    sendJson(req as unknown as Request, res, envelope([...names], names.size));
  };

  operations = (req: Request, res: Response): void => {
    const { service, spanKind } = parseOperationRequest(searchOf(req.originalUrl));
    const operations = this.#store
      .operations(service)
      .filter(({ kind }) => spanKind === undefined || kind === spanKind)
      .map(({ name, kind }) => ({ name, spanKind: kindWord(kind) }));
    sendJson(req, res, envelope(operations, operations.length));
  };

  traces = async (req: Request, res: Response): Promise<void> => {
    const request = parseTraceRequest(searchOf(req.originalUrl), this.#nowNs());
    if ('traceIds' in request) sendJson(req, res, findById(this.#store, request.traceIds));
    else sendJson(req, res, tracesToJaegerJson(await this.#store.search(request.query)));
  };

  trace = (req: Request<{ traceId: string }>, res: Response): void => {
    const { traceId } = req.params;
    const id = parseTraceId(traceId);
    if (id === undefined) {
      throw new ApiError(400, `trace id ${JSON.stringify(traceId)} is not up to 32 hex digits`);
    }
    const trace = this.#store.trace(id);
    if (trace === undefined) throw new ApiError(404, NOT_FOUND);
    sendJson(req as unknown as Request, res, tracesToJaegerJson([trace]));
  };

  dependencies = async (req: Request, res: Response): Promise<void> => {
    const { startNs, endNs, service } = parseDependencyRequest(searchOf(req.originalUrl), this.#nowNs());
    const links = await this.#store.dependencies(startNs, endNs);
    const asked = links.filter(
      ({ parent, child }) => service === undefined || parent === service || child === service,
    );
    sendJson(req, res, envelope(asked));
  };
}

/** Routes below `/api`. */
export function legacyRoutes(store: TraceStore, nowNs: () => bigint): Router {
  const api = new LegacyApi(store, nowNs);
  const router = Router();
  router.get('/services', api.services);
  router.get('/services/:service/operations', api.operationNames);
  router.get('/operations', api.operations);
  router.get('/traces', api.traces);
  router.get('/traces/:traceId', api.trace);
  router.get('/dependencies', api.dependencies);
  router.use(
    unknownRoute('the API has /api/services, /api/operations, /api/traces, /api/dependencies and /api/v3'),
  );
  router.use(sendLegacyError);
  return router;
}
