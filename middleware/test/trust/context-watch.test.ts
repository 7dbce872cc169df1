// Callers that lose the trace context are found and named, once a minute, and nobody else is.

import http from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { StartOptions } from '../../src/index.ts';
import { ContextWatch } from '../../src/trust/context-watch.ts';
import { listen } from '../conformance/harness/listen.ts';
import { sender } from '../conformance/harness/send.ts';
import { traceHere } from '../http/support/trace-here.ts';

const AXIOS = 'axios/1.21';

/** A watch with a clock of its own; `pass` lets time go by. */
function watched() {
  const lines: string[] = [];
  let nowMs = 1_000_000;
  let timer: { work: () => void; dueMs: number } | undefined;
  const watch = new ContextWatch({
    say: (line) => lines.push(line),
    nowMs: () => nowMs,
    schedule: (work, delayMs) => {
      timer = { work, dueMs: nowMs + delayMs };
      return () => {
        timer = undefined;
      };
    },
  });
  const pass = (ms: number): string[] => {
    const untilMs = nowMs + ms;
    while (timer !== undefined && timer.dueMs <= untilMs) {
      nowMs = timer.dueMs;
      timer.work();
    }
    nowMs = untilMs;
    return lines.splice(0);
  };
  const calls = (address: string, agent: string, without: number, all: number): void => {
    for (let i = 0; i < all; i += 1) watch.note(address, agent, i >= without);
  };
  return { watch, pass, calls, isWaiting: () => timer !== undefined };
}

describe('a caller', () => {
  it('that leaves the context out of some calls is named with both counts', () => {
    const { watch, pass, calls } = watched();
    calls('10.0.0.8', AXIOS, 0, 3);
    calls('::ffff:10.0.0.7', AXIOS, 12, 40);
    expect(pass(5_000)).toEqual([
      'longpole: 12 of 40 calls from 10.0.0.7 (axios/1.21) came without trace context',
    ]);
    expect(watch.missing).toBe(12);
  });

  it('is nobody to talk about before any has sent context', () => {
    const { watch, pass, calls, isWaiting } = watched();
    calls('10.0.0.7', AXIOS, 5, 5);
    expect([watch.missing, isWaiting(), pass(600_000)]).toEqual([0, false, []]);
  });

  it('that always sends context costs no line and no timer', () => {
    const { pass, calls, isWaiting } = watched();
    calls('10.0.0.7', AXIOS, 0, 100);
    expect([isWaiting(), pass(600_000)]).toEqual([false, []]);
  });

  it('is told apart from another one on the same machine', () => {
    const { pass, calls } = watched();
    calls('10.0.0.7', AXIOS, 0, 5);
    calls('10.0.0.7', 'node', 2, 2);
    calls('10.0.0.7', '', 1, 1);
    expect(pass(5_000)).toEqual([
      'longpole: 2 of 2 calls from 10.0.0.7 (node) came without trace context',
      'longpole: 1 of 1 calls from 10.0.0.7 (no user agent) came without trace context',
    ]);
  });

  it.each(['Mozilla/5.0 (X11; Linux x86_64)', 'curl/8.5.0', 'kube-probe/1.31', 'ELB-HealthChecker/2.0'])(
    'of which nobody expects context is left alone: %s',
    (agent) => {
      const { watch, pass, calls } = watched();
      calls('10.0.0.7', AXIOS, 0, 1);
      calls('10.0.0.7', agent, 9, 9);
      expect([watch.missing, pass(600_000)]).toEqual([0, []]);
    },
  );

  it('cannot forge a line or flood one', () => {
    const { pass, calls } = watched();
    calls('10.0.0.7', AXIOS, 0, 1);
    calls('10.0.0.7', `x\u001b[2J\u009b\r\nlongpole: all is well ${'y'.repeat(200)}`, 1, 1);
    const [line = '', ...others] = pass(5_000);
    expect(others).toEqual([]);
    expect(line).toMatch(/^longpole: 1 of 1 calls from 10\.0\.0\.7 \([\x20-\x7e]{59}…\) came without/);
  });
});

