// The end of every service's middleware: unknown paths and errors become application/problem+json with the trace id.
import { currentTrace } from '@longpole/express';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { Problem } from './problem.ts';

/** Answers 404 for a path that no route took. */
export const answerNotFound: RequestHandler = function notFound(req, _res, next) {
  next(
    new Problem({
      status: 404,
      code: 'no-such-path',
      title: 'There is nothing at this path',
      detail: `${req.method} ${req.path} is not a route of this service.`,
    }),
  );
};

/** Turns whatever a route threw into an answer; `reportError` hears of the errors nobody expected. */
export function answerProblems(reportError: (error: unknown) => void): ErrorRequestHandler {
  return function problemAnswer(error: unknown, _req, res, next) {
    if (res.destroyed) return;
    if (res.headersSent) return next(error);
    const problem = toProblem(error);
    if (problem.code === 'internal') reportError(error);
    res
      .status(problem.status)
      .set(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify(problem.toJson(currentTrace()?.traceId)));
  };
}

const httpError = z.object({
  message: z.string(),
  status: z.number().optional(),
  type: z.string().optional(),
});

const BODY_PROBLEMS: Readonly<Record<string, { code: string; title: string; cure: string }>> = {
  'entity.parse.failed': {
    code: 'malformed-json',
    title: 'The body is not well-formed JSON',
    cure: 'check its quotes, commas and brackets.',
  },
  'entity.too.large': {
    code: 'body-too-large',
    title: 'The body is too large',
    cure: 'send at most 32 KiB.',
  },
  'encoding.unsupported': {
    code: 'unsupported-encoding',
    title: 'The content-encoding of the body is not supported',
    cure: 'send it plain or with gzip, deflate or br.',
  },
  'charset.unsupported': {
    code: 'unsupported-charset',
    title: 'The charset of the body is not supported',
    cure: 'send it as UTF-8.',
  },
};

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { status, type, message } = readHttpError(error);
  const known = type === undefined ? undefined : BODY_PROBLEMS[type];
  if (known && status !== undefined) {
    return new Problem({ ...known, status, detail: `${message}: ${known.cure}`, cause: error });
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return new Problem({ status, code: 'bad-request', title: 'The request is not valid', detail: message });
  }
  return new Problem({
    status: 500,
    code: 'internal',
    title: 'Something went wrong here',
    detail: 'The service met an error it did not expect: the trace shows where.',
    cause: error,
  });
}

function readHttpError(error: unknown): z.infer<typeof httpError> {
  const checked = httpError.safeParse(error);
  return checked.success ? checked.data : { message: String(error) };
}
