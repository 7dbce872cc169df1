// A flame graph of critical paths: the width is the time, a click zooms to a frame.
import { type ReactNode, useState } from 'react';
import { countText, percentText } from '../../../src/trace/duration-text.ts';
import type { FlameView } from '../../../src/view/index.ts';
import { layoutFlame } from '../layout/flame-rows.ts';
import { msText } from './durations.ts';
import { serviceStyle } from './service-colour.ts';
import { shown } from './shown.ts';

const ROW = 22;

export function FlameGraph({ flame }: { readonly flame: FlameView }): ReactNode {
  const [zoomed, setZoomed] = useState(-1);
  const rects = layoutFlame(flame.frames, flame.totalMs, zoomed);
  const rows = rects.reduce((most, { depth }) => Math.max(most, depth + 1), 0);
  return (
    <figure className="flame">
      <figcaption className="quiet">
        The critical path of {countText(flame.traces, 'trace')}, {msText(flame.totalMs)} in all: the width is
        the time, callees below. Click a frame to zoom; its table has the numbers.{' '}
        {zoomed === -1 ? null : (
          <button type="button" onClick={() => setZoomed(-1)}>
            Show all
          </button>
        )}
      </figcaption>
      <div className="frames" style={{ height: rows * ROW }}>
        {rects.map(({ frame, depth, left, width }) => {
          const one = flame.frames[frame];
          if (one === undefined) return null;
          const name = `${shown(one.service, 40)} · ${shown(one.operation, 80)}${one.kind === 'own' ? '' : ` (${one.kind})`}`;
          const label = `${name}, ${msText(one.totalMs)} (${percentText(one.totalMs / Math.max(1e-9, flame.totalMs))}), of its own ${msText(one.selfMs)}`;
          const style = {
            left: `${left * 100}%`,
            width: `${width * 100}%`,
            top: depth * ROW,
            height: ROW - 1,
          };
          return (
            <button
              key={frame}
              type="button"
              className="frame"
              title={label}
              aria-label={label}
              style={serviceStyle(one.service, style)}
              onClick={() => setZoomed(frame === zoomed ? -1 : frame)}
            >
              <span>{width > 0.03 ? name : ''}</span>
            </button>
          );
        })}
      </div>
    </figure>
  );
}
