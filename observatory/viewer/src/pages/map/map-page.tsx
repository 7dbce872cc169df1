// The map of services: who calls whom, how often, how long it takes, and where the trace context gets lost.
import type { ReactNode } from 'react';
import { fetchMap } from '../../api/set-client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { Failure, Loading } from '../../parts/notice.tsx';
import { ServiceGraph } from '../../parts/service-graph.tsx';
import { ServiceTables } from '../../parts/service-tables.tsx';
import { SetFilters, setQuery } from '../../parts/set-filters.tsx';
import { SetNote } from '../../parts/set-note.tsx';
import { usePlace } from '../../routing/location.ts';

export function MapPage(): ReactNode {
  const query = setQuery(usePlace().query);
  const { value, error, isLoading, reload } = useLoaded(`map ${query}`, (signal) => fetchMap(query, signal));
  return (
    <>
      <h1>Services</h1>
      <SetFilters reload={reload} />
      {error === undefined ? null : <Failure error={error} retry={reload} />}
      {isLoading ? <Loading what="the map" /> : null}
      {value === undefined ? null : (
        <>
          <SetNote set={value.set} />
          {value.map.nodes.length === 0 ? null : <ServiceGraph map={value.map} />}
          <ServiceTables map={value.map} />
        </>
      )}
    </>
  );
}
