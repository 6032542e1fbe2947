import type { Term } from '../../common/terms/term.ts';
import { termEnd } from '../../common/terms/termEnd.ts';
import { effectsOf } from './effects.ts';
import { workdaysOf, type StageClock } from './stageClock.ts';
import type { StoredEvent } from './state.ts';

/**
 * Regulation on Labour Security Supervision (劳动保障监察条例) 17: what is investigated is settled within 60 working days from the day on
 * which the case was filed; where it is complicated, with leave, within 30 more.
 */
const SETTLE: Term = { count: 60, unit: 'wd' };
const SETTLE_EXTENDED: Term = { count: 60 + 30, unit: 'wd' };

/** The legal clock of a case that was filed. Times in epoch ms. */
export interface LegalTerms {
  filedAt: number;
  settleBy: number;
  /** With leave. */
  settleExtended: number;
  /** One of them rests on a year whose calendar is not there yet. */
  provisional: boolean;
}

/**
 * Of an alert whose handling first came to *case filed*: nothing that happens afterwards begins the term anew.
 * @param events in order (contract §2)
 * @returns undefined where no case was filed
 */
export function legalTerms(
  events: readonly StoredEvent[],
  { calendars, dayEnds }: Pick<StageClock, 'calendars' | 'dayEnds'>,
): LegalTerms | undefined {
  const effects = effectsOf(events);
  for (const [i, event] of events.entries()) {
    if (!effects[i]) continue;
    if (event.type !== 'wage.alert.handled' || event.data.outcome !== 'case-filed') continue;
    const workdays = workdaysOf(calendars);
    const by = termEnd(event.time, SETTLE, workdays, dayEnds);
    const extended = termEnd(event.time, SETTLE_EXTENDED, workdays, dayEnds);
    return {
      filedAt: event.time,
      settleBy: by.dueAt,
      settleExtended: extended.dueAt,
      provisional: by.provisional || extended.provisional,
    };
  }
  return undefined;
}
