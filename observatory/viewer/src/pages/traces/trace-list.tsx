// The rows of the list; only those in view are in the document.
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { percentText } from '../../../../src/trace/duration-text.ts';
import type { TraceRow, Verdict } from '../../../../src/view/index.ts';
import { Calls } from '../../parts/calls.tsx';
import { msText, timeText } from '../../parts/durations.ts';
import { ServiceName } from '../../parts/service-name.tsx';
import { ShareBar } from '../../parts/share-bar.tsx';
import { shown } from '../../parts/shown.ts';
import { Link } from '../../routing/link.tsx';
import { useVerdicts } from './use-verdicts.ts';

const ROW = 62;

function Bottleneck({ verdict }: { readonly verdict: Verdict | undefined }): ReactNode {
  const found = verdict?.bottleneck;
  if (verdict === undefined || found === undefined) return <span className="quiet">…</span>;
  if (found === null) return <span className="quiet">took no time</span>;
  return (
    <>
      <ServiceName service={found.service} /> {shown(found.operation, 60)}
      {found.peer === '' ? null : (
        <>
          {' → '}
          <ServiceName service={found.peer} />
        </>
      )}
      <Calls calls={found.calls} />
      {found.kind === 'own' ? '' : ` (${found.kind})`}, <strong>{percentText(found.share)}</strong>
    </>
  );
}

function Row({ row, verdict }: { readonly row: TraceRow; readonly verdict: Verdict | undefined }): ReactNode {
  return (
    <>
      <span role="cell" className="what">
        <Link to={`/trace/${row.traceId}`}>{shown(row.operation, 80)}</Link>
        <span className="under">
          {row.isJob ? <span className="job">job</span> : null} <ServiceName service={row.service} />{' '}
          <span className="quiet">
            {timeText(row.startMs, Date.now())} · {row.spans} span{row.spans === 1 ? '' : 's'}
          </span>
          {row.errors > 0 ? <span className="error-mark"> × {row.errors} failed</span> : null}
        </span>
      </span>
      <span role="cell" className="long">
        {msText(row.durationMs)}
      </span>
      <span role="cell" className="why">
        <span className="cut">
          <Bottleneck verdict={verdict} />
        </span>
        {verdict === undefined ? null : <ShareBar services={verdict.services} />}
      </span>
    </>
  );
}

export function TraceList({ rows }: { readonly rows: readonly TraceRow[] }): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => rows[index]?.traceId ?? index,
  });
  const items = virtual.getVirtualItems();
  const verdicts = useVerdicts(items.flatMap(({ index }) => rows[index] ?? []));
  return (
    <div role="table" aria-label="Traces" aria-rowcount={rows.length + 1} className="traces">
      <div role="row" aria-rowindex={1} className="head">
        <span role="columnheader">Request</span>
        <span role="columnheader" className="long">
          Duration
        </span>
        <span role="columnheader">What holds it up</span>
      </div>
      <div role="rowgroup" ref={list} style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              className="one"
              style={{ transform: `translateY(${start - top}px)`, height: ROW }}
            >
              <Row row={row} verdict={verdicts.get(row.traceId)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
