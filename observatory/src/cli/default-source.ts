// Where traces are read from when nothing else is said.
import { parseCount } from './parse-size.ts';
import type { Terminal } from './terminal.ts';

const DEFAULT_PORT = '16686';

/**
 * The embedded backend, or a Jaeger, on this machine: on the port on which `longpole up` answers queries.
 * @throws UsageError on a LONGPOLE_UI_PORT that is no port.
 */
export function defaultSource(env: Terminal['env']): string {
  const port = parseCount(env['LONGPOLE_UI_PORT'] || DEFAULT_PORT, 'LONGPOLE_UI_PORT', 1, 65_535);
  return `http://127.0.0.1:${port}`;
}
