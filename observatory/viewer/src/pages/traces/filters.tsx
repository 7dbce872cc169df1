// The filters of the list, which live in the address.
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { fetchServices } from '../../api/client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { shown } from '../../parts/shown.ts';
import { goTo, usePlace, withQuery } from '../../routing/location.ts';

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
  useEffect(() => {
    if (inAddress !== written.current) setText(inAddress);
    written.current = inAddress;
  }, [inAddress]);
  useEffect(() => {
    if (text === written.current) return;
    const timer = setTimeout(() => {
      written.current = text;
      goTo(withQuery(place, { [name]: text }), 'replace');
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
        onChange={(event) => goTo(withQuery(place, { service: event.target.value }), 'replace')}
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

/** Names of the filters in the address, as the backend knows them. */
export const FILTERS: readonly string[] = [
  'service',
  'operation',
  'minDurationMs',
  'maxDurationMs',
  'errors',
  'attribute',
  'startMs',
  'endMs',
];

export function Filters(): ReactNode {
  const place = usePlace();
  const isFiltered = FILTERS.some((name) => place.query.has(name));
  const onlyErrors = place.query.get('errors') === 'true';
  return (
    <search>
      <form className="row" onSubmit={(event) => event.preventDefault()} aria-label="Filters">
        <ServiceFilter />
        <TextFilter name="operation" label="Span name" hint="POST /api/checkout" />
        <TextFilter name="attribute" label="Attribute" hint="http.route=/charges" />
        <TextFilter name="minDurationMs" label="At least (ms)" size={6} inputMode="decimal" />
        <TextFilter name="maxDurationMs" label="At most (ms)" size={6} inputMode="decimal" />
        <button
          type="button"
          aria-pressed={onlyErrors}
          onClick={() => goTo(withQuery(place, { errors: onlyErrors ? undefined : 'true' }), 'replace')}
        >
          Only errors
        </button>
        <button type="button" disabled={!isFiltered} onClick={() => goTo(place.path, 'replace')}>
          Clear
        </button>
      </form>
    </search>
  );
}
