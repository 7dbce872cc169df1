// A service with three middlewares and one call to another service.
'use strict';

const axios = require('axios');
const express = require('express');
const { mountTracer, serve } = require('./agent.cjs');

const target = process.env.BENCH_TARGET;
const { Agent } = require('node:http');
const client = axios.create({ httpAgent: new Agent({ keepAlive: true }), proxy: false });
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
serve(app);
