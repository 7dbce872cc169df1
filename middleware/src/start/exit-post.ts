// Posts spans to an OTLP/HTTP backend while the process is exiting and nothing asynchronous can run any more.

import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import type { OtlpTarget } from './otlp-exporter.ts';
import { certificateFiles, isGzip, otlpHeaders } from './otlp-settings.ts';

/** How long the process may be held up. */
export interface ExitLimits {
  /** In all: on a busy machine it can take seconds until a child process begins. */
  readonly wholeMs: number;
  /** By the backend, from the first request on. */
  readonly backendMs: number;
}

/**
 * Sends the bodies of requests from a short-lived child process, with the headers and certificates of the
 * `OTEL_EXPORTER_OTLP_*` variables, and waits for it.
 *
 * @returns how many of them, from the first on, the backend has confirmed
 */
export function postWhileExiting(
  plainBodies: readonly Uint8Array[],
  target: OtlpTarget,
  limits: ExitLimits,
): number {
  if (!isPlainNode()) return 0;
  const bodies = isGzip() ? plainBodies.map((body) => gzipSync(body)) : plainBodies;
  const plan = {
    url: target.url,
    headers: otlpHeaders(target.contentType),
    files: certificateFiles(),
    lengths: bodies.map((body) => body.length),
    backendMs: limits.backendMs,
  };
  const { stdout } = spawnSync(process.execPath, ['-e', POST_STANDARD_INPUT], {
    input: Buffer.concat([Buffer.from(`${JSON.stringify(plan)}\n`), ...bodies]),
    timeout: limits.wholeMs,
    killSignal: 'SIGKILL',
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
    env: { ...process.env, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: '1' },
  });
  return Math.min(bodies.length, stdout?.length ?? 0);
}

/** A single executable application would start itself once more. */
function isPlainNode(): boolean {
  return process.versions['electron'] !== undefined || /(^|[\\/])node(js)?(\.exe)?$/i.test(process.execPath);
}

/** Writes one dot for each request that was confirmed, and stops at the first that was not. */
const POST_STANDARD_INPUT = `
const { readFileSync, writeSync } = require('node:fs');
const input = readFileSync(0);
const bodiesStart = input.indexOf(10) + 1;
const plan = JSON.parse(input.subarray(0, bodiesStart).toString());
const scheme = require(plan.url.startsWith('https:') ? 'node:https' : 'node:http');
const files = Object.entries(plan.files).map(([name, path]) => [name, readFileSync(path)]);
const agent = new scheme.Agent({ keepAlive: true, ...Object.fromEntries(files) });
const post = (body) => new Promise((resolve, reject) => {
  const options = { method: 'POST', agent, headers: { ...plan.headers, 'content-length': body.length } };
  scheme.request(plan.url, options, (response) => {
    response.resume().on('end', () => (response.statusCode < 300 ? resolve() : reject(response.statusCode)));
  }).on('error', reject).end(body);
});
setTimeout(() => process.exit(1), plan.backendMs);
(async () => {
  let start = bodiesStart;
  for (const length of plan.lengths) {
    await post(input.subarray(start, start + length));
    writeSync(1, '.');
    start += length;
  }
  process.exit(0);
})().catch(() => process.exit(1));`;
