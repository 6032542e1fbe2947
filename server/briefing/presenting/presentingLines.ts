import { Ajv } from 'ajv';
import type { BaseLogger } from 'pino';
import { whenAsked } from '../../../common/whenAsked.ts';
import { regionOfCode } from '../../../common/divisions.ts';
import { liveOf } from '../../../contract/liveBriefing.ts';
import {
  FollowSchema,
  PresentSchema,
  type Follow,
  type FollowAck,
  type Present,
  type PresentAck,
  type PresentRefusal,
} from '../../../contract/presenting.ts';
import { READERS } from '../../../contract/roles.ts';
import type { AccessControl } from '../../access/accessControl.ts';
import { actorIdOf, covers, recordedName, viewOf, type Principal } from '../../platform/http/principal.ts';
import type { TrailWriter } from '../../platform/http/trailRecord.ts';
import type { LineService, Screens, ScreenSocket } from '../../push/screens.ts';
import type { BriefingStore } from '../briefingStore.ts';
import type { PresentationStore, Said } from './presentationStore.ts';
import { isRefusal, presented, withoutName } from './presentation.ts';
import { TRUSTED } from '../../../common/trustedSchemas.ts';

/** Messages of one line in ten seconds: a pen or a pointer tells of itself twenty times a second. */
const MAX_MESSAGES = 400;
const MESSAGES_MS = 10_000;
/** A line with more waiting is ended: it comes back, and is told all of it at once. */
const MAX_BACKLOG = 64;

const schemas = whenAsked(() => {
  const ajv = new Ajv(TRUSTED);
  return { follow: ajv.compile<Follow>(FollowSchema), present: ajv.compile<Present>(PresentSchema) };
});

export interface PresentingParts {
  access: AccessControl;
  trail: TrailWriter;
  briefings: Pick<BriefingStore, 'find'>;
  /** Whether a scope is shown here. */
  watched: (scope: string) => boolean;
  presentations: PresentationStore;
  /** Resolves once what others say is heard here. */
  listening: () => Promise<void>;
  log: Pick<BaseLogger, 'error'>;
  /** Epoch ms. */
  now: () => number;
}

export interface PresentingLines extends LineService {
  /** Tells the screens of this process what was said. */
  tell(said: Said): void;
}

