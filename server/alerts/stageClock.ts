import type { CalendarYear } from '../../contract/calendar.ts';
import type { Tier } from '../../contract/codes.ts';
import type { RegionPack, StageTermName } from '../../contract/region.ts';
import { boundedTerm, NO_TERM } from '../../common/termBounds.ts';
import { termOf, type Term } from '../../common/terms/term.ts';
import { DAY_ENDS, termEnd } from '../../common/terms/termEnd.ts';
import { unitNames, type UnitNames } from '../../common/units.ts';
import { Workdays } from '../../common/terms/workdays.ts';
import type { AlertState } from './state.ts';

/** The one clock of a region whose pack gives each tier its terms by stage (docs/casework.md §3). Plain data. */
export interface StageClock {
  terms: Partial<Record<Tier, Record<StageTermName, Term>>>;
  dayEnds: string;
  /** Years that are known; others are reckoned Monday to Friday. */
  calendars: readonly CalendarYear[];
  units: UnitNames;
}

/** @throws Error for a term that is none: packs are checked before (region/check.ts) */
export function stageClockOf(
  { terms, dayEnds = DAY_ENDS, units = [] }: Pick<RegionPack, 'terms' | 'dayEnds' | 'units'>,
  calendars: readonly CalendarYear[],
): StageClock | undefined {
  if (!terms) return undefined;
  const parsed: StageClock['terms'] = {};
  for (const [tier, texts] of Object.entries(terms))
    parsed[tier as Tier] = Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, termOf(text)]),
    ) as Record<StageTermName, Term>;
  return { terms: parsed, dayEnds, calendars, units: unitNames({ units }) };
}

type RunningIn = Pick<AlertState, 'stage' | 'returned' | 'takenUp'>;

/** Which term runs in the stage that an alert is in; undefined once it is closed. */
export function runningTerm({ stage, returned, takenUp }: RunningIn): StageTermName | undefined {
  switch (stage) {
    case 'raised':
      return 'dispatch';
    case 'dispatched':
      return returned || takenUp ? 'handle' : 'accept';
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

type Termed = RunningIn & Pick<AlertState, 'termFrom' | 'namedDueAt' | 'namedBefore' | 'facts'>;

/** Whether the end of the term rests on a year whose calendar is not there yet. What somebody has named rests on none. */
export function isProvisionalEnd({ terms, dayEnds, calendars }: StageClock, state: Termed): boolean {
  const running = runningTerm(state);
  if (running === undefined || isNamed(running, state)) return false;
  const term = terms[state.facts.tier]?.[running];
  return term !== undefined && termEnd(state.termFrom, term, workdaysOf(calendars), dayEnds).provisional;
}

function isNamed(running: StageTermName, { namedBefore, namedDueAt }: Termed): boolean {
  return running === 'handle' && !namedBefore && !Number.isNaN(namedDueAt);
}

/**
 * When the term of the stage ends, epoch ms; `NO_TERM` once the alert is closed. It runs from the event that led into the stage, or from
 * an earlier one where a unit has got the alert back (turn.ts). What a dispatch or an extension names takes the place of the handling
 * term; once the alert has been sent back or closed, handling begins anew and what was named before is over.
 */
export function stageTermEnd({ terms, dayEnds, calendars }: StageClock, state: Termed): number {
  const running = runningTerm(state);
  if (running === undefined) return NO_TERM;
  if (isNamed(running, state)) return state.namedDueAt;
  const term = terms[state.facts.tier]?.[running];
  return term ? boundedTerm(termEnd(state.termFrom, term, workdaysOf(calendars), dayEnds).dueAt) : NO_TERM;
}

const known = new WeakMap<readonly CalendarYear[], Workdays>();
/** A fold is done a million times with the same calendars. */
export function workdaysOf(calendars: readonly CalendarYear[]): Workdays {
  let workdays = known.get(calendars);
  if (!workdays) known.set(calendars, (workdays = new Workdays(calendars)));
  return workdays;
}
