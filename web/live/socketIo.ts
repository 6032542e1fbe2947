import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, ServerEvents } from '../../contract/protocol.ts';
import { WALL_NAMESPACE } from '../../contract/pushTiming.ts';
import { signInNeeded } from '../http/signIn.ts';
import type { OpenSocket, Timers } from './wallSession.ts';

/**
 * Socket.IO as the session wants it: reconnection is the session's own business (one place decides when to try
 * again), and WebSocket first, with long polling where a proxy forbids it.
 */
export const openSocketIo: OpenSocket = (handlers) => {
  const socket: Socket<ServerEvents, ClientEvents> = io(WALL_NAMESPACE, {
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    timeout: 8_000,
  });
  socket.on('connect', () => handlers.connected());
  socket.on('disconnect', () => handlers.disconnected());
  socket.on('connect_error', (error: Error & { data?: { status?: number } }) => {
    if (error.data?.status === 401) signInNeeded();
    handlers.disconnected();
  });
  socket.on('patch', (patch) => handlers.patch(patch));
  socket.on('beat', (beat) => handlers.beat(beat));
  socket.on('alert', (notice) => handlers.alert(notice));
  socket.on('command', (command) => handlers.command(command));
  return {
    connect: () => {
      socket.connect();
    },
    disconnect: () => {
      socket.disconnect();
    },
    watch: (request, ack) => {
      socket.emit('watch', request, ack);
    },
    report: (report) => {
      socket.volatile.emit('report', report);
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