describe('reports', () => {
  it('come once a minute at most, each with the counts since the one before', () => {
    const { pass, calls } = watched();
    calls('10.0.0.7', AXIOS, 0, 1);
    calls('10.0.0.7', AXIOS, 1, 2);
    expect(pass(5_000)).toHaveLength(1);
    calls('10.0.0.7', AXIOS, 3, 4);
    expect(pass(59_999)).toEqual([]);
    calls('10.0.0.7', AXIOS, 1, 1);
    expect(pass(1)).toEqual(['longpole: 4 of 5 calls from 10.0.0.7 (axios/1.21) came without trace context']);
    expect(pass(600_000)).toEqual([]);
  });

  it('name five callers and count the others', () => {
    const { pass, calls } = watched();
    calls('10.0.0.1', AXIOS, 0, 1);
    for (let i = 1; i <= 8; i += 1) calls(`10.0.1.${i}`, AXIOS, i, 10);
    const lines = pass(5_000);
    expect(lines).toHaveLength(6);
    expect(lines[0]).toContain('8 of 10 calls from 10.0.1.8 ');
    expect(lines[5]).toBe('longpole: calls from 3 more callers came without trace context');
  });

  it('remember no more than 256 callers, and no call is lost', () => {
    const { watch, pass, calls } = watched();
    calls('10.0.0.1', AXIOS, 0, 1);
    for (let i = 0; i < 1000; i += 1) calls('10.0.1.1', `agent-${i}`, 1, 1);
    expect(watch.missing).toBe(1000);
    const [first] = pass(5_000);
    expect(first).toBe('longpole: 745 of 745 calls from other callers came without trace context');
  });

  it('forget callers that never lost anything when there are too many', () => {
    const { pass, calls } = watched();
    for (let i = 0; i < 1000; i += 1) calls('10.0.1.1', `agent-${i}`, 0, 1);
    calls('10.0.0.7', AXIOS, 1, 2);
    expect(pass(5_000)).toEqual([
      'longpole: 1 of 2 calls from 10.0.0.7 (axios/1.21) came without trace context',
    ]);
  });
});

describe('in a running service', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  /** Serves requests with the headers given, in turn, then stops; what it said and what it counted. */
  async function serve(options: StartOptions, requests: readonly [string, Record<string, string>][]) {
    const lines: string[] = [];
    const here = traceHere({ ...options, log: (line) => lines.push(line) });
    const before = here.tracing.stats().callsWithoutContext;
    const { port, close } = await listen(http.createServer((_request, response) => response.end()));
    const send = sender(port, { 'user-agent': AXIOS });
    for (const [path, headers] of requests) {
      await context.with(suppressTracing(ROOT_CONTEXT), () => send(path, { headers }));
    }
    await close();
    const count = here.tracing.stats().callsWithoutContext - before;
    await here.stop();
    return { count, lines: lines.filter((line) => line.includes('without trace context')) };
  }

  it('lost context is counted, and said at the shutdown at the latest', async () => {
    const requests: [string, Record<string, string>][] = [
      ['/', { traceparent }],
      ['/', {}],
      ['/', { traceparent: 'malformed' }],
      ['/healthz', {}],
      ['/', { 'x-forwarded-for': '203.0.113.9' }],
    ];
    expect(await serve({}, requests)).toEqual({
      count: 2,
      lines: ['longpole: 2 of 3 calls from 127.0.0.1 (axios/1.21) came without trace context'],
    });
  });

  it('the edge expects none', async () => {
    const requests: [string, Record<string, string>][] = [
      ['/', { traceparent }],
      ['/', {}],
    ];
    expect(await serve({ trustInbound: 'never' }, requests)).toEqual({ count: 0, lines: [] });
  });
});
