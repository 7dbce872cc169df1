// What the page asks about sets of traces: findings, routes, comparisons, the map of services.
import { Router } from 'express';
import type { TraceStore } from '../../store/index.ts';
import { searchOf } from '../parameters.ts';
import { sendJson } from '../send-json.ts';
import { parseSetRequest } from './set-query.ts';
import { comparisonOf, findingsOf, flameOf, mapOf, routesOf } from './sets.ts';

/** Routes below `/api/longpole`; `nowNs` is the time, nanoseconds since the Unix epoch. */
export function setRoutes(store: TraceStore, nowNs: () => bigint): Router {
  const router = Router();
  router.get('/findings', async (req, res) => {
    sendJson(req, res, await findingsOf(store, parseSetRequest(searchOf(req.originalUrl)), nowNs()));
  });
  router.get('/routes', async (req, res) => {
    sendJson(req, res, await routesOf(store, parseSetRequest(searchOf(req.originalUrl))));
  });
  router.get('/compare', async (req, res) => {
    const search = searchOf(req.originalUrl);
    const before = parseSetRequest(search, 'before');
    sendJson(req, res, await comparisonOf(store, before, parseSetRequest(search, 'after')));
  });
  router.get('/flame', async (req, res) => {
    sendJson(req, res, await flameOf(store, parseSetRequest(searchOf(req.originalUrl))));
  });
  router.get('/map', async (req, res) => {
    sendJson(req, res, await mapOf(store, parseSetRequest(searchOf(req.originalUrl)), nowNs()));
  });
  return router;
}
