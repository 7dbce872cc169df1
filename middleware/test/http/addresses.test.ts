// Hosts, ports and request targets, as they stand in headers, sockets and request lines.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainAddress, splitHost } from '../../src/http/hosts.ts';
import { splitTarget } from '../../src/http/request-target.ts';

describe('splitHost()', () => {
  it.each([
    ['shop.example', { address: 'shop.example' }],
    ['shop.example:8080', { address: 'shop.example', port: 8080 }],
    ['127.0.0.1:1', { address: '127.0.0.1', port: 1 }],
    ['[::1]', { address: '::1' }],
    ['[2001:db8::1]:443', { address: '2001:db8::1', port: 443 }],
    ['::1', { address: '::1' }],
    ['2001:db8::1', { address: '2001:db8::1' }],
    ['shop.example:', { address: 'shop.example' }],
    ['shop.example:0', { address: 'shop.example' }],
    ['shop.example:65536', { address: 'shop.example' }],
    ['shop.example:http', { address: 'shop.example' }],
    ['[::1', { address: '[::1' }],
    ['', { address: '' }],
  ])('reads %j', (host, expected) => {
    expect(splitHost(host)).toEqual(expected);
  });

  it('reads back every address with a port', () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.ipV4()), fc.integer({ min: 1, max: 65_535 }), (address, port) => {
        expect(splitHost(`${address}:${port}`)).toEqual({ address, port });
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 1, max: 65_535 }), (address, port) => {
        expect(splitHost(`[${address}]:${port}`)).toEqual({ address, port });
        expect(splitHost(`[${address}]`)).toEqual({ address });
      }),
    );
  });

  it.each(['host:9.', 'host:1e3', 'host:0x50', 'host: 80', 'host:+80', 'host:'])(
    'finds no port in %j',
    (host) => {
      expect(splitHost(host)).toEqual({ address: 'host' });
    },
  );

  it('never throws and never invents a port', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('[', ']', ':', '.', '0', '9', 'a', '%') }), (host) => {
        const { address, port } = splitHost(host);
        expect(typeof address).toBe('string');
        if (port !== undefined) expect(host.endsWith(`:${String(port)}`) || /:0+\d+$/.test(host)).toBe(true);
      }),
    );
  });
});

describe('plainAddress()', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['::ffff:7f00:1', '::ffff:7f00:1'],
  ])('shows %s as %s', (address, expected) => {
    expect(plainAddress(address)).toBe(expected);
  });
});

describe('splitTarget()', () => {
  it.each([
    ['/', { path: '/', query: '', host: undefined }],
    ['/a/b?c=1&d', { path: '/a/b', query: 'c=1&d', host: undefined }],
    ['/a?', { path: '/a', query: '', host: undefined }],
    ['//shop.example/a', { path: '//shop.example/a', query: '', host: undefined }],
    ['*', { path: '*', query: '', host: undefined }],
    ['http://shop.example/a?b=1', { path: '/a', query: 'b=1', host: 'shop.example' }],
    ['http://shop.example:81', { path: '/', query: '', host: 'shop.example:81' }],
    ['https://ada:secret@shop.example/a', { path: '/a', query: '', host: 'shop.example' }],
    ['http://[', { path: 'http://[', query: '', host: undefined }],
    ['mailto:ada@example.org', { path: 'mailto:ada@example.org', query: '', host: undefined }],
  ])('takes %j apart', (target, expected) => {
    expect(splitTarget(target)).toEqual(expected);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (target) => void splitTarget(target)));
  });
});
