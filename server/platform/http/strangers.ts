import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf, trustOf } from './address.ts';

/** What those may do who have not shown that they are let in, counted by their address. */

const WINDOW_MS = 10_000;
/** Requests and handshakes in ten seconds by one address. */
const MOST_REQUESTS = 200;
/** The same for all that an address asks for. */
const MOST_IN_ALL = 1_000;
const MAX_ADDRESSES = 10_000;
/** Connections by one address that may stay without having shown a token. */
const MOST_CONNECTIONS = 256;
/** A newcomer has so long to show one before it counts, ms: a whole office, or 5,000 displays, may come at once. */
const GRACE_MS = 10_000;
/** Connections by one address that may be new at the same time. */
const MOST_NEW = 6_000;
const SWEEP_MS = 1_000;

/** Counts by address in windows of ten seconds, for this process. */
export class AddressLimit {
  private readonly counts = new Map<string, { since: number; n: number }>();
  private readonly most: number;
  private readonly mostInAll: number;
  private readonly now: () => number;

  constructor(most = MOST_REQUESTS, now: () => number = () => performance.now(), mostInAll = MOST_IN_ALL) {
    this.most = most;
    this.mostInAll = mostInAll;
    this.now = now;
  }

  /**
   * Counts one more.
   * @param what has a count of its own, besides that of all an address asks for
   * @returns 0, or after how many ms to come back: then it was not counted
   */
  take(address: string, what = ''): number {
    return this.count(keyOf(address, what), this.most) || this.count(keyOf(address, 'in all'), this.mostInAll);
  }

  private count(key: string, most: number): number {
    const now = this.now();
    const count = this.counts.get(key);
    if (!count || now - count.since >= WINDOW_MS) {
      this.counts.delete(key);
      this.counts.set(key, { since: now, n: 1 });
      // The oldest first: maps keep the order in which they were filled.
      for (const oldest of this.counts.keys()) {
        if (this.counts.size <= MAX_ADDRESSES) break;
        this.counts.delete(oldest);
      }
      return 0;
    }
    if (count.n >= most) return Math.max(1, count.since + WINDOW_MS - now);
    count.n++;
    return 0;
  }

  /** Takes back what was counted of somebody who is known after all. */
  giveBack(address: string, what = ''): void {
    for (const key of [keyOf(address, what), keyOf(address, 'in all')]) {
      const count = this.counts.get(key);
      if (count && count.n > 0) count.n--;
    }
  }
}

const keyOf = (address: string, what: string) => `${networkOf(address)} ${what}`;

export interface ConnectionLimits {
  /** Whose connections are those of many: proxies that are trusted. */
  trusted?: (address: string) => boolean;
  most?: number;
  mostNew?: number;
  graceMs?: number;
}

/**
 * Bounds the connections of those who have not shown that they are let in, by address. Too many, and the oldest are ended;
 * whoever is known keeps theirs, however many are behind the same address.
 */
export class StrangerConnections {
  private readonly byAddress = new Map<string, Map<Socket, number>>();
  /** By both ends: over TLS a request has another object than the connection below it. */
  private readonly sockets = new Map<string, Socket>();
  private readonly limits: Required<ConnectionLimits>;

  constructor({
    trusted = () => false,
    most = MOST_CONNECTIONS,
    mostNew = MOST_NEW,
    graceMs = GRACE_MS,
  }: ConnectionLimits) {
    this.limits = { trusted, most, mostNew, graceMs };
  }

  /** Follows the connections of a server until it closes. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.enter(socket));
    const sweeping = setInterval(() => this.sweep(), SWEEP_MS);
    sweeping.unref();
    server.on('close', () => clearInterval(sweeping));
  }

  /** The one at the other end is let in: the connection does not count any more. */
  known(socket: Socket): void {
    const below = this.sockets.get(nameOf(socket));
    if (below) this.forget(below);
  }

  private enter(socket: Socket): void {
    const { remoteAddress: address } = socket;
    const name = nameOf(socket);
    if (address === undefined || this.limits.trusted(address) || this.sockets.has(name)) return;
    const key = networkOf(address);
    const strangers = this.byAddress.get(key) ?? new Map<Socket, number>();
    if (strangers.size >= this.limits.mostNew) {
      socket.destroy();
      return;
    }
    this.byAddress.set(key, strangers.set(socket, performance.now()));
    this.sockets.set(name, socket);
    socket.once('close', () => {
      this.forget(socket, key);
      if (this.sockets.get(name) === socket) this.sockets.delete(name);
    });
  }

  private forget(socket: Socket, key = networkOf(socket.remoteAddress ?? '')): void {
    const strangers = this.byAddress.get(key);
    strangers?.delete(socket);
    if (strangers?.size === 0) this.byAddress.delete(key);
  }

  private sweep(): void {
    const before = performance.now() - this.limits.graceMs;
    for (const strangers of this.byAddress.values()) {
      // The oldest first, as they came.
      for (const [socket, since] of strangers) {
        if (strangers.size <= this.limits.most || since > before) break;
        strangers.delete(socket);
        socket.destroy();
      }
    }
  }
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}|${remotePort}`;
}

/** What is counted of strangers, for one server. */
export interface Strangers {
  requests: AddressLimit;
  connections: StrangerConnections;
}

/** @param trustedProxies whose connections are those of many */
export function createStrangers(trustedProxies: number | string[] | undefined): Strangers {
  const trust = trustedProxies === undefined ? undefined : trustOf(trustedProxies);
  return {
    requests: new AddressLimit(),
    connections: new StrangerConnections(trust ? { trusted: (address) => trust(address, 0) } : {}),
  };
}
