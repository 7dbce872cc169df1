// An app with a worker thread, which inherits what was preloaded.

import { isMainThread, Worker } from 'node:worker_threads';

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.once('exit', (code) => process.stdout.write(`the worker ended with ${code}\n`));
}
