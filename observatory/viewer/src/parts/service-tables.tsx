// The numbers of the map of services.
import type { ReactNode } from 'react';
import type { MapView, ServiceNode } from '../../../src/view/index.ts';
import { msText } from './durations.ts';
import { errorText, rateText } from './rate-text.ts';
import { ServiceName } from './service-name.tsx';
import { Wide } from './wide.tsx';

interface NumbersProps {
  readonly node: ServiceNode;
  readonly seconds: number;
  readonly hasRate: boolean;
}

/** Nothing is known of a service that was only called. */
function Numbers({ node, seconds, hasRate }: NumbersProps): ReactNode {
  const { requests, errors, p50Ms, p95Ms } = node;
  const rate = hasRate ? [rateText(requests, seconds)] : [];
  const known = [`${requests}`, ...rate, errorText(errors, requests), msText(p50Ms), msText(p95Ms)];
  return known.map((text, i) => (
    <td key={i} className="number">
      {node.isUntraced ? '' : text}
    </td>
  ));
}

export function ServiceTables({ map }: { readonly map: MapView }): ReactNode {
  const hasRate = map.seconds > 0;
  return (
    <>
      <h2>Services</h2>
      <Wide label="Services">
        <table>
          <thead>
            <tr>
              <th scope="col">Service</th>
              {(hasRate
                ? ['Requests', 'Rate', 'Failed', 'p50', 'p95']
                : ['Requests', 'Failed', 'p50', 'p95']
              ).map((title) => (
                <th key={title} scope="col" className="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {map.nodes.map((node) => (
              <tr key={node.service}>
                <th scope="row">
                  <ServiceName service={node.service} /> {node.isUntraced ? '(called, not traced)' : ''}
                </th>
                <Numbers node={node} seconds={map.seconds} hasRate={hasRate} />
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <h2>Calls</h2>
      <Wide label="Calls">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Kind</th>
              {['Calls', 'Failed', 'p50', 'p95'].map((title) => (
                <th key={title} scope="col" className="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {map.edges.map((edge) => (
              <tr key={`${edge.from} ${edge.to} ${edge.kind}`}>
                <td>
                  <ServiceName service={edge.from} />
                </td>
                <td>
                  <ServiceName service={edge.to} />
                </td>
                <td>
                  {edge.isBroken ? (
                    <strong className="error-mark">✕ trace context is lost</strong>
                  ) : (
                    edge.kind
                  )}
                </td>
                <td className="number">{edge.calls}</td>
                <td className="number">{errorText(edge.errors, edge.calls)}</td>
                <td className="number">{msText(edge.p50Ms)}</td>
                <td className="number">{msText(edge.p95Ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}
