import type { CalendarYear } from '../../contract/calendar.ts';
import type { CalendarStore } from './calendarStore.ts';
import { countingYears } from './calendars.ts';

/** The calendars that count, as last read: for whoever reckons terms and cannot wait. Another array once they are others. */
export class KnownYears {
  private readonly store: Pick<CalendarStore, 'count' | 'read'>;
  private readonly shipped: readonly CalendarYear[];
  private imports = 0;
  private years: readonly CalendarYear[];

  constructor(store: Pick<CalendarStore, 'count' | 'read'>, shipped: readonly CalendarYear[]) {
    this.store = store;
    this.shipped = shipped;
    this.years = shipped;
  }

  get list(): readonly CalendarYear[] {
    return this.years;
  }

  /** Asks the store whether anybody has imported a year since; returns whether the years are others now. */
  async refresh(): Promise<boolean> {
    const imports = await this.store.count();
    if (imports === this.imports) return false;
    const stored = await this.store.read();
    this.years = countingYears(this.shipped, stored).map(({ calendar }) => calendar);
    this.imports = stored.length;
    return true;
  }
}
