// The numbers of the map of services.
import type { ReactNode } from 'react';
import type { MapView } from '../../../src/view/index.ts';
import { msText } from './durations.ts';
import { errorText, rateText } from './rate-text.ts';
import { ServiceName } from './service-name.tsx';

export function ServiceTables({ map }: { readonly map: MapView }): ReactNode {
  return (
    <>
      <h2>Services</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Service</th>
            {['Requests', 'Rate', 'Failed', 'p50', 'p95'].map((title) => (
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
              <td className="number">{node.requests}</td>
              <td className="number">{rateText(node.requests, map.seconds)}</td>
              <td className="number">{errorText(node.errors, node.requests)}</td>
              <td className="number">{msText(node.p50Ms)}</td>
              <td className="number">{msText(node.p95Ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>Calls</h2>
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
                {edge.isBroken ? <strong className="error-mark">✕ trace context is lost</strong> : edge.kind}
              </td>
              <td className="number">{edge.calls}</td>
              <td className="number">{errorText(edge.errors, edge.calls)}</td>
              <td className="number">{msText(edge.p50Ms)}</td>
              <td className="number">{msText(edge.p95Ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
