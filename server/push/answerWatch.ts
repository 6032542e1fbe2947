import { Ajv } from 'ajv';
import { WINDOWS } from '../../contract/codes.ts';
import { WatchSchema, type Refusal, type Watch, type WatchAck } from '../../contract/protocol.ts';
import type { AccessControl } from '../access/accessControl.ts';
import { covers, EVERYBODY, viewOf } from '../platform/http/principal.ts';
import type { Regions } from '../region/region.ts';
import { noticeRoomOf } from './channel.ts';
import type { Channels } from './channels.ts';
import type { ScreenSocket } from './screens.ts';
import type { WatchTrail } from './watchTrail.ts';
import { whenAsked } from '../../common/whenAsked.ts';
import { TRUSTED } from '../../common/trustedSchemas.ts';

/** Watches of one screen in ten seconds: it changes its window now and then, and asks again after a gap. */
const MAX_WATCHES = 40;
const WATCHES_MS = 10_000;

const validWatch = whenAsked(() => new Ajv(TRUSTED).compile<Watch>(WatchSchema));

export interface WatchParts {
  access: AccessControl;
  regions: Regions;
  channels: Channels;
  trail: WatchTrail;
  now: () => number;
}

/** Has a screen watch what it asks for (contract §5): the answer, or undefined for one that asks without end or has gone. */
export async function answerWatch(
  socket: ScreenSocket,
  request: unknown,
  { access, regions, channels, trail, now }: WatchParts,
): Promise<WatchAck | undefined> {
  const { principal, watches } = socket.data;
  const at = performance.now();
  if (at - watches.since > WATCHES_MS) Object.assign(watches, { since: at, n: 0 });
  if (principal !== EVERYBODY && ++watches.n > MAX_WATCHES) {
    socket.disconnect(true);
    return undefined;
  }
  if (!validWatch()(request)) return { problem: refusal(request) };
  if (!access.holds(principal) || !covers(principal, request.scope)) {
    return { problem: { code: 'not-allowed', detail: `scope ${request.scope} is not in that of this token` } };
  }
  const region = regions.of(request.scope);
  if (!region) return { problem: { code: 'unknown-scope', detail: `scope ${request.scope} is not known here` } };
  if (!region.view()) return { problem: { code: 'not-ready', detail: 'the figures are still being loaded' } };
  const view = viewOf(principal);
  if (view !== 'masked' && principal !== EVERYBODY) {
    if (!(await trail.record(socket.data, request.scope)))
      return {
        problem: { code: 'not-ready', detail: 'who reads this must be recorded, and that cannot be done now' },
      };
    if (!socket.connected || !access.holds(principal)) return undefined;
    socket.data.scope = request.scope;
  }
  const { room, frame } = channels.open(region, request.scope, request.window, view, now());
  for (const joined of socket.rooms) if (joined !== socket.id) void socket.leave(joined);
  void socket.join(room);
  void socket.join(noticeRoomOf(request.scope, view));
  return { frame };
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
