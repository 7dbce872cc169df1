// Services as boxes, calls as arrows; where the trace context gets lost, a broken one.
import './service-graph.css';
import type { ReactNode } from 'react';
import type { MapView, ServiceEdge, ServiceNode } from '../../../src/view/index.ts';
import { NODE_HEIGHT, NODE_WIDTH, type PlacedGraph, placeServices } from '../layout/service-graph.ts';
import { goTo } from '../routing/location.ts';
import { msText } from './durations.ts';
import { errorText, rateText } from './rate-text.ts';
import { serviceStyle } from './service-colour.ts';
import { shown } from './shown.ts';

function edgeClass({ isBroken, kind }: ServiceEdge): string {
  if (isBroken) return 'edge broken';
  return kind === 'message' ? 'edge message' : 'edge';
}

/** How far along an arrow its label is. */
const LABEL_AT = 0.62;

function cubic(a: number, b: number, c: number, d: number): number {
  const [t, s] = [LABEL_AT, 1 - LABEL_AT];
  return s ** 3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t ** 3 * d;
}

function Edge({ edge, graph }: { readonly edge: ServiceEdge; readonly graph: PlacedGraph }): ReactNode {
  const from = graph.nodes.find(({ service }) => service === edge.from);
  const to = graph.nodes.find(({ service }) => service === edge.to);
  if (from === undefined || to === undefined || from === to) return null;
  const isForward = to.x > from.x;
  const [x1, y1] = [from.x + (isForward ? NODE_WIDTH : 0), from.y + NODE_HEIGHT / 2];
  const [x2, y2] = [to.x + (isForward ? 0 : NODE_WIDTH), to.y + NODE_HEIGHT / 2];
  const bend = isForward ? (x2 - x1) / 2 : (x2 - x1) / 2 - 60;
  // Nearer to the callee, where arrows of one caller have parted; on the curve, not beside it.
  const middle = { x: cubic(x1, x1 + bend, x2 - bend, x2), y: cubic(y1, y1, y2, y2) };
  return (
    <g className={edgeClass(edge)}>
      <path d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} markerEnd="url(#arrow)" />
      {edge.isBroken ? (
        <text x={middle.x} y={middle.y + 6} textAnchor="middle" className="cross">
          ✕
        </text>
      ) : (
        <text x={middle.x} y={middle.y - 4} textAnchor="middle">
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
          {node.isUntraced
            ? 'not traced'
            : `${seconds === 0 ? `${node.requests}×` : rateText(node.requests, seconds)}, p95 ${msText(node.p95Ms)}`}
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

export function ServiceGraph({ map }: { readonly map: MapView }): ReactNode {
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
            markerWidth="11"
            markerHeight="11"
            markerUnits="userSpaceOnUse"
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
