import type { CalendarYear } from '../../contract/calendar.ts';
import type { RedisClient } from '../platform/redis/connect.ts';

export const CALENDAR_TAG = 'calendar';
/** List of all imports as JSON, oldest first. None is ever removed: of several for a year, the last one counts. */
const KEY = `{${CALENDAR_TAG}}:imports`;

/** A year that somebody imported. */
export interface StoredImport {
  calendar: CalendarYear;
  by: string;
  /** RFC 3339. */
  at: string;
  why: string;
}

export interface CalendarStore {
  /** How many imports there are: whoever keeps what he has read asks this first. */
  count(): Promise<number>;
  /** All imports, oldest first. */
  read(): Promise<StoredImport[]>;
  add(stored: StoredImport): Promise<void>;
}

export function createCalendarStore(redis: RedisClient): CalendarStore {
  return {
    count: () => redis.llen(KEY),
    async read() {
      const texts = await redis.lrange(KEY, 0, -1);
      return texts.map((text) => JSON.parse(text) as StoredImport);
    },
    async add(stored) {
      await redis.rpush(KEY, JSON.stringify(stored));
    },
  };
}
