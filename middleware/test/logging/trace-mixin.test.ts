// Trace ids on pino's lines: there inside a trace, absent outside, and nothing from a request can forge a line.

import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { currentTrace, startTracing, type TracingHandle, withSpan } from '@longpole/express';
import { type LogMixin, traceMixin } from '@longpole/express/logging';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { pino } from 'pino';

let tracing: TracingHandle | undefined;

afterEach(async () => {
  await tracing?.shutdown();
  tracing = undefined;
});

function start(): void {
  tracing = startTracing({ service: 'logs', exporter: new InMemorySpanExporter(), log: () => {} });
}

function createLog(own?: LogMixin) {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { lines, log: pino({ mixin: traceMixin(own) }, sink) };
}

describe('traceMixin', () => {
  it('adds the ids of the active span', () => {
    start();
    const { lines, log } = createLog();
    const ids = withSpan('work', () => {
      log.info('inside');
      return currentTrace();
    });
    const line = JSON.parse(lines[0] ?? '');
    expect(line).toMatchObject({ msg: 'inside', trace_id: ids?.traceId, span_id: ids?.spanId });
    expect(line.trace_flags).toMatch(/^0[13]$/);
  });

  it('adds nothing outside a trace, and nothing when tracing is off', () => {
    const { lines, log } = createLog();
    log.info('before the start');
    start();
    log.info('outside');
    for (const line of lines) expect(Object.keys(JSON.parse(line)).join()).not.toMatch(/trace|span/);
    expect(lines).toHaveLength(2);
  });

  it('keeps the application’s own mixin, whose fields win', () => {
    start();
    const { lines, log } = createLog(() => ({ tenant: 'acme', span_id: 'mine' }));
    withSpan('work', () => log.info('inside'));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      tenant: 'acme',
      span_id: 'mine',
      trace_id: expect.any(String),
    });
  });

  it('writes one line whatever a request puts into a message', () => {
    start();
    const { lines, log } = createLog();
    const hostile = 'x\n{"level":60,"msg":"forged","trace_id":"00"}\r\n\u001b[2J\u0000';
    withSpan('work', () => log.warn({ path: hostile }, hostile));
    expect(lines).toHaveLength(1);
    expect([...(lines[0]?.trimEnd() ?? '')].every((character) => character >= ' ')).toBe(true);
    expect(JSON.parse(lines[0] ?? '').msg).toBe(hostile);
  });
});
