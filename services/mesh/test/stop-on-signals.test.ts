// Signals: the first stops, its echo is ignored, a later one kills.

import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { stopOnSignals } from '../src/stop-on-signals.ts';

describe('stopOnSignals', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s stops', (signal) => {
    const source = new EventEmitter();
    const { stop, kill } = stopOnSignals(source, () => 0);
    expect(stop.aborted).toBe(false);
    source.emit(signal);
    expect([stop.aborted, kill.aborted]).toEqual([true, false]);
  });

  test('one Ctrl-C that arrives twice does not kill, a second one does', () => {
    let nowMs = 5_000;
    const source = new EventEmitter();
    const { kill } = stopOnSignals(source, () => nowMs);
    source.emit('SIGINT');
    nowMs += 20;
    source.emit('SIGINT');
    expect(kill.aborted).toBe(false);
    nowMs += 1_500;
    source.emit('SIGINT');
    expect(kill.aborted).toBe(true);
  });
});
