import { isDeepStrictEqual } from 'node:util';
import { liveOf } from '../../../contract/liveBriefing.ts';
import type { InkChange, InkCommand, Presentation, PresentRefusal, Stroke } from '../../../contract/presenting.ts';
import { MAX_INK_BYTES, MAX_STROKE_POINTS, MAX_STROKES, PRESENTATION_MS } from '../../../contract/presentLimits.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { BRIEFINGS_TAG } from '../briefingStore.ts';
import { isRefusal } from './presentation.ts';

const keyOf = (what: string) => `{${BRIEFINGS_TAG}}:${what}`;
const presentationKey = (id: string) => keyOf(`presentation:${id}`);
const presentedKey = (scope: string) => keyOf(`presented:${scope}`);
const inkKey = (id: string) => keyOf(`ink:${id}`);
/** What all processes tell their screens. */
export const SAID = keyOf('said');
/** The fields of a briefing's strokes that are none. */
const COUNTERS = new Set(['#order', '#bytes']);
const CHANGE = loadScript('server/briefing/presenting/scripts/change.lua');
const DRAW = loadScript('server/briefing/presenting/scripts/draw.lua');
const ERASE = loadScript('server/briefing/presenting/scripts/erase.lua');
/** So often a change is decided anew when another process changes the same presentation. */
const MAX_ATTEMPTS = 10;

/** What one process says to all. `light`: it may be left out for who is slow, as the next one says it again. */
export type Said =
  { kind: 'presentation'; presentation: Presentation; light?: boolean } | { kind: 'ink'; change: InkChange };

/** Presentations and strokes, in Redis: a page that is loaded anew, and a server that was started anew, go on from there. */
export interface PresentationStore {
  find(id: string): Promise<Presentation | undefined>;
  /** What was begun last of all that is presented of a scope. */
  ofScope(scope: string): Promise<Presentation | undefined>;
  /**
   * Changes a presentation as `next` says for how it is now, in one step, and tells all processes.
   * @param next gives back what it was given where nothing changes; undefined: nothing is to be done
   */
  change(
    id: string,
    next: (before: Presentation | undefined) => Presentation | PresentRefusal | undefined,
  ): Promise<Presentation | PresentRefusal | undefined>;
  /** In the order in which they were begun. */
  strokes(id: string): Promise<Stroke[]>;
  /** Draws or takes away, and tells all processes. */
  ink(command: InkCommand): Promise<PresentRefusal | undefined>;
  /** Takes all strokes of a briefing away, without a word: those of one of now end with its presentation. */
  wipe(id: string): Promise<void>;
  /** Forgets all of a briefing. */
  forget(id: string, scope: string): Promise<void>;
}

/** But for where the pointer is, and for what counts changes. */
function rested(presentation: Presentation): Partial<Presentation> {
  const rest: Partial<Presentation> = { ...presentation };
  delete rest.pointer;
  delete rest.seq;
  return rest;
}

export function createPresentationStore(redis: RedisClient): PresentationStore {
  const read = async (id: string) => (await redis.get(presentationKey(id))) ?? '';
  const parsed = (text: string) => (text === '' ? undefined : (JSON.parse(text) as Presentation));
  const find = async (id: string) => parsed(await read(id));

  return {
    find,
    async ofScope(scope) {
      const id = await redis.get(presentedKey(scope));
      return id === null ? undefined : find(id);
    },
    async change(id, next) {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const text = await read(id);
        const before = parsed(text);
        const after = next(before);
        if (after === undefined || after === before || isRefusal(after)) return after;
        const { scope, on } = after;
        // Only the pointer has moved.
        const light = before && isDeepStrictEqual(rested(before), rested(after));
        const said: Said = { kind: 'presentation', presentation: after, ...(light ? { light } : {}) };
        const done = await runScript(
          redis,
          CHANGE,
          [presentationKey(id), presentedKey(scope), SAID],
          [text, JSON.stringify(after), PRESENTATION_MS, id, on ? 'on' : 'off', JSON.stringify(said)],
        );
        if (done === 1) return after;
      }
      return { code: 'not-ready', detail: 'others change this presentation at the same time: send it again' };
    },
    async strokes(id) {
      const fields = Object.entries(await redis.hgetall(inkKey(id))).filter(([field]) => !COUNTERS.has(field));
      return fields
        .map(([stroke, text]) => {
          const [order = '', page = '', , points = ''] = text.split('|');
          return { order: Number(order), stroke: { id: stroke, page, points: points.split(/[ ,]/).map(Number) } };
        })
        .sort((a, b) => a.order - b.order)
        .map(({ stroke }) => stroke);
    },
    async ink(command) {
      const { briefing } = command;
      const keys = [inkKey(briefing), SAID];
      if (command.do === 'erase') {
        const [kind, which] = 'stroke' in command.what ? ['stroke', command.what.stroke] : ['page', command.what.page];
        const said: Said = { kind: 'ink', change: { briefing, erased: command.what } };
        await runScript(redis, ERASE, keys, [kind, which, JSON.stringify(said)]);
        return undefined;
      }
      const { page, stroke, from, points } = command;
      const said: Said = { kind: 'ink', change: { briefing, page, stroke, from, points } };
      const pairs = Array.from({ length: points.length / 2 }, (_, i) => `${points[2 * i]},${points[2 * i + 1]}`);
      const limits = [MAX_STROKES, MAX_STROKE_POINTS, MAX_INK_BYTES];
      const args = [stroke, page, from, pairs.join(' '), pairs.length, ...limits, JSON.stringify(said)];
      const done = await runScript(redis, DRAW, keys, args);
      // Strokes of a briefing that is kept stay with it; those of one of now have nothing to stay with.
      if (liveOf(briefing)) await redis.pexpire(inkKey(briefing), PRESENTATION_MS);
      switch (done) {
        case -1:
          return { code: 'full', detail: 'there is no room for more strokes in this briefing: take some away' };
        case -2:
          return { code: 'bad-request', detail: `points of the stroke ${stroke} before ${from} are missing` };
        default:
          return undefined;
      }
    },
    async wipe(id) {
      await redis.del(inkKey(id));
    },
    async forget(id, scope) {
      await redis.del(presentationKey(id), inkKey(id));
      if ((await redis.get(presentedKey(scope))) === id) await redis.del(presentedKey(scope));
    },
  };
}
