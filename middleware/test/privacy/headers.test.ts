// Headers are on spans only when they are named, and credentials never.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express, { type Express } from 'express';
import { tracing } from '../../src/index.ts';
import { type Bench, benchOf } from '../attributes/serve.ts';

let bench: Bench;
let app: Express;
beforeAll(() => {
  bench = benchOf({ captureHeaders: { request: ['X-Tenant', 'referer'] } });
  app = shop();
});
afterAll(() => bench.stop());

function shop(): Express {
  const made = express().use(tracing({ captureHeaders: { response: ['x-cache', 'X-Parts', 'location'] } }));
  return made.get('/', (_request, response) => {
    response.set({ 'x-cache': 'HIT', 'x-secret': 'hunter2', location: '/next?token=hunter2' });
    response.setHeader('x-parts', ['a', 'b']);
    response.cookie('session', 'hunter2').send('ok');
  });
}

const headerKeys = (attributes: object): string[] =>
  Object.keys(attributes).filter((key) => key.includes('.header.'));

describe('captureHeaders', () => {
  it('shows the named headers as arrays, and no others', async () => {
    const headers = {
      'x-tenant': 'acme',
      authorization: 'Bearer hunter2',
      cookie: 'session=hunter2',
      'x-other': 'hunter2',
      referer: 'http://ada:hunter2@shop.example/?token=hunter2',
    };
    const attributes = await bench.attributesOf(app, '/', { headers });
    expect(attributes).toMatchObject({
      'http.request.header.x-tenant': ['acme'],
      'http.request.header.referer': ['http://REDACTED:REDACTED@shop.example/?token=REDACTED'],
      'http.response.header.x-cache': ['HIT'],
      'http.response.header.x-parts': ['a', 'b'],
      'http.response.header.location': ['/next?token=REDACTED'],
    });
    expect(headerKeys(attributes)).toHaveLength(5);
    expect(JSON.stringify(attributes)).not.toContain('hunter2');
  });

  it('shows one that was sent twice with both values, and none for one that was not sent', async () => {
    const attributes = await bench.attributesOf(app, '/', { headers: { 'x-tenant': ['acme', 'umbrella'] } });
    expect(attributes['http.request.header.x-tenant']).toEqual(['acme', 'umbrella']);
    expect(attributes).not.toHaveProperty(['http.request.header.referer']);
  });

  it.each(['Authorization', 'proxy-authorization', 'Cookie', 'SET-COOKIE'])('refuses %s', (name) => {
    for (const captureHeaders of [{ request: [name] }, { response: ['x-fine', name] }]) {
      expect(() => tracing({ captureHeaders })).toThrow(
        new RegExp(`${name} holds credentials, which must not get into traces.*ERR_LONGPOLE_INVALID_OPTION`),
      );
    }
  });

  it.each<[unknown, RegExp]>([
    [{ reqest: ['x-a'] }, /unknown option `reqest`\. Did you mean `request`\?/],
    [['x-a'], /expected an object\. Did you mean \{ request: \["x-a"\] \}\?/],
    [{ request: 'x-a' }, /expected an array/],
    [{ request: ['x a'] }, /expected names of headers/],
    [{ request: [''] }, /expected names of headers/],
    [null, /takes an options object/],
  ])('refuses %j', (captureHeaders, message) => {
    expect(() => tracing({ captureHeaders: captureHeaders as object })).toThrow(message);
  });
});

it('without the option there are none', async () => {
  await bench.stop();
  bench = benchOf();
  const plain = express().get('/', (_request, response) => void response.set('x-b', '1').send('ok'));
  const attributes = await bench.attributesOf(plain, '/', { headers: { 'x-tenant': 'acme' } });
  expect(headerKeys(attributes)).toEqual([]);
});