/** Presentations over the lines of screens: who follows hears, and who presents is heard. Rights are asked for with every message. */
export function createPresentingLines(parts: PresentingParts): PresentingLines {
  const { access, trail, briefings, watched, presentations, listening, log, now } = parts;
  let screens: Screens | undefined;

  /** The scope of a briefing that somebody may read: one that is kept, or one of now. */
  async function readable(id: string, principal: Principal): Promise<{ scope: string } | undefined> {
    const live = liveOf(id);
    const briefing = live ? (watched(live.scope) ? live : undefined) : await briefings.find(regionOfCode(id), id);
    return briefing && access.holds(principal) && covers(principal, briefing.scope) ? briefing : undefined;
  }

  async function follow(socket: ScreenSocket, request: unknown): Promise<FollowAck> {
    const { principal } = socket.data;
    if (!schemas().follow(request))
      return refused('bad-request', 'follow takes {briefing}: its id, or {scope}: a division code of 6 or 9 digits');
    const view = viewOf(principal);
    if (view !== 'full' && view !== 'masked') return refused('not-allowed', `${principal.role} may not follow`);
    if ('scope' in request) {
      if (!access.holds(principal) || !covers(principal, request.scope))
        return refused('not-allowed', `scope ${request.scope} is not in that of this token`);
      await enter(socket, scopeRoom(request.scope));
      const found = await presentations.ofScope(request.scope);
      return { ...(found?.on ? { presentation: withoutName(found) } : {}), strokes: [] };
    }
    const { briefing: id } = request;
    if (!(await readable(id, principal))) return unknown(id);
    await enter(socket, roomOf(id, view));
    const found = await presentations.find(id);
    if (view === 'masked') return { ...(found ? { presentation: withoutName(found) } : {}), strokes: [] };
    const strokes = liveOf(id) && !found?.on ? [] : await presentations.strokes(id);
    // What ended while all of this was read, has.
    if (!access.holds(principal)) return unknown(id);
    return { ...(found ? { presentation: found } : {}), strokes, you: actorIdOf(principal) };
  }

  async function enter(socket: ScreenSocket, room: string): Promise<void> {
    await listening();
    for (const joined of socket.rooms) if (joined.startsWith(ROOMS)) void socket.leave(joined);
    void socket.join(room);
  }

  async function present({ data: { principal, from } }: ScreenSocket, request: unknown): Promise<PresentAck> {
    if (!schemas().present(request))
      return refused(
        'bad-request',
        'present takes {briefing, do}: begin, show, end, draw or erase, with what belongs to it',
      );
    if (request.do === 'draw' && request.points.length % 2 === 1)
      return refused('bad-request', 'points are x and y in turns: there is one number too many');
    if (!READERS.includes(principal.role)) return refused('not-allowed', `${principal.role} may not present`);
    const { briefing: id } = request;
    const briefing = await readable(id, principal);
    if (!briefing) return unknown(id);
    const by = { id: actorIdOf(principal), name: recordedName(principal) };
    const { scope } = briefing;
    if (request.do === 'draw' || request.do === 'erase') {
      const found = await presentations.find(id);
      const allowed = presented(found, { briefing: id, do: 'show' }, by, { scope, at: now() });
      if (isRefusal(allowed)) return { problem: allowed };
      const problem = await presentations.ink(request);
      return problem ? { problem } : { presentation: allowed };
    }
    if (request.do === 'begin') {
      const found = await presentations.find(id);
      const begun = presented(found, request, by, { scope, at: now() });
      if (isRefusal(begun)) return { problem: begun };
      // What cannot be put on the trail must not be done.
      if (begun !== found)
        await trail.add({ who: principal, from, what: 'briefing.present', target: id, detail: { scope } });
    }
    const live = liveOf(id) !== undefined;
    // Strokes on figures that move belong to one presentation.
    if (live && request.do === 'begin' && !(await presentations.find(id))?.on) await presentations.wipe(id);
    const result = await presentations.change(id, (before) =>
      access.holds(principal) ? presented(before, request, by, { scope, at: now() }) : undefined,
    );
    if (!result) return unknown(id);
    if (isRefusal(result)) return { problem: result };
    if (live && !result.on) await presentations.wipe(id);
    return { presentation: result };
  }

  return {
    open(all) {
      screens = all;
    },
    connected(socket) {
      const messages = { since: performance.now(), n: 0 };
      const answering =
        <Ack>(answer: (socket: ScreenSocket, request: unknown) => Promise<Ack>) =>
        (request: unknown, ack: unknown) => {
          if (typeof ack !== 'function') return;
          const at = performance.now();
          if (at - messages.since > MESSAGES_MS) Object.assign(messages, { since: at, n: 0 });
          if (++messages.n > MAX_MESSAGES) {
            socket.disconnect(true);
            return;
          }
          answer(socket, request).then(
            (answered) => (ack as (answered: Ack) => void)(answered),
            (error: unknown) => {
              // A page that gets no answer asks again, on a line of its own.
              log.error({ error }, 'briefings: a message about a presentation failed');
              socket.disconnect(true);
            },
          );
        };
      socket.on('follow', answering(follow));
      socket.on('present', answering(present));
    },
    tell(said) {
      if (!screens) return;
      if (said.kind === 'ink') {
        const room = roomOf(said.change.briefing, 'full');
        screens.endSlow(room, MAX_BACKLOG);
        screens.send(room, [], 'ink', said.change);
        return;
      }
      const { presentation, light } = said;
      const { briefing, scope } = presentation;
      const masked = withoutName(presentation);
      for (const [room, shown] of [
        [roomOf(briefing, 'full'), presentation],
        [roomOf(briefing, 'masked'), masked],
        [scopeRoom(scope), masked],
      ] as const) {
        if (!light) screens.endSlow(room, MAX_BACKLOG);
        screens.send(room, light ? screens.slowIn(room) : [], 'presentation', shown);
      }
    },
  };
}

/** Rooms of presentations begin so; a screen is in one of them at most. */
const ROOMS = 'present ';
const roomOf = (briefing: string, view: 'full' | 'masked') => `${ROOMS}${briefing} ${view}`;
/** Of displays, which follow whatever is presented of their scope. */
const scopeRoom = (scope: string) => `${ROOMS}${scope}`;

const refused = (code: PresentRefusal['code'], detail: string) => ({ problem: { code, detail } });
const unknown = (id: string) => refused('unknown', `there is no briefing ${id}`);
