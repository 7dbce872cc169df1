// The numbers of a route's charts.
import type { ReactNode } from 'react';
import { percentText } from '../../../../src/trace/duration-text.ts';
import type { RouteView } from '../../../../src/view/index.ts';
import type { Bucket } from '../../layout/percentiles.ts';
import { msText, timeText } from '../../parts/durations.ts';
import { shown } from '../../parts/shown.ts';
import { Wide } from '../../parts/wide.tsx';

/** Bottlenecks that are named of one time. */
const NAMED = 3;

function namesOf({ bottlenecks, count }: Bucket, groups: RouteView['groups']): string {
  return bottlenecks
    .slice(0, NAMED)
    .map(([index, traces]) => {
      const group = groups[index];
      const name =
        group === undefined ? 'others' : `${shown(group.service, 40)} · ${shown(group.operation, 60)}`;
      return `${name} ${percentText(traces / count)}`;
    })
    .join(', ');
}

export function BucketTable(props: {
  readonly buckets: readonly Bucket[];
  readonly groups: RouteView['groups'];
}): ReactNode {
  return (
    <details>
      <summary>The numbers over time</summary>
      <Wide label="The numbers over time">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              {['Traces', 'p50', 'p95', 'p99'].map((title) => (
                <th key={title} scope="col" className="number">
                  {title}
                </th>
              ))}
              <th scope="col">Bottleneck of the traces</th>
            </tr>
          </thead>
          <tbody>
            {props.buckets.map((bucket) => (
              <tr key={bucket.startMs}>
                <th scope="row">{timeText(bucket.startMs, Date.now())}</th>
                <td className="number">{bucket.count}</td>
                <td className="number">{msText(bucket.p50Ms)}</td>
                <td className="number">{msText(bucket.p95Ms)}</td>
                <td className="number">{msText(bucket.p99Ms)}</td>
                <td>{namesOf(bucket, props.groups)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </details>
  );
}
