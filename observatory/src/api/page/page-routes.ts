// What the page asks for: rows, verdicts, one trace with its analysis, one span with its attributes, and news.
import { type Request, type Response, Router } from 'express';
import { diagnose } from '../../analysis/findings/index.ts';
import { createFlame } from '../../analysis/flame/index.ts';
import { whatIf } from '../../analysis/what-if.ts';
import type { TraceStore } from '../../store/index.ts';
import { Callees, ServiceMap, toFlameView, toTraceView, toWhatIfView } from '../../view/index.ts';
import { spansToOtlpJson } from '../../wire/otlp-json.ts';
import { ApiError } from '../api-error.ts';
import { curlExample } from '../home-page.ts';
import { searchOf } from '../parameters.ts';
import { parseTraceId } from '../parse-trace-id.ts';
import { sendJson } from '../send-json.ts';
import { Analyses, type Kept } from './analyses.ts';
import { demoProxy } from './demo-proxy.ts';
import { parseListRequest } from './list-query.ts';
import { LiveTraces } from './live.ts';
import { listRows, toRow } from './rows.ts';
import { setRoutes } from './set-routes.ts';
import { parseWhatIfRequest } from './what-if-query.ts';

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
  readonly #nowNs: () => bigint;
  readonly #analyses: Analyses;

  constructor(store: TraceStore, nowNs: () => bigint) {
    this.#store = store;
    this.#nowNs = nowNs;
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
    const kept = this.#kept(req.params.traceId);
    const { traceId } = kept.analysis.tree;
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

  /** The trace replayed with a change. */
  whatIf = (req: Request<{ traceId: string }>, res: Response): void => {
    const { analysis } = this.#kept(req.params.traceId);
    const change = parseWhatIfRequest(searchOf(req.originalUrl));
    sendJson(
      req as unknown as Request,
      res,
      toWhatIfView(whatIf(analysis, change), new Callees().add(analysis)),
    );
  };

  flame = (req: Request<{ traceId: string }>, res: Response): void => {
    const builder = createFlame();
    builder.add(this.#kept(req.params.traceId).analysis);
    sendJson(req as unknown as Request, res, toFlameView(builder.finish()));
  };

  /** Who called whom in one trace. */
  map = (req: Request<{ traceId: string }>, res: Response): void => {
    const { analysis } = this.#kept(req.params.traceId);
    const services = new ServiceMap();
    services.add(analysis);
    const findings = diagnose([analysis], { only: ['broken-propagation'], nowNs: this.#nowNs() });
    // One request has no rate.
    sendJson(req as unknown as Request, res, { ...services.finish(findings), seconds: 0 });
  };

  /** What is wrong in one trace, judged together with the traces that it is linked to. */
  findings = (req: Request<{ traceId: string }>, res: Response): void => {
    const { analysis } = this.#kept(req.params.traceId);
    const { traceId, nodes } = analysis.tree;
    const linked = new Set(nodes.flatMap(({ span }) => span.links.map((link) => link.traceId)));
    for (const id of this.#store.linkedFrom(traceId, MAX_SOURCES)) linked.add(id);
    linked.delete(traceId);
    const others = [...linked].slice(0, MAX_SOURCES).flatMap((id) => this.#analyses.of(id)?.analysis ?? []);
    const findings = diagnose([analysis, ...others], { nowNs: this.#nowNs() });
    const own = findings.filter(({ traceIds }) => traceIds.includes(traceId));
    sendJson(req as unknown as Request, res, { findings: own });
  };

  /** One span as OTLP JSON, by its index in the trace's columns, since ids may repeat. */
  span = (req: Request<{ traceId: string; index: string }>, res: Response): void => {
    const traceId = validId(req.params.traceId);
    const node = this.#kept(traceId).analysis.tree.nodes[Number(req.params.index)];
    if (node === undefined) throw new ApiError(404, `trace ${traceId} has no span ${req.params.index}`);
    sendJson(req as unknown as Request, res, spansToOtlpJson([node.span]));
  };

  #kept(id: string): Kept {
    const traceId = validId(id);
    const kept = this.#analyses.of(traceId);
    if (kept === undefined) throw new ApiError(404, `trace ${traceId} is not stored`);
    return kept;
  }
}

export interface PageRoutes {
  readonly router: Router;
  /** Ends the event streams. */
  close(): void;
}

export interface PageOptions {
  readonly store: TraceStore;
  /** Where traces go. */
  readonly otlpUrl: () => string;
  /** Nanoseconds since the Unix epoch. */
  readonly nowNs: () => bigint;
  /** Where the demo's mesh takes questions, when one runs. */
  readonly demoUrl: string | undefined;
}

/** Routes below `/api/longpole`. */
export function pageRoutes({ store, otlpUrl, nowNs, demoUrl }: PageOptions): PageRoutes {
  const api = new PageApi(store, nowNs);
  const live = new LiveTraces(store);
  const router = Router();
  router.get('/traces', api.traces);
  router.get('/verdicts', api.verdicts);
  router.get('/traces/:traceId', api.trace);
  router.get('/traces/:traceId/what-if', api.whatIf);
  router.get('/traces/:traceId/flame', api.flame);
  router.get('/traces/:traceId/map', api.map);
  router.get('/traces/:traceId/findings', api.findings);
  router.get('/traces/:traceId/spans/:index', api.span);
  router.use(setRoutes(store, nowNs));
  router.use('/demo', demoProxy(demoUrl));
  router.get('/live', live.listen);
  router.get('/welcome', (req, res) => {
    sendJson(req, res, { otlpUrl: otlpUrl(), curl: curlExample(otlpUrl()), hasDemo: demoUrl !== undefined });
  });
  return { router, close: () => live.close() };
}
