// Flame graphs as a picture: one SVG file that needs nothing else and runs nothing.
import { countText, durationText, percentText } from '../../trace/duration-text.ts';
import { shareOf } from '../../trace/nanoseconds.ts';
import type { Flame, Frame } from './frame.ts';
import { frameText } from './frame-text.ts';
import { serviceColor } from './service-color.ts';
import { escapeXml, fitColumns } from './svg-text.ts';

const WIDTH = 1200;
const MARGIN = 10;
const ROW = 20;
const FONT_SIZE = 12;
const COLUMN = 7.3;
const NARROWEST = 0.4;
const MOST_SERVICES = 24;
const HEADER = 44;

/** A frame with its place in the picture. */
interface Placed {
  readonly frame: Frame;
  readonly x: number;
  readonly width: number;
  readonly row: number;
}

function place(frames: readonly Frame[], x: number, row: number, pxPerNs: number, placed: Placed[]): void {
  let left = x;
  for (const frame of frames) {
    const width = Number(frame.totalNs) * pxPerNs;
    if (width >= NARROWEST) {
      placed.push({ frame, x: left, width, row });
      place(frame.children, left, row + 1, pxPerNs, placed);
    }
    left += width;
  }
}

function px(value: number): string {
  return String(Number(value.toFixed(2)));
}

function tooltip(frame: Frame, { totalNs, traces }: Flame): string {
  const perTrace = durationText(frame.totalNs / BigInt(traces));
  const each = traces === 1 ? '' : ' per trace';
  const own = frame.children.length === 0 ? '' : `, ${percentText(shareOf(frame.selfNs, totalNs))} in itself`;
  return `${frameText(frame)}: ${perTrace}${each}, ${percentText(shareOf(frame.totalNs, totalNs))}${own}`;
}

/** Time that is nobody's work is hatched, so that it shows without color too. */
function fillOf({ kind, service }: Frame): string {
  return kind === 'own' ? serviceColor(service) : `url(#${kind})`;
}

function drawFrame({ frame, x, width, row }: Placed, flame: Flame): string {
  const y = HEADER + row * ROW;
  const label = fitColumns(frameText(frame), Math.floor((width - 6) / COLUMN));
  const text = label === '' ? '' : `<text x="${px(x + 3)}" y="${y + 14}">${escapeXml(label)}</text>`;
  const title = `<title>${escapeXml(tooltip(frame, flame))}</title>`;
  const rect = `<rect x="${px(x)}" y="${y}" width="${px(width)}" height="${ROW - 1}" rx="2" fill="${fillOf(frame)}"/>`;
  return `<g>${title}${rect}${text}</g>`;
}

function hatch(id: string, path: string): string {
  const lines = `<path d="${path}" stroke="#777" stroke-width="1"/>`;
  return `<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#eee"/>${lines}</pattern>`;
}

function drawLegend(placed: readonly Placed[], y: number): { svg: string; rows: number } {
  const services = [...new Set(placed.map(({ frame }) => frame.service))].sort().slice(0, MOST_SERVICES);
  let [x, row] = [MARGIN, 0];
  const entries = services.map((service) => {
    const label = fitColumns(service, 24);
    const width = 24 + [...label].length * COLUMN + 14;
    if (x + width > WIDTH - MARGIN) [x, row] = [MARGIN, row + 1];
    const top = y + row * ROW;
    const swatch = `<rect x="${px(x)}" y="${top}" width="14" height="14" rx="2" fill="${serviceColor(service)}"/>`;
    const text = `<text x="${px(x + 20)}" y="${top + 11}">${escapeXml(label)}</text>`;
    x += width;
    return swatch + text;
  });
  return { svg: entries.join('\n'), rows: row + 1 };
}

/** What the graph is about, for its heading. */
function heading({ traces, totalNs, roots }: Flame): string {
  if (traces === 0) return 'Critical path: no traces';
  const [only] = roots;
  const what = roots.length === 1 && only !== undefined ? ` of ${frameText(only)}` : '';
  const mean = durationText(totalNs / BigInt(traces));
  return traces === 1
    ? `Critical path${what}: ${mean}`
    : `Critical paths${what}: ${countText(traces, 'trace')}, ${mean} on average`;
}

/**
 * A flame graph as an SVG document, the roots at the top: the wider a frame, the longer requests waited in it. Each frame has
 * a tooltip with its time and share. No script, no style sheet, no link, nothing loaded; names of spans are text and nothing
 * else. Each service has the same color in every graph; network, queues and untraced time are hatched.
 */
export function flameSvg(flame: Flame): string {
  const placed: Placed[] = [];
  if (flame.totalNs > 0n) place(flame.roots, MARGIN, 0, (WIDTH - 2 * MARGIN) / Number(flame.totalNs), placed);
  const rows = placed.reduce((most, { row }) => Math.max(most, row + 1), 0);
  const legend = drawLegend(placed, HEADER + rows * ROW + 12);
  const height = HEADER + (rows + legend.rows) * ROW + 20;
  const title = escapeXml(heading(flame));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${title}" font-family="ui-monospace, monospace" font-size="${FONT_SIZE}" fill="#111">`,
    `<title>${title}</title>`,
    `<defs>${hatch('network', 'M0 6L6 0')}${hatch('queue', 'M0 0L6 6')}${hatch('untraced', 'M0 3H6')}</defs>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${MARGIN}" y="26" font-size="15" font-weight="bold">${title}</text>`,
    ...placed.map((one) => drawFrame(one, flame)),
    legend.svg,
    '</svg>\n',
  ].join('\n');
}
