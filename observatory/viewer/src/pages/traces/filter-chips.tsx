// The filters that are on, each with a button that takes it away.
import type { ReactNode } from 'react';
import { goTo, usePlace } from '../../routing/location.ts';
import { chipsOf, withoutChip } from './chips.ts';

export function FilterChips(): ReactNode {
  const place = usePlace();
  const chips = chipsOf(place.query);
  if (chips.length === 0) return null;
  return (
    <ul className="chips" aria-label="Filters that are on">
      {chips.map((chip) => (
        <li key={`${chip.name} ${chip.value}`}>
          <button type="button" onClick={() => goTo(withoutChip(place, chip))}>
            <bdi>{chip.text}</bdi> <span aria-hidden="true">✕</span>
            <span className="hidden">: take this filter away</span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" onClick={() => goTo(place.path)}>
          Clear
        </button>
      </li>
    </ul>
  );
}
