import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import proxyAddress from '@fastify/proxy-addr';

export type Trust = (address: string, hop: number) => boolean;

/** Whose word on the sender is believed: so many hops, or those addresses. */
export function trustOf(trusted: number | string[]): Trust {
  if (typeof trusted === 'number') return (_address, hop) => hop < trusted;
  const compiled = proxyAddress.compile(trusted);
  return (address, hop) => compiled(plainAddress(address), hop);
}

/** The address of whoever asks: of the connection or, where proxies are trusted, what the first of them that is not trusted was told; '' of one who has left. */
export function addressBehind(trusted: number | string[] | undefined): (request: IncomingMessage) => string {
  if (trusted === undefined) return (request) => plainAddress(request.socket.remoteAddress ?? '');
  const trust = trustOf(trusted);
  return (request) => plainAddress(proxyAddress(request, trust) ?? '');
}

/**
 * An address without what some proxies add to it: a port, brackets, a zone; an IPv4 address in IPv6 clothes (RFC 4291
 * §2.5.5.2) as IPv4. So one sender is one address, whatever port it sends from. What is no address stays as it is.
 */
export function plainAddress(text: string): string {
  const given = text.trim();
  const bare = /^\[([^\]]*)\](?::\d*)?$/.exec(given)?.[1] ?? /^([^:]*):\d*$/.exec(given)?.[1] ?? given;
  const address = bare.replace(/%.*$/, '').toLowerCase();
  if (!isIPv6(address)) return isIP(bare) ? address : isIPv4(address) ? address : given.slice(0, 100);
  const groups = groupsOf(address);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.');
  return address;
}

/** Whose limits an address counts for: itself or, of IPv6, its /64, as a subscriber has at least that many (RFC 6177). */
export function networkOf(text: string): string {
  const address = plainAddress(text);
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address).slice(0, 4);
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL parser writes an IPv4 tail as two groups, and shortens one run of zeros.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const numbers = (part: string) => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const before = numbers(head);
  const after = numbers(tail ?? '');
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this very machine can reach a server listening on `host`. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
