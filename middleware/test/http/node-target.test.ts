// Where an outgoing request goes, in all the ways in which node:http can be told.

import http, { type ClientRequest, type RequestOptions } from 'node:http';
import https from 'node:https';
import { Duplex } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { targetOf, withPort } from '../../src/http/node-target.ts';

/** A connection that goes nowhere. */
const nowhere = (): Duplex => new Duplex({ read: () => undefined, write: (_c, _e, done) => done() });

function requested(url: string | RequestOptions, options: RequestOptions = {}): ClientRequest {
  const more = { ...options, createConnection: nowhere, agent: false as const };
  const isTls = (typeof url === 'string' ? url : (url.protocol ?? '')).startsWith('https');
  const send = isTls ? https.request : http.request;
  const request = typeof url === 'string' ? send(url, more) : send({ ...url, ...more });
  request.on('error', () => undefined);
  request.destroy();
  return request;
}

describe('targetOf()', () => {
  it.each<[string | RequestOptions, RequestOptions, object]>([
    [
      'http://shop.example/a?b=1',
      {},
      { url: 'http://shop.example/a?b=1', address: 'shop.example', port: 80 },
    ],
    [
      'http://shop.example:8080/',
      {},
      { url: 'http://shop.example:8080/', address: 'shop.example', port: 8080 },
    ],
    ['https://shop.example/', {}, { url: 'https://shop.example/', address: 'shop.example', port: 443 }],
    ['https://shop.example:80/', {}, { url: 'https://shop.example:80/', address: 'shop.example', port: 80 }],
    ['http://SHOP.example/', {}, { url: 'http://shop.example/', address: 'shop.example', port: 80 }],
    ['http://[::1]:81/', {}, { url: 'http://[::1]:81/', address: '::1', port: 81 }],
    [
      'http://ada:secret@shop.example/',
      {},
      { url: 'http://shop.example/', address: 'shop.example', port: 80 },
    ],
    [
      { host: 'shop.example', port: 81, path: '/x' },
      {},
      { url: 'http://shop.example:81/x', address: 'shop.example', port: 81 },
    ],
    [{ host: '::1', port: 81, path: '/x' }, {}, { url: 'http://[::1]:81/x', address: '::1', port: 81 }],
    [{ path: '/x' }, {}, { url: 'http://localhost/x', address: 'localhost', port: 80 }],
    [
      'http://10.0.0.7:81/x',
      { headers: { host: 'shop.internal' } },
      { url: 'http://10.0.0.7/x', address: '10.0.0.7', port: undefined },
    ],
    [
      'http://10.0.0.7:81/x',
      { setHost: false },
      { url: 'http://10.0.0.7/x', address: '10.0.0.7', port: undefined },
    ],
    [
      { host: 'proxy.example', port: 3128, path: 'http://shop.example:81/x' },
      {},
      { url: 'http://shop.example:81/x', address: 'shop.example', port: 81 },
    ],
    [
      { host: 'proxy.example', path: 'http://[::1]/x' },
      {},
      { url: 'http://[::1]/x', address: '::1', port: 80 },
    ],
  ])('reads %j with %j', (url, options, expected) => {
    expect(targetOf(requested(url, options))).toEqual({ method: 'GET', isLocal: false, ...expected });
  });

  it('reads the Host header out of headers given as an array', () => {
    const headers = ['X-First', '1', 'Host', 'shop.example:81', 'X-Last', '1'];
    const request = requested({ host: 'shop.example', port: 81, path: '/x', headers });
    expect(targetOf(request)).toMatchObject({ url: 'http://shop.example:81/x', port: 81 });
  });

  it('names the path of a local socket as the address, which has no port', () => {
    const request = requested({ socketPath: '/run/app.sock', path: '/x' });
    expect(targetOf(request)).toEqual({
      method: 'GET',
      url: 'http://localhost/x',
      address: '/run/app.sock',
      port: undefined,
      isLocal: true,
    });
  });
});

describe('withPort()', () => {
  it.each([
    ['http://10.0.0.7/x?y=1', 81, 'http://10.0.0.7:81/x?y=1'],
    ['http://10.0.0.7/x', 80, 'http://10.0.0.7/x'],
    ['https://[::1]/x', 8443, 'https://[::1]:8443/x'],
    ['https://shop.example', 443, 'https://shop.example'],
  ])('of %s and %d is %s', (url, port, expected) => {
    const target = { method: 'GET', url, address: 'x', port: undefined, isLocal: false };
    expect(withPort(target, port)).toEqual({ ...target, port, url: expected });
  });
});
