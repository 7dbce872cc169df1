#!/usr/bin/env node
// Starts the built command line, or says in one line that this Node is too old for it.
const needed = [22, 15];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(
    `error: longpole needs Node ${needed.join('.')} or newer; this is ${process.versions.node} at ${process.execPath}.`,
  );
  process.exitCode = 2;
} else {
  import('../dist/cli/main.js').catch((error) => {
    console.error(`error: longpole cannot start: ${error.message}`);
    process.exitCode = 2;
  });
}
