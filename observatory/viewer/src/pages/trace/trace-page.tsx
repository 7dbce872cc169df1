// One trace: the verdict on top, then the trace itself in several views.
import './trace.css';
import { type ReactNode, useEffect, useMemo } from 'react';
import { countText } from '../../../../src/trace/duration-text.ts';
import type { TraceView } from '../../../../src/view/index.ts';
import { fetchTrace } from '../../api/client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { timeText } from '../../parts/durations.ts';
import { Failure, Loading } from '../../parts/notice.tsx';
import { ServiceName } from '../../parts/service-name.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { Link } from '../../routing/link.tsx';
import { FindingsTab } from './findings-tab.tsx';
import { FlameTab } from './flame-tab.tsx';
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
          <strong>{code}</strong> {message}
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
      · <span className="mono">{view.traceId}</span> <CopyButton text={view.traceId} label="Copy the id" />
    </p>
  );
}

function Shown({ view }: { readonly view: TraceView }): ReactNode {
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
    { id: 'what-if', name: 'What if', draw: () => <WhatIfTab view={view} /> },
    { id: 'findings', name: 'Findings', draw: () => <FindingsTab traceId={view.traceId} /> },
    { id: 'json', name: 'JSON', draw: () => <JsonTab traceId={view.traceId} /> },
  ];
  return (
    <>
      <h1>{view.sentence}</h1>
      <Facts view={view} />
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
  return <Shown key={`${loaded.value.traceId} ${loaded.value.arrival}`} view={loaded.value} />;
}
