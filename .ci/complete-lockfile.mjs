// Adds to package-lock.json the platform packages that a registry mirror left out.
//
// npm drops an optional package from the lockfile when the registry in use does not serve it, and `npm ci` then
// refuses the lockfile. Run this after every `npm install` that changed it: node .ci/complete-lockfile.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2] ?? 'package-lock.json';
const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'mipsel',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
];

const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = Object.entries(lock.packages).flatMap(([at, { dev, optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(
      ([name]) => !lock.packages[`${at}/node_modules/${name}`] && !lock.packages[`node_modules/${name}`],
    )
    .map(([name, version]) => [name, platformEntry(name, version, dev)]),
);
for (const [name, entry] of missing) lock.packages[`node_modules/${name}`] = entry;
const { '': root, ...rest } = lock.packages;
const sorted = Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = { '': root, ...Object.fromEntries(sorted) };
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${missing.length} platform packages added to ${file}`);

function platformEntry(name, version, dev) {
  const words = name.split('/').pop().split('-');
  const os = words.find((word) => systems.includes(word));
  const isWasm = words.includes('wasm32') || words.includes('wasi');
  const cpu = words.find((word) => processors.includes(word)) ?? (isWasm ? 'wasm32' : undefined);
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.includes('gnu')
      ? 'glibc'
      : undefined;
  return {
    version,
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(dev === undefined ? {} : { dev }),
    ...(libc === undefined ? {} : { libc: [libc] }),
    optional: true,
    ...(os === undefined ? {} : { os: [os] }),
  };
}
