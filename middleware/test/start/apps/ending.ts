// An Express app that ends in all the ways an app can end. Its arguments say how it handles signals.

import { startTracing, tracing } from '@longpole/express';
import express from 'express';

const handling = process.argv[2] ?? 'none';
const deadline = process.env['TEST_DEADLINE_MS'];
if (deadline !== undefined) startTracing({ service: 'ending', shutdownDeadlineMs: Number(deadline) });

// A Node that begins late stands for a machine that has too much to do.
process.execPath = process.env['TEST_EXEC_PATH'] ?? process.execPath;

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
if (handling === 'onlooker') {
  // As the package signal-exit does it: watch, count oneself in public, and go on with the signal when nobody else is there.
  Object.assign(process, { __signal_exit_emitter__: { count: 1 } });
  const watch = (): void => {
    if (process.listenerCount('SIGTERM') > 1) return;
    process.stdout.write('the onlooker saw the end\n');
    process.off('SIGTERM', watch);
    process.kill(process.pid, 'SIGTERM');
  };
  process.on('SIGTERM', watch);
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
