// An Express app that says when it is ready and flushes on request, for tests of what tracing says beside it.

import { startTracing, tracing } from '@longpole/express';
import express from 'express';

const app = express();
app.use(tracing({ service: 'speaking' }));
app.get('/work', (_request, response) => {
  response.send('done');
});
app.get('/flush', async (_request, response) => {
  await startTracing().forceFlush();
  response.json(startTracing().stats());
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`ready ${typeof address === 'object' ? address?.port : address}\n`);
});
