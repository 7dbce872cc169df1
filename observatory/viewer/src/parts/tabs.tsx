// Tabs as the ARIA practices have them: arrows move, the chosen one is in the address.
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { goTo, usePlace, withQuery } from '../routing/location.ts';

export interface Tab {
  readonly id: string;
  readonly name: string;
  draw(): ReactNode;
}

const MOVES: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Draws the tab that `?tab=` names, the first one without. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }): ReactNode {
  const place = usePlace();
  const buttons = useRef(new Map<string, HTMLButtonElement>());
  const named = tabs.findIndex(({ id }) => id === place.query.get('tab'));
  const at = named === -1 ? 0 : named;
  const current = tabs[at] as Tab;
  const choose = (index: number, how: 'push' | 'replace'): void => {
    const tab = tabs[index] as Tab;
    goTo(withQuery(place, { tab: index === 0 ? undefined : tab.id }), how);
    buttons.current.get(tab.id)?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    const move = MOVES[event.key];
    if (move === undefined) return;
    event.preventDefault();
    choose(move(at, tabs.length), 'replace');
  };
  return (
    <>
      <div role="tablist" aria-label={label} className="tabs" onKeyDown={onKey}>
        {tabs.map(({ id, name }, index) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={index === at}
            aria-controls="tab-panel"
            tabIndex={index === at ? 0 : -1}
            ref={(button) => {
              if (button !== null) buttons.current.set(id, button);
            }}
            onClick={() => choose(index, index === at ? 'replace' : 'push')}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${current.id}`} tabIndex={-1}>
        {current.draw()}
      </div>
    </>
  );
}
