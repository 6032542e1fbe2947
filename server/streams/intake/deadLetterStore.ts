import type { DeadLetter } from '../../../contract/rest.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';

const putLetters = loadScript('server/streams/intake/scripts/putLetters.lua');
const removeLetters = loadScript('server/streams/intake/scripts/removeLetters.lua');
import { DEAD_LETTER_KEYS as KEYS } from './deadLetterKeys.ts';

/** Rejected events with their reasons, newest last; the same body again replaces its letter. */
export interface DeadLetterStore {
  put(letters: DeadLetter[]): Promise<void>;
  get(id: string): Promise<DeadLetter | undefined>;
  remove(ids: string[]): Promise<number>;
  count(): Promise<number>;
  /** How many bytes all of them have, as they are stored. */
  bytes(): Promise<number>;
  /** Newest first, `before` exclusive. */
  page(limit: number, before?: string): Promise<DeadLetter[]>;
  /** The oldest letters. */
  oldest(limit: number): Promise<DeadLetter[]>;
}

export function createDeadLetterStore(redis: RedisClient): DeadLetterStore {
  async function load(ids: string[]): Promise<DeadLetter[]> {
    if (!ids.length) return [];
    const texts = await redis.hmget(KEYS.letters, ...ids);
    return texts.filter((text) => text !== null).map((text) => JSON.parse(text) as DeadLetter);
  }
  return {
    async put(letters) {
      if (!letters.length) return;
      const named = [KEYS.letters, KEYS.order, KEYS.sequence, KEYS.bytes];
      await runScript(
        redis,
        putLetters,
        named,
        letters.flatMap((letter) => [letter.id, JSON.stringify(letter)]),
      );
    },
    async get(id) {
      return (await load([id]))[0];
    },
    async remove(ids) {
      if (!ids.length) return 0;
      return Number(await runScript(redis, removeLetters, [KEYS.letters, KEYS.order, KEYS.bytes], ids));
    },
    count: () => redis.zcard(KEYS.order),
    bytes: async () => Number(await redis.get(KEYS.bytes)),
    async page(limit, before) {
      const score = before === undefined ? undefined : await redis.zscore(KEYS.order, before);
      if (before !== undefined && score === null) return [];
      const max = score === undefined ? '+inf' : `(${String(score)}`;
      return load(await redis.zrevrangebyscore(KEYS.order, max, '-inf', 'LIMIT', 0, limit));
    },
    async oldest(limit) {
      return load(await redis.zrange(KEYS.order, '0', String(limit - 1)));
    },
  };
}
