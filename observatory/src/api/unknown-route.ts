// The last handler of a router: what is not there, and methods that change something.
import type { RequestHandler } from 'express';
import { ApiError } from './api-error.ts';

/** Answers 404 with what there is instead, and 405 to anything but reading. */
export function unknownRoute(present: string): RequestHandler {
  return function noSuchRoute(req, res) {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('Allow', 'GET, HEAD');
      throw new ApiError(405, `${req.method} is not possible here: this API only reads`);
    }
    throw new ApiError(404, `there is no ${req.baseUrl}${req.path}: ${present}`);
  };
}
