import type { CalendarYear } from '../../contract/calendar.ts';
import type { Tier } from '../../contract/codes.ts';
import type { RegionPack, StageTermName } from '../../contract/region.ts';
import { boundedTerm, NO_TERM } from '../../common/termBounds.ts';
import { termOf, type Term } from '../../common/terms/term.ts';
import { DAY_ENDS, termEnd } from '../../common/terms/termEnd.ts';
import { Workdays } from '../../common/terms/workdays.ts';
import type { AlertState } from './state.ts';

/** The one clock of a region whose pack gives each tier its terms by stage (docs/casework.md §3). Plain data. */
export interface StageClock {
  terms: Partial<Record<Tier, Record<StageTermName, Term>>>;
  dayEnds: string;
  /** Years that are known; others are reckoned Monday to Friday. */
  calendars: readonly CalendarYear[];
}

/** @throws Error for a term that is none: packs are checked before (region/check.ts) */
export function stageClockOf(
  { terms, dayEnds = DAY_ENDS }: Pick<RegionPack, 'terms' | 'dayEnds'>,
  calendars: readonly CalendarYear[],
): StageClock | undefined {
  if (!terms) return undefined;
  const parsed: StageClock['terms'] = {};
  for (const [tier, texts] of Object.entries(terms))
    parsed[tier as Tier] = Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, termOf(text)]),
    ) as Record<StageTermName, Term>;
  return { terms: parsed, dayEnds, calendars };
}

/** Which term runs in the stage that an alert is in; undefined once it is closed. */
export function runningTerm({ stage, returned }: Pick<AlertState, 'stage' | 'returned'>): StageTermName | undefined {
  switch (stage) {
    case 'raised':
      return 'dispatch';
    case 'dispatched':
      return returned ? 'handle' : 'accept';
    case 'accepted':
      return 'handle';
    case 'handled':
      return 'audit';
    case 'audited':
      return 'close';
    case 'closed':
      return undefined;
  }
}

/**
 * When the term of the stage ends, epoch ms; `NO_TERM` once the alert is closed. It runs from the event that led into the stage. What a
 * dispatch or an extension names takes the place of the handling term; once the alert has been sent back or closed, handling begins anew and
 * what was named before is over.
 */
export function stageTermEnd(
  { terms, dayEnds, calendars }: StageClock,
  state: Pick<AlertState, 'stage' | 'returned' | 'stageAt' | 'namedDueAt' | 'namedBefore' | 'facts'>,
): number {
  const running = runningTerm(state);
  if (running === undefined) return NO_TERM;
  if (running === 'handle' && !state.namedBefore && !Number.isNaN(state.namedDueAt)) return state.namedDueAt;
  const term = terms[state.facts.tier]?.[running];
  return term ? boundedTerm(termEnd(state.stageAt, term, workdaysOf(calendars), dayEnds).dueAt) : NO_TERM;
}

const known = new WeakMap<readonly CalendarYear[], Workdays>();
/** A fold is done a million times with the same calendars. */
export function workdaysOf(calendars: readonly CalendarYear[]): Workdays {
  let workdays = known.get(calendars);
  if (!workdays) known.set(calendars, (workdays = new Workdays(calendars)));
  return workdays;
}
