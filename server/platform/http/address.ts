import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';

export type Trust = (address: string, hop: number) => boolean;

/** Whose word on the sender is believed: so many hops, or those addresses. */
export function trustOf(trusted: number | string[]): Trust {
  return typeof trusted === 'number' ? (_address, hop) => hop < trusted : proxyAddress.compile(trusted);
}

/** The address of whoever asks: of the connection or, where proxies are trusted, what the first of them that is not trusted was told; '' of one who has left. */
export function addressBehind(trusted: number | string[] | undefined): (request: IncomingMessage) => string {
  if (trusted === undefined) return (request) => request.socket.remoteAddress ?? '';
  const trust = trustOf(trusted);
  return (request) => proxyAddress(request, trust) ?? '';
}
