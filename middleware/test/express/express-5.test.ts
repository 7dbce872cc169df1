// What only Express 5.3 can show: its channel, and errors at their origin without a handler of ours.

import { channel } from 'node:diagnostics_channel';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorRequestHandler } from 'express';
import { ExpressChannelInstrumentation, tracingErrors } from '../../src/index.ts';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';
import { express5 as express, ok, routeOf, serverSpan } from './support/expresses.ts';

const START = channel('tracing:express.router.request:start');
let here: TracingHere;
beforeAll(() => {
  here = traceHere();
});
afterAll(() => here.stop());

describe('ExpressChannelInstrumentation', () => {
  it('records an error once where tracingErrors() is mounted all the same', async () => {
    const app = express();
    app.get('/', async () => Promise.reject(new RangeError('on purpose')));
    app.use(tracingErrors());
    app.use(((_error, _request, response, _next) => void response.status(500).end()) as ErrorRequestHandler);
    expect((await serverSpan(here, app, '/')).events).toHaveLength(1);
  });

  it('does not move the lastIndex of the application’s own regular expressions', async () => {
    const pattern = /^\/g\d/g;
    const app = express();
    app.use(pattern, express.Router().get('/x', ok));
    await serverSpan(here, app, '/g1/x');
    expect(pattern.lastIndex).toBe('/g1'.length);
  });

  it('leaves an untraced request alone', () => {
    const event = { req: new http.IncomingMessage({} as never), layer: {}, route: '/x' };
    const before = here.tracing.stats().faults;
    START.publish(event);
    START.publish({});
    expect(here.tracing.stats().faults - before).toBe(1);
  });

  it('works on routers without an application', async () => {
    const inner = express.Router().get('/c/:d', (_request, response) => void response.end('ok'));
    const router = express.Router().use('/a/:b', inner);
    const listener: http.RequestListener = (request, response) =>
      router(request as never, response as never, () => response.end('nothing'));
    expect(routeOf(await serverSpan(here, listener, '/a/1/c/2'))).toBe('/a/:b/c/:d');
  });

  it('says what is wrong with its options', () => {
    expect(() => new ExpressChannelInstrumentation({ enable: true } as never)).toThrow(
      /unknown option `enable`.*Did you mean `enabled`\?.*ERR_LONGPOLE_UNKNOWN_OPTION/,
    );
  });
});
