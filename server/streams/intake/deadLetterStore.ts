import type { DeadLetter } from '../../../contract/rest.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';

const putLetters = loadScript('server/streams/intake/scripts/putLetters.lua');
const removeLetters = loadScript('server/streams/intake/scripts/removeLetters.lua');
import { DEAD_LETTER_KEYS as KEYS } from './deadLetterKeys.ts';

/** Dead letters, and where the next ones are; without `next` there are none. */
export interface LetterPage {
  letters: DeadLetter[];
  next?: string;
}

/** Rejected events with their reasons, newest last; the same body again replaces its letter. */
export interface DeadLetterStore {
  put(letters: DeadLetter[]): Promise<void>;
  get(id: string): Promise<DeadLetter | undefined>;
  remove(ids: string[]): Promise<number>;
  count(): Promise<number>;
  /** How many bytes all of them have, as they are stored. */
  bytes(): Promise<number>;
  /**
   * Newest first.
   * @param after `next` of the page before. It is a place in their order and no letter: that may be sent again, and gone, meanwhile
   */
  page(limit: number, after?: string): Promise<LetterPage>;
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
    async page(limit, after) {
      // Versions before gave the id of a letter.
      if (after !== undefined && !/^\d+$/.test(after)) return { letters: [] };
      const max = after === undefined ? '+inf' : `(${after}`;
      // One more tells whether there are further ones.
      const found = await redis.zrevrangebyscore(KEYS.order, max, '-inf', 'WITHSCORES', 'LIMIT', 0, limit + 1);
      const ids = found.filter((_, i) => i % 2 === 0);
      const letters = await load(ids.slice(0, limit));
      return ids.length > limit ? { letters, next: found[2 * limit - 1]! } : { letters };
    },
    async oldest(limit) {
      return load(await redis.zrange(KEYS.order, '0', String(limit - 1)));
    },
  };
}
