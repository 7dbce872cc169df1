// The marks of time above the waterfall.
import type { ReactNode } from 'react';
import { shareAt, type TimeWindow, ticks } from '../../layout/time-window.ts';
import { nsText } from '../../parts/durations.ts';

export function Axis({ window, count }: { readonly window: TimeWindow; readonly count: number }): ReactNode {
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
        {ticks(window, count).map((timeNs) => (
          <span key={timeNs} className="tick" style={{ left: `${shareAt(timeNs, window) * 100}%` }}>
            {nsText(timeNs)}
          </span>
        ))}
      </div>
    </div>
  );
}
