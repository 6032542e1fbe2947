import { setTimeout as sleep } from 'node:timers/promises';
import { openRawSocket, type RawSocket } from '../rawSocket.ts';
import { sharedNow } from './clock.ts';

/**
 * A process that is many screens: started by `screens.ts`, told by messages. Its screens read everything, and note when
 * each patch came and up to which alert it shows; they do not draw.
 */
export interface Order { urls: string[]; screens: number; scope: string; window: string }
export type ToClient = { open: Order } | { measure: boolean } | { report: true };
export interface ClientReport {
  /** By the figure of raised alerts that a patch shows: when it came to each screen. */
  arrivals: [raised: number, at: number[]][];
  messages: number;
  bytes: number;
  closed: number;
}

/** So many connections are opened at the same time. */
const AT_ONCE = 64;
const PATCH = Buffer.from('42/wall,["patch"');
const TOTALS = Buffer.from('"totals":{"raised":');

const sockets: RawSocket[] = [];
let measuring = false;
let arrivals = new Map<number, number[]>();
let messages = 0;
let bytes = 0;

function take(payload: Buffer): void {
  if (!measuring) return;
  messages++;
  bytes += payload.length;
  if (!payload.subarray(0, PATCH.length).equals(PATCH)) return;
  const at = payload.indexOf(TOTALS);
  if (at < 0) return;
  const raised = Number.parseInt(payload.toString('latin1', at + TOTALS.length, at + TOTALS.length + 12), 10);
  const list = arrivals.get(raised);
  if (list) list.push(sharedNow());
  else arrivals.set(raised, [sharedNow()]);
}

async function openOne(url: string, { scope, window }: Order): Promise<void> {
  let ready: () => void;
  const watching = new Promise<void>((resolve) => { ready = resolve; });
  const socket = await openRawSocket(url, (payload) => {
    if (payload[0] === 0x34 && payload[1] === 0x30) socket.send(`42/wall,1["watch",${JSON.stringify({ scope, window })}]`);
    else if (payload[0] === 0x34 && payload[1] === 0x33) ready();
    take(payload);
  });
  // Engine.IO takes what comes before its handshake has been read.
  socket.send('40/wall,');
  sockets.push(socket);
  await watching;
}

async function open(order: Order): Promise<void> {
  for (let done = 0; done < order.screens; done += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, order.screens - done) }, (_, i) => openOne(order.urls[(done + i) % order.urls.length]!, order)));
    await sleep(1);
  }
}

process.on('message', (message: ToClient) => {
  if ('open' in message) void open(message.open).then(() => process.send!({ ready: true }), (error: Error) => process.send!({ failed: error.message }));
  else if ('measure' in message) {
    measuring = message.measure;
    if (measuring) { arrivals = new Map(); messages = 0; bytes = 0; }
  } else {
    const report: ClientReport = { arrivals: [...arrivals], messages, bytes, closed: sockets.filter((socket) => socket.closed()).length };
    process.send!({ report });
  }
});
process.once('disconnect', () => process.exit());
