import { createCalendarStore } from '../server/calendar/calendarStore.ts';
import { KnownYears } from '../server/calendar/knownYears.ts';
import { programCalendars } from '../server/calendar/shipped.ts';
import type { RedisClient } from '../server/platform/redis/connect.ts';
import { createRulesBook, type RulesBook } from '../server/region/rulesBook.ts';

/** By which rules the server folds alerts: with the calendars that have been imported there. */
export async function regionRules(redis: RedisClient): Promise<RulesBook> {
  const years = new KnownYears(createCalendarStore(redis), programCalendars());
  await years.refresh();
  return createRulesBook(() => years.list);
}
