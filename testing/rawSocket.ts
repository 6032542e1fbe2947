import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { constants, inflateRawSync } from 'node:zlib';

/**
 * A WebSocket by hand: light enough that one process can be thousands of screens, and able to send what no library
 * would and to be left unread.
 */
export interface RawSocket {
  readonly tcp: Socket;
  closed(): boolean;
  /** @param opcode 1 is text (RFC 6455 §5.2) */
  send(text: string | Buffer, opcode?: number): void;
}

/** Called with each whole message; `payload` is only good during the call, `sent` the bytes that it took on the wire. */
export type OnMessage = (payload: Buffer, opcode: number, sent: number) => void;

/** For `openRawSocket`: takes compressed messages, as every browser does (RFC 7692). */
export const TAKES_COMPRESSED = { 'Sec-WebSocket-Extensions': 'permessage-deflate' };

const CLOSE = 8;
const COMPRESSED = 0x40;
const FRESH = Buffer.alloc(0);
const EMPTY_BLOCK = Buffer.from([0, 0, 0xff, 0xff]);

const KEPT = 4;
const known: { sent: Buffer; read: Buffer }[] = [];

/** Each screen has a machine of its own to inflate what it gets; a process that is thousands of them does it once for all that get the same. */
function inflated(payload: Buffer): Buffer {
  const same = known.find(({ sent }) => payload.equals(sent));
  if (same) return same.read;
  const read = inflateRawSync(Buffer.concat([payload, EMPTY_BLOCK]), { finishFlush: constants.Z_SYNC_FLUSH });
  known.unshift({ sent: Buffer.from(payload), read });
  known.length = Math.min(known.length, KEPT);
  return read;
}

/** Takes a server's frames out of the bytes as they come: unmasked, and never in fragments, as Engine.IO sends them. */
export function frameReader(onMessage: OnMessage): (part: Buffer) => void {
  let rest: Buffer = FRESH;
  let parts: Buffer[] = [];
  let waiting = 0;
  return (part) => {
    // While a long frame is on its way, its parts are only collected.
    parts.push(part);
    waiting -= part.length;
    if (waiting > 0) return;
    let data = rest.length || parts.length > 1 ? Buffer.concat([rest, ...parts]) : part;
    parts = [];
    for (;;) {
      if (data.length < 2) {
        waiting = 0;
        break;
      }
      const short = data[1]! & 127;
      const head = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (data.length < head) {
        waiting = head - data.length;
        break;
      }
      const length = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short;
      if (data.length < head + length) {
        waiting = head + length - data.length;
        break;
      }
      const payload = data.subarray(head, head + length);
      onMessage(data[0]! & COMPRESSED ? inflated(payload) : payload, data[0]! & 15, head + length);
      data = data.subarray(head + length);
    }
    rest = data;
  };
}

/** A masked frame. An all-zero mask leaves the payload as it is. */
export function clientFrame(payload: Buffer, opcode = 1): Buffer {
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | length])
      : length < 65_536
        ? Buffer.from([0x80 | opcode, 0x80 | 126, length >> 8, length & 255])
        : Buffer.from([
            0x80 | opcode,
            0x80 | 127,
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >> 16) & 255,
            (length >> 8) & 255,
            length & 255,
          ]);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

/** Connects to Engine.IO 4 and resolves when the connection has been upgraded; pings of the server are answered. */
export function openRawSocket(
  url: string,
  onMessage: OnMessage,
  path = '/socket.io/',
  headers: Record<string, string> = {},
): Promise<RawSocket> {
  const { port, hostname } = new URL(url);
  const tcp = connect(Number(port), hostname);
  let closed = false;
  const send = (text: string | Buffer, opcode = 1) => {
    if (!closed) tcp.write(clientFrame(Buffer.isBuffer(text) ? text : Buffer.from(text), opcode));
  };
  const read = frameReader((payload, opcode, sent) => {
    if (opcode === CLOSE) closed = true;
    else if (opcode === 1 && payload.length === 1 && payload[0] === 0x32) send('3');
    onMessage(payload, opcode, sent);
  });
  const extra = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  tcp.write(
    `GET ${path}?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n${extra}\r\n`,
  );
  return new Promise((resolve, reject) => {
    let head = '';
    const upgraded = (part: Buffer) => {
      head += part.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      tcp.off('data', upgraded);
      if (!head.startsWith('HTTP/1.1 101')) {
        tcp.destroy();
        reject(new Error(`not upgraded: ${head.slice(0, 200)}`));
        return;
      }
      tcp.on('data', read);
      resolve({ tcp, closed: () => closed, send });
      if (head.length > end + 4) read(Buffer.from(head.slice(end + 4), 'latin1'));
    };
    tcp.on('data', upgraded);
    tcp.on('error', (error) => {
      closed = true;
      reject(error);
    });
    tcp.on('close', () => {
      closed = true;
      reject(new Error(`closed before it was upgraded: ${head.slice(0, 200)}`));
    });
  });
}
