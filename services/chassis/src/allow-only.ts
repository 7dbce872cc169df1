// Answers 405 for a method that a known path does not have.
import type { RequestHandler } from 'express';
import { Problem } from './problem.ts';

/** The last handler of a route: `app.route(path).post(…).all(allowOnly('POST'))`. */
export function allowOnly(...methods: readonly string[]): RequestHandler {
  const allow = methods.join(', ');
  return function methodNotAllowed(req, _res, next) {
    next(
      new Problem({
        status: 405,
        code: 'method-not-allowed',
        title: 'This path does not have that method',
        detail: `${req.method} is not allowed on ${req.path}: use ${allow}.`,
        headers: { allow },
      }),
    );
  };
}
