// The built page: its files, and its HTML at every address that the page has.
import { join } from 'node:path';
import { type RequestHandler, Router, static as staticFiles } from 'express';

/** Addresses that the page draws itself. */
const ADDRESSES: readonly string[] = [
  '/',
  '/trace/:id',
  '/routes',
  '/compare',
  '/services',
  '/findings',
  '/demo',
];

const HTML = 'index.html';

/** Files below `assets` have their content's hash in the name, and are kept for a year. */
const keptLong: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  next();
};

/** Serves the page from the folder that it was built into. */
export function pageFiles(folder: string): Router {
  const router = Router();
  const options = { index: false, cacheControl: false, fallthrough: true } as const;
  router.use('/assets', keptLong, staticFiles(join(folder, 'assets'), options));
  router.use(staticFiles(folder, options));
  router.get([...ADDRESSES], (_req, res) => {
    res.sendFile(HTML, { root: folder, cacheControl: false });
  });
  return router;
}
