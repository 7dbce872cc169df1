// The page at /: what this is, how to send a trace, and the newest traces.
import { createHash } from 'node:crypto';
import type { TraceSummary } from '../store/index.ts';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
pre{background:#f3f3f3;padding:.75rem;overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ddd;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#161616}pre{background:#262626}a{color:#8ab4ff}th,td{border-color:#444}}`;

/** The source expression that allows the page's style in a Content-Security-Policy. */
export const STYLE_SOURCE: string = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const MAX_NAME = 120;

/** Text for a place between tags or inside a quoted attribute; control characters become visible. */
function escapeHtml(text: string): string {
  const visible = text.replace(/\p{Cc}/gu, '\uFFFD').toWellFormed();
  return visible.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function shortName(text: string): string {
  const name = text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}…` : text;
  return `<bdi>${escapeHtml(name)}</bdi>`;
}

function toMs(ns: bigint): number {
  return Number(ns / 1_000n) / 1_000;
}

function startTime(startNs: bigint): string {
  const date = new Date(toMs(startNs));
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function row(trace: TraceSummary): string {
  const cells = [
    startTime(trace.startNs),
    shortName(trace.rootService),
    `<a href="/api/traces/${trace.traceId}?prettyPrint=true">${shortName(trace.rootOperation || '(no name)')}</a>`,
    `${toMs(trace.durationNs).toFixed(1)} ms`,
    String(trace.spans),
    String(trace.errors),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function table(traces: readonly TraceSummary[]): string {
  if (traces.length === 0) return '<p>No traces yet.</p>';
  const head = ['Start', 'Service', 'Operation', 'Duration', 'Spans', 'Errors'];
  const titles = head.map((title) => `<th scope="col">${title}</th>`).join('');
  return `<table><thead><tr>${titles}</tr></thead><tbody>${traces.map(row).join('')}</tbody></table>`;
}

/** A command that sends one span to `otlpUrl`. */
export function curlExample(otlpUrl: string): string {
  const span = `{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"hello","kind":2,"startTimeUnixNano":"'$(date +%s)'000000000","endTimeUnixNano":"'$(date +%s)'250000000"}`;
  const resource = '{"attributes":[{"key":"service.name","value":{"stringValue":"curl"}}]}';
  const body = `{"resourceSpans":[{"resource":${resource},"scopeSpans":[{"spans":[${span}]}]}]}`;
  return `curl ${otlpUrl}/v1/traces -H 'Content-Type: application/json' -d '${body}'`;
}

/** The whole page. */
export function homePage(otlpUrl: string, traces: readonly TraceSummary[]): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Longpole</title><style>${STYLE}</style></head>
<body>
<h1>Longpole</h1>
<p>Distributed tracing for Express that names the long pole: the one span that holds the whole request up.
This is its trace backend. It takes OpenTelemetry traces in at <code>${escapeHtml(otlpUrl)}/v1/traces</code>
and answers Jaeger's query API here.</p>
<h2>Send a trace</h2>
<p>From an Express app, one line:</p>
<pre>app.use(tracing({ service: 'orders' })); // import { tracing } from "@longpole/express"</pre>
<p>From a shell:</p>
<pre>${escapeHtml(curlExample(otlpUrl))}</pre>
<h2>Newest traces</h2>
${table(traces)}
<p><a href="/api/services">services</a> · <a href="/api/dependencies">dependencies</a> · <a href="/api/longpole/stats?prettyPrint=true">statistics</a></p>
</body>
</html>
`;
}
