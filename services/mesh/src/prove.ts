// `npm run prove`: switches every fault and mistake of the demo on, and checks that Longpole names it and nothing else.
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProve } from './prove/run-prove.ts';
import { stopOnSignals } from './stop-on-signals.ts';

const extension = extname(import.meta.url);

void runProve({
  args: process.argv.slice(2),
  root: fileURLToPath(new URL('../../../', import.meta.url)),
  guard: new URL(`./stop-with-parent${extension}`, import.meta.url).href,
  isBuilt: extension === '.js',
  environment: process.env,
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    isInteractive: false,
  },
  ...stopOnSignals(process),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
