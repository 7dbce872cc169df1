// The services of one trace and their calls.
import type { ReactNode } from 'react';
import { fetchTraceMap } from '../../api/set-client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { Failure, Loading } from '../../parts/notice.tsx';
import { ServiceGraph } from '../../parts/service-graph.tsx';
import { ServiceTables } from '../../parts/service-tables.tsx';

export function GraphTab({ traceId }: { readonly traceId: string }): ReactNode {
  const { value, error, reload } = useLoaded(`map of ${traceId}`, (signal) => fetchTraceMap(traceId, signal));
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  if (value === undefined) return <Loading what="the service graph" />;
  return (
    <>
      <ServiceGraph map={value} />
      <ServiceTables map={value} />
    </>
  );
}
