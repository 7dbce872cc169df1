// What the option and the variable may say, and that nobody pays for layers who has not asked for them.

import { channel } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { ExpressChannelInstrumentation, startTracing, type TracingHandle } from '../../src/index.ts';
import { traceHere } from '../http/support/trace-here.ts';
import { spansOf, treeOf } from './span-tree.ts';

const subscribed = (): string[] =>
  ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].filter(
    (name) => channel(`tracing:express.router.request:${name}`).hasSubscribers,
  );

let handle: TracingHandle | undefined;
afterEach(async () => {
  delete process.env['LONGPOLE_LAYERS'];
  await handle?.shutdown();
  handle = undefined;
});

describe('subscriptions', () => {
  it("with 'none' are those that routes and errors need", () => {
    ({ tracing: handle } = traceHere({ layers: 'none' }));
    expect(subscribed()).toEqual(['start', 'error']);
  });

  it("with 'all' end with the tracing", async () => {
    ({ tracing: handle } = traceHere({ layers: 'all' }));
    expect(subscribed()).toEqual(['start', 'end', 'asyncEnd', 'error']);
    await handle.shutdown();
    expect(subscribed()).toEqual([]);
  });
});

describe('a wrong value', () => {
  it('of the option is refused', () => {
    const message = /received "every" for `layers`: expected one of 'none', 'handlers', 'all'/;
    expect(() => startTracing({ layers: 'every' as 'all' })).toThrow(message);
    expect(() => new ExpressChannelInstrumentation({ layers: 'every' as 'all' })).toThrow(message);
    expect(() => startTracing({ layer: 'all' } as never)).toThrow(/Did you mean `layers`\?/);
  });

  it('of the variable gets a line, and the option holds', async () => {
    process.env['LONGPOLE_LAYERS'] = 'every';
    const lines: string[] = [];
    const here = traceHere({ layers: 'handlers', log: (line) => void lines.push(line) });
    handle = here.tracing;
    expect(lines[0]).toBe(
      'longpole: LONGPOLE_LAYERS=every cannot be used: expected one of none, handlers, all; using what the code says, or none',
    );
    const app = express().get('/', (_request, response) => void response.send('ok'));
    expect(treeOf(await spansOf(here, app, '/'))).toEqual(['GET /', '  request handler - /']);
  });
});
