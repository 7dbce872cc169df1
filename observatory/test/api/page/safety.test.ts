// What other web pages and broken clients may not do to the page's server.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Backend, startBackend } from '../../../src/server/index.ts';

let backend: Backend;

beforeAll(async () => {
  backend = await startBackend({ uiPort: 0, otlpPort: 0 });
});

afterAll(() => backend.close());

/** The status line that a raw request is answered with. */
async function sendRaw(url: string, head: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setEncoding('latin1');
  socket.end(head);
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  await once(socket, 'close');
  return text.split('\r\n')[0] ?? '';
}

describe('a request target that is no path', () => {
  const targets = [
    'http://[',
    'http://[::1',
    '//',
    '//[',
    '/%',
    '/%c0%af',
    '/trace/%',
    '/api/longpole/traces/%',
    '/api/longpole/demo/[',
    '/api/longpole/demo//evil.example/',
    '/api/longpole/traces?%=%&startMs=%',
    'http://evil.example/api/services',
    '*',
    '\\\\',
  ];

  it.each(targets)('%s is answered, on both ports, and the server goes on', async (target) => {
    for (const url of [backend.uiUrl, backend.otlpUrl]) {
      const line = await sendRaw(
        url,
        `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
      );
      expect(line).toMatch(/^HTTP\/1\.1 [24]\d\d /);
    }
    expect((await fetch(`${backend.uiUrl}/healthz`)).status).toBe(200);
  });
});

describe('a page of another origin', () => {
  const paths = ['/traces', '/live', '/findings', '/welcome', '/demo'];

  it.each(paths)('gets no answer from /api/longpole%s', async (path) => {
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      const { status } = await fetch(`${backend.uiUrl}/api/longpole${path}`, { headers });
      expect({ headers, status }).toEqual({ headers, status: 403 });
    }
  });

  it('gets no answer under a name of its own', async () => {
    const line = await sendRaw(
      backend.uiUrl,
      'GET /api/longpole/live HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    );
    expect(line).toBe('HTTP/1.1 403 Forbidden');
  });

  it('may not frame the page or guess types', async () => {
    const { headers } = await fetch(`${backend.uiUrl}/`);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is no other origin when it is the page itself', async () => {
    const headers = { origin: backend.uiUrl, 'sec-fetch-site': 'same-origin' };
    expect((await fetch(`${backend.uiUrl}/api/longpole/traces`, { headers })).status).toBe(200);
  });
});
