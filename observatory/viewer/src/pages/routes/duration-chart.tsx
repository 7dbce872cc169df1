// p50, p95 and p99 of a route over time, as lines that differ without colour, and as a table.
import type { ReactNode } from 'react';
import { type Bucket, bucketsOf } from '../../layout/percentiles.ts';
import { msText, timeText } from '../../parts/durations.ts';

const WIDTH = 600;
const HEIGHT = 110;
const BUCKETS = 24;

const LINES = [
  { name: 'p50', dash: undefined, of: (bucket: Bucket) => bucket.p50Ms },
  { name: 'p95', dash: '7 3', of: (bucket: Bucket) => bucket.p95Ms },
  { name: 'p99', dash: '2 3', of: (bucket: Bucket) => bucket.p99Ms },
] as const;

function pathOf(buckets: readonly Bucket[], of: (bucket: Bucket) => number, highest: number): string {
  const step = buckets.length > 1 ? WIDTH / (buckets.length - 1) : 0;
  return buckets
    .map((bucket, i) => {
      const y = HEIGHT - (of(bucket) / highest) * (HEIGHT - 6);
      return `${i === 0 ? 'M' : 'L'}${(i * step).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}

export function DurationChart({
  points,
}: {
  readonly points: readonly (readonly [number, number])[];
}): ReactNode {
  const buckets = bucketsOf(points, BUCKETS);
  const highest = Math.max(1e-6, ...buckets.map((bucket) => bucket.p99Ms));
  return (
    <figure className="durations">
      {buckets.length < 2 ? null : (
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {LINES.map(({ name, dash, of }) => (
            <path key={name} d={pathOf(buckets, of, highest)} strokeDasharray={dash} />
          ))}
        </svg>
      )}
      <figcaption className="quiet">
        Duration over time up to {msText(highest)}: p50 solid, p95 dashed, p99 dotted.
        <details>
          <summary>The numbers</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col" className="number">
                  Traces
                </th>
                {LINES.map(({ name }) => (
                  <th key={name} scope="col" className="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {buckets.map((bucket) => (
                <tr key={bucket.startMs}>
                  <th scope="row">{timeText(bucket.startMs, Date.now())}</th>
                  <td className="number">{bucket.count}</td>
                  {LINES.map(({ name, of }) => (
                    <td key={name} className="number">
                      {msText(of(bucket))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </figcaption>
    </figure>
  );
}
