// A hop with three spans of the application's own inside: five spans a request, as a service with a database makes them.
'use strict';

const { Agent } = require('node:http');
const axios = require('axios');
const express = require('express');
const { innerSpan, mountTracer, serve } = require('./agent.cjs');

const target = process.env.BENCH_TARGET;
const client = axios.create({ httpAgent: new Agent({ keepAlive: true }), proxy: false });
const app = express();
mountTracer(app);
app.use(express.json());
app.get('/orders/:id', async (request, response) => {
  const order = await innerSpan('read order', () => ({ id: request.params.id }));
  const { data } = await client.get(target);
  const price = await innerSpan('read price', () => 17);
  await innerSpan('write order', () => {});
  response.json({ ...order, price, stock: data.stock });
});
serve(app);
