// Express 4 publishes nothing: its routes are found when the response has ended, its errors through `tracingErrors()`.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import { tracing, tracingErrors } from '../../src/index.ts';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';
import { express4 as express, ok, pass, routeOf, serverSpan } from './support/expresses.ts';

let here: TracingHere;
beforeAll(() => {
  here = traceHere();
});
afterAll(() => here.stop());

const answer: ErrorRequestHandler = (_error, _request, response, _next) =>
  void response.status(500).send('sorry');
const fail: RequestHandler = () => {
  throw new RangeError('on purpose');
};

const rewrite: RequestHandler = (request, _response, next) => {
  request.url = '/users/7';
  next();
};

function app(build: (app: Express) => void): Express {
  const made = express();
  build(made);
  return made;
}

const users = express.Router({ mergeParams: true });
users.get('/', ok);
users.get('/:id', ok);
users.get(['/a/:x', '/b/:y'], ok);
users.get('/fails/:id', fail);
users.get('/later/:id', (_request, response) => void setImmediate(() => response.send('ok')));

const inner = express();
inner.use('/deep', users);
const outer = express();
outer.use('/inner/:which', inner);
const routed = express.Router().use('/x', outer);

describe('routes of Express 4', () => {
  it.each<[string, (app: Express) => void, string, unknown]>([
    ['a plain route', (a) => a.get('/plain', ok), '/plain', '/plain'],
    ['the root', (a) => a.get('/', ok), '/', '/'],
    ['a parameter', (a) => a.get('/users/:id', ok), '/users/7', '/users/:id'],
    ['a regular expression', (a) => a.get(/^\/r\/(\d+)$/, ok), '/r/7', '/^\\/r\\/(\\d+)$/'],
    ['one of an array', (a) => a.get(['/a/:x', '/b/:y?'], ok), '/b', '/b/:y?'],
    ['a pattern in a parameter', (a) => a.get('/n/:id(\\d+)', ok), '/n/7', '/n/:id(\\d+)'],
    ['a wildcard', (a) => a.get('/files/*', ok), '/files/a/b', '/files/*'],
    ['a mounted router', (a) => a.use('/users', users), '/users/7', '/users/:id'],
    ['the root of a mounted router', (a) => a.use('/users', users), '/users', '/users'],
    ['a router that answers later', (a) => a.use('/users', users), '/users/later/7', '/users/later/:id'],
    ['a router at a parameter', (a) => a.use('/t/:tenant', users), '/t/acme/7', '/t/:tenant/:id'],
    ['a router at an optional parameter', (a) => a.use('/t/:tenant?', users), '/t/acme/7', '/t/:tenant?/:id'],
    [
      'a router at a path with a dot and a dash',
      (a) => a.use('/v1.0/a-b', users),
      '/v1.0/a-b/7',
      '/v1.0/a-b/:id',
    ],
    ['a router at a wildcard', (a) => a.use('/w/*/end', users), '/w/x/y/end/7', '/w/*/end/:id'],
    ['a router at a regular expression', (a) => a.use(/^\/r(\d)/, users), '/r5/7', '/^\\/r(\\d)/:id'],
    ['a router at the root', (a) => a.use(users), '/7', '/:id'],
    [
      'mounted applications',
      (a) => a.use('/outer', outer),
      '/outer/inner/1/deep/7',
      '/outer/inner/:which/deep/:id',
    ],
    ['a route that is left for a later one', (a) => a.get('/x/:a', pass).get('/x/*', ok), '/x/7', '/x/*'],
    [
      'the same router at two places',
      (a) => a.use('/one', users).use('/two/:n', users),
      '/two/2/7',
      '/two/:n/:id',
    ],
    ['no route', (a) => a.use('/users', users), '/nowhere/7', undefined],
    ['no route in a router', (a) => a.use('/users', users), '/users/7/8/9', undefined],
    ['an error in a router', (a) => a.use('/users', users), '/users/fails/7', '/users/fails/:id'],
    ['an application in a router', (a) => a.use('/r', routed), '/r/x/inner/1/deep/7', undefined],
    ['a rewritten URL', (a) => a.use(rewrite).use('/users', users), '/x', undefined],
  ])('%s', async (_what, build, path, expected) => {
    expect(routeOf(await serverSpan(here, app(build), path))).toBe(expected);
  });

  it('never names a value of the URL where mount paths are told as regular expressions', async () => {
    const made = app((a) => a.use('/(secret-)?:x([a-z]+-\\d+)', users));
    const span = await serverSpan(here, made, '/secret-abc-77/7');
    expect(`${span.name} ${routeOf(span)}`).not.toMatch(/abc|77/);
  });
});

describe('errors of Express 4', () => {
  it('reach the SERVER span through tracingErrors(), and the application’s own handler answers', async () => {
    const made = app((a) => a.use(tracing()).use('/users', users).use(tracingErrors()).use(answer));
    const span = await serverSpan(here, made, '/users/fails/7');
    expect(span.attributes).toMatchObject({ 'error.type': 'RangeError', 'http.response.status_code': 500 });
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'on purpose' });
    expect(span.events.map(({ name, attributes }) => [name, attributes?.['exception.message']])).toEqual([
      ['exception', 'on purpose'],
    ]);
  });

  it('are recorded once, however often tracingErrors() is mounted', async () => {
    const made = app((a) => a.get('/', fail).use(tracingErrors()).use(tracingErrors()).use(answer));
    expect((await serverSpan(here, made, '/')).events).toHaveLength(1);
  });

  it('leave the status only, without tracingErrors()', async () => {
    const span = await serverSpan(
      here,
      app((a) => a.get('/', fail).use(answer)),
      '/',
    );
    expect(span.attributes['error.type']).toBe('500');
    expect(span.events).toEqual([]);
  });

  it('pass through tracingErrors() untouched outside of a traced request', () => {
    const passedOn: unknown[] = [];
    const error = new Error('untraced');
    tracingErrors()(error, {} as never, {} as never, (each) => passedOn.push(each));
    expect(passedOn).toEqual([error]);
  });
});
