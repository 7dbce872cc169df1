// Where the stock instrumentations (instrumentation-http 0.301, -express 0.72, -undici 0.34) fall short of the contract.
// The suite checks that each is really so, and docs/spans.md is written from this table.

type Shortfalls = Readonly<Record<string, readonly string[]>>;

/** By the group and the title of the scenario. A scenario that is not here has none. */
export const STOCK_SHORTFALLS: Readonly<Record<string, Shortfalls>> = {
  Routes: {
    'a plain route: one SERVER span and nothing else': ['an extra INTERNAL span "request handler"'],
    'one of an array of paths': [
      'SERVER: named `GET /first,/second/:id`, not `GET /second/:id`',
      'SERVER: `http.route` is `/first,/second/:id`, not `/second/:id`',
    ],
    'a method outside the semantic conventions': ['SERVER: named `PURGE /every`, not `HTTP /every`'],
  },
  'Mounted routers and applications': {
    'a router at one of an array of paths': [
      'SERVER: named `GET /v1,/v2/:region/users/:userId`, not `GET /v2/:region/users/:userId`',
      'SERVER: `http.route` is `/v1,/v2/:region/users/:userId`, not `/v2/:region/users/:userId`',
    ],
    'a router called by a route, later': [
      'SERVER: named `GET /late/:id/late/:id`, not `GET /late/:id`',
      'SERVER: `http.route` is `/late/:id/late/:id`, not `/late/:id`',
    ],
    '`router.param()` that refuses': [
      'SERVER: named `GET /param`, not `GET /param/things/:id`',
      'SERVER: `error.type` is `500`, not `Error`',
      'SERVER: `http.route` is `/param`, not `/param/things/:id`',
      'SERVER: no exception',
    ],
    'no route inside a router: no template, never the path': [
      'SERVER: named `GET /tenants/:tenant`, not `GET`',
      'SERVER: has `http.route` `/tenants/:tenant`',
    ],
  },
  Errors: {
    thrown: ['SERVER: `error.type` is `500`, not `OutOfStock`', 'SERVER: no exception'],
    '`next(error)`': ['SERVER: `error.type` is `500`, not `TypeError`', 'SERVER: no exception'],
    'a rejected promise': ['SERVER: `error.type` is `500`, not `OutOfStock`', 'SERVER: no exception'],
    '`next(error)` in a later turn': [
      'SERVER: `error.type` is `500`, not `TypeError`',
      'SERVER: no exception',
    ],
    'a string thrown': ['SERVER: `error.type` is `500`, not `string`', 'SERVER: no exception'],
    'a number thrown': ['SERVER: `error.type` is `500`, not `number`', 'SERVER: no exception'],
    'an object that is no error': ['SERVER: `error.type` is `500`, not `Error`', 'SERVER: no exception'],
    'an object whose getters throw': ['SERVER: `error.type` is `500`, not `Error`', 'SERVER: no exception'],
    'an error that brings its status': ['SERVER: no `error.type`', 'SERVER: no exception'],
    'answered with 200': ['SERVER: no `error.type`', 'SERVER: no exception'],
    'answered with 404': ['SERVER: no `error.type`', 'SERVER: no exception'],
    'answered with 503': ['SERVER: `error.type` is `503`, not `TypeError`', 'SERVER: no exception'],
    'replaced by the error handler: both, and the first names the type': [
      'SERVER: `error.type` is `500`, not `TypeError`',
      'SERVER: no exception',
    ],
    'thrown by a middleware, before any route': [
      'SERVER: named `GET /errors/use`, not `GET`',
      'SERVER: `error.type` is `500`, not `TypeError`',
      'SERVER: has `http.route` `/errors/use`',
      'SERVER: no exception',
    ],
  },
  Responses: {
    'a static file': ['SERVER: named `GET /static`, not `GET`', 'SERVER: has `http.route` `/static`'],
    'the client leaves before the head of the response': [
      'SERVER: status UNSET, not ERROR',
      'SERVER: no `error.type`',
      'SERVER: has `http.response.status_code` 200',
    ],
    'the client leaves in the middle of the body': [
      'SERVER: status UNSET, not ERROR',
      'SERVER: no `error.type`',
    ],
    'the application destroys the response': [
      'SERVER: status UNSET, not ERROR',
      'SERVER: no `error.type`',
      'SERVER: has `http.response.status_code` 200',
    ],
    'the application closes the socket': [
      'SERVER: status UNSET, not ERROR',
      'SERVER: no `error.type`',
      'SERVER: has `http.response.status_code` 200',
    ],
    'the client leaves while pipelined requests wait for each other': [
      'SERVER 1: status UNSET, not ERROR',
      'SERVER 1: no `error.type`',
      'SERVER 1: has `http.response.status_code` 200',
      'SERVER 2: status UNSET, not ERROR',
      'SERVER 2: no `error.type`',
      'SERVER 2: has `http.response.status_code` 200',
    ],
    'the client leaves in the middle of an upload': [
      'SERVER: status UNSET, not ERROR',
      'SERVER: no `error.type`',
      'SERVER: has `http.response.status_code` 200',
    ],
    'the source of server-sent events fails': [
      'SERVER: status UNSET, not ERROR',
      'SERVER: no `error.type`',
      'SERVER: no exception',
    ],
    'the source of a streamed response fails half-way': [
      'SERVER: status UNSET, not ERROR',
      'SERVER: no `error.type`',
      'SERVER: no exception',
    ],
  },
  'The protocol': {
    'a target in absolute form, as proxies get it': [
      'SERVER: named `GET`, not `GET /protocol`',
      'SERVER: no `http.route`',
      'SERVER: `server.address` is `proxy.example`, not `shop.example`',
      'SERVER: `server.port` is 80, not 81',
    ],
    'an IPv6 address in the Host header': ['SERVER: `server.address` is `[2001:db8::1]`, not `2001:db8::1`'],
    'behind a proxy that Express trusts': ['SERVER: `url.scheme` is `http`, not `https`'],
    'forwarding headers that nobody vouches for': [
      'SERVER: `client.address` is `203.0.113.7`, not `127.0.0.1`',
    ],
    'secrets in the query': [
      'SERVER: `url.query` is `token=hunter2&page=2&user%5Bpassword%5D=hunter2&sig=REDACTED`, not `token=REDACTED&page=2&user[password]=REDACTED&sig=REDACTED`',
    ],
    'a health check gets no span, and its calls hand the context on': [
      'the context of the caller is not handed on',
    ],
  },
  'Outgoing calls': {
    'through a proxy, with a target in absolute form': [
      'CLIENT: `server.address` is `127.0.0.1`, not `shop.example`',
      'CLIENT: `server.port` is another port, not 81',
      'CLIENT: `url.full` is `http://127.0.0.1:…http://shop.example:81/ok`, not `http://shop.example:81/ok`',
    ],
    '`fetch()`': [
      'CLIENT: has another parent',
      'CLIENT: has `http.request.method_original` `GET`',
      'CLIENT: has `url.path` `/ok`',
      'CLIENT: has `url.query` `?x=1`',
      'CLIENT: has `url.scheme` `http`',
      'CLIENT: has `user_agent.original` `node`',
      'an extra INTERNAL span "request handler"',
    ],
    'the headers of the incoming request copied, `fetch`': ['CLIENT: sent 2 `traceparent` headers'],
    'a redirect with axios': ['CLIENT 2: no `http.request.resend_count`'],
    'a redirect with `fetch()`': ['CLIENT 2: no `http.request.resend_count`'],
    'a retry by `createClient()` is a span of its own': [
      'CLIENT 1: no `service.peer.name`',
      'CLIENT 2: no `http.request.resend_count`',
      'CLIENT 2: no `service.peer.name`',
    ],
    'secrets in the URL, `http`': [
      'CLIENT: `url.full` is `http://127.0.0.1:…/ok?token=hunter2&page=2`, not `http://127.0.0.1:…/ok?token=REDACTED&page=2`',
    ],
    'secrets in the URL, `fetch`': [
      'CLIENT: `url.full` is `http://127.0.0.1:…/ok?token=hunter2&page=2`, not `http://127.0.0.1:…/ok?token=REDACTED&page=2`',
    ],
    'a method outside the semantic conventions': ['CLIENT: named `PURGE`, not `HTTP`'],
    'a connection that is upgraded': [
      'CLIENT: no `http.response.status_code`',
      'CLIENT: no `network.peer.address`',
      'CLIENT: no `network.peer.port`',
      'CLIENT: no `network.protocol.version`',
    ],
  },
  'Outgoing calls that fail or are given up': {
    'refused, `http`': [
      'CLIENT: `error.type` is `Error`, not `ECONNREFUSED`',
      'CLIENT: exception type `ECONNREFUSED`, not `Error`',
    ],
    'refused, `fetch`': ['CLIENT: exception type `ECONNREFUSED`, not `Error`'],
    'a host that is not there, `http`': [
      'CLIENT: `error.type` is `Error`, not `ENOTFOUND`',
      'CLIENT: exception type `ENOTFOUND`, not `Error`',
    ],
    'a host that is not there, `fetch`': ['CLIENT: exception type `ENOTFOUND`, not `Error`'],
    'a reset connection': [
      'CLIENT: `error.type` is `Error`, not `ECONNRESET`',
      'CLIENT: exception type `ECONNRESET`, not `Error`',
    ],
    'a hang-up before the head, `http`': [
      'CLIENT: `error.type` is `Error`, not `ECONNRESET`',
      'CLIENT: exception type `ECONNRESET`, not `Error`',
    ],
    'a hang-up before the head, `fetch`': ['CLIENT: exception type `UND_ERR_SOCKET`, not `SocketError`'],
    'a hang-up in the body, `http`': [
      'CLIENT: status UNSET, not ERROR',
      'CLIENT: no `error.type`',
      'CLIENT: no exception',
    ],
    'a hang-up in the body, `fetch`': ['CLIENT: exception type `UND_ERR_SOCKET`, not `SocketError`'],
    'a timeout of `http`': [
      'CLIENT: `error.type` is `Error`, not `timeout`',
      'CLIENT: exception type `ECONNRESET`, not `Error`',
    ],
    'a timeout of axios': [
      'CLIENT: `error.type` is `AxiosError`, not `timeout`',
      'CLIENT: exception type `ECONNABORTED`, not `AxiosError`',
    ],
    'a timeout of `fetch`': [
      'CLIENT: `error.type` is 23, not `timeout`',
      'CLIENT: exception type `23`, not `TimeoutError`',
    ],
    'a timeout by a signal, `http`': [
      'CLIENT: `error.type` is `AbortError`, not `timeout`',
      'CLIENT: exception type `ABORT_ERR`, not `AbortError`',
    ],
    'aborted, `http`': [
      'CLIENT: status ERROR, not UNSET',
      'CLIENT: has `error.type` `AbortError`',
      'CLIENT: no `longpole.cancelled`',
      'CLIENT: an exception',
    ],
    'aborted, axios': [
      'CLIENT: status ERROR, not UNSET',
      'CLIENT: has `error.type` `CanceledError`',
      'CLIENT: no `longpole.cancelled`',
      'CLIENT: an exception',
    ],
    'aborted, `fetch`': ['CLIENT: no `longpole.cancelled`'],
    '`request.destroy()`': [
      'CLIENT: status ERROR, not UNSET',
      'CLIENT: has `error.type` `Error`',
      'CLIENT: no `longpole.cancelled`',
      'CLIENT: an exception',
    ],
    'a body read in part, `http`': [
      'CLIENT: status ERROR, not UNSET',
      'CLIENT: has `error.type` `Error`',
      'CLIENT: no `longpole.cancelled`',
      'CLIENT: an exception',
    ],
    'a body read in part, `fetch`': ['CLIENT: no `longpole.cancelled`'],
    'aborted in the body, `http`': [
      'CLIENT: status ERROR, not UNSET',
      'CLIENT: has `error.type` `AbortError`',
      'CLIENT: no `longpole.cancelled`',
      'CLIENT: an exception',
    ],
    'aborted in the body, axios': [
      'CLIENT: status ERROR, not UNSET',
      'CLIENT: has `error.type` `CanceledError`',
      'CLIENT: no `longpole.cancelled`',
      'CLIENT: an exception',
    ],
    'aborted in the body, `fetch`': ['CLIENT: no `longpole.cancelled`'],
  },
};

/** The known shortfalls of one scenario. */
export function shortfallsOf(group: string, title: string): readonly string[] {
  return STOCK_SHORTFALLS[group]?.[title] ?? [];
}
