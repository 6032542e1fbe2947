import type { Server as HttpServer } from 'node:http';
import type { BaseLogger } from 'pino';
import { Server } from 'socket.io';
import { BEAT_MS, WALL_NAMESPACE, type ClientEvents, type ServerEvents } from '../../contract/protocol.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import type { Displays } from '../access/displays/displays.ts';
import type { DisplayTokens } from '../access/displays/displayTokens.ts';
import type { TrailWriter } from '../platform/http/trailRecord.ts';
import { onlyWebSockets } from '../platform/http/upgrades.ts';
import type { Mask } from '../privacy/mask.ts';
import type { Regions } from '../region/region.ts';
import { createAdmission, denied, type AdmissionParts } from './admission.ts';
import { answerWatch } from './answerWatch.ts';
import { Channels } from './channels.ts';
import { DisplayLines } from './displayLines.ts';
import type { PushMetrics } from './metrics.ts';
import { NewAlerts } from './newAlerts.ts';
import { Screens, type LineService, type ScreenData, type ScreenSocket } from './screens.ts';
import { SharedDeflateServer } from './sharedDeflate.ts';
import { WatchTrail } from './watchTrail.ts';

/** A watch needs some bytes; a screen sends nothing larger. */
const MAX_MESSAGE = 4_096;
/** A screen joins the namespace at once; a connection that has not by then is closed, ms. */
const CONNECT_MS = 10_000;

export interface WallParts extends AdmissionParts {
  http: HttpServer;
  displays: Displays;
  displayTokens: DisplayTokens;
  trail: TrailWriter;
  mask: Mask;
  regions: Regions;
  /** Age in ms of the oldest accepted event not yet counted. */
  lag: () => number;
  now: () => number;
  tickMs: number;
  build: string;
  metrics: PushMetrics;
  /** What other features say over the same lines. */
  services?: readonly LineService[];
  log: Pick<BaseLogger, 'warn' | 'error'>;
}

export interface Wall {
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Serves the namespace `/wall` (contract §5). */
export function serveWall(parts: WallParts): Wall {
  const { access, regions, mask, now, metrics, services = [] } = parts;
  const admission = createAdmission(parts);
  const io = new Server<ClientEvents, ServerEvents, Record<string, never>, ScreenData>(parts.http, {
    connectTimeout: CONNECT_MS,
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE,
    pingInterval: 10_000,
    pingTimeout: 15_000,
    wsEngine: SharedDeflateServer,
    allowRequest: (request, decide) => admission.allow(request, decide),
  });
  onlyWebSockets(parts.http, io.path());
  const wall = io.of(WALL_NAMESPACE);
  const screens = new Screens(wall);
  for (const service of services) service.open(screens);
  const channels = new Channels(screens, mask, metrics);
  const newAlerts = new NewAlerts(regions, screens, mask, now);
  const trail = new WatchTrail(parts.trail, wall);
  const lines = new DisplayLines(parts.displays, parts.displayTokens, now);
  const beat = () => ({ at: toRfc3339(now()), lag: parts.lag(), build: parts.build });

  // Nobody has any business in the namespace that Socket.IO has by itself.
  io.use((_socket, next) => next(denied(403, 'there is nothing here')));
  wall.use((socket, next) => {
    admission.admit(socket, wall).then(
      (refused) => next(refused),
      (error: Error) => next(error),
    );
  });
  const unsubscribe = access.onEnded(() => {
    for (const socket of wall.sockets.values()) if (!access.holds(socket.data.principal)) socket.disconnect(true);
  });
  wall.on('connection', (socket: ScreenSocket) => {
    metrics.screens(1);
    socket.on('watch', (request, ack) => {
      if (typeof ack !== 'function') return;
      answerWatch(socket, request, { access, regions, channels, trail, now }).then(
        (answer) => {
          if (answer) ack(answer);
        },
        (error: unknown) => {
          // A screen that gets no answer asks again; one that is ended comes back in growing pauses.
          parts.log.error({ error }, 'wall: a watch failed');
          socket.disconnect(true);
        },
      );
    });
    for (const service of services) service.connected(socket);
    const { principal, from } = socket.data;
    if (principal.kind === 'display') lines.join(socket, principal.id!, from);
    socket.on('disconnect', () => metrics.screens(-1));
    socket.emit('beat', beat());
  });

  function tick(): void {
    const started = performance.now();
    const at = now();
    for (const region of regions.list()) region.view()?.advance(at);
    channels.tick(at);
    newAlerts.tick(channels, at);
    metrics.tick(performance.now() - started);
  }
  const ticking = setInterval(tick, parts.tickMs);
  // Volatile: a beat that cannot go out at once is worth nothing later.
  const beating = setInterval(() => wall.volatile.emit('beat', beat()), BEAT_MS);

  return {
    async close() {
      clearInterval(ticking);
      clearInterval(beating);
      trail.stop();
      lines.close();
      newAlerts.stop();
      unsubscribe();
      wall.disconnectSockets(true);
      await io.close();
    },
  };
}
