// What the page asks for: rows, verdicts, one trace with its analysis, one span with its attributes, and news.
import { type Request, type Response, Router } from 'express';
import type { TraceStore } from '../../store/index.ts';
import { toTraceView } from '../../view/index.ts';
import { spansToOtlpJson } from '../../wire/otlp-json.ts';
import { ApiError } from '../api-error.ts';
import { curlExample } from '../home-page.ts';
import { searchOf } from '../parameters.ts';
import { parseTraceId } from '../parse-trace-id.ts';
import { sendJson } from '../send-json.ts';
import { Analyses } from './analyses.ts';
import { parseListRequest } from './list-query.ts';
import { LiveTraces } from './live.ts';
import { listRows, toRow } from './rows.ts';

/** Verdicts that one request may ask for, and traces that are read to find the links to one. */
const MAX_VERDICTS = 200;
const MAX_SOURCES = 20;
/** Milliseconds of analysis after which an answer ends early; the page asks again for the rest. */
const VERDICT_BUDGET_MS = 100;

function validId(text: string): string {
  const id = parseTraceId(text);
  if (id === undefined) {
    throw new ApiError(400, `trace id ${JSON.stringify(text)} is not up to 32 hex digits`);
  }
  return id;
}

class PageApi {
  readonly #store: TraceStore;
  readonly #analyses: Analyses;

  constructor(store: TraceStore) {
    this.#store = store;
    this.#analyses = new Analyses(store);
  }

  traces = async (req: Request, res: Response): Promise<void> => {
    const rows = await listRows(this.#store, parseListRequest(searchOf(req.originalUrl)));
    sendJson(req, res, { traces: rows, stored: this.#store.stats().traces });
  };

  /** As many of the verdicts asked for as fit into the budget, at least one. */
  verdicts = (req: Request, res: Response): void => {
    const ids = searchOf(req.originalUrl).getAll('id').map(validId);
    if (ids.length > MAX_VERDICTS) {
      throw new ApiError(400, `${ids.length} ids are too many: ask for ${MAX_VERDICTS} at most`);
    }
    const deadline = performance.now() + VERDICT_BUDGET_MS;
    const verdicts = [];
    for (const id of ids) {
      verdicts.push(this.#analyses.verdict(id));
      if (performance.now() > deadline) break;
    }
    sendJson(req, res, { verdicts: verdicts.filter((verdict) => verdict !== undefined) });
  };

  trace = (req: Request<{ traceId: string }>, res: Response): void => {
    const traceId = validId(req.params.traceId);
    const kept = this.#analyses.of(traceId);
    if (kept === undefined) throw new ApiError(404, `trace ${traceId} is not stored`);
    const sources = this.#store.linkedFrom(traceId, MAX_SOURCES);
    const view = toTraceView(kept.analysis, kept.arrival, {
      rowOf: (id) => {
        const summary = this.#store.summary(id);
        return summary === undefined ? undefined : toRow(summary);
      },
      linkedFrom: sources.flatMap((id) => this.#store.trace(id) ?? []),
    });
    sendJson(req as unknown as Request, res, view);
  };

  /** One span as OTLP JSON, by its index in the trace's columns, since ids may repeat. */
  span = (req: Request<{ traceId: string; index: string }>, res: Response): void => {
    const traceId = validId(req.params.traceId);
    const node = this.#analyses.of(traceId)?.analysis.tree.nodes[Number(req.params.index)];
    if (node === undefined) throw new ApiError(404, `trace ${traceId} has no span ${req.params.index}`);
    sendJson(req as unknown as Request, res, spansToOtlpJson([node.span]));
  };
}

export interface PageRoutes {
  readonly router: Router;
  /** Ends the event streams. */
  close(): void;
}

/** Routes below `/api/longpole`. */
export function pageRoutes(store: TraceStore, otlpUrl: () => string): PageRoutes {
  const api = new PageApi(store);
  const live = new LiveTraces(store);
  const router = Router();
  router.get('/traces', api.traces);
  router.get('/verdicts', api.verdicts);
  router.get('/traces/:traceId', api.trace);
  router.get('/traces/:traceId/spans/:index', api.span);
  router.get('/live', live.listen);
  router.get('/welcome', (req, res) => {
    sendJson(req, res, { otlpUrl: otlpUrl(), curl: curlExample(otlpUrl()) });
  });
  return { router, close: () => live.close() };
}
