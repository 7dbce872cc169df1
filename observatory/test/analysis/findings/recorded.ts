// Traces recorded from the running demo, one file for each fault and mistake (`fixtures/README.md`).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeTrace, type TraceAnalysis } from '../../../src/analysis/analyze-trace.ts';
import { type DoctorOptions, diagnose, type Finding } from '../../../src/analysis/findings/index.ts';
import { maxNs } from '../../../src/trace/nanoseconds.ts';
import { spansFromOtlpJson } from '../../../src/wire/otlp-json.ts';

/** The traces of a recording, one on each line. */
export function recorded(name: string): TraceAnalysis[] {
  const text = readFileSync(join(__dirname, 'fixtures', `${name}.otlp.jsonl`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const spans = spansFromOtlpJson(JSON.parse(line));
      return analyzeTrace({ traceId: spans[0]?.traceId ?? '', spans });
    });
}

/** Half a minute after the last span: nothing of the set can still be on its way. */
export function later(analyses: readonly TraceAnalysis[]): bigint {
  const ends = analyses.flatMap(({ tree }) => tree.nodes.map(({ span }) => span.endNs));
  return ends.reduce(maxNs, 0n) + 30_000_000_000n;
}

/** What the doctor says of recordings that hold everything of their time. */
export function diagnoseRecorded(names: readonly string[], options: DoctorOptions = {}): Finding[] {
  const analyses = names.flatMap(recorded);
  return diagnose(analyses, { complete: true, nowNs: later(analyses), ...options });
}
