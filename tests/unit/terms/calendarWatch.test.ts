import { expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, parseRfc3339 } from '../../../common/regionTime.ts';
import { CalendarWatch } from '../../../server/calendar/calendarWatch.ts';
import { KnownCalendars } from '../../../server/calendar/calendars.ts';
import type { StoredImport } from '../../../server/calendar/calendarStore.ts';
import { listeningLog } from '../../support/listeningLog.ts';
import { SHIPPED } from './support.ts';

/** A December of looks every six hours. */
it('warns once a day from 1 December on, until the calendar is there; a store that is away is asked again', async () => {
  const { log, lines } = listeningLog();
  const imports: StoredImport[] = [];
  let now = parseRfc3339('2026-11-29T00:30:00+08:00')!;
  let away = false;
  const store = {
    count: () => (away ? Promise.reject(new Error('away')) : Promise.resolve(imports.length)),
    read: () => Promise.resolve([...imports]),
    add: (stored: StoredImport) => Promise.resolve(void imports.push(stored)),
  };
  const calendars = new KnownCalendars({ store, shipped: () => SHIPPED, now: () => now });
  const watch = new CalendarWatch({ calendars, log, now: () => now });
  const lookFor = async (days: number) => {
    for (const end = now + days * DAY_MS; now < end; now += 6 * HOUR_MS) await watch.look();
  };
  await lookFor(2);
  expect(lines).toEqual([]);
  await lookFor(3);
  expect(lines.length).toBe(3);
  expect(lines[0]).toContain('none of 2027');
  away = true;
  await watch.look();
  away = false;
  await lookFor(1);
  expect(lines.length).toBe(4);
  await calendars.add({ ...SHIPPED.at(-1)!, year: 2027, off: [], work: [] }, '某甲', '通知已发');
  await lookFor(3);
  expect(lines.length).toBe(4);
});
