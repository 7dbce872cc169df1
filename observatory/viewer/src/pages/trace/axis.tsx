// The marks of time above the waterfall.
import type { ReactNode } from 'react';
import { shareAt, type TimeWindow, ticks } from '../../layout/time-window.ts';
import { nsText } from '../../parts/durations.ts';

/** A mark farther right would have no room for its text. */
const LAST_MARK = 0.93;

export function Axis({ window, count }: { readonly window: TimeWindow; readonly count: number }): ReactNode {
  const marks = ticks(window, count).filter((timeNs) => shareAt(timeNs, window) < LAST_MARK);
  return (
    <div role="row" aria-rowindex={1} className="span-row axis">
      <div role="columnheader" className="name">
        Service and span
      </div>
      <div
        role="columnheader"
        className="track"
        aria-label={`Time, ${nsText(window.fromNs)} to ${nsText(window.toNs)}`}
      >
        {marks.map((timeNs) => (
          <span key={timeNs} className="tick" style={{ left: `${shareAt(timeNs, window) * 100}%` }}>
            {nsText(timeNs)}
          </span>
        ))}
      </div>
    </div>
  );
}
