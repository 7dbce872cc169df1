// Whom calls went to that have no answer in the trace.
import type { ReactNode } from 'react';
import type { GroupView } from '../../../src/view/index.ts';
import { shown } from './shown.ts';

export function Calls({ calls }: Pick<GroupView, 'calls'>): ReactNode {
  if (calls.length === 0) return null;
  return (
    <span>
      {' → '}
      <bdi>{calls.map((name) => shown(name, 40)).join(', ')}</bdi> <span className="quiet">(not traced)</span>
    </span>
  );
}
