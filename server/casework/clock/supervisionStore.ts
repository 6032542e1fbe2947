import { randomUUID } from 'node:crypto';
import {
  INBOX_ENTRIES,
  type InboxEntry,
  type Supervision,
  type SupervisionState,
} from '../../../contract/supervision.ts';
import type { StoredEvent } from '../../alerts/state.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { encodeChunk } from '../../streams/intake/chunk.ts';
import { streamKeys } from '../../streams/keys.ts';
import { clockKeys } from './keys.ts';
import type { letterNumbering } from './letterNumber.ts';

const decideScript = loadScript('server/casework/clock/scripts/decide.lua');

/** Those that were dropped are on the trail as well. */
const DROPPED_KEPT = 5_000;

/** A supervision, and its text as it is stored. */
export interface StoredSupervision {
  text: string;
  supervision: Supervision;
}

/** What comes of a decision to issue. */
export interface Issue {
  /** Counts letters of the year; the number is `before` + how many + `after`. */
  numbering: ReturnType<typeof letterNumbering>;
  /** The event, told its number. */
  event: (number: string) => StoredEvent;
  entry: Omit<InboxEntry, 'id'>;
}

/** What was written. */
export interface Issued {
  /** The entry of the region's events. */
  entry: string;
}

export interface SupervisionStore {
  /** The latest first; without a limit all. */
  list(state: SupervisionState, skip: number, limit?: number): Promise<{ total: number; items: Supervision[] }>;
  read(id: string): Promise<StoredSupervision | undefined>;
  /** @returns false when somebody else has decided meanwhile. @param at epoch ms */
  drop(before: StoredSupervision, after: Supervision, at: number): Promise<boolean>;
  /** With its number, its event and an entry of the inbox, in one step. @returns undefined when somebody else has decided meanwhile */
  issue(before: StoredSupervision, after: Supervision, at: number, issue: Issue): Promise<Issued | undefined>;
}

export function createSupervisionStore(redis: RedisClient, region: string): SupervisionStore {
  const keys = clockKeys(region);
  const { events, meta } = streamKeys(region);
  const setOf: Record<SupervisionState, string> = { draft: keys.drafts, issued: keys.issued, dropped: keys.dropped };

  const decide = async (before: StoredSupervision, to: SupervisionState, args: (string | number)[]) =>
    (await runScript(
      redis,
      decideScript,
      [keys.supervisions, keys.drafts, setOf[to], keys.state, events, meta, keys.inbox],
      [before.supervision.id, before.text, ...args],
    )) as string | null;

  return {
    async list(state, skip, limit) {
      const [total, ids] = await Promise.all([
        redis.zcard(setOf[state]),
        redis.zrevrange(setOf[state], skip, limit === undefined ? -1 : skip + limit - 1),
      ]);
      const texts = ids.length ? await redis.hmget(keys.supervisions, ...ids) : [];
      return { total, items: texts.filter((text) => text !== null).map((text) => JSON.parse(text) as Supervision) };
    },
    async read(id) {
      const text = await redis.hget(keys.supervisions, id);
      return text === null ? undefined : { text, supervision: JSON.parse(text) as Supervision };
    },
    async drop(before, after, at) {
      const args = [at, '', JSON.stringify(after), '', '', '', '', INBOX_ENTRIES, DROPPED_KEPT];
      return (await decide(before, 'dropped', args)) !== null;
    },
    async issue(before, after, at, { numbering, event, entry }) {
      // Only the script knows the number: it joins what is written here around a mark that nobody can have written.
      const mark = randomUUID();
      const number = numbering.before + mark + numbering.after;
      const record = JSON.stringify({ ...after, number }).split(mark) as [string, string];
      const chunk = encodeChunk([{ alertId: after.alertId, event: event(number) }]).split(mark) as [string, string];
      const args = [at, numbering.field, ...record, ...chunk, JSON.stringify(entry), INBOX_ENTRIES, 0];
      const written = await decide(before, 'issued', args);
      return written === null ? undefined : { entry: written };
    },
  };
}
