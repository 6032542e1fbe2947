import { io, type Socket } from 'socket.io-client';
import type { WindowName } from '../../../contract/codes.ts';
import type { Frame } from '../../../contract/frame.ts';
import { WALL_NAMESPACE, type ClientEvents, type ServerEvents } from '../../../contract/protocol.ts';
import type { SourceStatus } from '../../../web/live/frameSource.ts';
import type { Timers } from '../../../web/live/line.ts';
import { WallSession } from '../../../web/live/wallSession.ts';

/** A screen without a picture: the page's own session code, over WebSocket alone. */
export interface Screen {
  frame(): Frame | undefined;
  status(): SourceStatus | undefined;
  /** Frames that were not patched together but fetched whole. */
  connects(): number;
  end(): void;
}

const timers: Timers = {
  now: () => performance.now(),
  after(ms, run) {
    const id = setTimeout(run, ms);
    return () => {
      clearTimeout(id);
    };
  },
  random: () => Math.random(),
};

export function openScreen(url: string, scope: string, window: WindowName): Screen {
  let frame: Frame | undefined;
  let status: SourceStatus | undefined;
  let connects = 0;
  const session = new WallSession(
    (handlers) => {
      const socket: Socket<ServerEvents, ClientEvents> = io(url + WALL_NAMESPACE, {
        autoConnect: false,
        reconnection: false,
        forceNew: true,
        transports: ['websocket'],
        timeout: 8_000,
      });
      socket.on('connect', () => {
        connects++;
        handlers.connected();
      });
      socket.on('disconnect', () => handlers.disconnected());
      socket.on('connect_error', () => handlers.disconnected());
      socket.on('patch', (patch) => handlers.patch(patch));
      socket.on('beat', (beat) => handlers.beat(beat));
      socket.on('alert', (notice) => handlers.alert(notice));
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
          socket.emit('report', report);
        },
      };
    },
    { scope, window },
    timers,
    {
      frame: (next) => {
        frame = next;
      },
      status: (next) => {
        status = next;
      },
      alert: () => undefined,
      beat: () => undefined,
      command: () => undefined,
    },
  );
  session.start();
  return { frame: () => frame, status: () => status, connects: () => connects, end: () => session.end() };
}
