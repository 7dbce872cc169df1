// Tells addresses that the public internet cannot reach from those that it can.

import { BlockList, isIP } from 'node:net';

/** `[network, prefix length, family]` */
const NETWORKS: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['127.0.0.0', 8, 'ipv4'], // loopback, RFC 1122
  ['10.0.0.0', 8, 'ipv4'], // private, RFC 1918
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'], // link-local, RFC 3927
  ['100.64.0.0', 10, 'ipv4'], // shared address space, RFC 6598: pods of clusters, overlay networks
  ['::1', 128, 'ipv6'], // loopback, RFC 4291
  ['fc00::', 7, 'ipv6'], // unique local, RFC 4193
  ['fe80::', 10, 'ipv6'], // link-local, RFC 4291
];

const privateNetworks = new BlockList();
for (const [network, prefix, family] of NETWORKS) privateNetworks.addSubnet(network, prefix, family);

/**
 * Whether `address` is a loopback, private, link-local, unique local or shared (100.64.0.0/10) address. IPv4 mapped into
 * IPv6 counts as the IPv4 address it is. Whatever is no IP address is not private.
 */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  return privateNetworks.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

const MAX_KNOWN = 1024;
const known = new Map<string, boolean>();

/** The same for the address of a socket, remembered, because the same peers come again and again. */
export function isPrivatePeer(address: string): boolean {
  const answer = known.get(address);
  if (answer !== undefined) return answer;
  if (known.size >= MAX_KNOWN) known.clear();
  const fresh = isPrivateAddress(address);
  known.set(address, fresh);
  return fresh;
}
