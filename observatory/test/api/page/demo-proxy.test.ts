// The way from the page's panel to the demo's mesh.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { createApi } from '../../../src/api/index.ts';
import { closeStores, openStore } from '../../store/records.ts';

let mesh: Server;
const asked: string[] = [];

function apiOf(demoUrl?: string) {
  return createApi({
    store: openStore(),
    stats: () => ({}),
    otlpUrl: () => 'http://127.0.0.1:4318',
    ...(demoUrl !== undefined && { demoUrl }),
  }).app;
}

function meshUrl(): string {
  return `http://127.0.0.1:${(mesh.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  asked.length = 0;
  mesh = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => {
      body += chunk;
    });
    req.on('end', () => {
      asked.push(`${req.method} ${req.url} ${body}`);
      res.writeHead(req.url === '/load' ? 422 : 200).end('{"message":"heard"}');
    });
  });
  await new Promise<void>((resolve) => mesh.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  closeStores();
  mesh.close();
});

describe('the panel', () => {
  it('asks the mesh, with path, method, body and status', async () => {
    const api = apiOf(meshUrl());
    await request(api).get('/api/longpole/demo').expect(200, { message: 'heard' });
    await request(api).put('/api/longpole/demo/services/payment').send({ latencyMs: 1 }).expect(200);
    await request(api)
      .put('/api/longpole/demo/load')
      .send({ perSecond: 99 })
      .expect(422, { message: 'heard' });
    expect(asked).toEqual(['GET / ', 'PUT /services/payment {"latencyMs":1}', 'PUT /load {"perSecond":99}']);
    expect((await request(api).get('/api/longpole/welcome')).body.hasDemo).toBe(true);
  });

  it('is told where there is no mesh, and when it does not answer', async () => {
    await request(apiOf())
      .get('/api/longpole/demo')
      .expect(404, /FAULTS=on npm start/);
    await request(apiOf('http://127.0.0.1:1'))
      .get('/api/longpole/demo')
      .expect(502, /does not answer/);
  });

  it('takes nothing from pages of other origins, and no forms', async () => {
    const api = apiOf(meshUrl());
    const send = (headers: Record<string, string>) =>
      request(api).post('/api/longpole/demo/checkout').set(headers).send('{}');
    await send({ 'content-type': 'application/json', origin: 'http://evil.example' }).expect(403);
    await send({ 'content-type': 'application/json', origin: 'null' }).expect(403);
    await send({ 'content-type': 'text/plain' }).expect(415);
    await send({ 'content-type': 'application/json', host: 'localhost', origin: 'http://localhost' }).expect(
      200,
    );
    expect(asked).toEqual(['POST /checkout {}']);
  });
});
