// Two windows of time, or two traces, against each other: what got slower, and which part of the path it is.
import { type ReactNode, useState } from 'react';
import { countText } from '../../../../src/trace/duration-text.ts';
import type { ChangeView, ComparisonView } from '../../../../src/view/index.ts';
import { type Compared, fetchComparison } from '../../api/set-client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { msText } from '../../parts/durations.ts';
import { Failure, Loading } from '../../parts/notice.tsx';
import { ServiceName } from '../../parts/service-name.tsx';
import { shown } from '../../parts/shown.ts';
import { Tabs } from '../../parts/tabs.tsx';
import { Wide } from '../../parts/wide.tsx';
import { goTo, usePlace, withQuery } from '../../routing/location.ts';
import { TwoTraces } from './two-traces.tsx';

const WINDOWS = ['beforeStartMs', 'beforeEndMs', 'afterStartMs', 'afterEndMs'] as const;
const LABELS = ['Before: from', 'to', 'After: from', 'to'];
const MINUTE_MS = 60_000;

/** Local time as an input of type datetime-local has it, and back. */
function toInput(ms: string | null): string {
  if (ms === null || ms === '') return '';
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime())
    ? ''
    : new Date(date.getTime() - date.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 19);
}

function fromInput(text: string): string | undefined {
  const ms = new Date(text).getTime();
  return Number.isNaN(ms) ? undefined : String(ms);
}

function Change({ change }: { readonly change: ChangeView }): ReactNode {
  const sign = change.differenceMs > 0 ? '+' : '';
  return (
    <>
      <td className="number">{msText(change.beforeMs)}</td>
      <td className="number">{msText(change.afterMs)}</td>
      <td className="number">
        {sign}
        {msText(change.differenceMs)}
      </td>
      <td className="number">
        {msText(change.lowMs)} … {msText(change.highMs)}
      </td>
      <td>{change.isSignificant ? <strong>changed</strong> : 'no clear change'}</td>
    </>
  );
}

function Route({ route }: { readonly route: ComparisonView }): ReactNode {
  const whole = [
    ['whole request, p50', route.p50],
    ['whole request, p95', route.p95],
  ] as const;
  return (
    <section aria-label={shown(route.operation)}>
      <h2>
        <ServiceName service={route.service} /> {shown(route.operation)}: {route.verdict}
      </h2>
      <p>
        <strong>{shown(route.sentence, 1_000)}</strong>{' '}
        <span className="quiet">
          {countText(route.beforeCount, 'trace')} before, {route.afterCount} after.
        </span>
      </p>
      <Wide label={`Changes of ${shown(route.operation)}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Part</th>
              {['Before', 'After', 'Difference', '95 % interval'].map((title) => (
                <th key={title} scope="col" className="number">
                  {title}
                </th>
              ))}
              <th scope="col">Judged</th>
            </tr>
          </thead>
          <tbody>
            {whole.map(([name, change]) =>
              change === null ? null : (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <Change change={change} />
                </tr>
              ),
            )}
            {route.groups.map((group) => (
              <tr key={`${group.service} ${group.peer} ${group.kind} ${group.operation}`}>
                <th scope="row">
                  <ServiceName service={group.service} /> {shown(group.operation, 80)}
                  {group.kind === 'own' ? '' : ` (${group.kind})`}
                </th>
                <Change change={group.time} />
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

function Windows(): ReactNode {
  const place = usePlace();
  const [splitMinutes, setSplit] = useState('5');
  const splitAgo = (): void => {
    const now = Date.now();
    const split = now - Number(splitMinutes) * MINUTE_MS;
    const changes = {
      beforeStartMs: '0',
      beforeEndMs: String(split),
      afterStartMs: String(split),
      afterEndMs: String(now),
    };
    if (Number.isFinite(split)) goTo(withQuery(place, changes));
  };
  return (
    <form className="row" onSubmit={(event) => event.preventDefault()} aria-label="Windows of time">
      {WINDOWS.map((name, i) => (
        <label key={name}>
          <span className="quiet">{LABELS[i]}</span>
          <br />
          <input
            type="datetime-local"
            step={1}
            value={toInput(place.query.get(name))}
            onChange={({ target }) => goTo(withQuery(place, { [name]: fromInput(target.value) }), 'replace')}
          />
        </label>
      ))}
      <label>
        <span className="quiet">or: a change so many minutes ago</span>
        <br />
        <input
          value={splitMinutes}
          size={4}
          inputMode="decimal"
          onChange={({ target }) => setSplit(target.value)}
        />
      </label>
      <button type="button" onClick={splitAgo}>
        Compare before and since
      </button>
    </form>
  );
}

function Answer({ compared }: { readonly compared: Compared }): ReactNode {
  if (compared.routes.length === 0) return <p role="status">No trace lies in these windows.</p>;
  return compared.routes.map((route) => <Route key={`${route.service} ${route.operation}`} route={route} />);
}

function TwoWindows(): ReactNode {
  const { query } = usePlace();
  const isAsked = WINDOWS.some((name) => query.has(name));
  const { value, error, isLoading, reload } = useLoaded(`compare ${query}`, async (signal) =>
    isAsked ? fetchComparison(query, signal) : undefined,
  );
  return (
    <>
      <Windows />
      {error === undefined ? null : <Failure error={error} retry={reload} />}
      {isLoading && isAsked ? <Loading what="the comparison" /> : null}
      {isAsked ? null : <p>Choose two windows of time, or say when something changed.</p>}
      {value === undefined ? null : <Answer compared={value} />}
    </>
  );
}

export function ComparePage(): ReactNode {
  const tabs = [
    { id: 'windows', name: 'Two windows of time', draw: () => <TwoWindows /> },
    { id: 'traces', name: 'Two traces', draw: () => <TwoTraces /> },
  ];
  return (
    <>
      <h1>Compare</h1>
      <Tabs label="What to compare" tabs={tabs} />
    </>
  );
}
