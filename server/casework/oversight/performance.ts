import type { Durations, PerformanceFigure, UnitFigures, UnitPerformance } from '../../../contract/performance.ts';
import type { UnitSpanFigures } from '../../../contract/reportSituation.ts';
import { dateOf, midnight } from '../../../common/regionTime.ts';
import type { CaseHistory, Deed } from './history.ts';

/** How units have done, from the histories of alerts (docs/casework.md §8). Pure; months are those of the region's zone. */

/** Beginnings of months and the end of the last, epoch ms. */
export interface Span {
  months: readonly string[];
  starts: readonly number[];
}

/** Months since the year 0. @param month `2026-11` */
const ordinal = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;

/** The months from one to another, both of them. @returns undefined where the second comes before the first */
export function spanOf(from: string, to: string): Span | undefined {
  const [first, last] = [ordinal(from), ordinal(to)];
  if (last < first) return undefined;
  const all = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const start = (month: number) => midnight(Math.floor(month / 12), (month % 12) + 1, 1);
  return {
    months: all.map((month) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`),
    starts: [...all, last + 1].map(start),
  };
}

/** `2026-11`, so many months before the one in which `now` lies. */
export function monthBefore(now: number, months: number): string {
  const { year, month } = dateOf(now);
  const of = year * 12 + month - 1 - months;
  return `${Math.floor(of / 12)}-${String((of % 12) + 1).padStart(2, '0')}`;
}

/** In which month of a span something lies; -1 for none. */
function monthOf({ starts }: Span, at: number): number {
  for (let i = starts.length - 2; i >= 0; i--) if (at >= starts[i]!) return at < starts[i + 1]! ? i : -1;
  return -1;
}

class Sum {
  readonly figures: UnitFigures = {
    received: 0,
    accepted: 0,
    acceptedLate: 0,
    handled: 0,
    handledLate: 0,
    audited: 0,
    returned: 0,
    recoveredFen: 0,
    recoveredWorkers: 0,
  };
  private readonly toAccept: number[] = [];
  private readonly toHandle: number[] = [];

  add(deed: Deed): void {
    const { figures } = this;
    switch (deed.kind) {
      case 'received':
        figures.received++;
        break;
      case 'accepted':
        figures.accepted++;
        if (deed.late) figures.acceptedLate++;
        this.toAccept.push(deed.ms);
        break;
      case 'handled':
        figures.handled++;
        if (deed.late) figures.handledLate++;
        this.toHandle.push(deed.ms);
        break;
      case 'audited':
        figures.audited++;
        if (deed.returned) figures.returned++;
        break;
      case 'extended':
        // Reports count it (figuresOf); it says nothing about how well a unit does.
        break;
      case 'recovered':
        figures.recoveredFen += deed.amountFen;
        figures.recoveredWorkers += deed.workers;
    }
  }

  done(): UnitFigures {
    const [toAccept, toHandle] = [durations(this.toAccept), durations(this.toHandle)];
    return { ...this.figures, ...(toAccept ? { toAccept } : {}), ...(toHandle ? { toHandle } : {}) };
  }
}

function durations(all: number[]): Durations | undefined {
  if (all.length === 0) return undefined;
  const sorted = Float64Array.from(all).sort();
  const middle = sorted.length >> 1;
  return {
    count: sorted.length,
    // In order of size, so that the order in which alerts were read changes no digit.
    meanMs: sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length,
    medianMs: sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2,
  };
}

/** What some deeds of one unit come to. */
export function figuresOf(deeds: Iterable<Deed>): UnitSpanFigures {
  const sum = new Sum();
  let extended = 0;
  for (const deed of deeds) {
    sum.add(deed);
    if (deed.kind === 'extended') extended++;
  }
  return { ...sum.done(), extended };
}

/** Counts one alert after another, so that others may have their turn between them. */
export interface PerformanceCount {
  add(history: CaseHistory): void;
  done(): UnitPerformance[];
}

/**
 * @param units codes of the pack, in its order: each has a row; all others have one together, where they have anything
 * @param now epoch ms
 */
export function countPerformance(units: readonly string[], span: Span, now: number): PerformanceCount {
  const row = () => ({ open: 0, overdue: 0, total: new Sum(), months: span.months.map(() => new Sum()) });
  const rows = new Map(units.map((unit) => [unit, row()]));
  const rowOf = (unit: string) => {
    let found = rows.get(unit);
    if (!found) rows.set(unit, (found = row()));
    return found;
  };
  return {
    add({ deeds, with: held }) {
      if (held) {
        const found = rowOf(held.unit);
        found.open++;
        if (now > held.dueAt) found.overdue++;
      }
      for (const deed of deeds) {
        const month = monthOf(span, deed.at);
        if (month < 0) continue;
        const found = rowOf(deed.unit);
        found.total.add(deed);
        found.months[month]!.add(deed);
      }
    },
    done: () =>
      [...rows].map(([unit, { open, overdue, total, months }]) => ({
        ...(unit === '' ? {} : { unit }),
        open,
        overdue,
        total: total.done(),
        months: months.map((sum) => sum.done()),
      })),
  };
}

/** Whether a deed is one of those that a figure counts. */
function isCounted(deed: Deed, figure: PerformanceFigure): boolean {
  switch (figure) {
    case 'acceptedLate':
      return deed.kind === 'accepted' && deed.late;
    case 'handledLate':
      return deed.kind === 'handled' && deed.late;
    case 'returned':
      return deed.kind === 'audited' && deed.returned;
    case 'open':
    case 'overdue':
      return false;
    default:
      return deed.kind === figure;
  }
}

/** What a figure counts, the latest first. `deed`: of what is open, none. */
export function casesBehind(
  histories: Iterable<CaseHistory>,
  { unit, figure, span, now }: { unit: string; figure: PerformanceFigure; span: Span; now: number },
): { alertId: string; deed?: Deed }[] {
  const found: { alertId: string; deed?: Deed }[] = [];
  for (const { alertId, deeds, with: held } of histories) {
    if (held?.unit === unit && (figure === 'open' || (figure === 'overdue' && now > held.dueAt)))
      found.push({ alertId });
    for (const deed of deeds)
      if (deed.unit === unit && isCounted(deed, figure) && monthOf(span, deed.at) >= 0) found.push({ alertId, deed });
  }
  return found.sort((a, b) => (b.deed?.at ?? 0) - (a.deed?.at ?? 0) || (a.alertId < b.alertId ? -1 : 1));
}
