// The waterfall with its minimap, its search and the details of the chosen span.
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { countText } from '../../../../src/trace/duration-text.ts';
import { usePlace } from '../../routing/location.ts';
import { KEY_HELP } from './keys.ts';
import { Minimap } from './minimap.tsx';
import { SpanDetails } from './span-details.tsx';
import type { TraceModel } from './trace-model.ts';
import { useWaterfall, type Waterfall } from './use-waterfall.ts';
import { WaterfallGrid } from './waterfall-grid.tsx';

function Help({ close }: { close(): void }): ReactNode {
  return (
    <section className="notice" aria-label="Keys">
      <table>
        <tbody>
          {KEY_HELP.map(([key, does]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" onClick={close}>
        Close
      </button>
    </section>
  );
}

function Tools(props: {
  readonly waterfall: Waterfall;
  readonly model: TraceModel;
  help(): void;
}): ReactNode {
  const { waterfall, model, help } = props;
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (isTyping || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === '/') {
        event.preventDefault();
        search.current?.focus();
      }
      if (event.key === '?') help();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [help]);
  return (
    <div className="row tools">
      <label>
        <span className="hidden">Search spans by service, name or id</span>
        <input
          ref={search}
          type="search"
          placeholder="Search spans ( / )"
          value={waterfall.text}
          onChange={(event) => waterfall.search(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') waterfall.nextHit(event.shiftKey ? -1 : 1);
            if (event.key === 'Escape') waterfall.search('');
          }}
        />
      </label>
      <span role="status" className="quiet">
        {waterfall.text.trim() === ''
          ? ''
          : countText(waterfall.hits.length, 'match').replace('matchs', 'matches')}
      </span>
      <button type="button" onClick={() => waterfall.collapseTo(1)}>
        Collapse
      </button>
      <button type="button" onClick={() => waterfall.collapseTo(Number.POSITIVE_INFINITY)}>
        Expand
      </button>
      <button type="button" onClick={() => waterfall.nextOnPath(1)}>
        Along the path
      </button>
      <button type="button" onClick={() => waterfall.show(model.whole)}>
        Whole time
      </button>
      <button type="button" onClick={help}>
        Keys ( ? )
      </button>
    </div>
  );
}

export function WaterfallTab({ model }: { readonly model: TraceModel }): ReactNode {
  const { query } = usePlace();
  const asked = query.get('span');
  const waterfall = useWaterfall(model, asked === null ? -1 : model.view.spans.id.indexOf(asked));
  const [isHelp, setHelp] = useState(false);
  return (
    <>
      <Minimap model={model} window={waterfall.window} show={waterfall.show} />
      <Tools waterfall={waterfall} model={model} help={() => setHelp(true)} />
      {isHelp ? <Help close={() => setHelp(false)} /> : null}
      <div className={waterfall.isOpen ? 'beside' : ''}>
        <WaterfallGrid model={model} waterfall={waterfall} />
        {waterfall.isOpen ? (
          <SpanDetails
            key={waterfall.chosen}
            view={model.view}
            span={waterfall.chosen}
            close={waterfall.close}
          />
        ) : null}
      </div>
    </>
  );
}
