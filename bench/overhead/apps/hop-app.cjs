// The application of the hop: three middlewares and one call to another service.
'use strict';

const express = require('express');
const { mountTracer } = require('./agent.cjs');

/** An application that asks `target` through `client`, which is axios. */
exports.makeHop = function makeHop(client, target) {
  const app = express();
  mountTracer(app);
  app.use(express.json());
  app.use(function authenticate(request, _response, next) {
    request.user = { id: request.headers['x-user-id'] };
    next();
  });
  app.use(function stamp(_request, response, next) {
    response.setHeader('x-served-by', 'hop');
    next();
  });
  app.get('/orders/:id', async (request, response) => {
    const { data } = await client.get(target);
    response.json({ id: request.params.id, user: request.user.id, stock: data.stock });
  });
  return app;
};
