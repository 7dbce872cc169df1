// One of the five services of a checkout, without their waiting: the gateway calls the four others.
'use strict';

const { Agent } = require('node:http');
const axios = require('axios');
const express = require('express');
const { mountTracer, serve } = require('./agent.cjs');

const others = (process.env.BENCH_OTHERS ?? '').split(',').filter((url) => url !== '');
const client = axios.create({ httpAgent: new Agent({ keepAlive: true }), proxy: false });
const app = express();
mountTracer(app);
app.use(express.json());
app.post('/work', (request, response) => response.json({ done: request.body.order }));
app.post('/api/checkout', async (request, response) => {
  const [auth, inventory, payment, notify] = others;
  const order = request.body.order;
  await client.post(auth, { order });
  await client.post(inventory, { order });
  await client.post(payment, { order });
  await client.post(notify, { order });
  response.json({ order });
});
serve(app);
