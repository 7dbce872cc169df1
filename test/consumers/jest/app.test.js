// A Jest test of somebody's CommonJS app, without any special environment: routes and spans are there.

const { InMemorySpanExporter } = require('@opentelemetry/sdk-trace');
const { startTracing, tracing } = require('@longpole/express');
const express = require('express');
const supertest = require('supertest');

test('a request is one SERVER span with its route', async () => {
  const exporter = new InMemorySpanExporter();
  const handle = startTracing({ service: 'orders', exporter, log: () => {} });
  const app = express();
  app.use(tracing());
  app.get('/orders/:id', (_request, response) => response.send('done'));
  await supertest(app).get('/orders/7').expect(200);
  await handle.forceFlush();
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ name }) => name)).toContain('GET /orders/:id');
  await handle.shutdown();
});
