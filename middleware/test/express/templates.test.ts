// Route templates of drawn routers: always the whole template, never a value from the URL.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Express, Router } from 'express';
import fc from 'fast-check';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';
import {
  type ExpressModule,
  express4,
  express5,
  ok,
  pass,
  routeOf,
  serverSpan,
} from './support/expresses.ts';

let here: TracingHere;
beforeAll(() => {
  here = traceHere();
});
afterAll(() => here.stop());

/** A part of a path: its pattern and what the request has in its place. */
interface Part {
  readonly pattern: string;
  readonly actual: string;
}

interface Level {
  readonly parts: readonly Part[];
  readonly as: 'router' | 'app';
  /** Mounts that the request passes before this one. */
  readonly passed: readonly ('same' | 'first' | 'parameter' | 'root')[];
}

const part = fc.nat(9).chain((n) =>
  fc.oneof(
    fc.constant<Part>({ pattern: `fixed${n}`, actual: `fixed${n}` }),
    fc.tuple(fc.constantFrom('id', 'name', 'x'), fc.nat(9999)).map<Part>(([name, value]) => ({
      pattern: `:${name}${n}`,
      actual: `value-${value}`,
    })),
  ),
);
const parts = fc.array(part, { minLength: 1, maxLength: 2 });
const level: fc.Arbitrary<Level> = fc.record({
  parts,
  as: fc.constantFrom('router', 'app'),
  passed: fc.array(fc.constantFrom('same', 'first', 'parameter', 'root'), { maxLength: 2 }),
});
const drawn = fc.record({ levels: fc.array(level, { maxLength: 3 }), route: parts });

const pathOf = (all: readonly Part[], key: keyof Part): string => all.map((each) => `/${each[key]}`).join('');

function build(express: ExpressModule, levels: readonly Level[], route: readonly Part[]): Express {
  const app = express();
  let inner: Router = app;
  let isApp = true;
  for (const { parts: path, as, passed } of levels) {
    // Express 4 forgets the application around a router that an application is mounted in.
    isApp &&= as === 'app';
    const next: Router = isApp ? express() : express.Router();
    for (const how of passed) inner.use(passedPath(how, path), pass);
    inner.use(pathOf(path, 'pattern'), next);
    inner = next;
  }
  inner.get(pathOf(route, 'pattern'), ok);
  return app;
}

function passedPath(how: Level['passed'][number], path: readonly Part[]): string {
  if (how === 'root') return '/';
  if (how === 'parameter') return '/:anything';
  return pathOf(how === 'same' ? path : path.slice(0, 1), 'pattern');
}

describe.each([
  ['Express 5', express5],
  ['Express 4', express4],
])('%s', (_name, express) => {
  it('has the whole template of every drawn route and no value of its URL', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ levels, route }) => {
        const all = [...levels.flatMap((each) => each.parts), ...route];
        const span = await serverSpan(here, build(express, levels, route), pathOf(all, 'actual'));
        expect(routeOf(span)).toBe(pathOf(all, 'pattern'));
        expect(span.name).toBe(`GET ${pathOf(all, 'pattern')}`);
        expect(span.name).not.toMatch(/value-\d/);
      }),
      { numRuns: 60 },
    );
  });
});
