// An application of some size: fifteen middlewares, one hundred routes in nested routers, no calls.
'use strict';

const express = require('express');
const { mountTracer, serve } = require('./agent.cjs');

const app = express();
mountTracer(app);
for (let i = 0; i < 15; i++) {
  app.use((request, _response, next) => {
    request[`step${i}`] = true;
    next();
  });
}
const api = express.Router();
for (let group = 0; group < 10; group++) {
  const router = express.Router({ mergeParams: true });
  for (let route = 0; route < 10; route++) {
    router.get(`/thing${route}/:id`, (request, response) => response.json({ group, id: request.params.id }));
  }
  api.use(`/group${group}/:tenant`, router);
}
app.use('/api', api);
serve(app);
