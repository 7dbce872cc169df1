// The demo in the browser: a checkout, the sentence, a fault taken away, the next bottleneck.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { TraceRow } from '../../observatory/src/view/index.ts';
import { runMesh } from '../../services/mesh/src/run-mesh.ts';
import { ANY_PORTS, GUARD, ROOT } from '../../services/mesh/test/running-services.ts';
import { openPage, startBrowser } from './browser.ts';
import { checkPage } from './check-page.ts';

const stop = new AbortController();
let browser: Browser;
let uiUrl = '';
let exitCode: Promise<number>;

beforeAll(async () => {
  browser = await startBrowser();
  const { promise, resolve } = Promise.withResolvers<void>();
  let written = '';
  exitCode = runMesh({
    root: ROOT,
    guard: GUARD,
    isBuilt: false,
    environment: { ...process.env, ...ANY_PORTS, FAULTS: 'on' },
    terminal: {
      out: (text) => {
        written += text;
        uiUrl = /http:\/\/[\d.]+:\d+(?=\/trace\/)/.exec(written)?.[0] ?? '';
        if (written.includes('Ctrl-C stops everything')) resolve();
      },
      err: (text) => {
        written += text;
      },
      isInteractive: false,
    },
    stop: stop.signal,
    kill: stop.signal,
  });
  await Promise.race([promise, exitCode.then((code) => Promise.reject(new Error(`${code}: ${written}`)))]);
}, 60_000);

afterAll(async () => {
  stop.abort();
  await Promise.all([browser.close(), exitCode]);
}, 60_000);

describe('the demo', () => {
  it('names payment, and notify when payment is quick', async () => {
    const { page, troubles } = await openPage(browser, uiUrl);
    await page.goto('/');
    await page.getByRole('link', { name: 'Demo' }).click();
    await page.getByRole('button', { name: 'Send a checkout' }).click();
    const verdict = page.getByRole('link', { name: /holds up POST \/api\/checkout/ });
    await verdict.filter({ hasText: 'payment' }).waitFor({ timeout: 20_000 });
    const latency = page.getByRole('region', { name: 'payment' }).getByLabel('Latency (ms)');
    await latency.fill('100');
    await latency.press('Enter');
    await page.getByText('payment is set.').waitFor();
    await page.getByRole('button', { name: 'Send a checkout' }).click();
    await verdict.filter({ hasText: 'notify' }).waitFor({ timeout: 20_000 });
    await verdict.click();
    await page
      .getByRole('heading', { level: 1, name: /^notify · .* holds up POST \/api\/checkout/ })
      .waitFor();
    await page.getByRole('treegrid').waitFor();
    expect(await page.getByRole('row', { name: /payment POST \/charges/ }).count()).toBe(1);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('shows a broken edge and a finding when the trace context is dropped', async () => {
    const { page, troubles } = await openPage(browser, uiUrl);
    await page.goto('/demo');
    await page.getByRole('region', { name: 'gateway' }).getByLabel('Mistake').selectOption('propagation');
    await page.getByText('gateway is set.').waitFor();
    for (let sent = 0; sent < 3; sent++) {
      await page.getByRole('button', { name: 'Send a checkout' }).click();
      await page.getByText(/^201 in/).waitFor({ timeout: 20_000 });
    }
    const findings = page.getByText('broken-propagation').first();
    await expect(
      eventually(async () => {
        await page.goto('/findings');
        await findings.waitFor({ timeout: 1_500 });
      }),
    ).resolves.toBeUndefined();
    await page.goto('/services');
    await page.getByText('trace context is lost').first().waitFor();
    expect(await page.locator('.edge.broken').count()).toBe(1);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('compares two checkouts, and gives services the same colours everywhere', async () => {
    const { page, troubles } = await openPage(browser, uiUrl);
    const [slow, quick] = await checkouts(page);
    await page.goto(`/compare?tab=traces&a=${slow}&b=${quick}`);
    await page
      .getByText(/^The second took .* instead of .* authorize with acquirer: −2 \d{3} ms\.$/)
      .waitFor();
    const colourOf = (): Promise<string> =>
      page
        .locator('.service', { hasText: 'payment' })
        .first()
        .evaluate((element) => getComputedStyle(element).getPropertyValue('--service'));
    const colour = await colourOf();
    for (const path of [`/trace/${slow}`, '/services', '/routes', '/demo']) {
      await page.goto(path);
      expect({ path, colour: await colourOf() }).toEqual({ path, colour });
    }
    expect(troubles).toEqual([]);
    await page.close();
  });

  it.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 360],
    ['dark', 360],
  ] as const)(
    'reads well everywhere, %s and %i px wide: no page, tab, help or detail has a violation',
    async (scheme, width) => {
      const { page } = await openPage(browser, uiUrl);
      const [first = '', second = ''] = await checkouts(page);
      await page.goto(`/trace/${first}`);
      const span = (await page.getByRole('row').nth(5).getAttribute('id'))?.replace('span-', '') ?? '0';
      await page.close();
      const tabs = ['path', 'flame', 'graph', 'what-if', 'findings', 'json'];
      const paths = ['/', '/routes', '/compare', '/services', '/findings', '/demo', `/trace/${first}`];
      paths.push(...tabs.map((tab) => `/trace/${first}?tab=${tab}`));
      paths.push(`/compare?tab=traces&a=${first}&b=${second}`);
      paths.push('/compare?beforeStartMs=0&beforeEndMs=1&afterStartMs=1&afterEndMs=9000000000000');
      paths.push('/?service=payment&minDurationMs=1&startMs=1&errors=true&attribute=a%3Db');
      const problems = [];
      for (const path of paths) problems.push(...(await checkPage(browser, uiUrl, path, { scheme, width })));
      const opened: [string, (page: Page) => Promise<unknown>][] = [
        [`/trace/${first}`, (page) => page.keyboard.press('?')],
        [
          `/trace/${first}`,
          async (page) => {
            await page.locator(`#span-${span}`).click();
            await page.getByRole('table', { name: 'Attributes' }).waitFor();
          },
        ],
        [
          '/routes',
          (page) =>
            page.locator('summary').evaluateAll((all) => {
              for (const one of all) (one.parentElement as HTMLDetailsElement).open = true;
            }),
        ],
      ];
      for (const [path, prepare] of opened) {
        problems.push(...(await checkPage(browser, uiUrl, path, { scheme, width, prepare })));
      }
      expect(problems).toEqual([]);
    },
    300_000,
  );
});

/** Ids of a slow and a quick checkout. */
async function checkouts(page: Page): Promise<string[]> {
  const answer = await page.request.get(`${uiUrl}/api/longpole/traces?minDurationMs=300`);
  const { traces } = (await answer.json()) as { traces: TraceRow[] };
  const whole = traces.filter(({ operation, spans }) => operation === 'POST /api/checkout' && spans >= 14);
  return [
    whole.find(({ durationMs }) => durationMs > 2_000),
    whole.find(({ durationMs }) => durationMs < 1_500),
  ].map((row) => row?.traceId ?? '');
}

/** Tries until it does not fail, for half a minute: the spans of five services arrive one after the other. */
async function eventually(attempt: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}
