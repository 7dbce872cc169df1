// Says how many traces an answer is from.
import type { ReactNode } from 'react';
import { countText } from '../../../src/trace/duration-text.ts';
import type { SetSize } from '../../../src/view/index.ts';

export function SetNote({
  set,
  children,
}: {
  readonly set: SetSize;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <p className="quiet" role="status">
      From the newest {countText(set.traces, 'trace')}
      {set.leftOut > 0 ? `; ${set.leftOut} older ones were left out` : ''}. {children}
    </p>
  );
}
