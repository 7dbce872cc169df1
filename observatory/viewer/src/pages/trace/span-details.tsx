// Everything a span carries: attributes, events, links in both directions, resource.
import { type ReactNode, useEffect, useRef } from 'react';
import { KINDS, type LinkView, type TraceView } from '../../../../src/view/index.ts';
import { fetchSpan } from '../../api/client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { nsText } from '../../parts/durations.ts';
import { Failure, Loading } from '../../parts/notice.tsx';
import { ServiceName } from '../../parts/service-name.tsx';
import { shown } from '../../parts/shown.ts';
import { Link } from '../../routing/link.tsx';
import { AttributeTable } from './attribute-table.tsx';
import { type OtlpSpan, toOtlpSpan } from './otlp-span.ts';
import { labelOf } from './trace-model.ts';

interface SpanDetailsProps {
  readonly view: TraceView;
  readonly span: number;
  close(): void;
}

function Links({ title, links }: { readonly title: string; readonly links: readonly LinkView[] }): ReactNode {
  if (links.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {links.map(({ traceId, spanId, trace }) => (
          <li key={`${traceId}${spanId}`}>
            {trace === null ? (
              <span className="quiet">
                trace <span className="mono">{traceId}</span>, which is not stored here
              </span>
            ) : (
              <Link to={`/trace/${traceId}?span=${spanId}`}>
                {shown(trace.service, 40)} · {shown(trace.operation, 80)}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Events({ events }: { readonly events: OtlpSpan['events'] }): ReactNode {
  if (events.length === 0) return null;
  return (
    <>
      <h3>Events</h3>
      {events.map((event, i) => (
        <details key={i} open={event.name === 'exception'}>
          <summary>
            {shown(event.name)} at {nsText(event.afterNs)}
          </summary>
          <AttributeTable
            label={`Attributes of the event ${shown(event.name)}`}
            attributes={event.attributes}
          />
        </details>
      ))}
    </>
  );
}

function Carried({ otlp }: { readonly otlp: OtlpSpan }): ReactNode {
  return (
    <>
      {otlp.statusMessage === '' ? null : <p className="error-mark">{shown(otlp.statusMessage, 2_000)}</p>}
      <h3>Attributes</h3>
      <AttributeTable label="Attributes" attributes={otlp.attributes} />
      <Events events={otlp.events} />
      <details>
        <summary>Resource and scope</summary>
        <AttributeTable label="Resource" attributes={otlp.resource} />
        <p className="quiet">{shown(otlp.scope)}</p>
      </details>
    </>
  );
}

/** Why the span is marked. */
function Troubles({ view, span }: Pick<SpanDetailsProps, 'view' | 'span'>): ReactNode {
  return view.warnings
    .filter(({ spans }) => spans.includes(span))
    .map(({ code, message }) => (
      <p key={code} className="notice warn">
        <strong>{code}</strong> {shown(message, 2_000)}
      </p>
    ));
}

export function SpanDetails({ view, span, close }: SpanDetailsProps): ReactNode {
  const { spans } = view;
  const heading = useRef<HTMLHeadingElement>(null);
  const loaded = useLoaded(`${view.traceId} ${view.arrival} ${span}`, async (signal) =>
    toOtlpSpan(await fetchSpan(view.traceId, span, signal)),
  );
  useEffect(() => {
    heading.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const { service, name } = labelOf(view, span);
  const onPath = spans.pathNs[span] as number;
  const id = spans.id[span] ?? '';
  // As @longpole/express/logging and OpenTelemetry write them into log lines.
  const logIds = `trace_id=${view.traceId} span_id=${id}`;
  return (
    <aside className="details" aria-label="Span">
      <div className="row">
        <h2 ref={heading}>
          <ServiceName service={service} /> <bdi>{shown(name)}</bdi>
        </h2>
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
      <p>
        {KINDS[spans.kind[span] ?? 0]}, {nsText(spans.durationNs[span] as number)}, starts at{' '}
        {nsText(spans.startNs[span] as number)};{' '}
        {onPath > 0 ? (
          <strong>{nsText(onPath)} of its own on the critical path</strong>
        ) : (
          'not on the critical path'
        )}
        {spans.status[span] === 2 ? <span className="error-mark">, failed</span> : null}
      </p>
      <Troubles view={view} span={span} />
      {loaded.error === undefined ? null : <Failure error={loaded.error} retry={loaded.reload} />}
      {loaded.value === undefined || loaded.isLoading ? (
        <Loading what="the span" />
      ) : (
        <Carried otlp={loaded.value} />
      )}
      <Links title="Links to" links={view.links.filter((link) => link.span === span)} />
      <Links title="Linked from" links={view.linkedFrom.filter((link) => link.span === span)} />
      <h3>In the logs</h3>
      <p>
        <code className="mono">{logIds}</code> <CopyButton text={logIds} label="Copy for a log search" />
      </p>
      <p className="quiet">
        span <span className="mono">{id}</span> <CopyButton text={id} label="Copy the id" />
      </p>
    </aside>
  );
}
