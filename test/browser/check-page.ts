// Looks at a page for what keeps people out: axe's rules of WCAG 2.2 AA, and content wider than the window.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { openPage } from './browser.ts';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

interface CheckOptions {
  readonly scheme: 'light' | 'dark';
  readonly width?: number;
  /** Opens what is to be looked at too. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** What is wrong with the page at `path`, a line each; what loads has loaded before it is looked at. */
export async function checkPage(
  browser: Browser,
  origin: string,
  path: string,
  { scheme, width = 1440, prepare }: CheckOptions,
): Promise<string[]> {
  const { page, troubles } = await openPage(browser, origin, { scheme, width });
  const where = `${path} ${scheme} ${width}`;
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(() => !/Loading .* …/.test(document.body.textContent ?? ''));
  await prepare?.(page);
  // The page's content security policy keeps axe from being added as a script.
  const results = (await page.evaluate(
    `(() => { ${AXE}; return axe.run(document, { runOnly: ${JSON.stringify(TAGS)} }); })()`,
  )) as AxeResults;
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await page.close();
  return [
    ...results.violations.map(
      ({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html} and ${nodes.length - 1} more`,
    ),
    ...(overflow > 0 ? [`${where}: ${overflow} px wider than the window`] : []),
    ...troubles.map((trouble) => `${where}: ${trouble}`),
  ];
}
