// `node --import @longpole/express/register app.js`: tracing without a line of code.

import { startTracing } from './start/start-tracing.ts';

startTracing();
