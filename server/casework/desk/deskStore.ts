import { DAY_MS } from '../../../common/regionTime.ts';
import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DESK_ALERTS } from '../../../contract/alertLimits.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { streamKeys } from '../../streams/keys.ts';
import { clockKeys } from '../clock/keys.ts';
import { letterNumbering } from '../clock/letterNumber.ts';
import { deskKeys } from './keys.ts';

const begin = loadScript('server/casework/desk/scripts/begin.lua');
const change = loadScript('server/casework/desk/scripts/change.lua');
const number = loadScript('server/casework/desk/scripts/number.lua');
const letter = loadScript('server/casework/desk/scripts/letter.lua');

/** Whoever holds a lock for longer without having written is taken to be gone, ms. */
export const GONE_MS = 15_000;
/** By then every process' lists have an alert that was raised here, ms. */
const LATEST_MS = 60_000;
/** Alerts raised by hand: `DK-2026-000001`. */
const DIGITS = 6;

/** What is locked: an alert, or an employer of whom an alert is being raised. */
export type Lockable = `alert:${string}` | `employer:${string}`;

/** One action on its way (scripts/begin.lua). */
export interface Lock {
  /** The event was written: the lock holds until that entry has been counted, whatever becomes of this process. */
  written(entry: string): Promise<void>;
  release(): Promise<void>;
}

/**
 * What became of an action, without anything of its alert: whoever asks the same again is shown that as they may see it by then.
 * `problem` is there where it was not done.
 */
export type KeptOutcome =
  | { status: 200 | 202; region: string; alertId: string; event: string }
  | { status: 'problem'; region?: string; alertId?: string; problem: KeptProblem };
export interface KeptProblem {
  status: number;
  title: string;
  detail: string;
  parameter?: string | undefined;
  rule?: unknown;
}

/** What the desk keeps of a region in Redis. */
export interface DeskStore {
  /** @returns undefined while another action is on its way. @param event id of the event that is to be made */
  lock(what: Lockable, event: string): Promise<Lock | undefined>;
  /** The id of an alert to be raised: for the same event, the same. */
  number(year: string, event: string): Promise<string>;
  /** The number of a supervision that is to be written (督〔2026〕7号): for the same event, the same. */
  letterNumber(year: string, event: string): Promise<string>;
  /** The alert of an employer that was raised here within the last minute. */
  latest(employer: string): Promise<string | undefined>;
  keepLatest(employer: string, alertId: string): Promise<void>;
  /**
   * What is kept under an `Idempotency-Key`; where nothing is, it is noted that this request has begun.
   * @param who who asks, and their key
   * @param digest of the request
   */
  answer(who: string, digest: string): Promise<'new' | 'other' | 'unfinished' | KeptOutcome[]>;
  keepAnswer(who: string, digest: string, outcomes: readonly KeptOutcome[]): Promise<void>;
  /** Nothing was written: the key is free for another request, unless the same one has come to its answer meanwhile. */
  forget(who: string, digest: string): Promise<void>;
}

export function createDeskStore(redis: RedisClient, region: string): DeskStore {
  const keys = deskKeys(region);
  const { meta, events, alerts } = streamKeys(region);
  const answerKey = (who: string) => `${keys.answers}${hash('sha256', who, 'base64url')}`;
  return {
    async lock(what, event) {
      const key = keys.busy + what;
      let holds = (await runScript(redis, begin, [key, meta, events], [event, GONE_MS, DAY_MS])) as string;
      if (holds === '') return undefined;
      const to = async (next: string) => {
        await runScript(redis, change, [key], [holds, next, DAY_MS]);
        holds = next;
      };
      return { written: (entry) => to(`after ${entry} ${event}`), release: () => to('') };
    },
    async number(year, event) {
      const named = [keys.given + event, keys.numbers + year, alerts];
      return (await runScript(redis, number, named, [`${DESK_ALERTS}${year}-`, DIGITS, DAY_MS])) as string;
    },
    async letterNumber(year, event) {
      const { field, before, after } = letterNumbering(year);
      const place = await runScript(redis, letter, [keys.given + event, clockKeys(region).state], [field, DAY_MS]);
      return `${before}${place as number}${after}`;
    },
    latest: async (employer) => (await redis.get(keys.latest + employer)) ?? undefined,
    async keepLatest(employer, alertId) {
      await redis.set(keys.latest + employer, alertId, 'PX', LATEST_MS);
    },
    async answer(who, digest) {
      const key = answerKey(who);
      if ((await redis.set(key, digest, 'PX', DAY_MS, 'NX')) === 'OK') return 'new';
      const [first = '', packed] = ((await redis.get(key)) ?? digest).split(' ');
      if (first !== digest) return 'other';
      if (packed === undefined) return 'unfinished';
      return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8')) as KeptOutcome[];
    },
    async keepAnswer(who, digest, outcomes) {
      const packed = deflateRawSync(JSON.stringify(outcomes)).toString('base64');
      await redis.set(answerKey(who), `${digest} ${packed}`, 'PX', DAY_MS);
    },
    async forget(who, digest) {
      await runScript(redis, change, [answerKey(who)], [digest, '', DAY_MS]);
    },
  };
}
