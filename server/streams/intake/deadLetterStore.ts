import type { DeadLetter } from '../../../contract/rest.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { DEAD_LETTER_KEYS as KEYS } from './deadLetterKeys.ts';

/** Rejected events with their reasons, newest last; the same body again replaces its letter. */
export interface DeadLetterStore {
  put(letters: DeadLetter[]): Promise<void>;
  get(id: string): Promise<DeadLetter | undefined>;
  remove(ids: string[]): Promise<number>;
  count(): Promise<number>;
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
      const last = await redis.incrby(KEYS.sequence, letters.length);
      // Texts before the index: a letter that is listed can be read.
      await redis.hset(KEYS.letters, ...letters.flatMap((letter) => [letter.id, JSON.stringify(letter)]));
      await redis.zadd(KEYS.order, ...letters.flatMap((letter, i) => [last - letters.length + 1 + i, letter.id]));
    },
    async get(id) {
      return (await load([id]))[0];
    },
    async remove(ids) {
      if (!ids.length) return 0;
      const removed = await redis.zrem(KEYS.order, ...ids);
      await redis.hdel(KEYS.letters, ...ids);
      return removed;
    },
    count: () => redis.zcard(KEYS.order),
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
