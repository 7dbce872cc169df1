// The panel of the demo: send checkouts, switch faults, and see the verdict change.
import { type ReactNode, useEffect, useState } from 'react';
import type { TraceRow, Verdict } from '../../../../src/view/index.ts';
import { fetchVerdicts } from '../../api/client.ts';
import {
  type Demo,
  type FaultState,
  fetchDemo,
  sendCheckout,
  setFaults,
  setLoad,
} from '../../api/demo-client.ts';
import { useLive } from '../../api/live.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { msText } from '../../parts/durations.ts';
import { Failure, Loading } from '../../parts/notice.tsx';
import { ShareBar } from '../../parts/share-bar.tsx';
import { shown } from '../../parts/shown.ts';
import { Link } from '../../routing/link.tsx';
import { ServiceCard } from './service-card.tsx';

const ROUTE = 'POST /api/checkout';
/** A trace is complete when its services have sent what they hold back. */
const SETTLE_MS = 700;
const LATER_MS = 2_000;

/** The verdict on a checkout that arrived lately; under load there are more than could be read. */
function useNewest(): { row: TraceRow; verdict: Verdict } | undefined {
  const [row, setRow] = useState<TraceRow>();
  const [found, setFound] = useState<{ row: TraceRow; verdict: Verdict }>();
  useLive(true, (rows) => {
    const checkout = rows.find(({ operation }) => operation === ROUTE);
    if (checkout !== undefined) setRow((waiting) => waiting ?? checkout);
  });
  useEffect(() => {
    if (row === undefined) return;
    const control = new AbortController();
    const load = async (): Promise<void> => {
      try {
        const [verdict] = await fetchVerdicts([row.traceId], control.signal);
        if (verdict !== undefined) setFound({ row, verdict });
      } catch (error) {
        if (!control.signal.aborted) console.warn('The verdict could not be loaded.', error);
      }
      setRow(undefined);
    };
    const timer = setTimeout(() => void load(), SETTLE_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [row]);
  return found;
}

function Newest(): ReactNode {
  const newest = useNewest();
  return (
    <section className="notice" aria-live="polite">
      {newest === undefined ? (
        <p>The verdict on the next checkout will be here.</p>
      ) : (
        <>
          <p>
            <strong>
              <Link to={`/trace/${newest.row.traceId}`}>{shown(newest.verdict.sentence, 500)}</Link>
            </strong>
          </p>
          <ShareBar services={newest.verdict.services} />
        </>
      )}
    </section>
  );
}

interface Doing {
  readonly message: string;
  readonly error: Error | undefined;
  run(work: () => Promise<string>): void;
}

function useDoing(after: () => void): Doing {
  const [state, setState] = useState<Pick<Doing, 'message' | 'error'>>({ message: '', error: undefined });
  const run = (work: () => Promise<string>): void => {
    work().then(
      (message) => {
        setState({ message, error: undefined });
        after();
      },
      (error: Error) => setState({ message: '', error }),
    );
  };
  return { ...state, run };
}

function Load({ demo, doing }: { readonly demo: Demo; readonly doing: Doing }): ReactNode {
  const { load, maxPerSecond } = demo;
  const send = async (): Promise<string> => {
    const { status, durationMs, summary } = await sendCheckout();
    return `${status} in ${msText(durationMs)}: ${summary}`;
  };
  const change = async (perSecond: number): Promise<string> => {
    await setLoad(perSecond);
    return perSecond === 0 ? 'No load.' : `${perSecond} checkouts a second.`;
  };
  return (
    <div className="row">
      <button type="button" onClick={() => doing.run(send)}>
        Send a checkout
      </button>
      <label>
        Steady load: {load.perSecond} a second
        <br />
        <input
          type="range"
          min={0}
          max={maxPerSecond}
          value={load.perSecond}
          onChange={({ target }) => doing.run(() => change(Number(target.value)))}
        />
      </label>
      <span className="quiet">
        {load.sent} sent, {load.failed} failed, {load.open} on their way
      </span>
    </div>
  );
}

export function DemoPage(): ReactNode {
  const { value, error, reload } = useLoaded('demo', fetchDemo);
  const doing = useDoing(reload);
  useEffect(() => {
    const timer = setInterval(reload, LATER_MS);
    return () => clearInterval(timer);
  }, [reload]);
  const set = (service: string, state: Partial<FaultState>): void =>
    doing.run(async () => {
      await setFaults(service, state);
      return `${service} is set.`;
    });
  return (
    <>
      <h1>Demo</h1>
      {error === undefined ? null : <Failure error={error} retry={reload} />}
      {value === undefined && error === undefined ? <Loading what="the demo" /> : null}
      {value === undefined ? null : (
        <>
          <Load demo={value} doing={doing} />
          <p role="status">{shown(doing.message === '' ? 'Ready.' : doing.message, 300)}</p>
          {doing.error === undefined ? null : <Failure error={doing.error} retry={reload} />}
          <Newest />
          {value.services.map((one) => (
            <ServiceCard key={one.service} one={one} set={set} />
          ))}
        </>
      )}
    </>
  );
}
