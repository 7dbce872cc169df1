// The end of npm: it ends the demo, but the end of a shell that put the demo into the background does not.

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { stopWithNpm } from '../src/stop-with-npm.ts';

const NPM_START = { npm_lifecycle_event: 'start' };

describe('stopWithNpm', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Polls for a while, gives the process another parent, polls on, and tells how often the end was noticed. */
  function reparent(environment: Record<string, string>, next: number): number[] {
    let parent = 400;
    const onGone = jest.fn();
    stopWithNpm({ environment, parentId: () => parent, onGone });
    jest.advanceTimersByTime(60_000);
    const before = onGone.mock.calls.length;
    parent = next;
    jest.advanceTimersByTime(60_000);
    return [before, onGone.mock.calls.length];
  }

  test.each([
    ['init', 1],
    ['another reaper', 977],
  ])('tells once that npm is gone when %s is the parent now', (_name, next) => {
    expect(reparent(NPM_START, next)).toEqual([0, 1]);
  });

  test('says nothing while npm is there', () => {
    expect(reparent(NPM_START, 400)).toEqual([0, 0]);
  });

  test.each([{}, { npm_lifecycle_event: 'test' }])('lets a demo outlive its shell with %j', (environment) => {
    expect(reparent(environment as Record<string, string>, 1)).toEqual([0, 0]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
