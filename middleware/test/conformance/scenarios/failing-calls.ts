// Outgoing calls that fail, and calls that the caller gives up, which are no failures.

import dns from 'node:dns';
import http from 'node:http';
import axios from 'axios';
import { type ClientSpan, client, type Place, server } from '../harness/contract.ts';
import { finished } from '../harness/finished.ts';
import type { Deps, Group, Scenario } from '../harness/scenario.ts';

type Call = (deps: Deps) => Promise<unknown>;

/** Reads the first chunk of a response and no more. */
async function begin(url: string, signal?: AbortSignal): Promise<void> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.get(url, signal === undefined ? {} : { signal }, resolve).on('error', reject);
  });
  for await (const _ of response) break;
}

/** Aborts as soon as the call is under way. */
function aborting(call: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  const controller = new AbortController();
  const called = call(controller.signal);
  setTimeout(() => controller.abort(), 30);
  return called;
}

const CALLS: Record<string, Call> = {
  'refused-http': ({ closedPort }) => finished(http.get(`http://127.0.0.1:${closedPort}/ok`)),
  'refused-fetch': ({ closedPort }) => fetch(`http://127.0.0.1:${closedPort}/ok`),
  'dns-http': () => finished(http.get('http://no-such-host.invalid/ok')),
  'dns-fetch': () => fetch('http://no-such-host.invalid/ok'),
  'reset-http': ({ upstream }) => finished(http.get(`${upstream}/reset`)),
  'hangup-http': ({ upstream }) => finished(http.get(`${upstream}/hangup`)),
  'hangup-fetch': ({ upstream }) => fetch(`${upstream}/hangup`),
  'cut-http': ({ upstream }) => finished(http.get(`${upstream}/cut`)),
  'cut-fetch': async ({ upstream }) => (await fetch(`${upstream}/cut`)).text(),
  'timeout-http': ({ upstream }) => {
    const request = http.get(`${upstream}/silence`, { timeout: 30 });
    return finished(request.on('timeout', () => request.destroy()));
  },
  'timeout-axios': ({ upstream }) => axios.get(`${upstream}/silence`, { timeout: 30 }),
  'timeout-fetch': ({ upstream }) => fetch(`${upstream}/silence`, { signal: AbortSignal.timeout(30) }),
  'timeout-signal-http': ({ upstream }) =>
    finished(http.get(`${upstream}/silence`, { signal: AbortSignal.timeout(30) })),
  'abort-http': ({ upstream }) => aborting((signal) => finished(http.get(`${upstream}/silence`, { signal }))),
  'abort-axios': ({ upstream }) => aborting((signal) => axios.get(`${upstream}/silence`, { signal })),
  'abort-fetch': ({ upstream }) => aborting((signal) => fetch(`${upstream}/silence`, { signal })),
  'destroy-http': ({ upstream }) => {
    const request = http.get(`${upstream}/silence`);
    setTimeout(() => request.destroy(), 30);
    return finished(request);
  },
  'partial-http': ({ upstream }) => begin(`${upstream}/endless`),
  'partial-fetch': async ({ upstream }) => {
    const response = await fetch(`${upstream}/endless`);
    await response.body?.cancel();
  },
  'abort-body-http': ({ upstream }) =>
    aborting((signal) => finished(http.get(`${upstream}/endless`, { signal }))),
  'abort-body-axios': ({ upstream }) => aborting((signal) => axios.get(`${upstream}/endless`, { signal })),
  'abort-body-fetch': ({ upstream }) =>
    aborting(async (signal) => (await fetch(`${upstream}/endless`, { signal })).text()),
};

/** Answers for one host as a name server does, so that the test needs none. */
function loseHost(host: string): void {
  const { lookup } = dns;
  const answer = (name: string, ...rest: unknown[]): void => {
    const callback = rest.at(-1) as (error: Error) => void;
    const missing = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
    if (name === host) process.nextTick(callback, missing);
    else Reflect.apply(lookup, dns, [name, ...rest]);
  };
  dns.lookup = answer as typeof dns.lookup;
}

type Failure = Partial<ClientSpan> | ((place: Place) => Partial<ClientSpan>);

function scenario(title: string, call: string, failure: Failure): Scenario {
  return {
    title,
    traffic: ({ send }) => send(`/failing/${call}`),
    spans: (place) => [
      server(place, { path: `/failing/${call}`, route: `/failing/${call}` }),
      client(place, { path: '/silence', ...(typeof failure === 'function' ? failure(place) : failure) }),
    ],
  };
}

