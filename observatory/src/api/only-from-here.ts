// Refuses what other web pages ask of the page's endpoints: they could not read the answers, but would make the backend
// work, hold its event streams, and change the demo.
import type { RequestHandler } from 'express';
import { ApiError } from './api-error.ts';

/** Lets pass what this server's own page asks, and what no page asks at all (curl, the command line). */
export const onlyFromHere: RequestHandler = (req, _res, next) => {
  const { origin, host } = req.headers;
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) {
    throw new ApiError(403, `pages of ${JSON.stringify(origin.slice(0, 200))} get no answer here`);
  }
  const site = req.headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') {
    throw new ApiError(403, `other pages get no answer here (Sec-Fetch-Site: ${site})`);
  }
  next();
};
