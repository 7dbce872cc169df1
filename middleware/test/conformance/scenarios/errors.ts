// Errors: whatever is thrown, however it leaves the handler, and whoever answers it in the end.

import type { ErrorRequestHandler, RequestHandler } from 'express';
import { type ExpectedSpan, type Place, server } from '../harness/contract.ts';
import type { Group, Scenario } from '../harness/scenario.ts';

class OutOfStock extends Error {}

class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
  readonly status = 404;
  readonly expose = true;
}

const hostile = {
  get name(): string {
    throw new Error('name is not for you');
  },
  get message(): string {
    throw new Error('message is not for you');
  },
  get stack(): string {
    throw new Error('stack is not for you');
  },
  get code(): string {
    throw new Error('code is not for you');
  },
};

const throws =
  (error: unknown): RequestHandler =>
  () => {
    throw error;
  };
const answers =
  (status: number): ErrorRequestHandler =>
  (_error, _request, response, _next) =>
    void response.status(status).send('handled');
const replaces: ErrorRequestHandler = (error, _request, _response, next) =>
  next(new RangeError('in other words', { cause: error }));

const passes =
  (error: unknown): RequestHandler =>
  (_request, _response, next) =>
    next(error);
const passesLater =
  (error: unknown): RequestHandler =>
  (_request, _response, next) =>
    void setImmediate(() => next(error));

const HANDLERS: Record<string, readonly (RequestHandler | ErrorRequestHandler)[]> = {
  thrown: [throws(new OutOfStock('sold out'))],
  passed: [passes(new TypeError('not a number'))],
  rejected: [async () => Promise.reject(new OutOfStock('sold out'))],
  late: [passesLater(new TypeError('too late'))],
  text: [throws('just text')],
  number: [throws(42)],
  plain: [throws({ reason: 'because' })],
  hostile: [throws(hostile)],
  status: [throws(new NotFoundError('no such order'))],
  handled200: [throws(new TypeError('never mind')), answers(200)],
  handled404: [throws(new TypeError('never mind')), answers(404)],
  handled503: [throws(new TypeError('mind')), answers(503)],
  replaced: [throws(new TypeError('first')), replaces],
};

interface Told {
  readonly code?: number;
  readonly type: string;
  readonly message?: string;
  readonly more?: readonly { type: string; message: string }[];
}

function failing(path: string, { code = 500, type, message = '', more = [] }: Told) {
  return (place: Place): ExpectedSpan[] => [
    server(place, {
      path: `/errors/${path}`,
      route: `/errors/${path}`,
      code,
      errorType: type,
      exceptions: [{ type, message }, ...more],
    }),
  ];
}

function scenario(title: string, path: string, told: Told): Scenario {
  return { title, traffic: ({ send }) => send(`/errors/${path}`), spans: failing(path, told) };
}

export const errors: Group = {
  name: 'Errors',
  mount(app) {
    for (const [name, handlers] of Object.entries(HANDLERS)) {
      app.get(`/errors/${name}`, ...(handlers as RequestHandler[]));
    }
    app.get('/errors/nothing', throws(null), (_request, response) => void response.send('ok'));
    app.use('/errors/use', throws(new TypeError('before any route')));
  },
  scenarios: [
    scenario('thrown', 'thrown', { type: 'OutOfStock', message: 'sold out' }),
    scenario('`next(error)`', 'passed', { type: 'TypeError', message: 'not a number' }),
    scenario('a rejected promise', 'rejected', { type: 'OutOfStock', message: 'sold out' }),
    scenario('`next(error)` in a later turn', 'late', { type: 'TypeError', message: 'too late' }),
    scenario('a string thrown', 'text', { type: 'string', message: 'just text' }),
    scenario('a number thrown', 'number', { type: 'number', message: '42' }),
    scenario('an object that is no error', 'plain', { type: 'Error', message: '[object Object]' }),
    scenario('an object whose getters throw', 'hostile', { type: 'Error', message: '[object Object]' }),
    {
      title: '`null` thrown, which Express takes for no error',
      traffic: ({ send }) => send('/errors/nothing'),
      spans: (place) => [server(place, { path: '/errors/nothing', route: '/errors/nothing' })],
    },
    scenario('an error that brings its status', 'status', {
      code: 404,
      type: 'NotFoundError',
      message: 'no such order',
    }),
    scenario('answered with 200', 'handled200', { code: 200, type: 'TypeError', message: 'never mind' }),
    scenario('answered with 404', 'handled404', { code: 404, type: 'TypeError', message: 'never mind' }),
    scenario('answered with 503', 'handled503', { code: 503, type: 'TypeError', message: 'mind' }),
    scenario('replaced by the error handler: both, and the first names the type', 'replaced', {
      type: 'TypeError',
      message: 'first',
      more: [{ type: 'RangeError', message: 'in other words' }],
    }),
    {
      title: 'thrown by a middleware, before any route',
      traffic: ({ send }) => send('/errors/use/7'),
      spans: (place) => [
        server(place, {
          path: '/errors/use/7',
          code: 500,
          errorType: 'TypeError',
          exceptions: [{ type: 'TypeError', message: 'before any route' }],
        }),
      ],
    },
  ],
};
