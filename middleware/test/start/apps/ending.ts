// An Express app that ends in all the ways an app can end. Its arguments say how it handles signals.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startTracing, tracing } from '@longpole/express';
import express from 'express';

const handling = process.argv[2] ?? 'none';
const deadline = process.env['TEST_DEADLINE_MS'];
if (deadline !== undefined) startTracing({ service: 'ending', shutdownDeadlineMs: Number(deadline) });

const app = express();
app.use(tracing({ service: 'ending' }));
app.get('/work/:id', (_request, response) => {
  response.send('done');
});
app.get('/exit', (_request, response) => {
  response.on('close', () => process.exit(3));
  response.send('done');
});
app.get('/throw', (_request, response) => {
  response.on('close', () => {
    setImmediate(() => {
      throw new Error('thrown on purpose');
    });
  });
  response.send('done');
});
app.get('/close', (_request, response) => {
  response.on('close', () => {
    server.close();
    server.closeAllConnections();
  });
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

function closeAndExit(): void {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
}

if (handling === 'once') process.once('SIGTERM', closeAndExit);
if (handling === 'on') process.on('SIGTERM', closeAndExit);
if (handling === 'signal-exit') {
  const require = createRequire(join(process.cwd(), 'test'));
  const onExit = require('signal-exit') as (listener: (code: number | null, signal: string) => void) => void;
  onExit((_code, signal) => process.stdout.write(`signal-exit saw ${signal}\n`));
}
if (handling === 'awaits') {
  process.on('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
    void startTracing()
      .shutdown()
      .then(() => process.exit(0));
  });
}
