// Events of a request run in its context for whoever listens, also where an application's own class of request does.

import http, { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { currentTrace, startTracing, type TracingHandle, tracing } from '../../src/index.ts';
import { listen } from '../conformance/harness/listen.ts';
import { express4, express5 } from '../express/support/expresses.ts';

let handle: TracingHandle | undefined;
let close: (() => Promise<void>) | undefined;

afterEach(async () => {
  await close?.();
  await handle?.shutdown();
});

type Seen = (request: IncomingMessage, name: string | symbol) => void;

/** Asks once, and resolves when the request is closed, with the trace that the handler was in. */
async function ask(Class: typeof IncomingMessage, listen_: Seen | undefined): Promise<string | undefined> {
  handle = startTracing({ exporter: new InMemorySpanExporter(), log: () => undefined });
  let trace: string | undefined;
  let closed = (): void => undefined;
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const server = http.createServer({ IncomingMessage: Class }, (request, response) => {
    trace = currentTrace()?.traceId;
    response.on('close', () => setImmediate(closed));
    for (const name of ['end', 'close'])
      if (listen_ !== undefined) request.on(name, () => listen_(request, name));
    request.resume();
    response.end('ok');
  });
  const listening = await listen(server);
  close = listening.close;
  await (
    await fetch(`http://127.0.0.1:${listening.port}`, { method: 'POST', body: 'a body that has to be read' })
  ).text();
  await isClosed;
  return trace;
}

describe('events of a request', () => {
  it('run in its context for listeners', async () => {
    const seen = new Map<string | symbol, string | undefined>();
    const trace = await ask(IncomingMessage, (_request, name) => seen.set(name, currentTrace()?.traceId));
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(Object.fromEntries(seen)).toEqual({ end: trace, close: trace });
  });

  it('bring as many values as they were emitted with, in its context and from outside', async () => {
    const heard: unknown[][] = [];
    const given = [[], [undefined], [1], [1, undefined], [1, 2], [1, 2, 3]];
    await ask(IncomingMessage, (request, name) => {
      if (name !== 'end') return;
      request.on('own', (...values: unknown[]) => heard.push([currentTrace() !== undefined, ...values]));
      const emitAll = (): void => {
        for (const values of given) expect(request.emit('own', ...values)).toBe(true);
      };
      emitAll();
      context.with(ROOT_CONTEXT, emitAll);
      expect(request.emit('nobody listens', 1)).toBe(false);
    });
    expect(heard).toEqual([...given, ...given].map((values) => [true, ...values]));
  });

  it('run in its context for its own class, even those that nobody else listens to', async () => {
    const seen = new Map<string | symbol, string | undefined>();
    class OwnMessage extends IncomingMessage {
      override emit(name: string | symbol, ...rest: unknown[]): boolean {
        seen.set(name, currentTrace()?.traceId);
        return super.emit(name, ...rest);
      }
    }
    const trace = await ask(OwnMessage, undefined);
    expect(seen.get('close')).toBe(trace);
    expect([...new Set(seen.values())]).toEqual([trace]);
  });
});

describe('an application with an `emit` of its own', () => {
  it.each([
    ['Express 5 with tracing()', express5, true],
    ['Express 5 without, by its channel', express5, false],
    ['Express 4 with tracing()', express4, true],
  ])('has it called in the request’s context: %s', async (_case, express, isMounted) => {
    handle = startTracing({ exporter: new InMemorySpanExporter(), log: () => undefined });
    const seen = new Map<string | symbol, string | undefined>();
    const app = express();
    const { emit } = IncomingMessage.prototype;
    Object.assign(app.request, {
      emit(this: IncomingMessage, name: string | symbol, ...rest: unknown[]): boolean {
        seen.set(name, currentTrace()?.traceId);
        return emit.call(this, name, ...rest);
      },
    });
    if (isMounted) app.use(tracing());
    let trace: string | undefined;
    app.post('/', (request, response) => {
      trace = currentTrace()?.traceId;
      request.resume().on('end', () => response.json({}));
    });
    const listening = await listen(http.createServer(app));
    close = listening.close;
    await fetch(`http://127.0.0.1:${listening.port}`, { method: 'POST', body: 'a body that has to be read' });
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(seen.get('end')).toBe(trace);
  });
});
