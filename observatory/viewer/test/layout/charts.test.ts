// Percentiles over time, and where services stand on the map.
import { describe, expect, it } from '@jest/globals';
import type { MapView, ServiceEdge, ServiceNode } from '../../../src/view/index.ts';
import { bucketsOf } from '../../src/layout/percentiles.ts';
import { columnsOf, placeServices } from '../../src/layout/service-graph.ts';

describe('percentiles over time', () => {
  it('are those of the traces in each stretch, empty ones left out', () => {
    const points = Array.from({ length: 100 }, (_, i): [number, number, number] => [
      i < 50 ? i : 1_000 + i,
      i + 1,
      i % 5 === 0 ? 3 : 1,
    ]);
    const buckets = bucketsOf(points, 10);
    expect(buckets.map(({ count }) => count)).toEqual([50, 50]);
    expect(buckets[0]).toMatchObject({ startMs: 0, p50Ms: 25, p95Ms: 48, p99Ms: 50 });
    expect(buckets[1]).toMatchObject({ p50Ms: 75, p99Ms: 100 });
    expect(buckets[0]?.bottlenecks).toEqual([
      [1, 40],
      [3, 10],
    ]);
  });

  it('take one point, and none', () => {
    expect(bucketsOf([[5, 7, -1]], 10)).toMatchObject([{ count: 1, p50Ms: 7 }]);
    expect(bucketsOf([], 10)).toEqual([]);
  });
});

function mapOf(...calls: [string, string][]): MapView {
  const services = [...new Set(calls.flat())];
  const node = (service: string): ServiceNode => ({
    service,
    requests: 1,
    errors: 0,
    p50Ms: 1,
    p95Ms: 1,
    isUntraced: false,
  });
  const edge = ([from, to]: [string, string]): ServiceEdge => ({
    ...{ from, to, kind: 'call', calls: 1, errors: 0, p50Ms: 1, p95Ms: 1, isBroken: false },
  });
  return { nodes: services.map(node), edges: calls.map(edge), seconds: 1 };
}

describe('the map of services', () => {
  it('has callers to the left of those they call', () => {
    const columns = columnsOf(
      mapOf(['gateway', 'auth'], ['gateway', 'payment'], ['payment', 'bank'], ['gateway', 'bank']),
    );
    expect(Object.fromEntries(columns)).toEqual({ gateway: 0, auth: 1, payment: 1, bank: 2 });
  });

  it('puts no two services in one place', () => {
    const { nodes } = placeServices(mapOf(['a', 'b'], ['a', 'c'], ['a', 'd'], ['b', 'e'], ['d', 'e']));
    expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(5);
  });

  it('ends on circles and on services that call themselves', () => {
    const { nodes } = placeServices(mapOf(['a', 'b'], ['b', 'a'], ['c', 'c']));
    expect(nodes).toHaveLength(3);
    for (const { x, y } of nodes) expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
  });
});
