// Where the stock instrumentations write the headers: hosts hear no more than they may, and what cannot be kept is said.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator } from '@opentelemetry/core';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { OutgoingGuard } from '../../src/http/outgoing-guard.ts';
import { W3CPropagator } from '../../src/propagation/index.ts';
import { sharedState } from '../../src/shared/state.ts';
import { type BoundaryOptions, registerBoundary } from '../../src/trust/boundary.ts';
import { type HeadRecorder, recordHeads } from './support/head-recorder.ts';
import { GETS, leadNamesHere } from './support/public-names.ts';

const SENT = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', baggage: 'a=1' };
const PUBLIC = 'partner.example';

let recorder: HeadRecorder;
let guard: OutgoingGuard;
let lines: string[];

beforeEach(async () => {
  leadNamesHere();
  recorder = await recordHeads();
  guard = new OutgoingGuard();
  lines = [];
  sharedState().log = (line) => lines.push(line);
});
afterEach(async () => {
  jest.restoreAllMocks();
  guard.disable();
  sharedState().boundaries = [];
  sharedState().log = undefined;
  await recorder.close();
});

const heard = (i: number): unknown[] => {
  const { traceparent, baggage } = recorder.heads[i] ?? {};
  return [traceparent, baggage];
};

describe.each(GETS)('headers that somebody has written, sent by %s', (_name, get) => {
  it('are taken off again where the host may not hear them', async () => {
    guard.enable();
    await get(`http://127.0.0.1:${recorder.port}/`, SENT);
    await get(`http://${PUBLIC}:${recorder.port}/`, SENT);
    expect([heard(0), heard(1)]).toEqual([
      [SENT.traceparent, 'a=1'],
      [SENT.traceparent, undefined],
    ]);
  });

  it('are left alone when the guard is gone', async () => {
    guard.enable();
    guard.disable();
    await get(`http://${PUBLIC}:${recorder.port}/`, SENT);
    expect(heard(0)).toEqual([SENT.traceparent, 'a=1']);
  });
});

describe('the stock instrumentation of undici', () => {
  it('tells a public host the trace id alone', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(
      new CompositePropagator({ propagators: [new W3CPropagator(), new W3CBaggagePropagator()] }),
    );
    const provider = new TracerProvider({ spanProcessors: [] });
    const stock = new UndiciInstrumentation();
    stock.setTracerProvider(provider);
    guard.enable();
    const baggage = propagation.createBaggage({ user: { value: 'ada' } });
    await context.with(propagation.setBaggage(context.active(), baggage), async () => {
      for (const host of ['127.0.0.1', PUBLIC]) await fetch(`http://${host}:${recorder.port}/`);
    });
    stock.disable();
    for (const api of [context, propagation, trace]) api.disable();
    expect(recorder.heads.map(({ baggage }) => baggage)).toEqual(['user=ada', undefined]);
    expect(recorder.heads.every(({ traceparent }) => traceparent?.startsWith('00-'))).toBe(true);
  });
});

describe('settings that have no effect', () => {
  const inVain = (setting: string): RegExp => new RegExp(`^longpole: ${setting} has no effect with stock`);

  it('are said once, whether they came before or after the start', () => {
    registerBoundary({ trustInbound: 'never' });
    guard.enable();
    registerBoundary({ trustInbound: 'private' });
    registerBoundary({ baggage: ['tenant'] });
    expect(lines).toEqual([
      expect.stringMatching(inVain('trustInbound')),
      expect.stringMatching(inVain('baggage')),
    ]);
  });

  it.each<BoundaryOptions>([{}, { trustInbound: 'always' }, { propagateTo: ['a.example'] }])(
    '%j has one, or asks for nothing else',
    (options) => {
      guard.enable();
      registerBoundary(options);
      expect(lines).toEqual([]);
    },
  );
});
