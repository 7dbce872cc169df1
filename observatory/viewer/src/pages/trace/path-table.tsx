// What the time of the request is made of: the critical path by operation, as a table.
import type { ReactNode } from 'react';
import { percentText } from '../../../../src/trace/duration-text.ts';
import type { GroupView, TraceView } from '../../../../src/view/index.ts';
import { Calls } from '../../parts/calls.tsx';
import { msText, nsText } from '../../parts/durations.ts';
import { serviceStyle } from '../../parts/service-colour.ts';
import { ServiceName } from '../../parts/service-name.tsx';
import { shown } from '../../parts/shown.ts';
import { Wide } from '../../parts/wide.tsx';

const KIND_TEXT: Readonly<Record<string, string>> = {
  own: 'its own work',
  network: 'on the way',
  queue: 'waiting in a queue',
  untraced: 'nothing traced',
};

function Group({ group }: { readonly group: GroupView }): ReactNode {
  return (
    <tr>
      <td>
        <ServiceName service={group.service} />
        {group.peer === '' ? null : (
          <>
            {' → '}
            <ServiceName service={group.peer} />
          </>
        )}
      </td>
      <td>
        <bdi>{shown(group.operation, 120)}</bdi>
        <Calls calls={group.calls} />
      </td>
      <td>{KIND_TEXT[group.kind] ?? group.kind}</td>
      <td className="number">{group.spans}</td>
      <td className="number">{msText(group.selfMs)}</td>
      <td className="number">{percentText(group.share)}</td>
      <td className="gauge" aria-hidden="true">
        <span style={serviceStyle(group.service, { width: `${group.share * 100}%` })} />
      </td>
    </tr>
  );
}

interface GroupTableProps {
  readonly groups: readonly GroupView[];
  readonly caption: string;
}

export function GroupTable({ groups, caption }: GroupTableProps): ReactNode {
  return (
    <Wide label={caption}>
      <table className="path-table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Operation</th>
            <th scope="col">Time spent in</th>
            {['Spans', 'Time', 'Share'].map((title) => (
              <th key={title} scope="col" className="number">
                {title}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Group key={`${group.service} ${group.peer} ${group.kind} ${group.operation}`} group={group} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

export function PathTable({ view }: { readonly view: TraceView }): ReactNode {
  const caption = `The critical path: what the ${nsText(view.durationNs)} of the request were spent in. The parts add up to the whole.`;
  return <GroupTable groups={view.groups} caption={caption} />;
}
