// The pages and their addresses.
import type { ComponentType } from 'react';
import { ComparePage } from '../pages/compare/compare-page.tsx';
import { DemoPage } from '../pages/demo/demo-page.tsx';
import { FindingsPage } from '../pages/findings/findings-page.tsx';
import { MapPage } from '../pages/map/map-page.tsx';
import { RoutesPage } from '../pages/routes/routes-page.tsx';
import { TracePage } from '../pages/trace/trace-page.tsx';
import { TracesPage } from '../pages/traces/traces-page.tsx';

export interface Page {
  /** Name in the navigation; a page without one is reached from another. */
  readonly name?: string;
  readonly path: string;
  /** Named only where a demo runs. */
  readonly onlyInDemo?: true;
  readonly component: ComponentType<{ readonly id: string }>;
}

/** A path that ends with `/:id` matches one more segment, which the page gets as `id`. */
export const PAGES: readonly Page[] = [
  { name: 'Traces', path: '/', component: TracesPage },
  { name: 'Routes', path: '/routes', component: RoutesPage },
  { name: 'Compare', path: '/compare', component: ComparePage },
  { name: 'Services', path: '/services', component: MapPage },
  { name: 'Findings', path: '/findings', component: FindingsPage },
  { name: 'Demo', path: '/demo', component: DemoPage, onlyInDemo: true },
  { path: '/trace/:id', component: TracePage },
];

/** The page at a path, with the id in it. */
export function findPage(path: string): { page: Page; id: string } | undefined {
  for (const page of PAGES) {
    if (!page.path.endsWith('/:id')) {
      if (path === page.path || path === `${page.path}/`) return { page, id: '' };
      continue;
    }
    const prefix = page.path.slice(0, -':id'.length);
    const id = path.startsWith(prefix) ? path.slice(prefix.length).replace(/\/$/, '') : '';
    if (id !== '' && !id.includes('/')) return { page, id };
  }
  return undefined;
}
