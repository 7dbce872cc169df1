// A certificate for the one fake server that is only spoken to over TLS, made for the run and thrown away after it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificates {
  /** Holds `key.pem` and `cert.pem`. */
  readonly folder: string;
  remove(): void;
}

/** `undefined` where there is no `openssl`. */
export function makeCertificates(): Certificates | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'longpole-bench-'));
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', 'key.pem', '-out', 'cert.pem'];
  const made = spawnSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...files, ...subject],
    {
      cwd: folder,
      stdio: 'ignore',
    },
  );
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (made.status === 0) return { folder, remove };
  remove();
  return undefined;
}
