// Verdicts on the rows in view, asked for a page at a time and kept.
import { useEffect, useRef, useState } from 'react';
import type { TraceRow, Verdict } from '../../../../src/view/index.ts';
import { fetchVerdicts } from '../../api/client.ts';

const AT_ONCE = 100;
/** A trace that still grows is judged again, but not with every span. */
const PAUSE_MS = 60;

/** Verdicts by trace id; those on rows in view that are missing or out of date are asked for. */
export function useVerdicts(rowsInView: readonly TraceRow[]): ReadonlyMap<string, Verdict> {
  const verdicts = useRef(new Map<string, Verdict>());
  const [, redraw] = useState(0);
  const missing = rowsInView.filter(
    ({ traceId, arrival }) => (verdicts.current.get(traceId)?.arrival ?? -1) < arrival,
  );
  const key = missing.map(({ traceId, arrival }) => `${traceId}${arrival}`).join();
  useEffect(() => {
    if (key === '') return;
    const control = new AbortController();
    const timer = setTimeout(() => void load(), PAUSE_MS);
    const load = async (): Promise<void> => {
      const ids = missing.slice(0, AT_ONCE).map(({ traceId }) => traceId);
      try {
        for (const one of await fetchVerdicts(ids, control.signal)) verdicts.current.set(one.traceId, one);
        redraw((count) => count + 1);
      } catch (error) {
        if (!control.signal.aborted) console.warn('The verdicts on the traces could not be loaded.', error);
      }
    };
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [key]);
  return verdicts.current;
}
