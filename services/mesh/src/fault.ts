// `npm run fault -- <service> <fault>`: makes a running service slow, failing or badly traced.
import { runFault } from './run-fault.ts';

const terminal = {
  out: (text: string) => process.stdout.write(text),
  err: (text: string) => process.stderr.write(text),
};

void runFault({ args: process.argv.slice(2), environment: process.env, terminal }).then((exitCode) => {
  process.exitCode = exitCode;
});
