// The page's panel for the demo: hands its questions on to the mesh that runs on this machine.
import { request as ask } from 'node:http';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { ApiError } from '../api-error.ts';

/** What changes something must be JSON, which a form of another page cannot send. */
const onlyJson: RequestHandler = (req, _res, next) => {
  if (req.method !== 'GET' && !req.is('application/json')) {
    throw new ApiError(415, 'send application/json');
  }
  next();
};

const TIMEOUT_MS = 30_000;

/** Routes below `/api/longpole/demo`; without a mesh they say so. */
export function demoProxy(demoUrl: string | undefined): Router {
  const router = Router();
  router.use(onlyJson);
  router.use((req: Request, res: Response, next) => {
    if (demoUrl === undefined) {
      throw new ApiError(404, 'no demo runs here: FAULTS=on npm start starts one');
    }
    const { method, headers } = req;
    const target = new URL(`.${req.path}`, `${demoUrl}/`);
    const call = ask(target, {
      method,
      agent: false,
      timeout: TIMEOUT_MS,
      headers: {
        'content-type': headers['content-type'] ?? 'application/json',
        ...(headers['content-length'] !== undefined && { 'content-length': headers['content-length'] }),
      },
    });
    call.once('timeout', () => call.destroy(new Error('it took too long')));
    call.once('error', (error) => next(new ApiError(502, `the demo does not answer: ${error.message}`)));
    call.once('response', (answer) => {
      res.status(answer.statusCode ?? 502).type('application/json');
      answer.once('error', () => res.destroy());
      answer.pipe(res);
    });
    req.pipe(call);
  });
  return router;
}
