// The critical path between the rows: a line where it goes on in another span.
import { memo, type ReactNode } from 'react';
import type { VisibleRows } from '../../layout/flat-tree.ts';
import { stepsWithin } from '../../layout/path-lines.ts';
import { shareAt, type TimeWindow } from '../../layout/time-window.ts';
import { ROW_HEIGHT } from './span-row.tsx';
import type { TraceModel } from './trace-model.ts';

const LIMIT = 400;

interface PathStepsProps {
  readonly model: TraceModel;
  readonly rows: VisibleRows;
  readonly window: TimeWindow;
  readonly first: number;
  readonly last: number;
}

export const PathSteps = memo(function PathSteps(props: PathStepsProps): ReactNode {
  const { model, rows, window, first, last } = props;
  const steps = stepsWithin(model.view.path, rows, { ...window, first, last, limit: LIMIT });
  return (
    <div className="steps" aria-hidden="true">
      {steps.map(({ timeNs, fromRow, toRow }) => (
        <span
          key={`${timeNs} ${fromRow} ${toRow}`}
          className="step"
          style={{
            left: `${shareAt(timeNs, window) * 100}%`,
            top: (Math.max(fromRow, first - 1) + 1) * ROW_HEIGHT - 4,
            height: (Math.min(toRow, last + 1) - Math.max(fromRow, first - 1)) * ROW_HEIGHT,
          }}
        />
      ))}
    </div>
  );
});
