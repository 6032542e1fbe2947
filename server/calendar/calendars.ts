import type { CalendarChange, Calendars, CalendarYear, KnownYear } from '../../contract/calendar.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { missingYears, nextYear } from '../../common/terms/missingYears.ts';
import { Workdays } from '../../common/terms/workdays.ts';
import type { CalendarStore, StoredImport } from './calendarStore.ts';

/** All that is known of working days at a moment. */
interface Known {
  /** How many imports it is made of. */
  imports: number;
  workdays: Workdays;
  years: KnownYear[];
  history: CalendarChange[];
}

export interface CalendarParts {
  store: CalendarStore;
  /** Those that come with the program (shipped.ts). */
  shipped: () => readonly CalendarYear[];
  /** Epoch ms. */
  now: () => number;
}

/** The calendars of all years: those shipped, and those imported, which go before them. Every process sees the same. */
export class KnownCalendars {
  private readonly parts: CalendarParts;
  private known: Known | undefined;

  constructor(parts: CalendarParts) {
    this.parts = parts;
  }

  /** Which days are working days, as known now; asks the store whether anybody has imported a year since. */
  async workdays(): Promise<Workdays> {
    return (await this.read()).workdays;
  }

  /** As `GET /api/v1/calendars` answers. */
  async list(): Promise<Calendars> {
    const { workdays, years, history } = await this.read();
    const now = this.parts.now();
    const missing = missingYears(workdays, now);
    const first = years.at(-1)?.year ?? nextYear(now);
    const span = Array.from({ length: Math.max(0, nextYear(now) - first + 1) }, (_, i) => nextYear(now) - i);
    return {
      years,
      provisional: span
        .filter((year) => !workdays.knows(year))
        .map((year) => ({ year, missing: missing.includes(year) })),
      history,
    };
  }

  /** Years that should be there by now and are not. */
  async missing(): Promise<number[]> {
    return missingYears(await this.workdays(), this.parts.now());
  }

  /** Keeps a calendar without faults; from now on it counts for its year, in every process. */
  async add(calendar: CalendarYear, by: string, why: string): Promise<KnownYear> {
    const stored: StoredImport = { calendar, by, at: toRfc3339(this.parts.now()), why };
    await this.parts.store.add(stored);
    return knownYear(calendar, new Workdays([calendar]), stored);
  }

  private async read(): Promise<Known> {
    const { store, shipped } = this.parts;
    const imports = await store.count();
    if (this.known?.imports !== imports) this.known = knownOf(shipped(), await store.read());
    return this.known;
  }
}

/** A calendar that counts, with its import where it has been imported. */
interface CountingYear {
  calendar: CalendarYear;
  stored?: StoredImport;
}

/** The calendars that count, of each year one, the latest year first: what was imported last goes before what is shipped. */
export function countingYears(
  shipped: readonly CalendarYear[],
  imports: readonly StoredImport[],
): readonly CountingYear[] {
  const counting = new Map<number, CountingYear>();
  for (const calendar of shipped) counting.set(calendar.year, { calendar });
  for (const stored of imports) counting.set(stored.calendar.year, { calendar: stored.calendar, stored });
  return [...counting.values()].sort((a, b) => b.calendar.year - a.calendar.year);
}

function knownOf(shipped: readonly CalendarYear[], imports: readonly StoredImport[]): Known {
  const list = countingYears(shipped, imports);
  const workdays = new Workdays(list.map(({ calendar }) => calendar));
  return {
    imports: imports.length,
    workdays,
    years: list.map(({ calendar, stored }) => knownYear(calendar, workdays, stored)),
    history: imports.map(changeOf).reverse(),
  };
}

function knownYear(calendar: CalendarYear, known: Workdays, stored?: StoredImport): KnownYear {
  const { year } = calendar;
  const workdays = known.count(year);
  return stored
    ? { year, origin: 'imported', workdays, calendar, change: changeOf(stored) }
    : { year, origin: 'shipped', workdays, calendar };
}

function changeOf({ calendar, by, at, why }: StoredImport): CalendarChange {
  return { year: calendar.year, by, at, why };
}
