// The filters of the list, which live in the address.
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { fetchServices } from '../../api/client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { shown } from '../../parts/shown.ts';
import { goTo, usePlace, withQuery } from '../../routing/location.ts';
import { FilterChips } from './filter-chips.tsx';

const TYPING_MS = 300;

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly size?: number;
  readonly inputMode?: 'decimal' | 'text';
}

/** A text of the address; typing changes the address after a moment. */
function TextFilter({ name, label, hint, size = 16, inputMode = 'text' }: FieldProps): ReactNode {
  const place = usePlace();
  const inAddress = place.query.get(name) ?? '';
  const [text, setText] = useState(inAddress);
  const written = useRef(inAddress);
  const isFirst = useRef(true);
  useEffect(() => {
    if (inAddress !== written.current) setText(inAddress);
    written.current = inAddress;
  }, [inAddress]);
  useEffect(() => {
    if (text === written.current) return;
    const timer = setTimeout(() => {
      written.current = text;
      // One step back leads to what was there before the typing.
      goTo(withQuery(place, { [name]: text }), isFirst.current ? 'push' : 'replace');
      isFirst.current = false;
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, name, place]);
  return (
    <label>
      <span className="quiet">{label}</span>
      <br />
      <input
        name={name}
        value={text}
        size={size}
        inputMode={inputMode}
        placeholder={hint}
        onFocus={() => {
          isFirst.current = true;
        }}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}

function ServiceFilter(): ReactNode {
  const place = usePlace();
  const services = useLoaded('services', fetchServices).value ?? [];
  const chosen = place.query.get('service') ?? '';
  const names = services.includes(chosen) || chosen === '' ? services : [chosen, ...services];
  return (
    <label>
      <span className="quiet">Service</span>
      <br />
      <select
        name="service"
        value={chosen}
        onChange={(event) => goTo(withQuery(place, { service: event.target.value }))}
      >
        <option value="">any</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {shown(name, 60)}
          </option>
        ))}
      </select>
    </label>
  );
}

const MINUTE_MS = 60_000;
const PERIODS = [
  [5, 'last 5 minutes'],
  [15, 'last 15 minutes'],
  [60, 'last hour'],
  [1_440, 'last day'],
] as const;

/** Sets a fixed start, so that a copied address shows the same traces. */
function TimeFilter(): ReactNode {
  const place = usePlace();
  const hasTime = place.query.has('startMs') || place.query.has('endMs');
  const choose = (value: string): void => {
    const minutes = Number(value);
    const startMs = minutes > 0 ? String(Date.now() - minutes * MINUTE_MS) : undefined;
    goTo(withQuery(place, { startMs, endMs: undefined }));
  };
  return (
    <label>
      <span className="quiet">Began</span>
      <br />
      <select name="time" value={hasTime ? 'chosen' : ''} onChange={(event) => choose(event.target.value)}>
        <option value="">any time</option>
        {hasTime ? <option value="chosen">in the chosen time</option> : null}
        {PERIODS.map(([minutes, name]) => (
          <option key={minutes} value={minutes}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Filters(): ReactNode {
  const place = usePlace();
  const noJobs = place.query.get('jobs') === 'false';
  const onlyErrors = place.query.get('errors') === 'true';
  return (
    <search>
      <form className="row" onSubmit={(event) => event.preventDefault()} aria-label="Filters">
        <ServiceFilter />
        <TextFilter name="operation" label="Span name" hint="POST /api/checkout" />
        <TextFilter name="attribute" label="Attribute" hint="http.route=/charges" />
        <TextFilter name="minDurationMs" label="At least (ms)" size={6} inputMode="decimal" />
        <TextFilter name="maxDurationMs" label="At most (ms)" size={6} inputMode="decimal" />
        <TimeFilter />
        <button
          type="button"
          aria-pressed={onlyErrors}
          onClick={() => goTo(withQuery(place, { errors: onlyErrors ? undefined : 'true' }))}
        >
          Only errors
        </button>
        <button
          type="button"
          aria-pressed={noJobs}
          onClick={() => goTo(withQuery(place, { jobs: noJobs ? undefined : 'false' }))}
        >
          No jobs
        </button>
      </form>
      <FilterChips />
    </search>
  );
}
