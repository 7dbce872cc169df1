// `npm run test:w3c`: the W3C Trace Context validation suite against a traced Express 5 application, with axios and with fetch.

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { CLIENTS, createEchoApp, startEchoTracing } from '../../middleware/test/propagation/echo-app.ts';
import { findPython } from './python.ts';
import { readReport } from './read-report.ts';
import { runSuite } from './run-suite.ts';

const VARIABLE = 'W3C_TRACE_CONTEXT_SUITE';

async function main(): Promise<void> {
  const checkout = suiteCheckout();
  const python = await findPython();
  const tracing = startEchoTracing();
  const server = await listen();
  try {
    const { port } = server.address() as { port: number };
    for (const client of Object.keys(CLIENTS)) {
      const output = await runSuite({ checkout, python, endpoint: `http://127.0.0.1:${port}/${client}` });
      if (!report(client, output)) process.exitCode = 1;
    }
  } finally {
    server.close();
    server.closeAllConnections();
    await tracing.shutdown();
  }
}

function suiteCheckout(): string {
  const checkout = process.env[VARIABLE];
  const cure = `Clone https://github.com/w3c/trace-context and set ${VARIABLE} to the path of the clone.`;
  if (checkout === undefined || checkout === '') throw new Error(`${VARIABLE} is not set. ${cure}`);
  if (!existsSync(join(checkout, 'test', 'test.py')))
    throw new Error(`${VARIABLE} is '${checkout}', where there is no test/test.py. ${cure}`);
  return checkout;
}

async function listen(): Promise<Server> {
  const server = createServer(createEchoApp());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

/** Prints a line for each test and the total; `true` only when every test that ran has passed, and some have. */
function report(client: string, output: string): boolean {
  const { results, ran } = readReport(output);
  for (const { name, verdict } of results)
    console.log(`${verdict === 'ok' ? 'pass' : verdict}  ${client}  ${name}`);
  const passed = results.filter(({ verdict }) => verdict === 'ok').length;
  const isComplete = ran !== undefined && ran > 0 && ran === results.length;
  const hasPassed = isComplete && passed === ran;
  if (!hasPassed) console.log(`\n${output}`);
  if (!isComplete)
    console.log(
      `${client}: the suite ran ${ran ?? 'no'} tests, of which ${results.length} verdicts were read`,
    );
  console.log(`${client}: ${passed} of ${ran ?? 0} passed\n`);
  return hasPassed;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
