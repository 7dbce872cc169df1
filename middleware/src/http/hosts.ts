// Reads addresses: `host[:port]` as it stands in a Host header, and what a socket says.

/** `host[:port]` taken apart. */
export interface SplitHost {
  /** Without brackets. */
  readonly address: string;
  /** `undefined` where none is given, or none that there can be. */
  readonly port: number | undefined;
}

/** The address without brackets, and the port when one is given. */
export function splitHost(host: string): SplitHost {
  const closing = host.startsWith('[') ? host.indexOf(']') : -1;
  const colon = host.indexOf(':', closing + 1);
  const isPlainIpv6 = closing === -1 && colon !== -1 && host.includes(':', colon + 1);
  if (colon === -1 || isPlainIpv6) return { address: withoutBrackets(host), port: undefined };
  const port = portIn(host, colon + 1);
  const address = withoutBrackets(host.slice(0, colon));
  return { address, port: port > 0 && port < 65_536 ? port : undefined };
}

/** The number that the text is from `start` on; 0 when it is none, or none that a port can be. */
function portIn(text: string, start: number): number {
  let port = 0;
  for (let i = start; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9 || port > 65_535) return 0;
    port = port * 10 + digit;
  }
  return port;
}

/** An IPv6 address as it is, without the brackets that it has in URLs. */
export function withoutBrackets(address: string): string {
  return address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
}

/** An address as a person writes it: an IPv4 address that a dual-stack socket shows as IPv6 becomes IPv4 again. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
