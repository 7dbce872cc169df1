// Writes a file that an option names.
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  EACCES: 'it may not be written by this user',
  EISDIR: 'it is a directory',
  ENOSPC: 'the disk is full',
};

/** @throws UsageError when the file cannot be written. */
export async function writeFileAt(
  path: string,
  flag: string,
  text: string,
  { writeFile }: Terminal,
): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw new UsageError(`${flag} ${path} cannot be written: ${WHY[code] ?? code}.`);
  }
}
