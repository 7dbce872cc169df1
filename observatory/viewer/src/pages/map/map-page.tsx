// The map of services: who calls whom, how often, how long it takes, and where the trace context gets lost.
import './map.css';
import type { ReactNode } from 'react';
import { percentText } from '../../../../src/trace/duration-text.ts';
import type { MapView, ServiceEdge, ServiceNode } from '../../../../src/view/index.ts';
import { fetchMap } from '../../api/set-client.ts';
import { useLoaded } from '../../api/use-loaded.ts';
import { NODE_HEIGHT, NODE_WIDTH, type PlacedGraph, placeServices } from '../../layout/service-graph.ts';
import { msText } from '../../parts/durations.ts';
import { Failure, Loading } from '../../parts/notice.tsx';
import { serviceStyle } from '../../parts/service-colour.ts';
import { ServiceName } from '../../parts/service-name.tsx';
import { SetFilters, setQuery } from '../../parts/set-filters.tsx';
import { SetNote } from '../../parts/set-note.tsx';
import { shown } from '../../parts/shown.ts';
import { goTo, usePlace } from '../../routing/location.ts';

function rateText(count: number, seconds: number): string {
  if (seconds < 1) return `${count}`;
  const rate = count / seconds;
  return rate >= 1 ? `${rate.toFixed(1)}/s` : `${(rate * 60).toFixed(1)}/min`;
}

function errorText(errors: number, count: number): string {
  return errors === 0 || count === 0 ? 'none' : percentText(errors / count);
}

function edgeClass({ isBroken, kind }: ServiceEdge): string {
  if (isBroken) return 'edge broken';
  return kind === 'message' ? 'edge message' : 'edge';
}

function Edge({ edge, graph }: { readonly edge: ServiceEdge; readonly graph: PlacedGraph }): ReactNode {
  const from = graph.nodes.find(({ service }) => service === edge.from);
  const to = graph.nodes.find(({ service }) => service === edge.to);
  if (from === undefined || to === undefined || from === to) return null;
  const isForward = to.x > from.x;
  const [x1, y1] = [from.x + (isForward ? NODE_WIDTH : 0), from.y + NODE_HEIGHT / 2];
  const [x2, y2] = [to.x + (isForward ? 0 : NODE_WIDTH), to.y + NODE_HEIGHT / 2];
  const bend = isForward ? (x2 - x1) / 2 : (x2 - x1) / 2 - 60;
  const middle = { x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
  return (
    <g className={edgeClass(edge)}>
      <path d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} markerEnd="url(#arrow)" />
      {edge.isBroken ? (
        <text x={middle.x} y={middle.y + 6} textAnchor="middle" className="cross">
          ✕
        </text>
      ) : (
        <text x={middle.x} y={middle.y - 5} textAnchor="middle">
          {edge.calls}× {msText(edge.p50Ms)}
        </text>
      )}
    </g>
  );
}

function Node({
  node,
  x,
  y,
  seconds,
}: {
  readonly node: ServiceNode;
  readonly x: number;
  readonly y: number;
  readonly seconds: number;
}): ReactNode {
  const address = `/?service=${encodeURIComponent(node.service)}`;
  return (
    <g
      transform={`translate(${x} ${y})`}
      className={node.isUntraced ? 'service-node untraced' : 'service-node'}
      style={serviceStyle(node.service)}
    >
      <a
        href={address}
        onClick={(event) => {
          event.preventDefault();
          goTo(address);
        }}
      >
        <rect width={NODE_WIDTH} height={NODE_HEIGHT} rx={5} />
        <rect width={7} height={NODE_HEIGHT} rx={2} className="stripe" />
        <text x={16} y={22} className="name">
          {shown(node.service, 22)}
        </text>
        <text x={16} y={42}>
          {node.isUntraced ? 'not traced' : `${rateText(node.requests, seconds)}, p95 ${msText(node.p95Ms)}`}
        </text>
        {node.errors > 0 ? (
          <text x={NODE_WIDTH - 8} y={22} textAnchor="end" className="failed">
            ×{errorText(node.errors, node.requests)}
          </text>
        ) : null}
      </a>
    </g>
  );
}

function Drawing({ map }: { readonly map: MapView }): ReactNode {
  const graph = placeServices(map);
  const view = `-4 -20 ${graph.width + 8} ${graph.height + 40}`;
  return (
    <div className="map-drawing">
      <svg
        viewBox={view}
        width={graph.width + 8}
        role="group"
        aria-label="Map of the services; the tables below have its numbers."
      >
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0L8 4L0 8z" />
          </marker>
        </defs>
        {map.edges.map((edge) => (
          <Edge key={`${edge.from} ${edge.to} ${edge.kind}`} edge={edge} graph={graph} />
        ))}
        {graph.nodes.map(({ service, x, y }) => {
          const node = map.nodes.find((one) => one.service === service);
          return node === undefined ? null : (
            <Node key={service} node={node} x={x} y={y} seconds={map.seconds} />
          );
        })}
      </svg>
    </div>
  );
}

function Tables({ map }: { readonly map: MapView }): ReactNode {
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

export function MapPage(): ReactNode {
  const query = setQuery(usePlace().query);
  const { value, error, isLoading, reload } = useLoaded(`map ${query}`, (signal) => fetchMap(query, signal));
  return (
    <>
      <h1>Services</h1>
      <SetFilters reload={reload} />
      {error === undefined ? null : <Failure error={error} retry={reload} />}
      {isLoading ? <Loading what="the map" /> : null}
      {value === undefined ? null : (
        <>
          <SetNote set={value.set} />
          {value.map.nodes.length === 0 ? null : <Drawing map={value.map} />}
          <Tables map={value.map} />
        </>
      )}
    </>
  );
}
