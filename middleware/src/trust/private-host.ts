// Tells names and addresses of hosts inside from those of hosts on the public internet.

import { isPrivateAddress } from './private-address.ts';

/** Ends of names that public DNS does not know (RFC 6761, RFC 6762, ICANN's `.internal`, Kubernetes). */
const INSIDE = ['.localhost', '.local', '.internal', '.svc'];

/** A number alone, decimal or hexadecimal, is an IPv4 address to the resolver: 134744072 is 8.8.8.8. */
const NUMBER = /^(0x[\da-f]*|\d+)$/;

/**
 * Whether `host`, in lower case and without brackets, is a private address, the machine itself, a name without a dot
 * (a container, a service in the same namespace) or one that ends in `.local`, `.internal`, `.localhost` or `.svc`.
 * Nothing is resolved: a public name that points inside is not private.
 */
export function isPrivateHost(host: string): boolean {
  if (isPrivateAddress(host) || host === '0.0.0.0' || host === '::') return true;
  if (host.includes(':')) return false;
  if (!host.includes('.')) return host !== '' && !NUMBER.test(host);
  const name = host.endsWith('.') ? host.slice(0, -1) : host;
  return name === 'localhost' || INSIDE.some((end) => name.endsWith(end) && name.length > end.length);
}
