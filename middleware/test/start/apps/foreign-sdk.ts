// An app with an OpenTelemetry SDK of its own, which Longpole joins.

import { startTracing, tracing } from '@longpole/express';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import express from 'express';

const exporter = new InMemorySpanExporter();
new NodeSDK({
  spanProcessors: [new SimpleSpanProcessor({ exporter })],
  metricReaders: [],
  logRecordProcessors: [],
}).start();
const app = express();
app.use(tracing({ service: 'joined' }));
app.get('/work/:id', (_request, response) => {
  response.send('done');
});

const server = app.listen(0, '127.0.0.1', async () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  await (await fetch(`http://127.0.0.1:${port}/work/1`)).text();
  await startTracing().shutdown();
  const names = exporter.getFinishedSpans().map(({ name }) => name);
  process.stdout.write(`${JSON.stringify(names.toSorted())}\n`);
  server.close();
  server.closeAllConnections();
});
