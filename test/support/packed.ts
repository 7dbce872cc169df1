// Packs packages of the repository and installs them outside of it, as `npm install` of the tarballs would.

import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const run: typeof execFile.__promisify__ = promisify(execFile);
export const root: string = resolve(__dirname, '..', '..');
export const modules: string = join(root, 'node_modules');

export interface Packed {
  readonly tarball: string;
  /** Paths of the files in it. */
  readonly files: string[];
}

/** Builds and packs a copy, so that the working tree's own build does not matter. `name` is the package's folder. */
export async function pack(name: string, folder: string): Promise<Packed> {
  const copy = join(folder, name);
  cpSync(join(root, name), copy, {
    recursive: true,
    filter: (path) => !/[\\/](dist|test|node_modules)$/.test(path),
  });
  cpSync(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
  symlinkSync(modules, join(folder, 'node_modules'));
  const own = join(root, name, 'node_modules');
  if (existsSync(own)) symlinkSync(own, join(copy, 'node_modules'));
  const { stdout } = await run('npm', ['pack', '--json', '--offline'], {
    cwd: copy,
    env: { ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env['PATH']}` },
  });
  const [report] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as [
    { filename: string; files: { path: string }[] },
  ];
  return { tarball: join(copy, report.filename), files: report.files.map(({ path }) => path) };
}

/** Unpacks a tarball as the package `name` of a `node_modules` folder. */
export function unpack(tarball: string, name: string, target: string): void {
  const unpacked = join(target, ...name.split('/'));
  mkdirSync(unpacked, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', unpacked]);
}

/** Links the dependencies that the repository has, but its own packages; `wanted` says which. */
export function linkDependencies(target: string, wanted: (name: string) => boolean = () => true): void {
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(modules)) {
    const isOwn = name === '@longpole' || name === 'longpole' || name.startsWith('.');
    if (!isOwn && wanted(name)) symlinkSync(join(modules, name), join(target, name));
  }
}

/** The environment without what Jest, this project and a CI put into it: in CI runners write no snapshots. */
export const cleanEnvironment: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(OTEL_|LONGPOLE_|NODE_OPTIONS$|JEST_|NODE_ENV$|FORCE_COLOR$|CI$)/.test(name),
  ),
);
