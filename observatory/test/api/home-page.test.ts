// The page at /: it tells how to send a trace, lists the newest, and takes every text as text.
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { curlExample, homePage, STYLE_SOURCE } from '../../src/api/home-page.ts';
import type { TraceSummary } from '../../src/store/index.ts';
import { T0, traceIdOf } from '../receiver/readable-span.ts';

const OTLP = 'http://127.0.0.1:4318';

function summary(more: Partial<TraceSummary> = {}): TraceSummary {
  return {
    traceId: traceIdOf(1),
    rootService: 'gateway',
    rootOperation: 'POST /api/checkout',
    rootKind: 2,
    startNs: T0,
    durationNs: 3_004_000_000n,
    spans: 17,
    errors: 0,
    arrival: 1,
    ...more,
  };
}

describe('the page', () => {
  it('tells where traces go, with a curl and the line of code', () => {
    const page = homePage(OTLP, []);
    expect(page).toContain('http://127.0.0.1:4318/v1/traces');
    expect(page).toContain('app.use(tracing({ service: ');
    expect(page).toContain('No traces yet.');
  });

  it('lists traces with a link to their JSON', () => {
    const page = homePage(OTLP, [summary()]);
    expect(page).toContain(
      `<a href="/api/traces/${traceIdOf(1)}?prettyPrint=true"><bdi>POST /api/checkout</bdi></a>`,
    );
    expect(page).toContain('<td>3004.0 ms</td><td>17</td>');
    expect(page).toContain('2026-11-22T10:00:00.000Z');
  });

  it.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onclick='x",
    '</td></table><h1>',
    '&lt;',
  ])('shows the name %s as text', (name) => {
    const page = homePage(OTLP, [summary({ rootService: name, rootOperation: name })]);
    expect(page).not.toContain(`<bdi>${name}`);
    const names = [...page.matchAll(/<bdi>(.*?)<\/bdi>/gs)].map((match) => match[1] ?? '');
    expect(names).toHaveLength(2);
    for (const shown of names) expect(shown).not.toMatch(/[<>"']/);
  });

  it('cuts endless names, shows control characters and survives impossible times', () => {
    const page = homePage(OTLP, [
      summary({
        rootService: 'n'.repeat(1_000_000),
        rootOperation: 'a\u0000\u001b[31m\ud800',
        startNs: 2n ** 63n - 1n,
      }),
      summary({ rootOperation: '' }),
    ]);
    expect(page.length).toBeLessThan(10_000);
    expect(page).toContain('<bdi>a��[31m�</bdi>');
    expect(page).toContain('(no name)');
  });

  it('allows its one style, and has no script', () => {
    const page = homePage(OTLP, [summary()]);
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? '';
    expect(STYLE_SOURCE).toBe(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(page).not.toMatch(/<script|style=|onload/);
  });

  it('has a curl that carries one valid span', () => {
    const body = /-d '(.*)'$/.exec(curlExample(OTLP))?.[1] ?? '';
    const parsed = JSON.parse(body.replaceAll("'$(date +%s)'", '1795341600')) as { resourceSpans: unknown[] };
    expect(parsed.resourceSpans).toHaveLength(1);
  });
});
