// Listens to the traces that arrive while the page is open.
import { useEffect, useEffectEvent, useState } from 'react';
import type { TraceRow } from '../../../src/view/index.ts';

export type LiveState = 'off' | 'connecting' | 'live' | 'lost';

/** Calls `hear` with the rows of traces that have changed, while `isOn`. The browser connects again by itself. */
export function useLive(isOn: boolean, hear: (rows: readonly TraceRow[]) => void): LiveState {
  const [state, setState] = useState<LiveState>('off');
  const onRows = useEffectEvent(hear);
  useEffect(() => {
    if (!isOn) {
      setState('off');
      return;
    }
    setState('connecting');
    const source = new EventSource('/api/longpole/live');
    source.addEventListener('open', () => setState('live'));
    source.addEventListener('error', () => setState('lost'));
    source.addEventListener('traces', (event) => onRows(JSON.parse(event.data) as TraceRow[]));
    return () => source.close();
  }, [isOn]);
  return state;
}
