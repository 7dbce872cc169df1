// Where the page is: the path and the query of the address bar, kept by the browser's history.
import { useSyncExternalStore } from 'react';

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const listeners = new Set<() => void>();
let current: Place = read();

function read(): Place {
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}

function update(): void {
  current = read();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) window.addEventListener('popstate', update);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('popstate', update);
  };
}

/** The current place; the component is drawn anew when it changes. */
export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => current);
}

/** Goes to an address within the page; `replace` leaves no trace in the history. */
export function goTo(address: string, how: 'push' | 'replace' = 'push'): void {
  const { path } = current;
  if (how === 'push') window.history.pushState(null, '', address);
  else window.history.replaceState(null, '', address);
  update();
  if (current.path !== path) window.scrollTo(0, 0);
}

/** The same path with some parameters changed; `undefined` and the empty text remove one. */
export function withQuery(place: Place, changes: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(place.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? place.path : `${place.path}?${text}`;
}
