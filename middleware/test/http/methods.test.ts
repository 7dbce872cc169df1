// Known methods as they are, others as `_OTHER` in the attribute and `HTTP` in the name.

import { afterEach, describe, expect, it, jest } from '@jest/globals';

type Methods = typeof import('../../src/http/methods.ts');

const VARIABLE = 'OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS';

function load(): Methods {
  let loaded: Methods | undefined;
  jest.isolateModules(() => {
    loaded = require('../../src/http/methods.ts') as Methods;
  });
  if (loaded === undefined) throw new Error('not loaded');
  return loaded;
}

afterEach(() => {
  delete process.env[VARIABLE];
});

describe('methods', () => {
  it.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'])(
    '%s is known',
    (method) => {
      const { methodAttribute, methodInName } = load();
      expect([methodAttribute(method), methodInName(method)]).toEqual([method, method]);
    },
  );

  it.each(['PURGE', 'get', 'PROPFIND', '', 'GET '])('%j is not', (method) => {
    const { methodAttribute, methodInName } = load();
    expect([methodAttribute(method), methodInName(method)]).toEqual(['_OTHER', 'HTTP']);
  });

  it(`takes the list of ${VARIABLE} in place of its own`, () => {
    process.env[VARIABLE] = 'GET, PURGE';
    const { methodAttribute } = load();
    expect(['GET', 'PURGE', 'POST'].map(methodAttribute)).toEqual(['GET', 'PURGE', '_OTHER']);
  });
});
