import type { IncomingMessage } from 'node:http';
import { isIP, isIPv4 } from 'node:net';

/**
 * The address that a request came from, as far as it can be believed: each of the `trustedProxies` in front of this service added the address that it
 * was asked from to the end of X-Forwarded-For; what stands before these, the client may have made up. With 0 it is who holds the connection.
 */
export function clientAddress(
  {
    headers,
    socket,
  }: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } },
  trustedProxies: number,
): string {
  const holder = socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return holder;
  const header = headers['x-forwarded-for'] ?? '';
  const chain = (typeof header === 'string' ? header : header.join()).split(',').map((part) => part.trim());
  const said = chain.at(-Math.min(trustedProxies, chain.length)) ?? '';
  return isIP(said) === 0 ? holder : said;
}

/**
 * Whose address it is, for counting: an IPv4 address as it is, of IPv6 the first 64 bits, since one customer is given at least as many addresses as
 * the others make.
 */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIPv4(address) || isIP(address) === 0) return address;
  const [withoutZone = ''] = address.split('%');
  // The URL parser knows every way to write an address and gives one: lower case, in hexadecimal, with at most one "::".
  const [head = '', rest] = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = rest === undefined || rest === '' ? [] : rest.split(':');
  const left = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const groups = [...before, ...left, ...after];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
