// Outgoing calls that fail, and calls that the caller gives up, which are no failures.

import dns from 'node:dns';
import http from 'node:http';
import axios from 'axios';
import { watchFor } from '../harness/arrival.ts';
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

type Abort = (reason?: unknown) => void;

/** Gives up when the upstream service has the request, and not before the application knows that it is sent. */
async function onArrival(
  { upstream }: Deps,
  call: (signal: AbortSignal) => Promise<unknown>,
  giveUp: (abort: Abort) => void = (abort) => abort(),
): Promise<unknown> {
  const controller = new AbortController();
  const { arrived } = await watchFor(upstream, 'silence');
  return Promise.all([
    call(controller.signal),
    arrived.then(() => giveUp((reason) => controller.abort(reason))),
  ]);
}

/** Lets the time of a timeout begin. */
function inTime(abort: Abort): void {
  const limit = AbortSignal.timeout(30);
  limit.addEventListener('abort', () => abort(limit.reason));
}

/** Hands `abort` to a call that aborts itself when the body has begun. */
function inBody(call: (signal: AbortSignal, abort: () => void) => Promise<unknown>): Promise<unknown> {
  const controller = new AbortController();
  return call(controller.signal, () => controller.abort());
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
  'timeout-fetch': (deps) =>
    onArrival(deps, (signal) => fetch(`${deps.upstream}/silence`, { signal }), inTime),
  'timeout-signal-http': ({ upstream }) =>
    finished(http.get(`${upstream}/silence`, { signal: AbortSignal.timeout(30) })),
  'abort-http': (deps) =>
    onArrival(deps, (signal) => finished(http.get(`${deps.upstream}/silence`, { signal }))),
  'abort-axios': (deps) => onArrival(deps, (signal) => axios.get(`${deps.upstream}/silence`, { signal })),
  'abort-fetch': (deps) => onArrival(deps, (signal) => fetch(`${deps.upstream}/silence`, { signal })),
  'destroy-http': (deps) =>
    onArrival(deps, (signal) => {
      const request = http.get(`${deps.upstream}/silence`);
      signal.addEventListener('abort', () => request.destroy());
      return finished(request);
    }),
  'partial-http': ({ upstream }) => begin(`${upstream}/endless`),
  'partial-fetch': async ({ upstream }) => {
    const response = await fetch(`${upstream}/endless`);
    await response.body?.cancel();
  },
  'abort-body-http': ({ upstream }) =>
    inBody((signal, abort) => {
      const request = http.get(`${upstream}/endless`, { signal });
      request.on('response', (response) => response.once('data', abort));
      return finished(request);
    }),
  'abort-body-axios': ({ upstream }) =>
    inBody((signal, abort) => axios.get(`${upstream}/endless`, { signal, onDownloadProgress: abort })),
  'abort-body-fetch': ({ upstream }) =>
    inBody(async (signal, abort) => {
      const response = await fetch(`${upstream}/endless`, { signal });
      setImmediate(abort);
      return response.text();
    }),
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
