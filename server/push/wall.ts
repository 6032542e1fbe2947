import type { BaseLogger } from 'pino';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Ajv } from 'ajv';
import { Server, type Socket } from 'socket.io';
import { WINDOWS } from '../../contract/codes.ts';
import {
  BEAT_MS,
  WALL_NAMESPACE,
  WatchSchema,
  type ClientEvents,
  type Patch,
  type Refusal,
  type ServerEvents,
  type Watch,
  type WatchAck,
} from '../../contract/protocol.ts';
import { floorTo, MINUTE_MS, toRfc3339 } from '../../common/regionTime.ts';
import type { AccessControl } from '../access/accessControl.ts';
import { credentialsOf, isOverTls, sameOrigin } from '../platform/http/credentials.ts';
import type { Displays } from '../access/displays/displays.ts';
import type { DisplayTokens } from '../access/displays/displayTokens.ts';
import type { Mask } from '../privacy/mask.ts';
import { VIEWERS } from '../../contract/roles.ts';
import { covers, EVERYBODY, viewOf, type Principal } from '../platform/http/principal.ts';
import { RecentReads } from '../platform/http/recentReads.ts';
import type { Strangers } from '../platform/http/strangers.ts';
import { onlyWebSockets } from '../platform/http/upgrades.ts';
import type { Trail } from '../access/trail/trail.ts';
import type { Region, Regions, RegionView } from '../region/region.ts';
import { DisplayLines } from './displayLines.ts';
import { Channel, noticeRoomOf, roomOf } from './channel.ts';
import { Notices } from './notices.ts';
import { SharedDeflateServer } from './sharedDeflate.ts';
import type { PushMetrics } from './metrics.ts';

/** Packets that may wait for one screen; past that it is passed over until its queue is empty (invariant 7). */
const MAX_QUEUED = 8;
/** A watch needs some bytes; anything larger is no screen of ours. */
const MAX_MESSAGE = 4_096;
/** Who has joined no namespace by then is no screen of ours, ms. */
const CONNECT_MS = 10_000;
/** A channel that nobody watches is kept so long, so that a reload finds it warm. */
const IDLE_MS = 60_000;
/** Watches of one screen in ten seconds: it changes its window now and then, and asks again after a gap. */
const MAX_WATCHES = 40;
const WATCHES_MS = 10_000;
/** Watching goes on the trail once in so long, ms, for each session and scope; whether it is time is seen to more often. */
const WATCH_ENTRY_MS = 3_600_000;
const WATCH_CHECK_MS = 60_000;
/** Connections by one token or session; a display needs one. */
const MAX_SOCKETS = 50;

export interface WallParts {
  http: HttpServer;
  access: AccessControl;
  displays: Displays;
  displayTokens: DisplayTokens;
  trail: Trail;
  mask: Mask;
  /** The address of whoever connects, behind what proxies are trusted. */
  addressOf: (request: IncomingMessage) => string;
  strangers: Strangers;
  regions: Regions;
  /** Age in ms of the oldest accepted event not yet counted. */
  lag: () => number;
  now: () => number;
  tickMs: number;
  build: string;
  metrics: PushMetrics;
  log: Pick<BaseLogger, 'warn' | 'error'>;
}

interface Watched {
  channel: Channel;
  region: Region;
  /** What the channel's frame was built from. */
  view: RegionView | undefined;
  stamp: string;
  minute: number;
  idleSince: number | undefined;
  /** Screens that were passed over by the last patch or one before. */
  missed: Set<string>;
  last: Patch | undefined;
}

interface SocketData {
  principal: Principal;
  from: string;
  watches: { since: number; n: number };
  /** The scope that it watches in full. */
  scope: string | undefined;
}
type WallSocket = Socket<ClientEvents, ServerEvents, Record<string, never>, SocketData>;

