// Finds a Python that can run the W3C suite, which needs aiohttp.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Debian's own interpreter comes second, because another `python3` in front of it does not see Debian's packages. */
const CANDIDATES = ['python3', '/usr/bin/python3'];

/** The interpreter to use: `PYTHON`, else the first one that has aiohttp. */
export async function findPython(): Promise<string> {
  const named = process.env['PYTHON'];
  const candidates = named === undefined ? CANDIDATES : [named];
  for (const candidate of candidates) if (await hasAiohttp(candidate)) return candidate;
  throw new Error(
    `No Python 3 with aiohttp found (tried ${candidates.join(', ')}). Install Debian's python3-aiohttp, or name an interpreter that has it with PYTHON=…`,
  );
}

async function hasAiohttp(python: string): Promise<boolean> {
  try {
    await run(python, ['-c', 'import aiohttp']);
    return true;
  } catch {
    return false;
  }
}
