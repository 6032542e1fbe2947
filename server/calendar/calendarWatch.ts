import type { Logger } from 'pino';
import { dayOf } from '../../common/regionTime.ts';
import type { KnownCalendars } from './calendars.ts';

/** Warns in the log, once a day, as long as a year's calendar is missing that should be there (docs/terms.md). */
export class CalendarWatch {
  private readonly parts: {
    calendars: Pick<KnownCalendars, 'missing'>;
    log: Pick<Logger, 'warn'>;
    now: () => number;
  };
  /** The day on which it was looked up last. */
  private looked: number | undefined;

  constructor(parts: CalendarWatch['parts']) {
    this.parts = parts;
  }

  /** To be called several times a day. A store that does not answer is asked again the next time; others tell of it. */
  async look(): Promise<void> {
    const { calendars, log, now } = this.parts;
    const today = dayOf(now());
    if (this.looked === today) return;
    try {
      const missing = await calendars.missing();
      this.looked = today;
      if (missing.length)
        log.warn(
          { years: missing },
          `calendar: there is none of ${missing.join(' and ')}, whose working days are reckoned Monday to Friday: import it at /admin/calendar, or with npm run calendar -- import FILE`,
        );
    } catch {
      // See above.
    }
  }
}
