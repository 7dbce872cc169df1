// The critical paths of a route as one flame graph, loaded when it is asked for.
import { type ReactNode, useState } from 'react';
import { fetchFlame } from '../../api/set-client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { FlameGraph } from '../../parts/flame-graph.tsx';
import { Failure, Loading } from '../../parts/notice.tsx';

function Loaded({ query }: { readonly query: string }): ReactNode {
  const { value, error, reload } = useLoaded(`flame ${query}`, (signal) => fetchFlame(query, signal));
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  return value === undefined ? <Loading what="the flame graph" /> : <FlameGraph flame={value.flame} />;
}

export function RouteFlame({ query }: { readonly query: string }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Flame graph</summary>
      {isOpen ? <Loaded query={query} /> : null}
    </details>
  );
}
