// Whether a request counts as coming from inside, by its socket and its forwarding headers.

import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPrivateCaller } from '../../src/trust/private-caller.ts';

function caller(remoteAddress: string | undefined, headers: Record<string, string>): IncomingMessage {
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

describe('the socket', () => {
  it.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['::ffff:10.0.0.7', true],
    ['192.168.1.1', true],
    ['100.100.1.1', true],
    ['203.0.113.9', false],
    ['::ffff:203.0.113.9', false],
    ['2001:db8::7', false],
  ])('%s: %s', (address, isInside) => {
    expect(isPrivateCaller(caller(address, {}))).toBe(isInside);
  });

  it('that is gone is not trusted, because nobody knows where it came from', () => {
    expect(isPrivateCaller(caller(undefined, {}))).toBe(false);
  });

  it('of a local path is', async () => {
    const answers: boolean[] = [];
    const server = http.createServer((request, response) => {
      answers.push(isPrivateCaller(request));
      response.end();
    });
    const path = join(tmpdir(), `longpole-${process.pid}.sock`);
    server.listen(path);
    await once(server, 'listening');
    const request = http.get({ socketPath: path, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response.resume(), 'end');
    server.close();
    expect(answers).toEqual([true]);
  });
});

describe('what proxies say', () => {
  it.each<[Record<string, string>, boolean]>([
    [{ 'x-forwarded-for': '10.0.0.1' }, true],
    [{ 'x-forwarded-for': '10.0.0.1, 192.168.0.1,fd00::1' }, true],
    [{ 'x-forwarded-for': '10.0.0.1:4711, [fd00::1]:80' }, true],
    [{ 'x-forwarded-for': '' }, true],
    [{ 'x-forwarded-for': '203.0.113.9' }, false],
    [{ 'x-forwarded-for': '10.0.0.1, 203.0.113.9' }, false],
    [{ 'x-forwarded-for': '203.0.113.9, 10.0.0.1' }, false],
    [{ 'x-forwarded-for': '203.0.113.9:4711' }, false],
    [{ 'x-forwarded-for': 'unknown' }, false],
    [{ 'x-forwarded-for': '10.0.0.1 203.0.113.9' }, false],
    [{ 'x-real-ip': '203.0.113.9' }, false],
    [{ 'x-real-ip': '10.0.0.1' }, true],
    [{ forwarded: 'for=10.0.0.1;proto=http;by=203.0.113.9' }, true],
    [{ forwarded: 'For="[fd00::1]:4711", for=10.0.0.1' }, true],
    [{ forwarded: 'proto=https' }, true],
    [{ forwarded: 'for=203.0.113.9;proto=https' }, false],
    [{ forwarded: 'for=10.0.0.1, proto=https;FOR="203.0.113.9:80"' }, false],
    [{ forwarded: 'for="[2001:db8::1]"' }, false],
    [{ forwarded: 'for=_hidden' }, false],
    [{ forwarded: 'for=unknown' }, false],
    [{ 'x-forwarded-for': '10.0.0.1', forwarded: 'for=203.0.113.9' }, false],
  ])('%j: %s', (headers, isInside) => {
    expect(isPrivateCaller(caller('10.0.0.1', headers))).toBe(isInside);
  });

  it('cannot be undone by anything that a client sends before it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'",;= for10.[]:a\\') }), (sent) => {
        const xff = { 'x-forwarded-for': `${sent}, 203.0.113.9` };
        const forwarded = { forwarded: `${sent}, for=203.0.113.9` };
        expect(isPrivateCaller(caller('10.0.0.1', xff))).toBe(false);
        expect(isPrivateCaller(caller('10.0.0.1', forwarded))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('cannot make a public socket private', () => {
    expect(isPrivateCaller(caller('203.0.113.9', { 'x-forwarded-for': '10.0.0.1' }))).toBe(false);
  });
});
