// The demo in the browser: a checkout, the sentence, a fault taken away, the next bottleneck.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
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

  it('reads well everywhere: no page has a violation, in light or dark', async () => {
    const { page, troubles } = await openPage(browser, uiUrl);
    await page.goto('/');
    const trace = await page.getByRole('link', { name: 'POST /api/checkout' }).first().getAttribute('href');
    await page.close();
    const problems = [];
    for (const scheme of ['light', 'dark'] as const) {
      for (const path of ['/', `${trace}`, '/routes', '/services', '/findings', '/demo']) {
        problems.push(...(await checkPage(browser, uiUrl, path, { scheme })));
      }
    }
    expect(problems).toEqual([]);
    expect(troubles).toEqual([]);
  });
});

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
