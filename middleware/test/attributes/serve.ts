// Serves an application for one request after the other and shows the attributes of the SERVER span of each.

import http from 'node:http';
import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { Express } from 'express';
import type { StartOptions } from '../../src/index.ts';
import { listen } from '../conformance/harness/listen.ts';
import { type Answer, type Sent, sender } from '../conformance/harness/send.ts';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';

export interface Bench extends TracingHere {
  /** What tracing has said at the console, without the line of its start. */
  readonly lines: string[];
  attributesOf(app: Express, path: string, sent?: Sent): Promise<Attributes>;
  /** The same with the answer. */
  ask(
    app: Express,
    path: string,
    sent?: Sent,
  ): Promise<{ answer: Answer | undefined; attributes: Attributes }>;
}

export function benchOf(options: StartOptions = {}): Bench {
  const lines: string[] = [];
  const here = traceHere({ log: (line) => void lines.push(line), ...options });
  lines.length = 0;
  const ask: Bench['ask'] = async (app, path, sent = {}) => {
    const { port, close } = await listen(http.createServer(app));
    const answer = await sender(port, {})(path, sent).catch(() => undefined);
    await close();
    const span = (await here.spans()).find((each) => each.kind === SpanKind.SERVER);
    return { answer, attributes: span?.attributes ?? {} };
  };
  return { ...here, lines, ask, attributesOf: async (...asked) => (await ask(...asked)).attributes };
}
