// The built page at its addresses.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';
import { createApi } from '../../../src/api/index.ts';
import { closeStores, openStore } from '../../store/records.ts';

let folder: string;
let app: Express;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>built</title>');
  writeFileSync(join(folder, 'theme.js'), '// theme');
  writeFileSync(join(folder, 'assets', 'index-abc.js'), '// page');
  writeFileSync(join(folder, '.secret'), 'no');
  app = createApi({
    store: openStore(),
    stats: () => ({}),
    otlpUrl: () => 'http://127.0.0.1:4318',
    pageFolder: folder,
  }).app;
});

afterAll(() => {
  closeStores();
  rmSync(folder, { recursive: true });
});

describe('the page', () => {
  it.each(['/', '/?service=x', '/trace/5b8efff798038103d269b633813fc60c'])('is at %s', async (address) => {
    const { status, text, headers } = await request(app).get(address);
    expect({ status, text }).toEqual({ status: 200, text: '<!doctype html><title>built</title>' });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'self';object-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    });
  });

  it('has its files, those with a hash in the name for long', async () => {
    await request(app).get('/theme.js').expect(200, '// theme').expect('cache-control', 'no-store');
    await request(app)
      .get('/assets/index-abc.js')
      .expect(200, '// page')
      .expect('cache-control', /immutable/);
  });

  it.each(['/nothing', '/assets/none.js', '/.secret', '/%2e%2e/package.json', '/trace/a/b'])(
    'is not at %s',
    async (address) => {
      await request(app).get(address).expect(404);
    },
  );

  it('tells an empty list where traces go', async () => {
    const { body } = await request(app).get('/api/longpole/welcome').expect(200);
    expect(body).toEqual({
      otlpUrl: 'http://127.0.0.1:4318',
      curl: expect.stringContaining('curl http://127.0.0.1:4318/v1/traces'),
      hasDemo: false,
    });
  });
});

describe('without a built page', () => {
  it('a trace is shown as JSON, and the newest ones as a list', async () => {
    const plain = createApi({
      store: openStore(),
      stats: () => ({}),
      otlpUrl: () => 'http://127.0.0.1:4318',
    }).app;
    const id = '5b8efff798038103d269b633813fc60c';
    await request(plain)
      .get(`/trace/${id}`)
      .expect(302)
      .expect('location', `/api/traces/${id}?prettyPrint=true`);
    await request(plain)
      .get('/')
      .expect(200, /Newest traces/);
  });
});
