// Every attribute that our SERVER and CLIENT spans carry, for the table in docs/spans.md.

export type Level = 'required' | 'conditional' | 'recommended' | 'own';

export interface ContractAttribute {
  readonly key: string;
  /** Its requirement level in the HTTP semantic conventions; `own` is beyond them. */
  readonly level: Level;
  readonly when: string;
}

const method: readonly ContractAttribute[] = [
  { key: 'http.request.method', level: 'required', when: 'always; `_OTHER` for a method that is not known' },
  { key: 'http.request.method_original', level: 'conditional', when: 'the method, when it is not known' },
];

const peer: readonly ContractAttribute[] = [
  {
    key: 'network.protocol.version',
    level: 'recommended',
    when: '`1.0` or `1.1`, as soon as it is known',
  },
];

export const SERVER_ATTRIBUTES: readonly ContractAttribute[] = [
  ...method,
  { key: 'url.path', level: 'required', when: 'always, as it was asked for' },
  {
    key: 'url.scheme',
    level: 'required',
    when: 'always; the client’s own behind a proxy that Express trusts',
  },
  { key: 'url.query', level: 'conditional', when: 'the request has a query; secrets are `REDACTED`' },
  {
    key: 'http.route',
    level: 'conditional',
    when: 'a route was entered; the whole template, with all mount paths',
  },
  { key: 'http.response.status_code', level: 'conditional', when: 'the head of the response was sent' },
  {
    key: 'error.type',
    level: 'conditional',
    when: 'an error left a handler (its class), or the status is 5xx (the status), or the response was cut off (`client_disconnected`)',
  },
  {
    key: 'server.address',
    level: 'recommended',
    when: 'from the target in absolute form, a trusted `X-Forwarded-Host` or `Host`, in this order',
  },
  {
    key: 'server.port',
    level: 'conditional',
    when: 'beside `server.address`; the scheme’s own when none is named',
  },
  {
    key: 'client.address',
    level: 'recommended',
    when: 'the peer, or the client behind a proxy that Express trusts',
  },
  { key: 'network.peer.address', level: 'recommended', when: 'the other end of the socket' },
  { key: 'network.peer.port', level: 'recommended', when: 'the other end of the socket' },
  ...peer,
  { key: 'user_agent.original', level: 'recommended', when: 'the request names its user agent' },
];

export const CLIENT_ATTRIBUTES: readonly ContractAttribute[] = [
  ...method,
  { key: 'url.full', level: 'required', when: 'always, without user name, password, fragment and secrets' },
  {
    key: 'server.address',
    level: 'required',
    when: 'always; of the real target when the call goes through a proxy',
  },
  { key: 'server.port', level: 'required', when: 'always, except for a local socket' },
  { key: 'http.response.status_code', level: 'conditional', when: 'the head of the response has come' },
  {
    key: 'error.type',
    level: 'conditional',
    when: 'status 4xx or 5xx (the status), `timeout`, the system’s code (`ECONNREFUSED`, …) or the error’s class',
  },
  {
    key: 'http.request.resend_count',
    level: 'recommended',
    when: 'a retry by `createClient()`, or a redirect that is followed, from 1',
  },
  { key: 'network.peer.address', level: 'recommended', when: 'as soon as the client tells its socket' },
  { key: 'network.peer.port', level: 'recommended', when: 'as soon as the client tells its socket' },
  ...peer,
  { key: 'service.peer.name', level: 'own', when: 'the call is one of `createClient({ service })`' },
  {
    key: 'longpole.cancelled',
    level: 'own',
    when: '`true` when the caller gave the call up, which is no error',
  },
];
