// The environment: defaults, good values, and one clear line for each bad one.
import { describe, expect, test } from '@jest/globals';
import { EnvironmentError, readVariable } from '../src/environment.ts';
import { readServiceEnvironment } from '../src/service-environment.ts';
import { millisecondsVariable, portVariable, switchVariable, urlVariable } from '../src/variables.ts';

const read = (environment: Record<string, string>) =>
  readServiceEnvironment('payment', { port: 8083, latencyMs: 2_500 }, environment);

describe('the environment of a service', () => {
  test('has defaults for everything', () => {
    expect(read({})).toEqual({
      host: '127.0.0.1',
      port: 8083,
      portName: 'PAYMENT_PORT',
      latencyMs: 2_500,
      dataDir: undefined,
      faultsEnabled: false,
      logLevel: 'info',
    });
  });

  test('takes an empty variable for one that is not set', () => {
    expect(read({ PAYMENT_PORT: '', FAULTS: '', DATA_DIR: '', HOST: '' })).toEqual(read({}));
  });

  test('reads the variables named after the service', () => {
    const environment = {
      HOST: '::1',
      PAYMENT_PORT: '0',
      PAYMENT_LATENCY_MS: '7',
      DATA_DIR: 'd',
      FAULTS: 'on',
      LOG_LEVEL: 'debug',
    };
    expect(read({ ...environment, AUTH_PORT: '1', AUTH_LATENCY_MS: '1' })).toEqual({
      host: '::1',
      port: 0,
      portName: 'PAYMENT_PORT',
      latencyMs: 7,
      dataDir: 'd',
      faultsEnabled: true,
      logLevel: 'debug',
    });
  });

  test.each([
    ['PAYMENT_PORT', '65536', 'a port from 0 to 65535'],
    ['PAYMENT_PORT', '-1', 'a port from 0 to 65535'],
    ['PAYMENT_PORT', '80.5', 'a port from 0 to 65535'],
    ['PAYMENT_PORT', '8083 ', 'a port from 0 to 65535'],
    ['PAYMENT_LATENCY_MS', '2.5s', 'a whole number of milliseconds from 0 to 600000'],
    ['PAYMENT_LATENCY_MS', '600001', 'a whole number of milliseconds from 0 to 600000'],
    ['PAYMENT_LATENCY_MS', '1e3', 'a whole number of milliseconds from 0 to 600000'],
    ['FAULTS', 'yes', 'on or off'],
    ['LOG_LEVEL', 'loud', 'one of trace, debug, info, warn, error, fatal, silent'],
  ])('refuses %s=%s in one line with the value and the cure', (name, value, expectation) => {
    const error = catchError(() => read({ [name]: value }));
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error.message).toContain(
      `${name}=${JSON.stringify(value)} is not ${expectation}. Set it like ${name}=`,
    );
    expect(error.message).not.toContain('\n');
  });
});

describe('kinds of variables', () => {
  test.each(['ftp://host', 'payment:8083', 'http://', '/charges'])('a URL refuses %s', (value) => {
    const variable = urlVariable('PAYMENT_URL', 'http://127.0.0.1:8083');
    expect(() => readVariable({ PAYMENT_URL: value }, variable)).toThrow(
      `PAYMENT_URL=${JSON.stringify(value)} is not an http or https URL. Set it like PAYMENT_URL=http://127.0.0.1:8083, or leave it out.`,
    );
  });

  test.each(['http://payment:8083', 'https://[::1]/prefix'])('a URL takes %s', (value) => {
    expect(readVariable({ U: value }, urlVariable('U', 'http://a'))).toBe(value);
  });

  test('the ends of the ranges are inside', () => {
    expect(readVariable({ P: '65535' }, portVariable('P', 1))).toBe(65_535);
    expect(readVariable({ L: '600000' }, millisecondsVariable('L', 1))).toBe(600_000);
    expect(readVariable({ F: 'off' }, switchVariable('F'))).toBe(false);
  });
});

function catchError(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('Nothing was thrown');
}
