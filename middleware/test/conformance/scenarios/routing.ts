// Routes: templates of every form that Express knows, and the ways a request leaves one.

import type { RequestHandler } from 'express';
import { server } from '../harness/contract.ts';
import type { Group } from '../harness/scenario.ts';

const ok: RequestHandler = (_request, response) => void response.send('ok');
const pass: RequestHandler = (_request, _response, next) => next();

export const routing: Group = {
  name: 'Routes',
  mount(app) {
    app.get('/plain', pass, ok);
    app.get('/users/:userId/orders/:orderId', ok);
    app.get('/files/*path', ok);
    app.get('/optional{/:part}', ok);
    app.get(['/first', '/second/:id'], ok);
    app.get(/^\/items\/(\d+)$/, ok);
    app.all('/every', ok);
    app.route('/chained/:id').get(ok).post(ok);
    app.get('/skipped/:id', (_request, _response, next) => next('route'));
    app.get('/skipped/:name', ok);
    app.get('/passed/:id', pass);
    app.get('/passed/*rest', ok);
  },
  scenarios: [
    {
      title: 'a plain route: one SERVER span and nothing else',
      traffic: ({ send }) => send('/plain'),
      spans: (place) => [server(place, { path: '/plain', route: '/plain' })],
      isStrict: true,
    },
    {
      title: 'parameters',
      traffic: ({ send }) => send('/users/7/orders/a%20b?page=2'),
      spans: (place) => [
        server(place, {
          path: '/users/7/orders/a%20b',
          query: 'page=2',
          route: '/users/:userId/orders/:orderId',
        }),
      ],
    },
    {
      title: 'a wildcard',
      traffic: ({ send }) => send('/files/a/b/c.txt'),
      spans: (place) => [server(place, { path: '/files/a/b/c.txt', route: '/files/*path' })],
    },
    {
      title: 'an optional part',
      traffic: ({ send }) => send('/optional/1'),
      spans: (place) => [server(place, { path: '/optional/1', route: '/optional{/:part}' })],
    },
    {
      title: 'one of an array of paths',
      traffic: ({ send }) => send('/second/1'),
      spans: (place) => [server(place, { path: '/second/1', route: '/second/:id' })],
    },
    {
      title: 'a regular expression',
      traffic: ({ send }) => send('/items/12'),
      spans: (place) => [server(place, { path: '/items/12', route: '/^\\/items\\/(\\d+)$/' })],
    },
    {
      title: '`app.all()`',
      traffic: ({ send }) => send('/every', { method: 'DELETE' }),
      spans: (place) => [server(place, { method: 'DELETE', path: '/every', route: '/every' })],
    },
    {
      title: '`app.route()`',
      traffic: ({ send }) => send('/chained/1', { method: 'POST' }),
      spans: (place) => [server(place, { method: 'POST', path: '/chained/1', route: '/chained/:id' })],
    },
    {
      title: "`next('route')`: the route that answers",
      traffic: ({ send }) => send('/skipped/1'),
      spans: (place) => [server(place, { path: '/skipped/1', route: '/skipped/:name' })],
    },
    {
      title: '`next()` out of a route: the route that answers',
      traffic: ({ send }) => send('/passed/1'),
      spans: (place) => [server(place, { path: '/passed/1', route: '/passed/*rest' })],
    },
    {
      title: 'no route: no template, never the path',
      traffic: ({ send }) => send('/nowhere/4711'),
      spans: (place) => [server(place, { path: '/nowhere/4711', code: 404 })],
    },
    {
      title: 'HEAD on a GET route',
      traffic: ({ send }) => send('/plain', { method: 'HEAD' }),
      spans: (place) => [server(place, { method: 'HEAD', path: '/plain', route: '/plain' })],
    },
    {
      title: 'OPTIONS, which Express answers by itself',
      traffic: ({ send }) => send('/chained/1', { method: 'OPTIONS' }),
      spans: (place) => [server(place, { method: 'OPTIONS', path: '/chained/1' })],
    },
    {
      title: 'a method outside the semantic conventions',
      traffic: ({ send }) => send('/every', { method: 'PURGE' }),
      spans: (place) => [
        server(place, {
          path: '/every',
          route: '/every',
          attributes: { 'http.request.method': '_OTHER', 'http.request.method_original': 'PURGE' },
        }),
      ],
    },
  ],
};
