// Makes a certificate for 127.0.0.1 that nobody else trusts (X.509 in DER, RFC 5280).

import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SEQUENCE = 0x30;
const SET = 0x31;

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const time = (year: string): Buffer => der(0x17, Buffer.from(`${year}0101000000Z`));

export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
  /** A file that holds the certificate. */
  readonly file: string;
}

export function selfSigned(): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const ecdsaWithSha256 = der(SEQUENCE, oid('2a8648ce3d040302'));
  const commonName = der(SEQUENCE, oid('550403'), der(0x0c, Buffer.from('longpole test')));
  const name = der(SEQUENCE, der(SET, commonName));
  const address = der(SEQUENCE, der(0x87, Buffer.from([127, 0, 0, 1])));
  const alternativeName = der(SEQUENCE, oid('551d11'), der(0x04, address));
  const body = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    der(SEQUENCE, time('20'), time('49')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, alternativeName)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const base64 = der(SEQUENCE, body, ecdsaWithSha256, signature).toString('base64');
  const cert = `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  const file = join(mkdtempSync(join(tmpdir(), 'longpole-')), 'cert.pem');
  writeFileSync(file, cert);
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert, file };
}
