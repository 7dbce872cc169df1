// A traced server that the tests of trust ask, and what it made of each request.

import http from 'node:http';
import { context, propagation, SpanKind } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { StartOptions } from '../../../src/index.ts';
import { contextDrops } from '../../../src/propagation/index.ts';
import { listen } from '../../conformance/harness/listen.ts';
import { sender } from '../../conformance/harness/send.ts';
import { type TracingHere, traceHere } from '../../http/support/trace-here.ts';

import { recordHeads } from './head-recorder.ts';

export interface Outcome {
  /** `undefined` when the sampler has not kept it. */
  readonly span: ReadableSpan | undefined;
  /** Baggage that the handler saw. */
  readonly baggage: Readonly<Record<string, string>>;
  /** What a call of the handler to another service here carried. */
  readonly passedOn: Readonly<Record<string, string>>;
  /** Context that this request made the process drop, by cause. */
  readonly drops: Readonly<Record<string, number>>;
}

export interface TracedServer extends TracingHere {
  ask(headers: Record<string, string | string[]>): Promise<Outcome>;
}

export async function tracedServer(options: StartOptions): Promise<TracedServer> {
  const here = traceHere(options);
  let seen: { baggage: Record<string, string>; passedOn: Readonly<Record<string, string>> } | undefined;
  const downstream = await recordHeads();
  const upstream = await listen(
    http.createServer(async (_request, response) => {
      const entries = propagation.getBaggage(context.active())?.getAllEntries() ?? [];
      const baggage = Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
      await fetch(`http://127.0.0.1:${downstream.port}/`);
      seen = { baggage, passedOn: downstream.heads.at(-1) ?? {} };
      response.end();
    }),
  );
  const send = sender(upstream.port, {});
  return {
    ...here,
    ask: async (headers) => {
      const before = contextDrops() as Record<string, number>;
      // The caller is another process in life: nothing of this one's may get into what it sends.
      await context.with(suppressTracing(context.active()), () => send('/asked', { headers }));
      const drops = Object.entries(contextDrops()).map(([cause, n]) => [cause, n - (before[cause] ?? 0)]);
      const isAsked = (span: ReadableSpan): boolean =>
        span.kind === SpanKind.SERVER && span.attributes['url.path'] === '/asked';
      const span = (await here.spans()).find(isAsked);
      if (seen === undefined) throw new Error('the handler has not run');
      return { span, ...seen, drops: Object.fromEntries(drops.filter(([, n]) => n !== 0)) };
    },
    stop: async () => {
      await upstream.close();
      await downstream.close();
      await here.stop();
    },
  };
}
