// JSON answers; `?prettyPrint=true` makes them readable, as in Jaeger.
import type { Request, Response } from 'express';
import { searchOf } from './parameters.ts';

const INDENT = 4;

/** Answers with `body` as JSON. */
export function sendJson(req: Request, res: Response, body: unknown, status = 200): void {
  const pretty = searchOf(req.originalUrl).get('prettyPrint') ?? '';
  const indent = pretty !== '' && pretty !== 'false' ? INDENT : 0;
  res
    .status(status)
    .type('application/json')
    .send(JSON.stringify(body, undefined, indent));
}

/** The envelope of Jaeger's first API. */
export function envelope(data: unknown, total = 0, errors: readonly object[] | null = null): object {
  return { data, total, limit: 0, offset: 0, errors };
}
