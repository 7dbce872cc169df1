// `npm start`: the whole demo in one terminal, until Ctrl-C.
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMesh } from './run-mesh.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { stopWithNpm } from './stop-with-npm.ts';

const extension = extname(import.meta.url);

// A reader that is gone, as of `npm start | head`, ends the demo like a closed terminal.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', () => process.kill(process.pid, 'SIGHUP'));
}

stopWithNpm({
  environment: process.env,
  parentId: () => process.ppid,
  onGone: () => {
    process.stderr.write('\nThe npm that started this was killed, so everything is stopped.\n');
    process.kill(process.pid, 'SIGTERM');
  },
});

process.exitCode = await runMesh({
  root: fileURLToPath(new URL('../../../', import.meta.url)),
  guard: new URL(`./stop-with-parent${extension}`, import.meta.url).href,
  isBuilt: extension === '.js',
  environment: process.env,
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isInteractive: process.stdout.isTTY === true,
  },
  ...stopOnSignals(process),
});
