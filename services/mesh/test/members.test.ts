// Who is started, where, and in which environment.
import { describe, expect, test } from '@jest/globals';
import { memberEnvironment } from '../src/member-environment.ts';
import { membersOf, PORT_WISHES, urlsOf } from '../src/members.ts';

const PORTS = new Map(PORT_WISHES.map(({ variable, fallback }) => [variable, fallback]));
const environmentOf = (environment: Record<string, string>, host = '127.0.0.1') =>
  memberEnvironment(environment, PORTS, urlsOf(PORTS, host), host);

describe('members', () => {
  test('are the backend and the five services on the documented ports', () => {
    const members = membersOf(urlsOf(PORTS, '127.0.0.1'), { isBuilt: true });
    expect(members.map(({ name, healthUrl }) => `${name} ${healthUrl}`)).toEqual([
      'backend http://127.0.0.1:16686/api/services',
      'gateway http://127.0.0.1:8080/readyz',
      'auth http://127.0.0.1:8081/readyz',
      'inventory http://127.0.0.1:8082/readyz',
      'payment http://127.0.0.1:8083/readyz',
      'notify http://127.0.0.1:8084/readyz',
    ]);
  });

  test('run as built, or from source with the condition that says so', () => {
    const urls = urlsOf(PORTS, '127.0.0.1');
    const [builtBackend, built] = membersOf(urls, { isBuilt: true });
    const [, source] = membersOf(urls, { isBuilt: false });
    expect(builtBackend?.args).toEqual(['observatory/dist/cli/main.js', 'up']);
    expect(built?.args).toEqual(['services/gateway/dist/main.js']);
    expect(source?.args).toEqual(['--conditions=longpole-source', 'services/gateway/src/main.ts']);
  });

  test.each([
    ['0.0.0.0', 'http://127.0.0.1:8083'],
    ['::', 'http://[::1]:8083'],
    ['::1', 'http://[::1]:8083'],
    ['10.0.0.7', 'http://10.0.0.7:8083'],
  ])('listening on %s are reached at %s', (host, url) => {
    expect(urlsOf(PORTS, host).of('payment')).toBe(url);
    expect(environmentOf({}, host)).toMatchObject({ HOST: host, LONGPOLE_HOST: host, PAYMENT_URL: url });
  });
});

describe('the environment of a member', () => {
  test('keeps what the caller set, ports, latencies and all', () => {
    const environment = {
      PATH: '/bin',
      PAYMENT_LATENCY_MS: '7',
      FAULTS: 'on',
      OTEL_TRACES_SAMPLER: 'always_on',
    };
    expect(environmentOf(environment)).toMatchObject({ ...environment, GATEWAY_PORT: '8080' });
  });

  test('sends the spans to the backend of the mesh whatever else is set', () => {
    const environment = environmentOf({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://elsewhere',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://elsewhere',
      OTEL_SERVICE_NAME: 'one-name-for-all',
      OTEL_SDK_DISABLED: 'true',
      OTEL_TRACES_EXPORTER: 'none',
      AUTH_SECRET: 'mine',
    });
    expect(environment['OTEL_EXPORTER_OTLP_ENDPOINT']).toBe('http://127.0.0.1:4318');
    for (const name of [
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      'OTEL_SERVICE_NAME',
      'OTEL_SDK_DISABLED',
      'OTEL_TRACES_EXPORTER',
      'AUTH_SECRET',
    ]) {
      expect(environment).not.toHaveProperty(name);
    }
  });

  test('keeps calls between the services away from a proxy', () => {
    expect(environmentOf({ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'corp' })['NO_PROXY']).toBe(
      'corp,127.0.0.1,localhost,::1',
    );
  });
});
