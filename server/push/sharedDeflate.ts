import { constants, deflateRawSync } from 'node:zlib';
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws';

/** Below this a message fits one packet of the network anyway, bytes. */
const MIN_BYTES = 1_024;
const TEXT = 1;
/** First byte of a text frame that is whole and not compressed (RFC 6455 §5.2). */
const PLAIN = 0x80 | TEXT;
const EXTENSION = 'permessage-deflate';

/** A WebSocket frame as `ws` writes it: head and payload. */
type WrittenFrame = readonly [head: Buffer, payload: Buffer | string] | readonly [whole: Buffer];
interface FrameWriter {
  sendFrame(frame: WrittenFrame, done?: (error?: Error) => void): void;
}

/**
 * Accepts WebSockets that take compressed messages (RFC 7692), and compresses what goes to many of them once, not once
 * for each as `ws` would.
 *
 * Socket.IO hands all sockets of a broadcast the very same encoded frame; it is compressed for the first of them and
 * remembered by its identity. No socket keeps a compressor of its own: each message stands for itself (no context
 * takeover), so a screen costs no more memory, and one that was passed over can read the next message.
 * To be given to Socket.IO as `wsEngine`; its own `perMessageDeflate` must stay off, as with it nothing is encoded once.
 */
export class SharedDeflateServer extends WebSocketServer {
  constructor(options: ServerOptions = {}) {
    super({
      ...options,
      WebSocket: SharedDeflateSocket,
      perMessageDeflate: {
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
        // What screens send is short.
        zlibInflateOptions: { chunkSize: MIN_BYTES },
        // Of itself `ws` is not to compress anything.
        threshold: Number.MAX_SAFE_INTEGER,
      },
    });
  }
}

/** What `ws` keeps in a socket; there is no documented place to change what is written. */
interface Internals {
  setSocket(...args: unknown[]): void;
  readonly _sender: FrameWriter;
  readonly _extensions: Readonly<Record<string, { params: { server_max_window_bits?: number } } | undefined>>;
}
const inherited = WebSocket.prototype as unknown as Internals;
/** Left out of the types; Socket.IO frames its broadcasts with it, too. */
const { Sender } = WebSocket as unknown as {
  Sender: {
    frame(payload: Buffer, options: { fin: boolean; rsv1: boolean; opcode: number; mask: boolean }): WrittenFrame;
  };
};

class SharedDeflateSocket extends WebSocket {
  /** Called by `ws` when the handshake is done. */
  setSocket(...args: unknown[]): void {
    inherited.setSocket.apply(this, args);
    const {
      _sender: sender,
      _extensions: { [EXTENSION]: agreed },
    } = this as unknown as Internals;
    // Who has memory for a smaller window only, which no browser does, gets messages as they are.
    if (!agreed || agreed.params.server_max_window_bits !== undefined) return;
    const write = sender.sendFrame.bind(sender);
    sender.sendFrame = (frame, done) => write(compressedOnce(frame), done);
  }
}

const compressed = new WeakMap<WrittenFrame, WrittenFrame>();

function compressedOnce(frame: WrittenFrame): WrittenFrame {
  const known = compressed.get(frame);
  if (known) return known;
  const made = compress(frame);
  compressed.set(frame, made);
  return made;
}

/** The frame compressed, or as it is where that would not make it shorter. */
function compress(frame: WrittenFrame): WrittenFrame {
  const [head, payload] = frame;
  if (payload === undefined || head[0] !== PLAIN || payload.length < MIN_BYTES) return frame;
  // Ends with an empty block 00 00 FF FF, which is not sent (RFC 7692 §7.2.1).
  const body = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
  if (body.length >= Buffer.byteLength(payload)) return frame;
  return Sender.frame(body, { fin: true, rsv1: true, opcode: TEXT, mask: false });
}
