// The page the viewer opens on: the newest traces, each with what holds it up.
import './traces.css';
import { type ReactNode, useState } from 'react';
import { countText } from '../../../../src/trace/duration-text.ts';
import type { LiveState } from '../../api/live.ts';
import { Failure, Loading } from '../../parts/notice.tsx';
import { usePlace } from '../../routing/location.ts';
import { FILTERS } from './chips.ts';
import { EmptyState } from './empty-state.tsx';
import { Filters } from './filters.tsx';
import { ScatterPlot } from './scatter-plot.tsx';
import { TraceList } from './trace-list.tsx';
import { useTraceList } from './use-trace-list.ts';

const LIVE_TEXT: Readonly<Record<LiveState, string>> = {
  off: 'paused',
  connecting: 'connecting …',
  live: 'live',
  lost: 'connection lost, trying again …',
};

function filtersOf(query: URLSearchParams): string {
  const filters = new URLSearchParams();
  for (const name of FILTERS) for (const value of query.getAll(name)) filters.append(name, value);
  return filters.toString();
}

export function TracesPage(): ReactNode {
  const { query } = usePlace();
  const filters = filtersOf(query);
  const [isLive, setLive] = useState(true);
  const { rows, stored, live, loaded } = useTraceList(filters, isLive);
  const isEmpty = !loaded.isLoading && rows.length === 0;
  return (
    <>
      <div className="row title">
        <h1>Traces</h1>
        <span className="quiet" role="status">
          {loaded.isLoading && rows.length === 0
            ? ''
            : `${countText(rows.length, 'trace')} of ${stored}, ${LIVE_TEXT[live]}`}
        </span>
        <button type="button" aria-pressed={isLive} onClick={() => setLive(!isLive)}>
          Live
        </button>
      </div>
      <Filters />
      {loaded.error === undefined ? null : <Failure error={loaded.error} retry={loaded.reload} />}
      {loaded.isLoading && rows.length === 0 && loaded.error === undefined ? <Loading what="traces" /> : null}
      {isEmpty && loaded.error === undefined && filters !== '' ? (
        <p role="status">No trace matches these filters.</p>
      ) : null}
      {isEmpty && loaded.error === undefined && filters === '' ? <EmptyState /> : null}
      {rows.length === 0 ? null : (
        <>
          <ScatterPlot rows={rows} />
          <TraceList rows={rows} />
        </>
      )}
    </>
  );
}
