// A flame graph of critical paths: the width is the time, a click zooms to a frame.
import { type ReactNode, useState } from 'react';
import { countText, percentText } from '../../../src/trace/duration-text.ts';
import type { FlameView, FrameView } from '../../../src/view/index.ts';
import { type FlameRect, layoutFlame } from '../layout/flame-rows.ts';
import { msText } from './durations.ts';
import { serviceStyle } from './service-colour.ts';
import { shown } from './shown.ts';
import { Wide } from './wide.tsx';

const ROW = 22;

function frameName({ service, operation, kind }: FrameView): string {
  return `${shown(service, 40)} · ${shown(operation, 80)}${kind === 'own' ? '' : ` (${kind})`}`;
}

/** Narrower ones have no room for a name. */
const NAMED = 0.03;

function Box({ flame, rect }: { readonly flame: FlameView; readonly rect: FlameRect }): ReactNode {
  const one = flame.frames[rect.frame];
  if (one === undefined) return null;
  const name = frameName(one);
  const share = percentText(one.totalMs / Math.max(1e-9, flame.totalMs));
  const style = {
    left: `${rect.left * 100}%`,
    width: `${rect.width * 100}%`,
    top: rect.depth * ROW,
    height: ROW - 1,
  };
  return (
    <div
      className="frame"
      data-frame={rect.frame}
      title={`${name}, ${msText(one.totalMs)} (${share}), of its own ${msText(one.selfMs)}`}
      style={serviceStyle(one.service, style)}
    >
      <span>{rect.width > NAMED ? name : ''}</span>
    </div>
  );
}

export function FlameGraph({ flame }: { readonly flame: FlameView }): ReactNode {
  const [zoomed, setZoomed] = useState(-1);
  const rects = layoutFlame(flame.frames, flame.totalMs, zoomed);
  const zoom = (frame: number): void => setZoomed(frame === zoomed ? -1 : frame);
  const rows = rects.reduce((most, { depth }) => Math.max(most, depth + 1), 0);
  return (
    <figure className="flame">
      <figcaption className="quiet">
        The critical path of {countText(flame.traces, 'trace')}, {msText(flame.totalMs)} in all: the width is
        the time, callees below. Click a frame to zoom.{' '}
        {zoomed === -1 ? null : (
          <button type="button" onClick={() => setZoomed(-1)}>
            Show all
          </button>
        )}
      </figcaption>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the table below zooms with the keyboard */}
      <div
        className="frames"
        role="img"
        aria-label="Flame graph; its numbers, with buttons to zoom, are below."
        style={{ height: rows * ROW }}
        onClick={({ target }) => {
          const frame = target instanceof Element ? target.closest<HTMLElement>('[data-frame]') : null;
          if (frame !== null) zoom(Number(frame.dataset['frame']));
        }}
      >
        {rects.map((rect) => (
          <Box key={rect.frame} flame={flame} rect={rect} />
        ))}
      </div>
      <FrameTable flame={flame} zoom={zoom} />
    </figure>
  );
}

/** Frames in the table; of more, the first ones, which are the lowest. */
const IN_TABLE = 300;

interface FrameTableProps {
  readonly flame: FlameView;
  zoom(frame: number): void;
}

function FrameTable({ flame, zoom }: FrameTableProps): ReactNode {
  const { frames, totalMs } = flame;
  return (
    <details>
      <summary>The numbers</summary>
      <Wide label="The numbers of the flame graph">
        <table>
          <thead>
            <tr>
              <th scope="col">Frame</th>
              <th scope="col">Stands on</th>
              {['Time', 'Share', 'Of its own'].map((title) => (
                <th key={title} scope="col" className="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {frames.slice(0, IN_TABLE).map((frame, i) => (
              <tr key={i}>
                <th scope="row">
                  <button type="button" onClick={() => zoom(i)}>
                    {frameName(frame)}
                  </button>
                </th>
                <td>{frame.parent === -1 ? '' : frameName(frames[frame.parent] ?? frame)}</td>
                <td className="number">{msText(frame.totalMs)}</td>
                <td className="number">{percentText(frame.totalMs / Math.max(1e-9, totalMs))}</td>
                <td className="number">{msText(frame.selfMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {frames.length > IN_TABLE ? <p>Only the first {IN_TABLE} frames are listed.</p> : null}
    </details>
  );
}
