// A service's log: a line for each request and each error, in the right place, and no request can forge one.

import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { tracing } from '@longpole/express';
import { captureTraces } from '@longpole/express/testing';
import type { Express, RequestHandler } from 'express';
import request from 'supertest';
import { createLog, type LogLevel } from '../src/log.ts';
import { createServiceApp } from '../src/service-app.ts';
import { testParts, until } from '../src/testing.ts';

class Lines extends Writable {
  readonly texts: string[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.texts.push(...chunk.toString().trimEnd().split('\n'));
    done();
  }
  get lines(): Record<string, unknown>[] {
    return this.texts.map((text) => JSON.parse(text) as Record<string, unknown>);
  }
}

const traces = captureTraces();

function create(
  level: LogLevel = 'info',
  middleware?: RequestHandler,
): { app: Express; out: Lines; err: Lines } {
  const streams = { out: new Lines(), err: new Lines() };
  const { reportError: _unused, ...parts } = testParts('echo');
  const log = createLog('echo', level, streams);
  const traced = middleware === undefined ? {} : { tracing: middleware };
  const app = createServiceApp({ ...parts, ...traced, log }, (routes) => {
    routes.get('/item/:id', (req, res) => {
      res.json(req.params);
    });
    routes.get('/boom', () => {
      throw new Error('first line\n{"level":30,"msg":"forged"}');
    });
  });
  return { app, ...streams };
}

describe('a request', () => {
  test('is one line with method, route, status and duration', async () => {
    const { app, out, err } = create();
    await request(app).get('/item/7?secret=1').expect(200);
    await until(() => out.texts.length > 0);
    expect(out.lines).toEqual([
      expect.objectContaining({
        level: 30,
        name: 'echo',
        msg: 'request',
        method: 'GET',
        route: '/item/:id',
        status: 200,
        duration_ms: expect.any(Number),
      }),
    ]);
    expect(out.texts.join()).not.toContain('secret');
    expect(err.texts).toEqual([]);
  });

  test('that no route took has its path, whose control characters stay within the line', async () => {
    const { app, out } = create();
    await request(app).get('/nowhere%0A%7B%22msg%22:%22forged%22%7D').expect(404);
    await until(() => out.texts.length > 0);
    expect(out.lines).toEqual([expect.objectContaining({ status: 404, msg: 'request' })]);
    expect(out.lines[0]?.['path']).toMatch(/^\/nowhere/);
  });

  test('of a probe is for debugging only', async () => {
    const quiet = create();
    await request(quiet.app).get('/healthz').expect(200);
    await request(quiet.app).get('/item/1').expect(200);
    await until(() => quiet.out.texts.length > 0);
    expect(quiet.out.lines.map(({ route }) => route)).toEqual(['/item/:id']);
    const loud = create('debug');
    await request(loud.app).get('/healthz').expect(200);
    await until(() => loud.out.texts.length > 0);
    expect(loud.out.lines[0]).toMatchObject({ level: 20, route: '/healthz' });
  });

  test('carries the ids of its trace', async () => {
    const { app, out } = create('info', tracing());
    const trace = await traces.of(await request(app).get('/item/1'));
    expect(out.lines[0]).toMatchObject({
      trace_id: trace.traceId,
      span_id: trace.spans[0]?.spanId,
      trace_flags: expect.any(String),
    });
  });
});

test('an error nobody expected is one line on standard error, and the request a warning', async () => {
  const { app, out, err } = create();
  await request(app).get('/boom').expect(500);
  await until(() => out.texts.length > 0);
  expect(out.lines).toEqual([expect.objectContaining({ level: 40, route: '/boom', status: 500 })]);
  expect(err.lines).toEqual([expect.objectContaining({ level: 50, msg: 'unexpected error' })]);
  expect(err.lines[0]?.['err']).toMatchObject({ message: expect.stringContaining('forged') });
});

test('at level silent there is no line at all', async () => {
  const { app, out, err } = create('silent');
  await request(app).get('/boom').expect(500);
  expect([...out.texts, ...err.texts]).toEqual([]);
});
