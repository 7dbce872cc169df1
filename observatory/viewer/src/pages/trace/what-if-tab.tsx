// What if a span were faster, gone or side by side: the trace is replayed, and the next bottleneck shows.
import { type ReactNode, useDeferredValue, useState } from 'react';
import type { GroupView, TraceView, WhatIfView } from '../../../../src/view/index.ts';
import { fetchWhatIf } from '../../api/set-client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { msText } from '../../parts/durations.ts';
import { Failure } from '../../parts/notice.tsx';
import { shown } from '../../parts/shown.ts';
import { GroupTable } from './path-table.tsx';

type Kind = 'scale' | 'remove' | 'parallel';

const KINDS: Readonly<Record<Kind, string>> = {
  scale: 'took',
  remove: 'did not happen',
  parallel: 'ran side by side',
};

function operationsOf({ groups }: TraceView): GroupView[] {
  return groups.filter(({ kind }) => kind === 'own' || kind === 'untraced');
}

function Answer({ answer }: { readonly answer: WhatIfView }): ReactNode {
  const share = answer.beforeMs === 0 ? 1 : answer.afterMs / answer.beforeMs;
  return (
    <>
      <p role="status">
        <strong>{shown(answer.sentence, 1_000)}</strong>
      </p>
      <div className="before-after" aria-hidden="true">
        <span style={{ width: '100%' }}>{msText(answer.beforeMs)} now</span>
        <span style={{ width: `${Math.min(100, share * 100)}%` }}>{msText(answer.afterMs)} then</span>
      </div>
      <GroupTable groups={answer.groups} caption="The critical path as it would be then." />
    </>
  );
}

export function WhatIfTab({ view }: { readonly view: TraceView }): ReactNode {
  const operations = operationsOf(view);
  const [chosen, setChosen] = useState(0);
  const [kind, setKind] = useState<Kind>('scale');
  const [percent, setPercent] = useState(50);
  const group = operations[chosen];
  const query = useDeferredValue(
    new URLSearchParams({
      kind,
      service: group?.service ?? '',
      operation: group?.operation ?? '',
      ...(kind === 'scale' ? { factor: String(percent / 100) } : {}),
    }).toString(),
  );
  const { value, error, reload } = useLoaded(`what-if ${view.traceId} ${query}`, async (signal) =>
    group === undefined ? undefined : fetchWhatIf(view.traceId, new URLSearchParams(query), signal),
  );
  if (group === undefined) return <p>There is nothing on the critical path to change.</p>;
  return (
    <>
      <form className="row" onSubmit={(event) => event.preventDefault()}>
        <label>
          What if
          <br />
          <select value={chosen} onChange={({ target }) => setChosen(Number(target.value))}>
            {operations.map(({ service, operation }, i) => (
              <option key={`${service} ${operation}`} value={i}>
                {shown(service, 30)} · {shown(operation, 60)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="hidden">Change</span>
          <select value={kind} onChange={({ target }) => setKind(target.value as Kind)}>
            {Object.entries(KINDS).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {kind === 'scale' ? (
          <label>
            {percent} % of its time
            <br />
            <input
              type="range"
              min={0}
              max={200}
              step={5}
              value={percent}
              onChange={({ target }) => setPercent(Number(target.value))}
            />
          </label>
        ) : null}
      </form>
      {error === undefined ? null : <Failure error={error} retry={reload} />}
      {value === undefined ? null : <Answer answer={value} />}
    </>
  );
}
