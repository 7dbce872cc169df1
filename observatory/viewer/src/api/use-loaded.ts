// Loads something for a component, again when its key changes, and forgets answers that come too late.
import { useCallback, useEffect, useState } from 'react';

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: Error | undefined;
  readonly isLoading: boolean;
  reload(): void;
}

interface State<T> {
  readonly key: string;
  readonly value: T | undefined;
  readonly error: Error | undefined;
  readonly isLoading: boolean;
}

/** What `load` gives for `key`. While another key loads, the value of the last one stays, so that nothing flashes. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<State<T>>({ key, value: undefined, error: undefined, isLoading: true });
  useEffect(() => {
    const control = new AbortController();
    setState((last) => ({ ...last, key, isLoading: true }));
    load(control.signal).then(
      (value) => {
        if (!control.signal.aborted) setState({ key, value, error: undefined, isLoading: false });
      },
      (error: Error) => {
        if (!control.signal.aborted) setState({ key, value: undefined, error, isLoading: false });
      },
    );
    return () => control.abort();
  }, [key, attempt]);
  const reload = useCallback(() => setAttempt((last) => last + 1), []);
  return { value: state.value, error: state.error, isLoading: state.isLoading, reload };
}
