// Where services stand on the map: callers to the left of those they call, in columns.
import type { MapView } from '../../../src/view/index.ts';

export interface PlacedNode {
  readonly service: string;
  readonly x: number;
  readonly y: number;
}

export interface PlacedGraph {
  readonly nodes: readonly PlacedNode[];
  readonly width: number;
  readonly height: number;
}

export const NODE_WIDTH = 190;
export const NODE_HEIGHT = 58;
const GAP_X = 110;
const GAP_Y = 26;

/** The longest way from a service that nobody calls; a circle of calls counts once around at most. */
export function columnsOf({ nodes, edges }: MapView): Map<string, number> {
  const column = new Map(nodes.map(({ service }) => [service, 0]));
  for (let round = 0; round < nodes.length; round++) {
    let hasMoved = false;
    for (const { from, to } of edges) {
      const wanted = (column.get(from) ?? 0) + 1;
      if (from === to || wanted >= nodes.length || wanted <= (column.get(to) ?? 0)) continue;
      column.set(to, wanted);
      hasMoved = true;
    }
    if (!hasMoved) break;
  }
  return column;
}

/** Positions of all services; within a column by the mean height of their callers. */
export function placeServices(map: MapView): PlacedGraph {
  const columns = columnsOf(map);
  const used = [...new Set(columns.values())].sort((a, b) => a - b);
  const placed = new Map<string, PlacedNode>();
  let height = 0;
  used.forEach((column, at) => {
    const members = map.nodes.filter(({ service }) => columns.get(service) === column);
    const order = members
      .map(({ service }) => ({ service, weight: callersHeight(map, service, placed) }))
      .sort((a, b) => a.weight - b.weight || (a.service < b.service ? -1 : 1));
    order.forEach(({ service }, row) => {
      placed.set(service, { service, x: at * (NODE_WIDTH + GAP_X), y: row * (NODE_HEIGHT + GAP_Y) });
    });
    height = Math.max(height, order.length * (NODE_HEIGHT + GAP_Y) - GAP_Y);
  });
  return { nodes: [...placed.values()], width: used.length * (NODE_WIDTH + GAP_X) - GAP_X, height };
}

function callersHeight(map: MapView, service: string, placed: ReadonlyMap<string, PlacedNode>): number {
  const heights = map.edges.flatMap(({ from, to }) => (to === service ? (placed.get(from)?.y ?? []) : []));
  return heights.length === 0 ? 0 : heights.reduce((a, b) => a + b, 0) / heights.length;
}
