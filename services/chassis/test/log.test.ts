// A service's log: a line for each request and each error, in the right place, and no request can forge one.

import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { startTracing } from '@longpole/express';
import type { Express } from 'express';
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

function create(level: LogLevel = 'info'): { app: Express; out: Lines; err: Lines } {
  const streams = { out: new Lines(), err: new Lines() };
  const { reportError: _unused, ...parts } = testParts('echo');
  const app = createServiceApp({ ...parts, log: createLog('echo', level, streams) }, (routes) => {
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
    const handle = startTracing({ exporter: nowhere, log: () => undefined });
    const { app, out } = create();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await request(app).get('/item/1').set('traceparent', `00-${traceId}-b7ad6b7169203331-01`);
    await until(() => out.texts.length > 0);
    expect(out.lines[0]).toMatchObject({
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      trace_flags: expect.any(String),
    });
    await handle.shutdown();
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

const nowhere = {
  export: (_spans: unknown, done: (result: { code: 0 }) => void) => done({ code: 0 }),
  shutdown: () => Promise.resolve(),
};
