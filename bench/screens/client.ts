import { setTimeout as sleep } from 'node:timers/promises';
import { openRawSocket, TAKES_COMPRESSED, type RawSocket } from '../../testing/rawSocket.ts';
import { sharedNow } from './clock.ts';

/**
 * A process that is many screens: started by `fleet.ts`, told by messages. Its screens read everything, and note when
 * each was shown which figure; they do not draw.
 */
export interface Order {
  urls: string[];
  screens: number;
  /** `wall`: WageWatch. `dashboard`: Node-RED Dashboard 2. `poll`: asks once a second. */
  kind: 'wall' | 'dashboard' | 'poll';
  scope: string;
  window: string;
  /** Who they are, one after the other; nobody where none is given. */
  tokens?: readonly string[];
}
export type ToClient = { open: Order } | { measure: boolean } | { report: true };
export interface ClientReport {
  /** For each screen: figure of raised alerts, when it was first shown, the next figure, … */
  tracks: number[][];
  messages: number;
  bytes: number;
  closed: number;
}

/** So many connections are opened at the same time. */
const AT_ONCE = 64;
const POLL_MS = 1_000;
const TOTALS = Buffer.from('"totals":{"raised":');

const sockets: RawSocket[] = [];
const tracks: number[][] = [];
let measuring = false;
let messages = 0;
let bytes = 0;

function take(payload: Buffer, sent: number, track: number[]): void {
  const at = payload.indexOf(TOTALS);
  note(
    sent,
    track,
    at < 0 ? undefined : Number.parseInt(payload.toString('latin1', at + TOTALS.length, at + TOTALS.length + 12), 10),
  );
}

function note(size: number, track: number[], raised: number | undefined): void {
  if (!measuring) return;
  messages++;
  bytes += size;
  if (raised === undefined) return;
  if (track.length && track.at(-2)! >= raised) return;
  track.push(raised, sharedNow());
}

const startsWith = (payload: Buffer, text: string) =>
  payload.length >= text.length && payload.toString('latin1', 0, text.length) === text;

async function openOne(url: string, { kind, scope, window }: Order, token?: string): Promise<void> {
  const track: number[] = [];
  tracks.push(track);
  if (kind === 'poll') {
    void poll(url, track);
    return;
  }
  let ready: () => void;
  const watching = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const wall = kind === 'wall';
  const socket = await openRawSocket(
    url,
    (payload, _opcode, sent) => {
      if (startsWith(payload, '40')) {
        if (wall) socket.send(`42/wall,1["watch",${JSON.stringify({ scope, window })}]`);
        else ready();
      } else if (startsWith(payload, '43')) ready();
      take(payload, sent, track);
    },
    wall ? '/socket.io/' : '/dashboard/socket.io/',
    token === undefined ? TAKES_COMPRESSED : { ...TAKES_COMPRESSED, authorization: `Bearer ${token}` },
  );
  // Engine.IO takes what comes before its handshake has been read.
  socket.send(wall ? '40/wall,' : '40');
  sockets.push(socket);
  await watching;
}

async function poll(url: string, track: number[]): Promise<void> {
  await sleep(Math.random() * POLL_MS);
  for (;;) {
    const started = performance.now();
    try {
      const text = await (await fetch(url)).text();
      note(text.length, track, (JSON.parse(text) as { totals: { raised: number } }).totals.raised);
    } catch {
      // Asked again with the next one.
    }
    await sleep(Math.max(0, POLL_MS - (performance.now() - started)));
  }
}

async function open(order: Order): Promise<void> {
  for (let done = 0; done < order.screens; done += AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, order.screens - done) }, (_, i) =>
        openOne(order.urls[(done + i) % order.urls.length]!, order, order.tokens?.[(done + i) % order.tokens.length]),
      ),
    );
    await sleep(1);
  }
}

process.on('message', (message: ToClient) => {
  if ('open' in message)
    void open(message.open).then(
      () => process.send!({ ready: true }),
      (error: Error) => process.send!({ failed: error.message }),
    );
  else if ('measure' in message) {
    measuring = message.measure;
    if (!measuring) return;
    for (const track of tracks) track.length = 0;
    messages = 0;
    bytes = 0;
  } else {
    const report: ClientReport = {
      tracks,
      messages,
      bytes,
      closed: sockets.filter((socket) => socket.closed()).length,
    };
    process.send!({ report });
  }
});
process.once('disconnect', () => process.exit());
