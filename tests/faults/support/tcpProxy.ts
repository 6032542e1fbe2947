import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP address that leads to others in turn, and can be made as bad as a network can be. */
export interface TcpProxy {
  port: number;
  /** How many connections went to each target so far. */
  served(): number[];
  /** Breaks every connection and refuses new ones, until `mend`. */
  cut(): void;
  /** Keeps every connection but lets nothing through, as a cable pulled out does, until `mend`. */
  hang(): void;
  /** Everything arrives so much later, ms; 0 as it is sent. */
  delay(ms: number): void;
  /** Bytes a second, each way and connection; Infinity as fast as it goes. */
  throttle(bytesPerSecond: number): void;
  mend(): void;
  close(): Promise<void>;
}

const SLICE_MS = 20;

/** @param targets ports of this machine, served round-robin, connection by connection */
export async function startProxy(targets: readonly number[]): Promise<TcpProxy> {
  let state: 'open' | 'cut' | 'hung' = 'open';
  let delayMs = 0;
  let rate = Infinity;
  let next = 0;
  const served = targets.map(() => 0);
  const sockets = new Set<Socket>();
  const woken = new Set<() => void>();

  /** Carries bytes one way, in order, as late and as slowly as is set. */
  function carry(from: Socket, to: Socket): void {
    const waiting: { data: Buffer; due: number }[] = [];
    let timer: NodeJS.Timeout | undefined;
    let ended = false;
    const pump = () => {
      clearTimeout(timer);
      timer = undefined;
      if (state !== 'open' || to.destroyed) return;
      // No part is smaller than a byte: below 50 bytes a second they come further apart.
      const pause = Math.max(SLICE_MS, 1000 / rate);
      let room = rate === Infinity ? Infinity : Math.max(1, Math.floor((rate * SLICE_MS) / 1000));
      const now = performance.now();
      while (waiting.length && waiting[0]!.due <= now && room > 0) {
        const head = waiting[0]!;
        const part = head.data.subarray(0, room);
        to.write(part);
        room -= part.length;
        if (part.length === head.data.length) waiting.shift();
        else head.data = head.data.subarray(part.length);
      }
      // What waits here is memory of the test: the sender must feel that nobody reads.
      if (waiting.reduce((sum, { data }) => sum + data.length, 0) > 65_536) from.pause();
      else from.resume();
      if (waiting.length) timer = setTimeout(pump, Math.max(pause, waiting[0]!.due - now));
      else if (ended) to.end();
    };
    woken.add(pump);
    from.on('data', (data: Buffer) => {
      waiting.push({ data, due: performance.now() + delayMs });
      if (!timer) pump();
    });
    from.on('end', () => {
      ended = true;
      if (!timer) pump();
    });
    from.on('close', () => {
      woken.delete(pump);
      if (!ended || !waiting.length) to.destroy();
    });
    to.on('close', () => {
      clearTimeout(timer);
    });
  }

  const server: Server = createServer((client) => {
    if (state === 'cut') {
      client.destroy();
      return;
    }
    const index = next++ % targets.length;
    served[index]!++;
    const target = createConnection({ host: '127.0.0.1', port: targets[index]! });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
      });
    }
    target.on('error', () => {
      client.destroy();
    });
    carry(client, target);
    carry(target, client);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const wake = () => {
    for (const pump of woken) pump();
  };
  return {
    port: (server.address() as AddressInfo).port,
    served: () => [...served],
    cut() {
      state = 'cut';
      for (const socket of sockets) socket.destroy();
    },
    hang() {
      state = 'hung';
    },
    delay(ms) {
      delayMs = ms;
    },
    throttle(bytesPerSecond) {
      rate = bytesPerSecond;
    },
    mend() {
      state = 'open';
      delayMs = 0;
      rate = Infinity;
      wake();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
