// Chooses two traces: from the newest ones, or by their ids.
import type { ReactNode } from 'react';
import type { TraceRow } from '../../../../src/view/index.ts';
import { fetchTraces } from '../../api/client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { msText, timeText } from '../../parts/durations.ts';
import { shown } from '../../parts/shown.ts';
import { goTo, usePlace, withQuery } from '../../routing/location.ts';

const OFFERED = 100;

function label(row: TraceRow): string {
  const failed = row.errors > 0 ? ' × failed' : '';
  return `${shown(row.operation, 50)}, ${msText(row.durationMs)}, ${timeText(row.startMs, Date.now())}${failed}`;
}

function Picker(props: {
  readonly name: 'a' | 'b';
  readonly title: string;
  readonly rows: readonly TraceRow[];
}): ReactNode {
  const { name, title, rows } = props;
  const place = usePlace();
  const chosen = place.query.get(name) ?? '';
  const choose = (id: string): void => goTo(withQuery(place, { [name]: id.trim().toLowerCase() }));
  const isListed = chosen === '' || rows.some(({ traceId }) => traceId === chosen);
  return (
    <fieldset>
      <legend>{title}</legend>
      <label>
        <span className="quiet">From the newest</span>
        <br />
        <select value={chosen} onChange={({ target }) => choose(target.value)}>
          <option value="">none</option>
          {isListed ? null : <option value={chosen}>{shown(chosen, 32)}</option>}
          {rows.map((row) => (
            <option key={row.traceId} value={row.traceId}>
              {label(row)}
            </option>
          ))}
        </select>
      </label>{' '}
      <label>
        <span className="quiet">or by its id</span>
        <br />
        <input
          key={chosen}
          defaultValue={chosen}
          size={34}
          className="mono"
          onBlur={({ target }) => {
            if (target.value.trim() !== chosen) choose(target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
          }}
        />
      </label>
    </fieldset>
  );
}

export function TracePicker(): ReactNode {
  const place = usePlace();
  const { value } = useLoaded('newest traces', (signal) =>
    fetchTraces(new URLSearchParams({ limit: String(OFFERED) }), signal),
  );
  const rows = (value?.traces ?? []).filter(({ isJob }) => !isJob);
  const [a, b] = [place.query.get('a') ?? undefined, place.query.get('b') ?? undefined];
  return (
    <form className="row" onSubmit={(event) => event.preventDefault()} aria-label="Two traces">
      <Picker name="a" title="First trace" rows={rows} />
      <Picker name="b" title="Second trace" rows={rows} />
      <button type="button" onClick={() => goTo(withQuery(place, { a: b, b: a }))}>
        Swap
      </button>
    </form>
  );
}
