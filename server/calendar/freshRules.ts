import type { CalendarYear } from '../../contract/calendar.ts';
import type { RedisClient } from '../platform/redis/connect.ts';
import { createRulesBook, type RulesBook } from '../region/rulesBook.ts';
import { createCalendarStore } from './calendarStore.ts';
import { KnownYears } from './knownYears.ts';

/** By then terms are reckoned with a calendar that somebody has imported, ms. */
const REFRESH_MS = 2_000;

/** Rules of packs for a thread, which go by imported calendars as well. */
export interface FreshRules {
  rules: RulesBook;
  /** Those that are imported already are known: what was reckoned without them would be reckoned twice, or said too early. */
  ready: Promise<void>;
  stop(): void;
}

/** @param shipped the calendars that come with the program */
export function freshRules(redis: RedisClient, shipped: readonly CalendarYear[]): FreshRules {
  const years = new KnownYears(createCalendarStore(redis), shipped);
  // A store that does not answer is asked again: then nothing else can be done either.
  const refresh = () => years.refresh().catch(() => undefined);
  const refreshing = setInterval(() => void refresh(), REFRESH_MS);
  return {
    rules: createRulesBook(() => years.list),
    ready: refresh().then(() => undefined),
    stop: () => clearInterval(refreshing),
  };
}