function failed(errorType: string, type: string, message: string): Partial<ClientSpan> {
  return { code: undefined, errorType, exceptions: [{ type, message }] };
}

const refused = ({ closedPort }: Place): Partial<ClientSpan> => ({
  ...failed('ECONNREFUSED', 'Error', `connect ECONNREFUSED 127.0.0.1:${closedPort}`),
  attributes: { 'url.full': `http://127.0.0.1:${closedPort}/ok`, 'server.port': closedPort },
});

const unknown: Partial<ClientSpan> = {
  ...failed('ENOTFOUND', 'Error', 'getaddrinfo ENOTFOUND no-such-host.invalid'),
  attributes: {
    'url.full': 'http://no-such-host.invalid/ok',
    'server.address': 'no-such-host.invalid',
    'server.port': 80,
  },
};

/** undici tells the socket as it sends the head, node:http only with the response. */
const sent = ({ upstreamPort }: Place) => ({
  'network.peer.address': '127.0.0.1',
  'network.peer.port': upstreamPort,
  'network.protocol.version': '1.1',
});

const GIVEN_UP = { 'longpole.cancelled': true };
const CANCELLED = { failed: false, attributes: GIVEN_UP } as const;

export const failingCalls: Group = {
  name: 'Outgoing calls that fail or are given up',
  mount(app, deps) {
    loseHost('no-such-host.invalid');
    for (const [name, call] of Object.entries(CALLS)) {
      app.get(`/failing/${name}`, async (_request, response) => {
        const result = await call(deps).then(
          () => 'no error',
          (error: unknown) => String(error),
        );
        response.send(result);
      });
    }
  },
  scenarios: [
    scenario('refused, `http`', 'refused-http', refused),
    scenario('refused, `fetch`', 'refused-fetch', refused),
    scenario('a host that is not there, `http`', 'dns-http', unknown),
    scenario('a host that is not there, `fetch`', 'dns-fetch', unknown),
    scenario('a reset connection', 'reset-http', {
      ...failed('ECONNRESET', 'Error', 'read ECONNRESET'),
      path: '/reset',
    }),
    scenario('a hang-up before the head, `http`', 'hangup-http', {
      ...failed('ECONNRESET', 'Error', 'socket hang up'),
      path: '/hangup',
    }),
    scenario('a hang-up before the head, `fetch`', 'hangup-fetch', (place) => ({
      ...failed('UND_ERR_SOCKET', 'SocketError', 'other side closed'),
      path: '/hangup',
      attributes: sent(place),
    })),
    scenario('a hang-up in the body, `http`', 'cut-http', {
      ...failed('ECONNRESET', 'Error', 'aborted'),
      path: '/cut',
      code: 200,
    }),
    scenario('a hang-up in the body, `fetch`', 'cut-fetch', {
      ...failed('UND_ERR_SOCKET', 'SocketError', 'other side closed'),
      path: '/cut',
      code: 200,
    }),
    scenario('a timeout of `http`', 'timeout-http', failed('timeout', 'Error', 'socket hang up')),
    scenario(
      'a timeout of axios',
      'timeout-axios',
      failed('timeout', 'AxiosError', 'timeout of 30ms exceeded'),
    ),
    scenario('a timeout of `fetch`', 'timeout-fetch', (place) => ({
      ...failed('timeout', 'TimeoutError', 'The operation was aborted due to timeout'),
      attributes: sent(place),
    })),
    scenario(
      'a timeout by a signal, `http`',
      'timeout-signal-http',
      failed('timeout', 'AbortError', 'The operation was aborted'),
    ),
    scenario('aborted, `http`', 'abort-http', { ...CANCELLED, code: undefined }),
    scenario('aborted, axios', 'abort-axios', { ...CANCELLED, code: undefined }),
    scenario('aborted, `fetch`', 'abort-fetch', (place) => ({
      failed: false,
      code: undefined,
      attributes: { ...GIVEN_UP, ...sent(place) },
    })),
    scenario('`request.destroy()`', 'destroy-http', { ...CANCELLED, code: undefined }),
    scenario('a body read in part, `http`', 'partial-http', { ...CANCELLED, path: '/endless' }),
    scenario('a body read in part, `fetch`', 'partial-fetch', { ...CANCELLED, path: '/endless' }),
    scenario('aborted in the body, `http`', 'abort-body-http', { ...CANCELLED, path: '/endless' }),
    scenario('aborted in the body, axios', 'abort-body-axios', { ...CANCELLED, path: '/endless' }),
    scenario('aborted in the body, `fetch`', 'abort-body-fetch', { ...CANCELLED, path: '/endless' }),
  ],
};
