// Shared work: run once for all who ask at the same time, and given up only when all of them have.
import { describe, expect, test } from '@jest/globals';
import { createShareWork } from '../src/share-work.ts';

function create() {
  const share = createShareWork<string>();
  const runs: { signal: AbortSignal; finish: (result: string) => void; fail: (error: Error) => void }[] = [];
  const ask = (key: string, signal: AbortSignal = new AbortController().signal): Promise<string> =>
    share(key, signal, (shared) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      shared.addEventListener('abort', () => reject(shared.reason));
      runs.push({ signal: shared, finish: resolve, fail: reject });
      return promise;
    });
  return { ask, runs };
}

describe('shared work', () => {
  test('runs once for everybody who asks while it runs, and again for who asks later', async () => {
    const { ask, runs } = create();
    const both = [ask('k'), ask('k')];
    runs[0]?.finish('first');
    expect(await Promise.all(both)).toEqual(['first', 'first']);
    const later = ask('k');
    runs[1]?.finish('second');
    expect(await later).toBe('second');
  });

  test('runs apart for other keys', () => {
    const { ask, runs } = create();
    void ask('a');
    void ask('b');
    expect(runs).toHaveLength(2);
  });

  test('fails for everybody, and is tried anew by who asks later', async () => {
    const { ask, runs } = create();
    const both = Promise.allSettled([ask('k'), ask('k')]);
    runs[0]?.fail(new Error('no'));
    expect((await both).map((each) => each.status)).toEqual(['rejected', 'rejected']);
    void ask('k');
    expect(runs).toHaveLength(2);
  });

  test('is given up when the last who waits goes away, not before', async () => {
    const { ask, runs } = create();
    const [first, second] = [new AbortController(), new AbortController()];
    const both = Promise.allSettled([ask('k', first.signal), ask('k', second.signal)]);
    first.abort();
    expect(runs[0]?.signal.aborted).toBe(false);
    second.abort();
    expect(runs[0]?.signal.aborted).toBe(true);
    expect((await both).map((each) => each.status)).toEqual(['rejected', 'rejected']);
  });

  test('that was given up is not joined by who asks in the same moment', async () => {
    const { ask, runs } = create();
    const gone = new AbortController();
    const given = ask('k', gone.signal);
    gone.abort();
    const anew = ask('k');
    await expect(given).rejects.toMatchObject({ name: 'AbortError' });
    expect(runs).toHaveLength(2);
    const joined = ask('k');
    runs[1]?.finish('anew');
    expect(await Promise.all([anew, joined])).toEqual(['anew', 'anew']);
  });

  test('is not begun for who has gone already', async () => {
    const { ask, runs } = create();
    await expect(ask('k', AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(runs).toHaveLength(0);
  });
});
