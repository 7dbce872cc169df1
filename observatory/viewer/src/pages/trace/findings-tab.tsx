// What is wrong in this trace.
import type { ReactNode } from 'react';
import { fetchTraceFindings } from '../../api/set-client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { FindingList } from '../../parts/finding-list.tsx';
import { Failure, Loading } from '../../parts/notice.tsx';

/** The other half of a torn trace may be in a trace that is not looked at here. */
const NONE =
  'The doctor finds nothing in this trace alone; warnings above still hold, and Findings looks at many traces together.';

export function FindingsTab({ traceId }: { readonly traceId: string }): ReactNode {
  const { value, error, reload } = useLoaded(`findings of ${traceId}`, (signal) =>
    fetchTraceFindings(traceId, signal),
  );
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  return value === undefined ? (
    <Loading what="the findings" />
  ) : (
    <FindingList findings={value} whenNone={NONE} />
  );
}
