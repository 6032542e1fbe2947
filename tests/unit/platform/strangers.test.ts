import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressLimit, StrangerConnections } from '../../../server/platform/http/strangers.ts';
import { until } from '../../support/server.ts';

describe('requests of strangers', () => {
  it('are limited in ten seconds, by IPv4 address and by IPv6 /64', () => {
    let now = 0;
    const limit = new AddressLimit(3, () => now);
    const take = (address: string) => limit.take(address);
    expect([1, 2, 3].map(() => take('203.0.113.7'))).toEqual([0, 0, 0]);
    now = 4_000;
    expect(take('203.0.113.7')).toBe(6_000);
    expect(take('::ffff:203.0.113.7')).toBe(6_000);
    expect(take('203.0.113.8')).toBe(0);
    // One machine has all addresses of its /64.
    expect(['2001:db8:0:1::1', '2001:db8::1:a:b:c:d', '2001:DB8:0:1:ffff::'].map(take)).toEqual([0, 0, 0]);
    expect(take('2001:db8:0:1::99')).toBeGreaterThan(0);
    expect(take('2001:db8:0:2::1')).toBe(0);
    now = 10_000;
    expect(take('203.0.113.7')).toBe(0);
  });

  it('are limited for each thing, and in all', () => {
    const limit = new AddressLimit(2, () => 0, 5);
    expect(['a', 'a', 'a', 'b', 'b', 'c', 'd'].map((what) => limit.take('x', what) > 0)).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('of somebody who is known after all do not count', () => {
    const limit = new AddressLimit(2, () => 0);
    for (let i = 0; i < 50; i++) {
      expect(limit.take('a')).toBe(0);
      limit.giveBack('a');
    }
    expect([limit.take('a'), limit.take('a')]).toEqual([0, 0]);
    expect(limit.take('a')).toBeGreaterThan(0);
  });
});

describe('connections of strangers', () => {
  let server: Server;
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });
  async function listen(limits: ConstructorParameters<typeof StrangerConnections>[0]): Promise<StrangerConnections> {
    const strangers = new StrangerConnections(limits);
    server = createServer((request, answer) => {
      // Who says so is let in.
      if (request.url === '/known') strangers.known(request.socket);
      answer.end('ok');
    });
    strangers.watch(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return strangers;
  }
  async function open(many: number, path?: string): Promise<Socket[]> {
    const opened = Array.from({ length: many }, () => connect((server.address() as AddressInfo).port, '127.0.0.1'));
    sockets.push(...opened);
    await Promise.all(opened.map((socket) => once(socket, 'connect')));
    for (const socket of opened) {
      socket.on('error', () => undefined);
      if (path) socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    }
    if (path) await Promise.all(opened.map((socket) => once(socket, 'data')));
    return opened;
  }
  const alive = (some: readonly Socket[]) => some.filter((socket) => !socket.closed && !socket.readableEnded).length;

  it('beyond a number are ended, the oldest first, and no one of those who are known', async () => {
    await listen({ most: 5, graceMs: 0 });
    const known = await open(30, '/known');
    const old = await open(20);
    for (const socket of [...old, ...known]) socket.resume();
    await until('the oldest are ended', () => alive(old) === 5);
    expect(old.slice(-5).every((socket) => !socket.closed)).toBe(true);
    const fresh = await open(5, '/page');
    for (const socket of fresh) socket.resume();
    await until('newer ones took their places', () => alive(old) === 0);
    expect(alive(fresh)).toBe(5);
    expect(alive(known)).toBe(30);
  });

  it('have time to show that they are known, and only so many at once', async () => {
    await listen({ most: 1, mostNew: 10, graceMs: 60_000 });
    const some = await open(10);
    for (const socket of some) socket.resume();
    const [late] = await open(1);
    late!.resume();
    await until('one too many is ended', () => alive([late!]) === 0);
    expect(alive(some)).toBe(10);
  });

  it('are not counted behind a proxy that is trusted', async () => {
    await listen({ most: 1, mostNew: 1, graceMs: 0, trusted: () => true });
    expect(alive(await open(10, '/page'))).toBe(10);
  });
});
