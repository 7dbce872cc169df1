// Which requests get no span, and that a rule can never break one.

import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_IGNORE,
  HEALTH_CHECKS,
  type IgnoreRule,
  isIgnored,
  isIgnoreRule,
} from '../../src/http/ignore.ts';
import { sharedState } from '../../src/shared/state.ts';

const request = (url: string | undefined): IncomingMessage => ({ url, method: 'GET' }) as IncomingMessage;

describe('isIgnored()', () => {
  it.each<[string, readonly IgnoreRule[], boolean]>([
    ['/healthz', HEALTH_CHECKS, true],
    ['/healthz?probe=1', HEALTH_CHECKS, true],
    ['/healthz/', HEALTH_CHECKS, false],
    ['/api/healthz', HEALTH_CHECKS, false],
    ['http://shop.example/healthz', HEALTH_CHECKS, true],
    ['/static/app.js', [/^\/static\//], true],
    ['/orders?next=/static/', [/static/], false],
    ['/orders', [], false],
    ['/orders', [(each) => each.method === 'GET'], true],
    ['/orders', ['/other', /other/, () => false], false],
  ])('%s by %j: %s', (url, rules, expected) => {
    expect(isIgnored(request(url), rules)).toBe(expected);
  });

  it('tries a pattern with the g or y flag from the start each time, and leaves its lastIndex alone', () => {
    for (const rule of [/^\/static/g, /\/static/y]) {
      expect([1, 2, 3].map(() => isIgnored(request('/static/app.js'), [rule]))).toEqual([true, true, true]);
      expect(rule.lastIndex).toBe(0);
    }
  });

  it('takes a predicate that throws for "no", and counts it', () => {
    const before = sharedState().faults;
    const rules: IgnoreRule[] = [
      () => {
        throw new Error('a bad rule');
      },
    ];
    expect(isIgnored(request('/orders'), rules)).toBe(false);
    expect(isIgnored(request('/orders'), [...rules, '/orders'])).toBe(true);
    expect(sharedState().faults).toBe(before + 2);
  });

  it('takes a request without a URL for one of the root', () => {
    expect(isIgnored(request(undefined), ['/'])).toBe(true);
  });
});

describe('the default list', () => {
  const asked = (method: string, url: string): boolean =>
    isIgnored({ method, url } as IncomingMessage, DEFAULT_IGNORE);

  it.each([
    '/app.css',
    '/static/chunk-4f2a.mjs?v=3',
    '/static/chunk-4f2a.js.map',
    '/IMG/LOGO.PNG',
    '/photos/1.jpg',
    '/photos/1.jpeg',
    '/fonts/inter.woff2',
    '/favicon.ico',
    '/site.webmanifest',
    '/manifest.json',
    '/robots.txt',
    'http://shop.example/logo.svg',
    '/healthz',
  ])('has %s, read with GET or HEAD', (url) => {
    expect(['GET', 'HEAD'].map((method) => asked(method, url))).toEqual([true, true]);
  });

  it.each([
    ['GET', '/'],
    ['GET', '/files/report.json'],
    ['GET', '/download/invoice.pdf'],
    ['GET', '/export/orders.csv'],
    ['GET', '/notes/robots.txt'],
    ['GET', '/app/manifest.json'],
    ['GET', '/videos/trailer.mp4'],
    ['GET', '/page.html'],
    ['GET', '/api/products/7/picture.png'],
    ['GET', '/shop/API/v1/logo.svg'],
    ['GET', '/css'],
    ['GET', '/app.css/rules'],
    ['GET', '/proxy?url=/app.css'],
    ['GET', '/nextjs'],
    ['POST', '/upload/photo.png'],
    ['PUT', '/themes/dark.css'],
    ['DELETE', '/photos/1.jpg'],
    ['OPTIONS', '*'],
  ])('does not have %s %s', (method, url) => {
    expect(asked(method, url)).toBe(false);
  });
});

describe('isIgnoreRule()', () => {
  it.each([['/health'], ['*'], [/x/], [() => true]])('accepts %p', (rule) => {
    expect(isIgnoreRule(rule)).toBeUndefined();
  });

  it.each([[42], [null], [{}], [['/health']], ['health'], ['']])('refuses %p', (rule) => {
    expect(isIgnoreRule(rule)).toMatch(/^expected/);
  });
});
