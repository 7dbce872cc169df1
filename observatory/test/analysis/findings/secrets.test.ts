// Secrets on spans: found by form and by name, told without being shown, and not seen where there are none.
import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../../src/analysis/findings/index.ts';
import type { AttributeMap, AttributeValue } from '../../../src/trace/span.ts';
import { codesIn, sentences, trace } from './sets.ts';

// Put together here, so that no scanner of this repository takes them for leaked ones.
const JWT = `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJ${'zdWIiOiJhZGEifQ'}.${'o1qUsqLFnanoINryG1VeIuuKFI24'}`;
const CARD = ['4111', '1111', '1111', '1111'];

function spanWith(attributes: AttributeMap) {
  return trace('a', { id: 'r', service: 'shop', name: 'GET /', kind: 'SERVER', endMs: 5, attributes });
}

describe('a secret', () => {
  test.each<[string, AttributeValue, string]>([
    ['note', JWT, 'a JSON web token'],
    ['http.request.header.x-session', [`Bearer ${'a1b2c3d4'.repeat(3)}`], 'a token'],
    ['note', `Basic ${'YWRhOmxvdmVsYWNl'}`, 'a token'],
    ['note', `AKIA${'ABCDEFGHIJKLMNOP'}`, 'an API key'],
    ['note', `token ghp_${'a'.repeat(36)}`, 'an API key'],
    ['note', `sk_live_${'a1'.repeat(10)}`, 'an API key'],
    ['note', `-----BEGIN RSA ${'PRIVATE'} KEY-----`, 'a private key'],
    ['url.full', 'https://ada:lovelace@shop.example/', 'a password in a URL'],
    ['url.full', 'https://shop.example/?page=2&access_token=abcdef', 'a key in a URL'],
    ['url.query', 'x=1&user[password]=abcdef', 'a key in a URL'],
    ['url.full', 'http://a/?page_token=abc&api_key=abcdef', 'a key in a URL'],
    ['note', `paid with ${CARD.join(' ')} today`, 'a card number'],
    ['note', CARD.join('-'), 'a card number'],
    ['card', BigInt(CARD.join('')), 'a card number'],
    ['user.password', 'lovelace', 'a password'],
    ['app.clientSecret', 'lovelace', 'an API key'],
    ['http.request.header.authorization', ['Digest abc'], 'a token'],
    ['http.request.header.cookie', ['sid=1'], 'a cookie'],
    ['x-api-key', 'abc', 'an API key'],
    ['body', { user: { password: 'lovelace' } }, 'a password'],
  ])('in %s is found: %#', (key, value, kind) => {
    const set = [spanWith({ [key]: value })];
    const [sentence, ...others] = sentences('secret-in-attribute', set);
    expect(others).toEqual([]);
    expect(sentence).toMatch(new RegExp(`^shop has what looks like ${kind} in `));
  });

  test('is never part of the finding', () => {
    const text = JSON.stringify(
      diagnose([spanWith({ note: JWT, 'user.password': 'lovelace', pan: CARD.join('') })]),
    );
    for (const secret of [JWT.slice(10, 25), 'lovelace', CARD.join('')]) expect(text).not.toContain(secret);
  });

  test('is found in messages of errors, names of spans and resources too', () => {
    const event = {
      name: 'exception',
      timeNs: 1n,
      attributes: { 'exception.message': `bad ${JWT}` },
      droppedAttributesCount: 0,
    };
    const resource = {
      attributes: { 'service.name': 'shop', 'process.command_args': [`--url=https://a:bcd@h/`] },
      droppedAttributesCount: 0,
    };
    const part = { id: 'r', service: 'shop', name: `verify ${JWT}`, endMs: 5, events: [event], resource };
    expect(sentences('secret-in-attribute', [trace('a', part)])).toEqual([
      'shop has what looks like a JSON web token in event exception exception.message of a span, once.',
      'shop has what looks like a JSON web token in name of a span, once.',
      'shop has what looks like a password in a URL in process.command_args of its resource, once.',
    ]);
  });
});

test.each<[string, AttributeValue]>([
  ['url.full', 'https://REDACTED:REDACTED@shop.example/?token=REDACTED&page=2'],
  ['url.full', 'http://127.0.0.1:8083/charges'],
  ['user.password', 'REDACTED'],
  ['user.password', '***'],
  ['auth.token', ''],
  ['token.valid', true],
  ['llm.token', 512n],
  ['llm.usage.tokens', '512'],
  ['session.id', 'a1b2c3d4'],
  ['order.id', 'order-f49b56b9-08b8-4294-a340-efc660354227'],
  ['payment.id', 'pay-4111'],
  ['time_ns', 1_795_360_850_381_899_658n],
  ['time', '1795360850381899658'],
  ['number', '4111111111111112'],
  ['trace', '41111111111111110000000000000000'],
  ['amount', '4111.1111111111111'],
  ['db.query.text', 'SELECT id FROM users WHERE token = ? AND password = ?'],
  ['user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0'],
  ['tokenizer', 'bpe'],
  ['note', 'invalid bearer authentication-token-missing'],
  ['page_token', 'abcdef'],
  ['aws.nextToken', 'abcdef'],
  ['url.query', 'page_token=abcdef&next-token=abc'],
])('%s with %p is no secret', (key, value) => {
  expect(codesIn(spanWith({ [key]: value }))).toEqual([]);
});
