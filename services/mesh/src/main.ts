// `npm start`: the whole demo in one terminal, until Ctrl-C.
import { fileURLToPath } from 'node:url';
import { runMesh } from './run-mesh.ts';

const stop = new AbortController();
const kill = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => (stop.signal.aborted ? kill.abort() : stop.abort()));
}

process.exitCode = await runMesh({
  root: fileURLToPath(new URL('../../../', import.meta.url)),
  guard: new URL('./stop-with-parent.ts', import.meta.url).href,
  environment: process.env,
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isInteractive: process.stdout.isTTY === true,
  },
  stop: stop.signal,
  kill: kill.signal,
});
