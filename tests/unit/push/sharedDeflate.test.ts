import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { Server } from 'socket.io';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openRawSocket, TAKES_COMPRESSED } from '../../../testing/rawSocket.ts';
import { SharedDeflateServer } from '../../../server/push/sharedDeflate.ts';
import { atEnd } from '../../support/ending.ts';

const MOST_RECEIVED = 4_096;

async function serve() {
  const http = createServer();
  const server = new Server(http, {
    wsEngine: SharedDeflateServer,
    serveClient: false,
    maxHttpBufferSize: MOST_RECEIVED,
  });
  server.on('connection', (socket) => {
    socket.on('say', (text: unknown, ack: (text: unknown) => void) => ack(text));
    socket.on('tell', (ack: (text: string) => void) => ack(LONG));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  atEnd(async () => {
    server.disconnectSockets(true);
    await server.close();
  });
  return { server, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

async function join(url: string, options: Partial<ManagerOptions & SocketOptions> = {}): Promise<Socket> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, ...options });
  atEnd(() => {
    socket.disconnect();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

const heard = (socket: Socket, event: string) => new Promise<unknown>((resolve) => socket.once(event, resolve));
/** The types know of a threshold only. */
const TAKES_NONE = { perMessageDeflate: false } as unknown as Partial<ManagerOptions>;
const LONG = '某建筑有限公司拖欠工资'.repeat(400);

/** A WebSocket of Engine.IO that is told, beside what it offers, nothing about Socket.IO. */
async function openSocket(url: string, options: ConstructorParameters<typeof WebSocket>[2]) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, options);
  atEnd(() => {
    socket.terminate();
  });
  const messages: string[] = [];
  let tell: () => void = () => undefined;
  socket.on('message', (data: Buffer) => {
    messages.push(data.toString());
    tell();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.send('40');
  const until = async (wanted: (text: string) => boolean) => {
    while (!messages.some(wanted))
      await new Promise<void>((resolve) => {
        tell = resolve;
      });
    return messages.find(wanted)!;
  };
  await until((text) => text.startsWith('40'));
  return { socket, until };
}

describe('messages compressed once', () => {
  it('arrive as they were sent, whatever the screen takes', async () => {
    const { server, url } = await serve();
    const screens = [
      await join(url),
      await join(url),
      await join(url, TAKES_NONE),
      await join(url, { transports: ['polling'] }),
      await join(url, { transports: ['polling', 'websocket'] }),
    ];
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6_000, size: 'max' }),
      fc.string({ unit: fc.constantFrom('欠', '薪', '"', '\\', 'a'), minLength: 300, maxLength: 70_000, size: 'max' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), fc.boolean(), async (texts, alone) => {
        const all = screens.map((screen) => heard(screen, 'patch'));
        const value = { texts: texts.map((one) => one.toWellFormed()) };
        if (alone) for (const socket of server.sockets.sockets.values()) socket.emit('patch', value);
        else server.emit('patch', value);
        for (const one of await Promise.all(all)) expect(one).toStrictEqual(value);
      }),
      { numRuns: 60 },
    );
  });

  it('are the same bytes for all who take them, a fraction of the text, and plain for those who do not', async () => {
    const { server, url } = await serve();
    const sent: Record<string, number[]> = {};
    const open = (name: string, headers: Record<string, string>) =>
      openRawSocket(
        url,
        (payload, _opcode, bytes) => {
          if (payload.includes('"patch"')) (sent[name] ??= []).push(bytes);
        },
        '/socket.io/',
        headers,
      ).then((raw) => {
        atEnd(() => {
          raw.tcp.destroy();
        });
        raw.send('40');
        return raw;
      });
    await open('one', TAKES_COMPRESSED);
    await open('another', TAKES_COMPRESSED);
    await open('plain', {});
    await expect.poll(() => server.sockets.sockets.size).toBe(3);
    for (const text of [LONG, 'short', `${LONG}!`]) server.emit('patch', text);
    await expect.poll(() => Object.values(sent).map(({ length }) => length)).toStrictEqual([3, 3, 3]);
    const [long, short, again] = sent['one']!;
    expect(sent['another']).toStrictEqual(sent['one']);
    expect(sent['plain']![0]).toBeGreaterThan(Buffer.byteLength(LONG));
    expect(long).toBeLessThan(Buffer.byteLength(LONG) / 20);
    // Of two messages alike the second is no shorter: none needs the one before to be read.
    expect(again).toBeGreaterThanOrEqual(long!);
    expect(short).toBe(sent['plain']![1]);
  });

  it('are left as they are for who has memory for a smaller window only', async () => {
    const { server, url } = await serve();
    const { socket, until } = await openSocket(url, { perMessageDeflate: { serverMaxWindowBits: 9 } });
    expect(socket.extensions).toBe('permessage-deflate');
    // Repeats itself at a distance that no window of 512 bytes reaches.
    const far = Array.from({ length: 4 }, () =>
      Array.from({ length: 3_000 }, (_, i) => String.fromCharCode(0x4e00 + i)).join(''),
    ).join('');
    server.emit('patch', far);
    expect(await until((text) => text.startsWith('42'))).toBe(`42${JSON.stringify(['patch', far])}`);
  });

  it('are read from who sends such, but not past the limit', async () => {
    const { url } = await serve();
    const { socket, until } = await openSocket(url, { perMessageDeflate: { threshold: 0 } });
    const said = 'x'.repeat(1_000);
    socket.send(`421${JSON.stringify(['say', said])}`);
    expect(await until((text) => text.startsWith('431'))).toBe(`431${JSON.stringify([said])}`);
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    // Some ten bytes on the wire for each thousand of text.
    socket.send(`422${JSON.stringify(['say', 'x'.repeat(MOST_RECEIVED * 100)])}`);
    expect(await closed).not.toBe(1000);
    const next = await join(url);
    expect(await next.emitWithAck('tell')).toBe(LONG);
  });
});
