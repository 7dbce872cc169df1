// Which frames of a flame graph are drawn, and where.
import { expect, it } from '@jest/globals';
import type { FrameView } from '../../../src/view/index.ts';
import { layoutFlame } from '../../src/layout/flame-rows.ts';

function frame(parent: number, depth: number, startMs: number, totalMs: number): FrameView {
  return { service: 's', operation: 'o', kind: 'own', peer: '', parent, depth, startMs, totalMs, selfMs: 0 };
}

//  0 |    100 ms     |
//  1 | 60 ms  |
//  2          |40 ms |
//  3 |30 |
const FRAMES = [frame(-1, 0, 0, 100), frame(0, 1, 0, 60), frame(0, 1, 60, 40), frame(1, 2, 0, 30)];

it('draws every frame as wide as its time', () => {
  expect(layoutFlame(FRAMES, 100, -1)).toEqual([
    { frame: 0, depth: 0, left: 0, width: 1 },
    { frame: 1, depth: 1, left: 0, width: 0.6 },
    { frame: 2, depth: 1, left: 0.6, width: 0.4 },
    { frame: 3, depth: 2, left: 0, width: 0.3 },
  ]);
});

it('zooms to a frame: what it stands on is as wide as it, what is beside it is gone', () => {
  expect(layoutFlame(FRAMES, 100, 1)).toEqual([
    { frame: 0, depth: 0, left: 0, width: 1 },
    { frame: 1, depth: 1, left: 0, width: 1 },
    { frame: 3, depth: 2, left: 0, width: 0.5 },
  ]);
});

it('leaves out what is too narrow to be seen, and draws nothing of nothing', () => {
  expect(layoutFlame([frame(-1, 0, 0, 100), frame(0, 1, 0, 0.01)], 100, -1)).toHaveLength(1);
  expect(layoutFlame([], 0, -1)).toEqual([]);
});
