// A route over time: p50, p95 and p99 as lines that differ without colour, what held its traces up, and both as a table.
import type { ReactNode } from 'react';
import type { RouteView } from '../../../../src/view/index.ts';
import { type Bucket, bucketsOf } from '../../layout/percentiles.ts';
import { msText, timeText } from '../../parts/durations.ts';
import { serviceColour } from '../../parts/service-colour.ts';
import { BucketTable } from './bucket-table.tsx';

const WIDTH = 600;
const HEIGHT = 110;
const STRIP = 26;
const BUCKETS = 24;

const LINES = [
  { name: 'p50', dash: undefined, of: (bucket: Bucket) => bucket.p50Ms },
  { name: 'p95', dash: '7 3', of: (bucket: Bucket) => bucket.p95Ms },
  { name: 'p99', dash: '2 3', of: (bucket: Bucket) => bucket.p99Ms },
] as const;

interface Scale {
  readonly fromMs: number;
  readonly toMs: number;
  readonly highestMs: number;
}

function xOf(timeMs: number, { fromMs, toMs }: Scale): number {
  return toMs === fromMs ? 0 : ((timeMs - fromMs) / (toMs - fromMs)) * WIDTH;
}

/** Through the middle of each bucket; the first and the last reach to the edges. */
function pathOf(buckets: readonly Bucket[], of: (bucket: Bucket) => number, scale: Scale): string {
  return buckets
    .map((bucket, i) => {
      const y = (HEIGHT - (of(bucket) / scale.highestMs) * (HEIGHT - 6)).toFixed(1);
      const middle = xOf((bucket.startMs + bucket.endMs) / 2, scale).toFixed(1);
      const x = i === 0 ? '0' : i === buckets.length - 1 ? String(WIDTH) : middle;
      return `${i === 0 ? 'M' : 'L'}${x} ${y}`;
    })
    .join('');
}

/** One bucket's bottlenecks, one above the other, by their share of its traces. */
function Stack(props: {
  readonly bucket: Bucket;
  readonly groups: RouteView['groups'];
  readonly scale: Scale;
}): ReactNode {
  const { bucket, groups, scale } = props;
  const x = xOf(bucket.startMs, scale);
  const width = xOf(bucket.endMs, scale) - x;
  let below = 0;
  return bucket.bottlenecks.map(([index, traces]) => {
    const height = (traces / bucket.count) * STRIP;
    const y = below;
    below += height;
    const service = groups[index]?.service;
    const fill = service === undefined ? 'var(--soft)' : serviceColour(service);
    return <rect key={index} x={x} y={y} width={width} height={height} style={{ fill }} />;
  });
}

export function DurationChart({ route }: { readonly route: RouteView }): ReactNode {
  const buckets = bucketsOf(route.points, BUCKETS);
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return null;
  const highestMs = Math.max(1e-6, ...buckets.map((bucket) => bucket.p99Ms));
  const scale = { fromMs: first.startMs, toMs: last.endMs, highestMs };
  const now = Date.now();
  return (
    <figure className="durations">
      {buckets.length < 2 ? null : (
        <div aria-hidden="true">
          <svg
            aria-hidden="true"
            className="lines"
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
          >
            {LINES.map(({ name, dash, of }) => (
              <path key={name} d={pathOf(buckets, of, scale)} strokeDasharray={dash} />
            ))}
          </svg>
          <svg
            aria-hidden="true"
            className="strip"
            viewBox={`0 0 ${WIDTH} ${STRIP}`}
            preserveAspectRatio="none"
          >
            {buckets.map((bucket) => (
              <Stack key={bucket.startMs} bucket={bucket} groups={route.groups} scale={scale} />
            ))}
          </svg>
          <div className="ends quiet">
            <span>{timeText(first.startMs, now)}</span>
            <span>{timeText(last.endMs, now)}</span>
          </div>
        </div>
      )}
      <figcaption className="quiet">
        Duration over time, up to {msText(highestMs)}: p50 solid, p95 dashed, p99 dotted. Below: the service
        of each trace’s bottleneck.
        <BucketTable buckets={buckets} groups={route.groups} />
      </figcaption>
    </figure>
  );
}
