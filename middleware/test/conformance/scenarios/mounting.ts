// Routers inside routers and applications inside applications: the whole template, whatever the way to it.

import express, { type RequestHandler } from 'express';
import { server } from '../harness/contract.ts';
import type { Group } from '../harness/scenario.ts';

const ok: RequestHandler = (_request, response) => void response.send('ok');
const pass: RequestHandler = (_request, _response, next) => next();

function nested() {
  const inner = express.Router({ mergeParams: true });
  inner.get('/', ok);
  inner.get('/orders/:orderId', ok);
  const outer = express.Router();
  outer.use('/users/:userId', inner);
  return outer;
}

function mountedApp() {
  const inner = express();
  inner.get('/deep/:id', ok);
  const outer = express();
  outer.use('/inner', inner);
  outer.get('/', ok);
  return outer;
}

function leaving() {
  const router = express.Router();
  router.use('/sub', pass);
  router.get('/sub/:id', (_request, _response, next) => next('router'));
  return router;
}

function withParam() {
  const router = express.Router();
  router.param('id', (_request, _response, next, id) =>
    next(id === '0' ? new Error('no such thing') : undefined),
  );
  router.get('/things/:id', ok);
  return router;
}

export const mounting: Group = {
  name: 'Mounted routers and applications',
  mount(app) {
    app.use('/api', nested());
    app.use('/tenants/:tenant', nested());
    app.use('/app', mountedApp());
    app.use(['/v1', '/v2/:region'], nested());
    app.use(/^\/r(\d)/, nested());
    app.use('/a', pass);
    app.use('/a/:any', pass);
    app.use('/a/b', nested());
    app.use('/left/:x', leaving());
    app.use('/left', nested());
    app.use('/param', withParam());
    app.use('/both', (request, response, next) => {
      leaving()(request, response, () => nested()(request, response, next));
    });
    app.get('/late/:id', async (request, response, next) => {
      await new Promise((resolve) => setImmediate(resolve));
      lateRouter(request, response, next);
    });
    const lateRouter = express.Router().get('/late/:id', ok);
  },
  scenarios: [
    {
      title: 'routers in routers',
      traffic: ({ send }) => send('/api/users/7/orders/8'),
      spans: (place) => [
        server(place, { path: '/api/users/7/orders/8', route: '/api/users/:userId/orders/:orderId' }),
      ],
    },
    {
      title: 'the root of a router',
      traffic: ({ send }) => send('/api/users/7'),
      spans: (place) => [server(place, { path: '/api/users/7', route: '/api/users/:userId' })],
    },
    {
      title: 'a router at a path with a parameter',
      traffic: ({ send }) => send('/tenants/acme/users/7'),
      spans: (place) => [
        server(place, { path: '/tenants/acme/users/7', route: '/tenants/:tenant/users/:userId' }),
      ],
    },
    {
      title: 'applications in applications',
      traffic: ({ send }) => send('/app/inner/deep/1'),
      spans: (place) => [server(place, { path: '/app/inner/deep/1', route: '/app/inner/deep/:id' })],
    },
    {
      title: 'the root of a mounted application',
      traffic: ({ send }) => send('/app'),
      spans: (place) => [server(place, { path: '/app', route: '/app' })],
    },
    {
      title: 'a router at one of an array of paths',
      traffic: ({ send }) => send('/v2/eu/users/7'),
      spans: (place) => [server(place, { path: '/v2/eu/users/7', route: '/v2/:region/users/:userId' })],
    },
    {
      title: 'a router at a regular expression',
      traffic: ({ send }) => send('/r5/users/7'),
      spans: (place) => [server(place, { path: '/r5/users/7', route: '/^\\/r(\\d)/users/:userId' })],
    },
    {
      title: 'mounts whose paths overlap',
      traffic: ({ send }) => send('/a/b/users/7'),
      spans: (place) => [server(place, { path: '/a/b/users/7', route: '/a/b/users/:userId' })],
    },
    {
      title: "`next('router')`: the router that answers",
      traffic: ({ send }) => send('/left/users/sub'),
      spans: (place) => [server(place, { path: '/left/users/sub', route: '/left/users/:userId' })],
    },
    {
      title: 'two routers called by one middleware',
      traffic: ({ send }) => send('/both/users/7'),
      spans: (place) => [server(place, { path: '/both/users/7', route: '/both/users/:userId' })],
    },
    {
      title: 'a router called by a route, later',
      traffic: ({ send }) => send('/late/7'),
      spans: (place) => [server(place, { path: '/late/7', route: '/late/:id' })],
    },
    {
      title: '`router.param()` before the route',
      traffic: ({ send }) => send('/param/things/1'),
      spans: (place) => [server(place, { path: '/param/things/1', route: '/param/things/:id' })],
    },
    {
      title: '`router.param()` that refuses',
      traffic: ({ send }) => send('/param/things/0'),
      spans: (place) => [
        server(place, {
          path: '/param/things/0',
          route: '/param/things/:id',
          code: 500,
          errorType: 'Error',
          exceptions: [{ type: 'Error', message: 'no such thing' }],
        }),
      ],
    },
    {
      title: 'no route inside a router: no template, never the path',
      traffic: ({ send }) => send('/tenants/acme/nothing'),
      spans: (place) => [server(place, { path: '/tenants/acme/nothing', code: 404 })],
    },
  ],
};
