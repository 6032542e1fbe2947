import type { Rung } from '../contract/region.ts';
import { termOf, type Term } from './terms/term.ts';
import { DAY_ENDS, termEnd } from './terms/termEnd.ts';
import type { Workdays } from './terms/workdays.ts';

/** What the clock does about a stage's term where a pack does not say otherwise (docs/casework.md §3). */
export const DEFAULT_LADDER: readonly Rung[] = [
  { rung: 'half', at: 0.5, does: 'notice' },
  { rung: 'four-fifths', at: 0.8, does: 'reminder' },
  { rung: 'past', at: 1, does: 'urge' },
  { rung: 'draft-notice', after: '3wd', does: 'draft', level: 'notice' },
  { rung: 'draft-talk', after: '5wd', does: 'draft', level: 'talk' },
  { rung: 'draft-circular', after: '10wd', does: 'draft', level: 'circular' },
];

/** A ladder ready to be climbed. */
export interface Ladder {
  rungs: readonly { rung: Rung; after: Term | undefined }[];
  dayEnds: string;
}

/** @throws Error for a term that is none: packs are checked before */
export function ladderOf({
  ladder = DEFAULT_LADDER,
  dayEnds = DAY_ENDS,
}: {
  ladder?: readonly Rung[];
  dayEnds?: string;
}): Ladder {
  return {
    dayEnds,
    rungs: ladder.map((rung) => ({ rung, after: rung.after === undefined ? undefined : termOf(rung.after) })),
  };
}

/** The term of a stage: when it began and when it ends, epoch ms. */
export interface RunningTerm {
  stageAt: number;
  dueAt: number;
}

/** When a rung comes, epoch ms: it is due once that moment is past, as an alert is overdue once its term is. */
export interface TimedRung {
  at: number;
  rung: Rung;
}

/**
 * The rungs of a stage's term in order of time; of two at one moment, as the ladder has them. A share of a term is one of the time by the
 * clock from its beginning to its end; a term that ended before it began has all its shares at its beginning.
 */
export function timedRungs(
  { rungs, dayEnds }: Ladder,
  { stageAt, dueAt }: RunningTerm,
  workdays: Workdays,
): TimedRung[] {
  const length = Math.max(0, dueAt - stageAt);
  const end = stageAt + length;
  return rungs
    .map(({ rung, after }) => ({
      rung,
      at: after ? termEnd(end, after, workdays, dayEnds).dueAt : stageAt + Math.round(length * rung.at!),
    }))
    .sort((a, b) => a.at - b.at);
}

/**
 * When the next rung comes that has not been passed, epoch ms; undefined where none is left. The first of `timedRungs` of them, and no
 * more is reckoned than that takes: terms of a hundred thousand cases are reckoned anew when a calendar comes.
 */
export function nextRungAt(
  { rungs, dayEnds }: Ladder,
  { stageAt, dueAt }: RunningTerm,
  workdays: Workdays,
  passed: readonly string[],
): number | undefined {
  const length = Math.max(0, dueAt - stageAt);
  let next: number | undefined;
  for (const { rung, after } of rungs) {
    if (passed.includes(rung.rung)) continue;
    // Shares of the term are in order of time, and before what comes after it.
    if (!after) return stageAt + Math.round(length * rung.at!);
    const { dueAt: at } = termEnd(stageAt + length, after, workdays, dayEnds);
    if (next === undefined || at < next) next = at;
  }
  return next;
}

/**
 * The rungs that are passed at a moment and were not before, in order of time: of several that were missed the last alone speaks.
 * @param before codes of those that were passed already in this stage: they never come again
 */
export function passedNow(timed: readonly TimedRung[], before: readonly string[], now: number): TimedRung[] {
  return timed.filter(({ at, rung }) => now > at && !before.includes(rung.rung));
}
