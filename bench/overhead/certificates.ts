// A certificate for the one fake server that is only spoken to over TLS, made for the run and thrown away after it.

import { spawnSync } from 'node:child_process';
import { makeTemporaryFolder } from './temporary-folder.ts';

export interface Certificates {
  /** Holds `key.pem` and `cert.pem`. */
  readonly folder: string;
  remove(): void;
}

/** `undefined` where there is no `openssl`. */
export function makeCertificates(): Certificates | undefined {
  const folder = makeTemporaryFolder();
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', 'key.pem', '-out', 'cert.pem'];
  const key = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1'];
  const made = spawnSync('openssl', [...key, ...files, ...subject], { cwd: folder.path, stdio: 'ignore' });
  if (made.status === 0) return { folder: folder.path, remove: folder.remove };
  folder.remove();
  return undefined;
}
