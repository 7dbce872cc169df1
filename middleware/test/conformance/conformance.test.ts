// Runs every scenario over both ways of instrumenting and compares the spans with the contract.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bench, startBench } from './harness/bench.ts';
import { groups } from './scenarios/index.ts';
import { shortfallsOf } from './stock-shortfalls.ts';

let benches: { readonly listen: Bench; readonly stock: Bench };

beforeAll(async () => {
  const [listen, stock] = await Promise.all([startBench('listen'), startBench('stock')]);
  benches = { listen, stock };
}, 120_000);

afterAll(async () => {
  await Promise.all([benches?.listen.stop(), benches?.stock.stop()]);
});

describe.each(groups)('$name', ({ name, scenarios }) => {
  it.each(scenarios)('$title: by listening, all of the contract', async (scenario) => {
    expect(await benches.listen.run(scenario)).toEqual([]);
  });

  it.each(scenarios)('$title: stock, all but the known shortfalls', async (scenario) => {
    expect(await benches.stock.run(scenario)).toEqual(shortfallsOf(name, scenario.title));
  });
});
