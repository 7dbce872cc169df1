// Which addresses and hosts count as inside.

import { isIP } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPrivateAddress, isPrivatePeer } from '../../src/trust/private-address.ts';
import { isPrivateHost } from '../../src/trust/private-host.ts';
import { type HostRule, hostTest, isPropagateTo } from '../../src/trust/propagate-to.ts';

const ipv4 = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

/** First and last address of each private IPv4 network, by the RFCs. */
const RANGES: readonly (readonly [string, string])[] = [
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.168.0.0', '192.168.255.255'],
];
const numberOf = (address: string): number =>
  address.split('.').reduce((all, part) => all * 256 + Number(part), 0);
const isInARange = (address: number): boolean =>
  RANGES.some(([first, last]) => address >= numberOf(first) && address <= numberOf(last));

const anyIpv4 = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc
    .constantFrom(...RANGES.flat().map(numberOf))
    .chain((edge) => fc.integer({ min: -2, max: 2 }).map((step) => edge + step)),
);

describe('isPrivateAddress()', () => {
  it.each(RANGES.flat())('%s is private', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it('is true of an IPv4 address exactly when it lies in a private network, also as mapped IPv6', () => {
    fc.assert(
      fc.property(anyIpv4, (number) => {
        const address = ipv4(number);
        expect([address, isPrivateAddress(address)]).toEqual([address, isInARange(number)]);
        expect([address, isPrivateAddress(`::ffff:${address}`)]).toEqual([address, isInARange(number)]);
        expect(isPrivatePeer(address)).toBe(isInARange(number));
      }),
      { numRuns: 2000 },
    );
  });

  it('goes by the first bits of an IPv6 address', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(fc.tuple(group, fc.array(group, { minLength: 7, maxLength: 7 })), ([first, rest]) => {
        const address = [first, ...rest].map((each) => each.toString(16)).join(':');
        fc.pre(first !== 0);
        const isInside = (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80;
        expect([address, isPrivateAddress(address)]).toEqual([address, isInside]);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['::1', 'fe80::1%eth0', 'fd00::', '::ffff:a00:1'])('%s is private', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['', 'localhost', '10.0.0', '10.0.0.1:80', '[::1]', '::', '0.0.0.0', '010.0.0.1', '2001:db8::1'])(
    '%j is not',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(isPrivateAddress(text)).toBe(isIP(text) !== 0 && isPrivatePeer(text));
      }),
    );
  });
});

describe('isPrivateHost()', () => {
  it.each([
    'localhost',
    'localhost.',
    'payment',
    'mylocal',
    'my_service-2',
    'a.localhost',
    'printer.local',
    'db.internal',
    'payment.default.svc',
    'payment.default.svc.cluster.local',
    'payment.default.svc.cluster.local.',
    '127.0.0.1',
    '10.1.2.3',
    '::1',
    '0.0.0.0',
    '::',
  ])('%s is inside', (host) => {
    expect(isPrivateHost(host)).toBe(true);
  });

  it.each([
    '',
    'example.com',
    'local.example.com',
    'internal.example',
    'notinternal.com',
    '.local',
    'ai.',
    '8.8.8.8',
    '134744072',
    '0x08080808',
    '10.0.0.1.example.com',
    '127.0.0.1.nip.io',
    '2001:db8::1',
    '::ffff:8.8.8.8',
    'fe80.example',
  ])('%j is not', (host) => {
    expect(isPrivateHost(host)).toBe(false);
  });
});

describe('hostTest()', () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  const name = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => `${labels.join('.')}.example`);

  it('an exact name holds for this name in any case, with or without its last dot, and for no other', () => {
    fc.assert(
      fc.property(name, name, (named, other) => {
        const test = hostTest([named.toUpperCase()]);
        expect([test(named), test(`${named}.`), test(other)]).toEqual([true, true, other === named]);
      }),
    );
  });

  it('*.name holds for every name below it and not for itself or a name that merely ends alike', () => {
    fc.assert(
      fc.property(name, label, (named, below) => {
        const test = hostTest([`*.${named}`]);
        expect(test(`${below}.${named}`)).toBe(true);
        expect(test(`a.${below}.${named}`)).toBe(true);
        expect([test(named), test(`${below}${named}`), test(`${named}.evil.example`)]).toEqual([
          false,
          false,
          false,
        ]);
      }),
    );
  });

  it('compares names beyond ASCII as DNS has them', () => {
    const test = hostTest(['bücher.example']);
    expect([test('xn--bcher-kva.example'), test('BÜCHER.example')]).toEqual([true, true]);
  });

  it('knows IPv6 addresses with and without brackets', () => {
    const test = hostTest(['[2001:db8::1]']);
    expect([test('2001:db8::1'), test('[2001:db8::1]'), test('2001:db8::2')]).toEqual([true, true, false]);
  });

  it('gives the same answer again, also beyond what it can remember', () => {
    const test = hostTest(['*.partner.example']);
    for (const round of [1, 2]) {
      for (let i = 0; i < 3000; i += 1) {
        const isPartner = i % 2 === 0;
        expect([round, test(`h${i}.${isPartner ? 'partner' : 'other'}.example`)]).toEqual([round, isPartner]);
      }
    }
  });
});

describe('isPropagateTo()', () => {
  it.each<[string, unknown]>([
    ['hosts', ['api.example.com', '*.example.com', '10.0.0.1', '2001:db8::1', '*', /partner/]],
    ['an object', { hosts: ['api.example.com'], traceparent: 'allowed-hosts' }],
    ['nothing', []],
  ])('takes %s', (_what, value) => {
    expect(isPropagateTo(value)).toBeUndefined();
  });

  it.each<unknown>([
    [['https://api.example.com']],
    [['api.example.com:8080']],
    [['api.example.com/v1']],
    [['api.*.com']],
    [['*example.com']],
    [['']],
    [[42]],
    ['api.example.com'],
    [null],
  ])('refuses %j', (value) => {
    expect(isPropagateTo(value)).toMatch(/^expected /);
  });

  it('names the key that was misspelt', () => {
    expect(() => isPropagateTo({ traceparents: 'everywhere' } as unknown as HostRule[])).toThrow(
      /Did you mean `traceparent`\?/,
    );
  });
});
