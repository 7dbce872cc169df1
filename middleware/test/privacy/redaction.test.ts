// What the application names is redacted in the URLs of all spans, and in nothing but URLs.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import express from 'express';
import fc from 'fast-check';
import { REDACTED_KEYS, redactQuery, redactUrl } from '../../src/http/redact-url.ts';
import { createClient, startTracing, tracing } from '../../src/index.ts';
import { listen } from '../conformance/harness/listen.ts';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';

let here: TracingHere | undefined;
afterEach(async () => {
  await here?.stop();
  here = undefined;
});

/** Keys that every list of this kind must have; the first seven are those of the semantic conventions. */
const ALWAYS = [
  'AWSAccessKeyId',
  'Signature',
  'sig',
  'X-Goog-Signature',
  'X-Amz-Signature',
  'X-Amz-Credential',
  'X-Amz-Security-Token',
  'token',
  'access_token',
  'password',
  'code',
  'secret',
  'key',
];

describe('without an option', () => {
  it.each(ALWAYS)('%s is redacted', (key) => {
    expect(redactUrl(`https://ada:pw@host/p?a=1&${key}=hunter2#hunter2`)).toBe(
      `https://REDACTED:REDACTED@host/p?a=1&${key}=REDACTED`,
    );
  });

  it.each(['accessToken', 'Access-Token', 'ACCESS_TOKEN', 'client-secret', 'apiKey', 'sessionId'])(
    '%s is, however it is spelt',
    (key) => expect(redactQuery(`${key}=hunter2`)).toBe(`${key}=REDACTED`),
  );

  it('every key that docs/spans.md names is, and nothing else is in the list', () => {
    const text = readFileSync(resolve(__dirname, '../../../docs/spans.md'), 'utf8');
    const [, section = ''] = /^### Secrets\n([\s\S]*?), and those of/m.exec(text) ?? [];
    const keys = [...section.matchAll(/`([^`]+)`/g)].map(([, key = '']) => key).slice(4);
    expect(keys.length).toBe(REDACTED_KEYS.length);
    expect(new Set(keys)).toEqual(new Set(REDACTED_KEYS));
  });

  it('a key of the application is not', () => {
    expect(redactQuery('ssn=1')).toBe('ssn=1');
  });
});

/** Characters that mean something in URLs, halves of characters, and some of any other kind. */
const anyText = fc
  .array(fc.constantFrom(...'a1:/?#[]@!$&=%+;,. \n"\'', '%5B', '%4', '😀', '\ud83d', '\udc00', 'token', '//'))
  .map((all) => all.join(''));

describe('redact', () => {
  it('holds for SERVER spans, for node:http, axios and fetch', async () => {
    here = traceHere({ redact: ['ssn', 'patient-id'] });
    const app = express().get('/', (_request, response) => void response.send('ok'));
    const { port, close } = await listen(http.createServer(app));
    const url = `http://127.0.0.1:${port}/?page=2&SSN=hunter2&patientId=hunter2`;
    await (await fetch(url)).text();
    await createClient().get(url);
    await new Promise((resolve) => http.get(url, { agent: false }, (r) => r.resume().on('close', resolve)));
    await close();
    const spans = await here.spans();
    expect(JSON.stringify(spans.map((span) => span.attributes))).not.toContain('hunter2');
    const redacted = 'page=2&SSN=REDACTED&patientId=REDACTED';
    const of = (kind: SpanKind) => spans.filter((span) => span.kind === kind).map((span) => span.attributes);
    expect(of(SpanKind.SERVER).map((each) => each['url.query'])).toEqual([redacted, redacted, redacted]);
    expect(of(SpanKind.CLIENT).map((each) => each['url.full'])).toEqual(
      Array.from({ length: 3 }, () => `http://127.0.0.1:${port}/?${redacted}`),
    );
  });

  it('takes a key inside a key as the query has it', () => {
    here = traceHere({ redact: ['user.name', 'card[number]'] });
    expect(redactQuery('user.name=1&card[number]=2&name=3&number=4')).toBe(
      'user.name=REDACTED&card[number]=REDACTED&name=3&number=4',
    );
  });

  it('is forgotten with the tracing that it was started with', async () => {
    here = traceHere({ redact: ['ssn'] });
    expect(redactQuery('ssn=1')).toBe('ssn=REDACTED');
    await here.stop();
    expect(redactQuery('ssn=1')).toBe('ssn=1');
  });

  it('holds although somebody else has started tracing', () => {
    here = traceHere();
    startTracing({ redact: ['late_secret'] });
    tracing({ redact: ['later_secret'] });
    expect(redactQuery('late_secret=1&laterSecret=2')).toBe('late_secret=REDACTED&laterSecret=REDACTED');
  });

  it.each<[unknown, RegExp]>([
    ['ssn', /expected an array/],
    [[''], /expected a non-empty string/],
    [[/ssn/], /expected a non-empty string/],
  ])('may not be %p', (redact, message) => {
    expect(() => tracing({ redact: redact as string[] })).toThrow(message);
  });

  it('lets no listed value through, never throws, and keeps all else to the letter', () => {
    here = traceHere({ redact: ['ssn', 'Größe', 'a.b'] });
    const secret = fc
      .constantFrom(...ALWAYS, 'ssn', 'Größe')
      .chain((key) =>
        fc.constantFrom(
          key,
          encodeURIComponent(key),
          key.toUpperCase(),
          `user[${key}]`,
          `x.${key}`,
          `${key}[]`,
        ),
      );
    const value = anyText.map((text) => `hunter2${text.replaceAll(/[&#]/g, '')}`);
    const plain = fc
      .tuple(fc.constantFrom('q', 'page', 'keyboard', 'tokens', 'to%20ken', 'ssn2'), anyText)
      .map(([key, text]) => `${key}=${text.replaceAll('&', '')}`);
    const few = fc.array(plain, { maxLength: 3 });
    fc.assert(
      fc.property(few, secret, value, few, (before, key, text, after) => {
        const query = [...before, `${key}=${text}`, ...after].join('&');
        expect(redactQuery(query)).toBe([...before, `${key}=REDACTED`, ...after].join('&'));
        expect(redactUrl(`http://host/p?${query}`)).not.toContain('hunter2');
      }),
    );
  });

  it('never throws, whatever a URL is made of', () => {
    here = traceHere({ redact: ['ssn'] });
    fc.assert(
      fc.property(anyText, (text) => {
        expect(redactUrl(redactUrl(text))).toBe(redactUrl(text));
        expect(typeof redactQuery(text)).toBe('string');
      }),
    );
  });
});
