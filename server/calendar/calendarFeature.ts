import type { Workdays } from '../../common/terms/workdays.ts';
import type { Feature, Platform } from '../feature.ts';
import type { RegionPacks } from '../region/packs.ts';
import { createRulesBook, type RulesBook } from '../region/rulesBook.ts';
import { calendarRoutes } from './calendarRoutes.ts';
import { KnownCalendars } from './calendars.ts';
import { CALENDAR_TAG, createCalendarStore } from './calendarStore.ts';
import { CalendarWatch } from './calendarWatch.ts';
import { KnownYears } from './knownYears.ts';
import { programCalendars } from './shipped.ts';
import { termsRoute } from './termsRoute.ts';

/** Between two looks whether a calendar is missing, ms: a new day is noticed by then. */
const LOOK_MS = 10 * 60_000;
/** By then everybody reckons with a calendar that somebody has imported, ms. */
const REFRESH_MS = 2_000;

export interface CalendarFeature extends Feature {
  /** By which rules alerts are folded: with the calendars that are known now. */
  readonly rules: RulesBook;
  /** Which days are working days, as known now. */
  workdays(): Promise<Workdays>;
}

/** Working days and terms (docs/terms.md). */
export function calendarFeature({ redis, log, now }: Platform, packs: RegionPacks): CalendarFeature {
  const shipped = programCalendars();
  const store = createCalendarStore(redis);
  const calendars = new KnownCalendars({ store, shipped: () => shipped, now });
  const years = new KnownYears(store, shipped);
  const watch = new CalendarWatch({ calendars, log, now });
  const timers: ReturnType<typeof setInterval>[] = [];
  return {
    name: 'calendar',
    rules: createRulesBook(() => years.list),
    workdays: () => calendars.workdays(),
    backup: { owns: (tag) => tag === CALENDAR_TAG },
    routes: [calendarRoutes(calendars), termsRoute(calendars, (region) => packs.get(region))],
    async start() {
      await years.refresh();
      await watch.look();
      timers.push(
        setInterval(() => void watch.look(), LOOK_MS).unref(),
        // A store that does not answer is asked again; others tell of it.
        setInterval(() => void years.refresh().catch(() => undefined), REFRESH_MS).unref(),
      );
    },
    stop: () => {
      timers.forEach(clearInterval);
    },
  };
}
