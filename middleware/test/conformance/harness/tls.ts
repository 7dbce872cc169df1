// TLS by a key that both sides know, so that no test needs a certificate that expires.

import type { TLSSocket } from 'node:tls';

const psk = Buffer.alloc(16, 7);
const shared = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;

export const TLS_WITHOUT_CERTIFICATE = {
  ...shared,
  pskCallback: (_socket: TLSSocket, identity: string) => (identity === 'test' ? psk : null),
};

export const TLS_CLIENT = {
  ...shared,
  pskCallback: () => ({ psk, identity: 'test' }),
  checkServerIdentity: () => undefined,
};
