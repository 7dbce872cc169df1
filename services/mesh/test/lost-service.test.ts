// The line about a service that ended: what a checkout answers now, and a command that brings the service back.

import { describe, expect, test } from '@jest/globals';
import { describeLoss } from '../src/lost-service.ts';
import { memberEnvironment } from '../src/member-environment.ts';
import { membersOf, PORT_WISHES, urlsOf } from '../src/members.ts';

/** The line for `name` in a demo with these variables, on these ports or those it has by default. */
function lineFor(name: string, environment: Record<string, string> = {}, ports: Record<string, number> = {}) {
  const claimed = new Map(
    PORT_WISHES.map(({ variable, fallback }) => [variable, ports[variable] ?? fallback]),
  );
  const host = environment['HOST'] ?? '127.0.0.1';
  const urls = urlsOf(claimed, host);
  const member = membersOf(urls, { isBuilt: true }).find((one) => one.name === name)!;
  return describeLoss(member, 'was ended by SIGKILL', memberEnvironment(environment, claimed, urls, host));
}

describe('the line about a service that ended', () => {
  test.each([
    ['gateway', 'no checkout is answered'],
    ['auth', 'a checkout answers 503'],
    ['inventory', 'a checkout answers 503'],
    ['payment', 'a checkout answers 503'],
    ['notify', 'a checkout answers 201 with "receipt":"unavailable"'],
  ])('of %s needs no settings where everything is as usual', (name, answers) => {
    expect(lineFor(name)).toBe(
      `${name} was ended by SIGKILL: ${answers} until it is back. Bring it back: npx node services/${name}/dist/main.js`,
    );
  });

  test('gives the settings that the service had', () => {
    const environment = { FAULTS: 'on', PAYMENT_LATENCY_MS: '100', AUTH_LATENCY_MS: '9', DATA_DIR: "a b's" };
    expect(lineFor('payment', environment, { PAYMENT_PORT: 9000, AUTH_PORT: 9001 })).toMatch(
      /: FAULTS=on PAYMENT_PORT=9000 PAYMENT_LATENCY_MS=100 DATA_DIR='a b'\\''s' npx node /,
    );
  });

  test('tells the gateway where the others are, and everybody where the backend is', () => {
    expect(lineFor('gateway', {}, { AUTH_PORT: 9001, LONGPOLE_OTLP_PORT: 9002 })).toMatch(
      /: AUTH_URL=http:\/\/127\.0\.0\.1:9001 OTEL_EXPORTER_OTLP_ENDPOINT=http:\/\/127\.0\.0\.1:9002 npx node /,
    );
  });
});