export interface Wall {
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Serves the namespace `/wall` (contract §5). */
export function serveWall(parts: WallParts): Wall {
  const { access, now, metrics, trail, strangers } = parts;
  /** Whether a request shows by itself that it is let in, as the cookie of a display does. */
  const recognised = (request: IncomingMessage) => {
    const { token, by } = credentialsOf(request.headers, isOverTls(request, access.publicUrl));
    return access.recognise(token, access.admission(request), by) !== undefined;
  };
  const io = new Server<ClientEvents, ServerEvents, Record<string, never>, SocketData>(parts.http, {
    connectTimeout: CONNECT_MS,
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE,
    pingInterval: 10_000,
    pingTimeout: 15_000,
    wsEngine: SharedDeflateServer,
    // While the program is open: before anything is kept of whoever connects, for each request of a long poll as well.
    allowRequest(request, decide) {
      const admission = access.admission(request);
      if (admission?.as === 'refused') return decide(admission.detail, false);
      if (recognised(request)) strangers.connections.known(request.socket);
      else if (!isPoll(request) && strangers.requests.take(parts.addressOf(request), 'handshake') > 0)
        return decide('too many requests: come back in some seconds', false);
      decide(null, true);
    },
  });
  onlyWebSockets(parts.http, io.path());
  const wall = io.of(WALL_NAMESPACE);
  const validWatch = new Ajv({ strict: false }).compile<Watch>(WatchSchema);
  const lines = new DisplayLines(parts.displays, parts.displayTokens, now);
  const channels = new Map<string, Watched>();
  const regions = parts.regions.list();
  const notices = new Map(regions.map((region) => [region.code, new Notices()]));
  const unsubscribe = regions.map((region) =>
    region.onRaised((raised) => notices.get(region.code)!.add(raised, now())),
  );

  const watchesOnTrail = new RecentReads(WATCH_ENTRY_MS);
  /** Puts on the trail that somebody watches names in full, once an hour for each session and scope; false if that fails. */
  async function recorded({ principal, from }: SocketData, scope: string): Promise<boolean> {
    const read = `${principal.credential} ${from} ${scope}`;
    if (watchesOnTrail.has(read)) return true;
    try {
      await trail.add({ who: principal, from, what: 'wall.watch', target: scope });
    } catch {
      return false;
    }
    watchesOnTrail.add(read);
    return true;
  }
  /** Whoever goes on watching is on the trail for each hour, or watches no more. */
  async function recordWatching(): Promise<void> {
    for (const socket of wall.sockets.values()) {
      const { scope } = socket.data;
      if (scope !== undefined && !(await recorded(socket.data, scope))) socket.disconnect(true);
    }
  }

  /** The answer to a watch; undefined for a screen that asks without end. */
  async function watch(socket: WallSocket, request: unknown): Promise<WatchAck | undefined> {
    const { principal, watches } = socket.data;
    const at = performance.now();
    if (at - watches.since > WATCHES_MS) Object.assign(watches, { since: at, n: 0 });
    if (principal !== EVERYBODY && ++watches.n > MAX_WATCHES) {
      socket.disconnect(true);
      return undefined;
    }
    if (!validWatch(request)) return { problem: refusal(request) };
    if (!access.holds(principal) || !covers(principal, request.scope)) {
      return { problem: { code: 'not-allowed', detail: `scope ${request.scope} is not in that of this token` } };
    }
    const region = parts.regions.of(request.scope);
    if (!region) return { problem: { code: 'unknown-scope', detail: `scope ${request.scope} is not known here` } };
    if (!region.view()) return { problem: { code: 'not-ready', detail: 'the figures are still being loaded' } };
    const view = viewOf(principal);
    if (view === 'full' && principal !== EVERYBODY) {
      if (!(await recorded(socket.data, request.scope)))
        return {
          problem: { code: 'not-ready', detail: 'who reads this must be recorded, and that cannot be done now' },
        };
      if (!socket.connected || !access.holds(principal)) return undefined;
      socket.data.scope = request.scope;
    }
    const room = roomOf(request.scope, request.window, view);
    let entry = channels.get(room);
    if (!entry) {
      entry = {
        channel: new Channel(request.scope, request.window, view, parts.mask, now()),
        region,
        view: undefined,
        stamp: '',
        minute: -1,
        idleSince: undefined,
        missed: new Set(),
        last: undefined,
      };
      channels.set(room, entry);
    }
    // Whoever watches already gets the patch to the frame that the newcomer gets: all hold the same one.
    refresh(entry, now());
    for (const joined of socket.rooms) if (joined !== socket.id) void socket.leave(joined);
    void socket.join(room);
    void socket.join(noticeRoomOf(request.scope, view));
    return { frame: entry.channel.frame! };
  }

  // Nobody has any business in the namespace that Socket.IO has by itself.
  io.use((_socket, next) => next(denied(403, 'there is nothing here')));
  wall.use((socket, next) => {
    admit(socket).then(
      (refused) => next(refused),
      (error: Error) => next(error),
    );
  });
  async function admit(socket: WallSocket): Promise<Error | undefined> {
    const { headers, auth } = socket.handshake;
    const carried = credentialsOf(headers, isOverTls(socket.request, access.publicUrl));
    // Whatever a stranger sends: only a text can be a token.
    const given = (auth as Record<string, unknown> | undefined)?.['token'];
    if (given === undefined && carried.by !== 'header' && !sameOrigin(headers, access.publicUrl)) {
      const reason = 'a page of another site cannot use this session';
      parts.log.warn(
        { origin: headers.origin, host: headers.host },
        `screen refused: ${reason}; a proxy must keep the host and its port, or PUBLIC_URL name the address that people know`,
      );
      return denied(403, reason);
    }
    const from = parts.addressOf(socket.request);
    const unknown = !recognised(socket.request);
    // Over one connection, too, somebody could guess without end.
    if (unknown && strangers.requests.take(from, 'handshake') > 0) {
      socket.conn.close();
      return denied(401, 'too many attempts: come back in some seconds');
    }
    const principal = await access.identify(
      given === undefined ? carried.token : typeof given === 'string' ? given : '',
      access.admission(socket.request),
      given === undefined ? carried.by : 'header',
    );
    if (!principal) return denied(401, 'this needs a token that is valid');
    strangers.connections.known(socket.request.socket);
    // The handshake was counted, and the attempt.
    if (unknown) for (let i = 0; i < 2; i++) strangers.requests.giveBack(from, 'handshake');
    if (!VIEWERS.includes(principal.role)) return denied(403, `${principal.role} may not watch`);
    const same =
      principal === EVERYBODY
        ? 0
        : [...wall.sockets.values()].filter(({ data }) => data.principal.credential === principal.credential).length;
    if (same >= MAX_SOCKETS) return denied(403, `${MAX_SOCKETS} connections with the same token are enough`);
    socket.data = {
      principal,
      from,
      watches: { since: performance.now(), n: 0 },
      scope: undefined,
    };
    return undefined;
  }
  const unsubscribeAccess = access.onEnded(() => {
    for (const socket of wall.sockets.values()) if (!access.holds(socket.data.principal)) socket.disconnect(true);
  });

  wall.on('connection', (socket: WallSocket) => {
    metrics.screens(1);
    socket.on('watch', (request, ack) => {
      if (typeof ack !== 'function') return;
      watch(socket, request).then(
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
    const { principal, from } = socket.data;
    if (principal.kind === 'display') lines.join(socket, principal.id!, from);
    socket.on('disconnect', () => metrics.screens(-1));
    socket.emit('beat', beat());
  });

  const beat = () => ({ at: toRfc3339(now()), lag: parts.lag(), build: parts.build });

  /** Screens of a room whose queue is too long: they miss this message, see the gap and ask again. */
  function slowIn(room: string): string[] {
    const slow: string[] = [];
    for (const id of wall.adapter.rooms.get(room) ?? []) if (queued(id) > MAX_QUEUED) slow.push(id);
    return slow;
  }

  /** Packets that wait for a screen. */
  function queued(id: string): number {
    const connection = wall.sockets.get(id)?.conn as { writeBuffer?: unknown[] } | undefined;
    return connection?.writeBuffer?.length ?? 0;
  }

  /**
   * Whoever was passed over sees the gap only by the next patch, which at night may be hours away: once its queue is
   * empty it gets the last one, which tells it.
   */
  function remind({ channel, missed, last }: Watched): void {
    for (const id of missed) {
      if (queued(id) > 0) continue;
      missed.delete(id);
      if (last && wall.adapter.rooms.get(channel.room)?.has(id)) wall.sockets.get(id)?.emit('patch', last);
    }
  }

  /** Brings a channel up to date and sends the patch, if there is one, to its screens. */
  function refresh(entry: Watched, at: number): void {
    const view = entry.region.view();
    if (!view) return;
    const { stamp } = view;
    const minute = floorTo(at, MINUTE_MS);
    // Without a change, figures move only when the clock enters another bucket or ends a term.
    if (entry.view === view && entry.stamp === stamp && entry.minute === minute) return;
    entry.view = view;
    entry.stamp = stamp;
    entry.minute = minute;
    const { channel } = entry;
    const patch = channel.advance((seq) => view.frame(channel.scope, channel.window, at, seq));
    const watching = wall.adapter.rooms.get(channel.room)?.size ?? 0;
    if (!patch || watching === 0) return;
    const slow = slowIn(channel.room);
    if (slow.length) metrics.dropped(slow.length);
    for (const id of slow) entry.missed.add(id);
    entry.last = patch;
    wall.to(channel.room).except(slow).emit('patch', patch);
    metrics.patch(watching - slow.length, JSON.stringify(patch).length);
  }

  function tick(): void {
    const started = performance.now();
    const at = now();
    for (const region of regions) region.view()?.advance(at);
    for (const [room, entry] of channels) {
      const watching = wall.adapter.rooms.get(room)?.size ?? 0;
      if (watching === 0) {
        entry.idleSince ??= at;
        if (at - entry.idleSince > IDLE_MS) channels.delete(room);
        continue;
      }
      entry.idleSince = undefined;
      refresh(entry, at);
      if (entry.missed.size) remind(entry);
    }
    for (const region of regions) {
      const scopes = new Set(
        [...channels.values()].filter((entry) => entry.region === region).map(({ channel }) => channel.scope),
      );
      for (const notice of notices.get(region.code)!.take(scopes, region.code, at)) {
        for (const view of ['full', 'masked'] as const) {
          const room = noticeRoomOf(notice.scope, view);
          const shown = wall.adapter.rooms.has(room) ? parts.mask.notice(notice, view) : undefined;
          if (shown) wall.to(room).except(slowIn(room)).emit('alert', shown);
        }
      }
    }
    metrics.tick(performance.now() - started);
  }

  const recording = setInterval(() => void recordWatching(), WATCH_CHECK_MS);
  const ticking = setInterval(tick, parts.tickMs);
  // Volatile: a beat that cannot go out at once is worth nothing later.
  const beating = setInterval(() => wall.volatile.emit('beat', beat()), BEAT_MS);

  return {
    async close() {
      clearInterval(recording);
      clearInterval(ticking);
      clearInterval(beating);
      lines.close();
      for (const stop of [...unsubscribe, unsubscribeAccess]) stop();
      wall.disconnectSockets(true);
      await io.close();
    },
  };
}

/** A request of a long poll that goes on; its handshake was counted. */
function isPoll({ url = '' }: IncomingMessage): boolean {
  return /[?&]sid=/.test(url);
}

/** A refused connection; `data` is what the client's `connect_error` gets. */
function denied(status: 401 | 403, detail: string): Error {
  return Object.assign(new Error(detail), { data: { status } });
}

function refusal(request: unknown): Refusal {
  const { scope, window } = (typeof request === 'object' && request !== null ? request : {}) as Record<string, unknown>;
  if (typeof window === 'string' && typeof scope === 'string' && !(WINDOWS as readonly string[]).includes(window)) {
    return {
      code: 'unknown-window',
      detail: `window ${window.slice(0, 40)} is unknown: it must be one of ${WINDOWS.join(', ')}`,
    };
  }
  return {
    code: 'bad-request',
    detail: 'watch takes {scope, window}: a division code of 6 or 9 digits and the name of a window',
  };
}
