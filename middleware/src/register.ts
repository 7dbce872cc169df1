// `node --import @longpole/express/register app.js`: tracing without a line of code.

import threads from 'node:worker_threads';
import { startTracing } from './start/start-tracing.ts';

// Node also preloads `--require` into the thread that runs module hooks, where there is nothing to trace.
if (!threads.isInternalThread) startTracing();
