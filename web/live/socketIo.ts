import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, Refusal, Report, ServerEvents } from '../../contract/protocol.ts';
import { WALL_NAMESPACE } from '../../contract/pushTiming.ts';
import { signInNeeded } from '../http/signIn.ts';
import type { OpenBriefingSocket } from './briefingLine.ts';
import type { Timers } from './line.ts';
import type { OpenSocket } from './wallSession.ts';

const WEBSOCKET_FIRST = ['websocket', 'polling'];
/** Polling first, and a WebSocket beside it: if that carries nothing, the line stays what it is. */
const POLLING_FIRST = ['polling', 'websocket'];
/** Kept in the browser: the proxy in the way is the same one tomorrow. */
const POLLING_KEY = 'wagewatch.polling-first';

/** Whether WebSockets have carried nothing here. Without storage it is not remembered beyond the page. */
function createTransportMemory(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined) {
  let pollingFirst = false;
  try {
    pollingFirst = storage?.getItem(POLLING_KEY) != null;
  } catch {
    // Storage is forbidden.
  }
  return {
    order: () => (pollingFirst ? POLLING_FIRST : WEBSOCKET_FIRST),
    set(value: boolean): void {
      if (value === pollingFirst) return;
      pollingFirst = value;
      try {
        if (value) storage?.setItem(POLLING_KEY, '');
        else storage?.removeItem(POLLING_KEY);
      } catch {
        // Storage is forbidden.
      }
    },
  };
}

const storageOf = () => {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
};

/** What every line tells of itself; `disconnected` also means: an attempt to connect failed. */
interface LineHandlers {
  connected(): void;
  disconnected(): void;
  refused(problem: Refusal): void;
}

/**
 * Socket.IO as a line wants it: reconnection is the line's own business (one place decides when to try
 * again), and WebSocket first, with long polling where a proxy forbids it. A proxy that swallows WebSockets says nothing:
 * after a try that times out the next one begins with polling, and so do later pages, until a WebSocket has carried
 * something.
 */
function openLine(handlers: LineHandlers) {
  const memory = createTransportMemory(storageOf());
  const socket: Socket<ServerEvents, ClientEvents> = io(WALL_NAMESPACE, {
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    transports: memory.order(),
    tryAllTransports: true,
    timeout: 8_000,
  });
  let trying = false;
  const noteTransport = () => {
    const { engine } = socket.io;
    if (engine.transport.name === 'websocket') memory.set(false);
    else engine.once('upgrade', () => memory.set(false));
  };
  socket.on('connect', () => {
    trying = false;
    noteTransport();
    handlers.connected();
  });
  socket.on('disconnect', () => handlers.disconnected());
  socket.on('connect_error', (error: Error & { data?: { status?: number } }) => {
    if (error.message === 'timeout') memory.set(true);
    trying = false;
    if (error.data?.status === 401) signInNeeded();
    // The server's own refusal has data; a failing network has none.
    else if (error.data) handlers.refused({ code: 'not-allowed', detail: error.message });
    handlers.disconnected();
  });
  return {
    socket,
    connect: () => {
      socket.io.opts.transports = memory.order();
      trying = true;
      socket.connect();
    },
    disconnect: () => {
      // The session gave up waiting.
      if (trying) memory.set(true);
      trying = false;
      socket.disconnect();
    },
    report: (report: Report) => {
      socket.volatile.emit('report', report);
    },
  };
}

/** A line that carries frames (wallSession.ts). */
export const openSocketIo: OpenSocket = (handlers) => {
  const { socket, ...line } = openLine(handlers);
  socket.on('patch', (patch) => handlers.patch(patch));
  socket.on('beat', (beat) => handlers.beat(beat));
  socket.on('alert', (notice) => handlers.alert(notice));
  socket.on('command', (command) => handlers.command(command));
  return {
    ...line,
    watch: (request, ack) => {
      socket.emit('watch', request, ack);
    },
  };
};

/** A line about a presentation (briefingLine.ts). */
export const openBriefingSocket: OpenBriefingSocket = (handlers) => {
  const { socket, ...line } = openLine(handlers);
  socket.on('presentation', (presentation) => handlers.presentation(presentation));
  socket.on('ink', (change) => handlers.ink(change));
  socket.on('beat', (beat) => handlers.beat(beat));
  socket.on('command', (command) => handlers.command(command));
  return {
    ...line,
    follow: (request, ack) => {
      socket.emit('follow', request, ack);
    },
    present: (request, ack) => {
      socket.emit('present', request, ack);
    },
  };
};

/** The browser's own time. */
export const browserTimers: Timers = {
  now: () => performance.now(),
  after(ms, run) {
    const id = setTimeout(run, ms);
    return () => {
      clearTimeout(id);
    };
  },
  random: () => Math.random(),
};
