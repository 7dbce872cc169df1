// The critical path of one trace as a flame graph.
import type { ReactNode } from 'react';
import { fetchTraceFlame } from '../../api/set-client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { FlameGraph } from '../../parts/flame-graph.tsx';
import { Failure, Loading } from '../../parts/notice.tsx';

export function FlameTab({ traceId }: { readonly traceId: string }): ReactNode {
  const { value, error, reload } = useLoaded(`flame ${traceId}`, (signal) =>
    fetchTraceFlame(traceId, signal),
  );
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  return value === undefined ? <Loading what="the flame graph" /> : <FlameGraph flame={value} />;
}
