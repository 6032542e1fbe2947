import { join } from 'node:path';
import { whenAsked } from '../../common/whenAsked.ts';
import type { Feature, Platform } from '../feature.ts';
import { PROJECT_ROOT } from '../platform/paths.ts';
import type { RegionPacks } from '../region/packs.ts';
import { calendarRoutes } from './calendarRoutes.ts';
import { KnownCalendars } from './calendars.ts';
import { CALENDAR_TAG, createCalendarStore } from './calendarStore.ts';
import { CalendarWatch } from './calendarWatch.ts';
import { shippedCalendars } from './shipped.ts';
import { termsRoute } from './termsRoute.ts';

/** Between two looks whether a calendar is missing, ms: a new day is noticed by then. */
const LOOK_MS = 10 * 60_000;

/** Working days and terms (docs/terms.md). */
export function calendarFeature({ redis, log, now }: Platform, packs: RegionPacks): Feature {
  const shipped = whenAsked(() => shippedCalendars(join(PROJECT_ROOT, 'assets/calendar')));
  const calendars = new KnownCalendars({ store: createCalendarStore(redis), shipped, now });
  const watch = new CalendarWatch({ calendars, log, now });
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    name: 'calendar',
    backup: { owns: (tag) => tag === CALENDAR_TAG },
    routes: [calendarRoutes(calendars), termsRoute(calendars, (region) => packs.get(region))],
    async start() {
      // A program whose own calendars cannot be used does not start.
      shipped();
      await watch.look();
      timer = setInterval(() => void watch.look(), LOOK_MS).unref();
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}
