// The rival: the critical path of Jaeger UI, compiled from a checkout that is not part of this repository.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import type { Trace } from '../../observatory/src/trace/span.ts';
import { buildTree } from '../../observatory/src/trace/tree.ts';

const ROOM = 'src/components/TracePage/CriticalPath';
const FILES = [
  `${ROOM}/index.ts`,
  `${ROOM}/utils/cpspan.ts`,
  `${ROOM}/utils/findLastFinishingChildSpan.ts`,
  `${ROOM}/utils/sanitizeOverFlowingChildren.ts`,
  'src/types/otel.ts',
  'src/types/critical_path.ts',
];

/** What Jaeger UI calls a span, as far as its critical path reads it; times are microseconds. */
interface RivalSpan {
  readonly spanID: string;
  readonly parentSpanID: string | undefined;
  readonly kind: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly duration: number;
  readonly childSpans: RivalSpan[];
  parentSpan: RivalSpan | undefined;
}

interface RivalTrace {
  readonly rootSpans: readonly RivalSpan[];
}

/** What it finds: an entry for each section of the path, or the reason why there is none. */
interface RivalPath {
  readonly sections: readonly unknown[];
  readonly failed: boolean;
  readonly errors: readonly string[];
}

export type Rival = (trace: RivalTrace) => RivalPath;

/** Compiles the files of `packages/jaeger-ui` below `checkout` into a temporary folder and loads them. */
export function loadRival(checkout: string): Rival {
  const folder = mkdtempSync(join(tmpdir(), 'longpole-bench-'));
  for (const file of FILES) {
    const source = readFileSync(join(checkout, 'packages', 'jaeger-ui', file), 'utf8');
    const { code } = transformSync(source, {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
      module: { type: 'commonjs' },
    });
    const target = join(folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  // Its only package remembers the last answer, which no measurement wants.
  mkdirSync(join(folder, 'node_modules', 'memoize-one'), { recursive: true });
  writeFileSync(join(folder, 'node_modules', 'memoize-one', 'index.js'), 'module.exports = (f) => f;');
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
  const loaded = createRequire(join(folder, 'bench.js'))(`./${ROOM}/index.js`) as { default: Rival };
  rmSync(folder, { recursive: true });
  return loaded.default;
}

/** A trace as Jaeger UI holds it, its tree ready-made. */
export function toRivalTrace(trace: Trace): RivalTrace {
  const { nodes, roots } = buildTree(trace);
  const spans = nodes.map(({ span }): RivalSpan => {
    const [startTime, endTime] = [Number(span.startNs / 1000n), Number(span.endNs / 1000n)];
    const duration = endTime - startTime;
    const parentSpanID = span.parentSpanId === '' ? undefined : span.parentSpanId;
    return {
      spanID: span.spanId,
      parentSpanID,
      kind: span.kind,
      startTime,
      endTime,
      duration,
      childSpans: [],
      parentSpan: undefined,
    };
  });
  for (const { index, parent } of nodes) {
    if (parent === undefined) continue;
    const [span, parentSpan] = [spans[index] as RivalSpan, spans[parent.index] as RivalSpan];
    span.parentSpan = parentSpan;
    parentSpan.childSpans.push(span);
  }
  return { rootSpans: roots.map(({ index }) => spans[index] as RivalSpan) };
}
