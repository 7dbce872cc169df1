// How many of the newest traces a page looks at.
import type { ReactNode } from 'react';
import { goTo, usePlace, withQuery } from '../routing/location.ts';

const COUNTS = ['100', '300', '1000', '5000'];
const USUAL = '300';

/** The parameters of a set in the address, as the backend knows them. */
export function setQuery(query: URLSearchParams): URLSearchParams {
  const own = new URLSearchParams();
  for (const name of ['service', 'operation', 'startMs', 'endMs', 'last']) {
    const value = query.get(name);
    if (value !== null && value !== '') own.set(name, value);
  }
  return own;
}

export function SetFilters({ reload }: { reload(): void }): ReactNode {
  const place = usePlace();
  return (
    <form className="row" onSubmit={(event) => event.preventDefault()} aria-label="Which traces">
      <label>
        <span className="quiet">Newest traces</span>
        <br />
        <select
          value={place.query.get('last') ?? USUAL}
          onChange={({ target }) =>
            goTo(withQuery(place, { last: target.value === USUAL ? undefined : target.value }), 'replace')
          }
        >
          {COUNTS.map((count) => (
            <option key={count}>{count}</option>
          ))}
        </select>
      </label>
      <button type="button" onClick={reload}>
        Look again
      </button>
    </form>
  );
}
