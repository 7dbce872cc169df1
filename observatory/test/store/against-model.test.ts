// Stores in memory and in a file, reopened now and then, against lists of spans that are kept in the plainest way.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TraceStore } from '../../src/store/index.ts';
import { type SpanSeed, spanIdOf, T0, traceIdOf } from '../receiver/readable-span.ts';
import { closeStores, openStore, records } from './records.ts';

const MAX_TRACES = 4;
const SERVICES = ['shop', 'bank', 'auth'];

interface Sent {
  readonly trace: number;
  readonly service: number;
  readonly name: number;
  readonly bytes: number;
}

interface Step {
  readonly spans: readonly Sent[];
  readonly isReopened: boolean;
}

/** What a store must have: the traces, the one with the last arrival last, each with the names of its spans. */
class Model {
  readonly traces = new Map<number, { id: number; sent: Sent }[]>();
  #nextId = 1;

  /** Takes a request in, and returns it as it is sent. */
  take(spans: readonly Sent[]): SpanSeed[] {
    const numbered = spans.map((sent) => ({ id: this.#nextId++, sent }));
    // A request has its spans by their senders.
    const groups = Map.groupBy(numbered, ({ sent }) => sent.service);
    for (const one of [...groups.values()].flat())
      this.traces.set(one.sent.trace, [...(this.traces.get(one.sent.trace) ?? []), one]);
    for (const trace of new Set([...groups.values()].flat().map(({ sent }) => sent.trace))) {
      const all = this.traces.get(trace) ?? [];
      this.traces.delete(trace);
      this.traces.set(trace, all);
    }
    for (const trace of this.traces.keys()) if (this.traces.size > MAX_TRACES) this.traces.delete(trace);
    return numbered.map(({ id, sent }) => ({
      traceId: traceIdOf(sent.trace),
      spanId: spanIdOf(id),
      service: SERVICES[sent.service] ?? '',
      name: `n${sent.name}`,
      startNs: T0 + BigInt(id),
      attributes: { id, text: 'x'.repeat(sent.bytes) },
    }));
  }

  get contents(): unknown {
    return [...this.traces]
      .reverse()
      .map(([trace, spans]) => [
        traceIdOf(trace),
        spans
          .toSorted((a, b) => a.id - b.id)
          .map(({ id, sent }) => [BigInt(id), SERVICES[sent.service], `n${sent.name}`, sent.bytes]),
      ]);
  }

  /** Traces with a span of the service and the name, the newest such span first. */
  found(service: number, name: number): string[] {
    return [...this.traces]
      .map(([trace, spans]) => {
        const ids = spans
          .filter(({ sent }) => sent.service === service && sent.name === name)
          .map(({ id }) => id);
        return { trace, newest: Math.max(0, ...ids) };
      })
      .filter(({ newest }) => newest > 0)
      .sort((a, b) => b.newest - a.newest)
      .map(({ trace }) => traceIdOf(trace));
  }

  get services(): string[] {
    const used = [...this.traces.values()].flat().map(({ sent }) => SERVICES[sent.service] ?? '');
    return [...new Set(used)].sort();
  }
}

function contentsOf(store: TraceStore): unknown {
  return store
    .newest(100)
    .map(({ traceId }) => [
      traceId,
      store
        .trace(traceId)
        ?.spans.map(({ attributes, service, name }) => [
          attributes['id'],
          service,
          name,
          String(attributes['text']).length,
        ]),
    ]);
}

async function check(store: TraceStore, model: Model): Promise<void> {
  expect(contentsOf(store)).toEqual(model.contents);
  expect(store.services()).toEqual(model.services);
  for (const [service, text] of SERVICES.entries()) {
    const found = await store.find({ service: text, operation: 'n1', limit: 100 });
    expect(found).toEqual(model.found(service, 1));
  }
}

const sent = fc.record({
  trace: fc.nat(7),
  service: fc.nat(SERVICES.length - 1),
  name: fc.nat(2),
  bytes: fc.oneof({ weight: 9, arbitrary: fc.nat(300) }, fc.constantFrom(9_000, 20_000, 300_000)),
});
const steps = fc.array(
  fc.record({ spans: fc.array(sent, { minLength: 1, maxLength: 40 }), isReopened: fc.boolean() }),
  { maxLength: 12 },
);

afterEach(closeStores);

describe('whatever is sent, the newest traces are there, whole and found', () => {
  it('in memory', async () => {
    const play = async (list: readonly Step[]): Promise<void> => {
      const [store, model] = [openStore({ maxTraces: MAX_TRACES }), new Model()];
      for (const { spans } of list) {
        store.add(records(...model.take(spans)));
        await check(store, model);
      }
      store.close();
    };
    await fc.assert(fc.asyncProperty(steps, play), { numRuns: 60 });
  });

  it('in a file that is closed and opened again', async () => {
    const play = async (list: readonly Step[]): Promise<void> => {
      const folder = mkdtempSync(join(tmpdir(), 'longpole-model-'));
      const open = (): TraceStore => openStore({ file: join(folder, 'traces.db'), maxTraces: MAX_TRACES });
      const model = new Model();
      let store = open();
      for (const { spans, isReopened } of list) {
        store.add(records(...model.take(spans)));
        if (isReopened) {
          const before = store.stats();
          store.close();
          store = open();
          const { bytes, spans: stored, traces } = before;
          expect(store.stats()).toMatchObject({ spans: stored, traces });
          expect(Math.abs(store.stats().bytes - bytes)).toBeLessThanOrEqual(bytes / 5);
        }
        await check(store, model);
      }
      store.close();
      rmSync(folder, { recursive: true });
    };
    await fc.assert(fc.asyncProperty(steps, play), { numRuns: 40 });
  });
});
