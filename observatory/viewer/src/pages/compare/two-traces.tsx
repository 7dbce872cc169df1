// Two traces against each other: which part of the path makes the difference.
import type { ReactNode } from 'react';
import { countText, percentText } from '../../../../src/trace/duration-text.ts';
import type { TraceView } from '../../../../src/view/index.ts';
import { fetchTrace } from '../../api/client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { type Difference, differencesOf } from '../../layout/trace-difference.ts';
import { Calls } from '../../parts/calls.tsx';
import { msText, timeText } from '../../parts/durations.ts';
import { Failure, Loading } from '../../parts/notice.tsx';
import { serviceStyle } from '../../parts/service-colour.ts';
import { ServiceName } from '../../parts/service-name.tsx';
import { shown } from '../../parts/shown.ts';
import { Wide } from '../../parts/wide.tsx';
import { Link } from '../../routing/link.tsx';
import { usePlace } from '../../routing/location.ts';
import { TracePicker } from './trace-picker.tsx';

function signed(ms: number): string {
  return ms > 0 ? `+${msText(ms)}` : ms < 0 ? `−${msText(-ms)}` : 'none';
}

function nameOf({ group: { service, peer, operation } }: Difference): string {
  const way = peer === '' ? '' : ` → ${shown(peer, 40)}`;
  return `${shown(service, 40)}${way} · ${shown(operation, 80)}`;
}

function Side({ title, view }: { readonly title: string; readonly view: TraceView }): ReactNode {
  const failed = view.spans.status.filter((status) => status === 2).length;
  return (
    <section className="notice" aria-label={title}>
      <p className="quiet">
        {title}, {timeText(view.startMs, Date.now())}, {countText(view.spans.id.length, 'span')}
        {failed > 0 ? <span className="error-mark"> × {failed} failed</span> : null}
      </p>
      <p>
        <Link to={`/trace/${view.traceId}`}>{shown(view.sentence, 500)}</Link>
      </p>
    </section>
  );
}

function Row({
  difference,
  widest,
}: {
  readonly difference: Difference;
  readonly widest: number;
}): ReactNode {
  const { group, firstMs, secondMs, differenceMs } = difference;
  const width = `${(Math.abs(differenceMs) / widest) * 100}%`;
  return (
    <tr>
      <th scope="row">
        <ServiceName service={group.service} />
        {group.peer === '' ? null : (
          <>
            {' → '}
            <ServiceName service={group.peer} />
          </>
        )}{' '}
        <bdi>{shown(group.operation, 80)}</bdi>
        <Calls calls={group.calls} />
      </th>
      <td className="number">{firstMs === undefined ? 'not there' : msText(firstMs)}</td>
      <td className="number">{secondMs === undefined ? 'not there' : msText(secondMs)}</td>
      <td className="number">{signed(differenceMs)}</td>
      <td className="gauge" aria-hidden="true">
        <span style={serviceStyle(group.service, { width })} />
      </td>
    </tr>
  );
}

function Answer({ first, second }: { readonly first: TraceView; readonly second: TraceView }): ReactNode {
  const differences = differencesOf(first, second);
  const [firstMs, secondMs] = [first.durationNs / 1e6, second.durationNs / 1e6];
  const totalMs = secondMs - firstMs;
  const most = differences[0];
  const widest = Math.max(1e-9, Math.abs(most?.differenceMs ?? 0));
  return (
    <>
      <p role="status">
        <strong>
          The second took {msText(secondMs)} instead of {msText(firstMs)} ({signed(totalMs)}
          {firstMs > 0 ? `, ${percentText(Math.abs(totalMs) / firstMs)}` : ''})
          {most === undefined || most.differenceMs === 0
            ? '.'
            : `; the largest part is ${nameOf(most)}: ${signed(most.differenceMs)}.`}
        </strong>
      </p>
      <div className="sides">
        <Side title="First trace" view={first} />
        <Side title="Second trace" view={second} />
      </div>
      <Wide label="Differences of the critical paths">
        <table>
          <thead>
            <tr>
              <th scope="col">Part of the critical path</th>
              {['First', 'Second', 'Difference'].map((title) => (
                <th key={title} scope="col" className="number">
                  {title}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {differences.map((difference) => (
              <Row
                key={`${difference.group.service} ${difference.group.peer} ${difference.group.operation}`}
                difference={difference}
                widest={widest}
              />
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}

export function TwoTraces(): ReactNode {
  const { query } = usePlace();
  const [a, b] = [query.get('a') ?? '', query.get('b') ?? ''];
  const { value, error, isLoading, reload } = useLoaded(`traces ${a} ${b}`, async (signal) =>
    a === '' || b === '' ? undefined : Promise.all([fetchTrace(a, signal), fetchTrace(b, signal)]),
  );
  return (
    <>
      <TracePicker />
      {error === undefined ? null : <Failure error={error} retry={reload} />}
      {a === '' || b === '' ? <p>Choose two traces.</p> : null}
      {isLoading && a !== '' && b !== '' ? <Loading what="the traces" /> : null}
      {value === undefined ? null : <Answer first={value[0]} second={value[1]} />}
    </>
  );
}
