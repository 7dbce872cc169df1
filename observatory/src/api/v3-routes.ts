// Jaeger's third query API: traces in OTLP JSON.
import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { TraceStore } from '../store/index.ts';
import type { Trace } from '../trace/span.ts';
import { spansToOtlpJson } from '../wire/otlp-json.ts';
import { ApiError, toApiError } from './api-error.ts';
import { kindWord } from './kind-words.ts';
import { searchOf } from './parameters.ts';
import { parseTraceId } from './parse-trace-id.ts';
import { sendJson } from './send-json.ts';
import { unknownRoute } from './unknown-route.ts';
import { parseV3OperationRequest, parseV3TraceQuery } from './v3-query.ts';

/** Answers an error in the shape of Jaeger's gRPC gateway. */
const sendV3Error: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  const { status, message } = toApiError(error);
  sendJson(req, res, { error: { httpCode: status, message } }, status);
};

function sendTraces(req: Request, res: Response, traces: readonly Trace[]): void {
  if (traces.length === 0) throw new ApiError(404, 'No traces found');
  const resourceSpans = traces.flatMap((trace) => spansToOtlpJson(trace.spans).resourceSpans);
  sendJson(req, res, { result: { resourceSpans } });
}

/** Routes below `/api/v3`. */
export function v3Routes(store: TraceStore): Router {
  const router = Router();
  router.get('/services', (req, res) => sendJson(req, res, { services: store.services() }));
  router.get('/operations', (req, res) => {
    const { service, spanKind } = parseV3OperationRequest(searchOf(req.originalUrl));
    const operations = store
      .operations(service)
      .filter(({ kind }) => spanKind === undefined || kind === spanKind)
      .map(({ name, kind }) => ({ name, spanKind: kindWord(kind) || 'internal' }));
    sendJson(req, res, { operations });
  });
  router.get('/traces', async (req, res) => {
    sendTraces(req, res, await store.search(parseV3TraceQuery(searchOf(req.originalUrl))));
  });
  router.get('/traces/:traceId', (req, res) => {
    const { traceId } = req.params;
    const id = parseTraceId(traceId);
    if (id === undefined) {
      throw new ApiError(
        400,
        `malformed parameter trace_id: ${JSON.stringify(traceId)} is not up to 32 hex digits`,
      );
    }
    const trace = store.trace(id);
    sendTraces(req, res, trace === undefined ? [] : [trace]);
  });
  router.use(unknownRoute('the API has /api/v3/services, /operations, /traces and /traces/{trace_id}'));
  router.use(sendV3Error);
  return router;
}
