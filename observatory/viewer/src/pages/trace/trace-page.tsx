// One trace: the verdict on top, then the trace itself in several views.
import './trace.css';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { countText } from '../../../../src/trace/duration-text.ts';
import type { TraceView } from '../../../../src/view/index.ts';
import { fetchTrace } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { Calls } from '../../parts/calls.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { timeText } from '../../parts/durations.ts';
import { Failure, Loading } from '../../parts/notice.tsx';
import { ServiceName } from '../../parts/service-name.tsx';
import { shown } from '../../parts/shown.ts';
import { Tabs } from '../../parts/tabs.tsx';
import { Link } from '../../routing/link.tsx';
import { FindingsTab } from './findings-tab.tsx';
import { FlameTab } from './flame-tab.tsx';
import { GraphTab } from './graph-tab.tsx';
import { JsonTab } from './json-tab.tsx';
import { PathTable } from './path-table.tsx';
import { toModel } from './trace-model.ts';
import { WaterfallTab } from './waterfall-tab.tsx';
import { WhatIfTab } from './what-if-tab.tsx';

function Warnings({ warnings }: Pick<TraceView, 'warnings'>): ReactNode {
  if (warnings.length === 0) return null;
  return (
    <section className="notice warn" aria-label="What is wrong with this trace">
      {warnings.map(({ code, message }) => (
        <p key={`${code} ${message}`}>
          <strong>{code}</strong> {shown(message, 2_000)}
        </p>
      ))}
    </section>
  );
}

function Facts({ view }: { readonly view: TraceView }): ReactNode {
  const failed = view.spans.status.filter((status) => status === 2).length;
  return (
    <p className="facts">
      {timeText(view.startMs, Date.now())} · {countText(view.spans.id.length, 'span')} ·{' '}
      {failed > 0 ? <span className="error-mark">× {failed} failed · </span> : null}
      {view.services.map((service) => (
        <span key={service}>
          <ServiceName service={service} />{' '}
        </span>
      ))}
      · <span className="mono">{view.traceId}</span> <CopyButton text={view.traceId} label="Copy the id" />{' '}
      <Link to={`/compare?tab=traces&a=${view.traceId}`}>Compare with …</Link>
    </p>
  );
}

interface ShownProps {
  readonly view: TraceView;
  reload(): void;
}

/** Offers the spans that have arrived since; nothing moves by itself under the reader's eyes. */
function News({ view, reload }: ShownProps): ReactNode {
  const [spans, setSpans] = useState(view.spans.id.length);
  useLive(true, (rows) => {
    const row = rows.find(({ traceId, arrival }) => traceId === view.traceId && arrival > view.arrival);
    if (row !== undefined) setSpans(row.spans);
  });
  const more = spans - view.spans.id.length;
  return (
    <div role="status">
      {more > 0 ? (
        <button type="button" onClick={reload}>
          {countText(more, 'more span')} arrived: show {more === 1 ? 'it' : 'them'}
        </button>
      ) : null}
    </div>
  );
}

function Shown({ view, reload }: ShownProps): ReactNode {
  const model = useMemo(() => toModel(view), [view]);
  useEffect(() => {
    document.title = `${view.sentence} — Longpole`;
    return () => {
      document.title = 'Longpole';
    };
  }, [view]);
  const tabs = [
    { id: 'waterfall', name: 'Waterfall', draw: () => <WaterfallTab model={model} /> },
    { id: 'path', name: 'Critical path', draw: () => <PathTable view={view} /> },
    { id: 'flame', name: 'Flame graph', draw: () => <FlameTab traceId={view.traceId} /> },
    { id: 'graph', name: 'Services', draw: () => <GraphTab traceId={view.traceId} /> },
    { id: 'what-if', name: 'What if', draw: () => <WhatIfTab view={view} /> },
    { id: 'findings', name: 'Findings', draw: () => <FindingsTab traceId={view.traceId} /> },
    { id: 'json', name: 'JSON', draw: () => <JsonTab traceId={view.traceId} spans={view.spans.id.length} /> },
  ];
  return (
    <>
      <h1>
        {shown(view.sentence, 1_000)}
        {view.bottleneck === null ? null : <Calls calls={view.bottleneck.calls} />}
      </h1>
      <Facts view={view} />
      <News view={view} reload={reload} />
      <Warnings warnings={view.warnings} />
      <Tabs label="Views of the trace" tabs={tabs} />
    </>
  );
}

export function TracePage({ id }: { readonly id: string }): ReactNode {
  const loaded = useLoaded(id, (signal) => fetchTrace(id, signal));
  if (loaded.error !== undefined) {
    return (
      <>
        <h1>Trace {id}</h1>
        <Failure error={loaded.error} retry={loaded.reload} />
        <p>
          <Link to="/">All traces</Link>
        </p>
      </>
    );
  }
  if (loaded.value === undefined) return <Loading what={`trace ${id}`} />;
  const { traceId, arrival } = loaded.value;
  return <Shown key={`${traceId} ${arrival}`} view={loaded.value} reload={loaded.reload} />;
}
