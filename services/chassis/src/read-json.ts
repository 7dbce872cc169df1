// Reads a JSON body of bounded size, or says why it could not be read: 400, 413 or 415.
import type { IncomingHttpHeaders } from 'node:http';
import express, { type RequestHandler } from 'express';
import { Problem } from './problem.ts';

const BODY_LIMIT_BYTES = 32 * 1024;
const JSON_TYPES = ['application/json', 'application/*+json'];
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** Middleware for every route that takes a body. */
export const readJson: RequestHandler[] = [
  function requireJson(req, _res, next) {
    if (!METHODS_WITH_BODY.has(req.method)) return next();
    if (!hasBody(req.headers)) return next(emptyBody());
    if (!req.is(JSON_TYPES)) return next(notJson(req.headers['content-type']));
    next();
  },
  express.json({ limit: BODY_LIMIT_BYTES, type: JSON_TYPES }),
];

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function emptyBody(): Problem {
  return new Problem({
    status: 400,
    code: 'empty-body',
    title: 'The request has no body',
    detail: 'This route takes a JSON body: send one with content-type application/json.',
  });
}

function notJson(contentType: string | undefined): Problem {
  const received = contentType === undefined ? 'no content-type' : JSON.stringify(contentType);
  return new Problem({
    status: 415,
    code: 'unsupported-media-type',
    title: 'The body is not JSON',
    detail: `Received ${received}: send the body as application/json.`,
  });
}
