import { dayOf, dayText } from '../../../common/regionTime.ts';
import { assess, type AssessedRegistration } from '../assess/assess.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import type { Observation } from '../assess/observation.ts';
import type { AlertMark } from '../engine/alertMarks.ts';
import { NEVER } from '../engine/subject.ts';

/**
 * What the score would have been, day by day, by the version in force and by when things happened: of what is kept, whenever it came, less
 * what had been dealt with by then. The engine's own scores (`scores`) say what was known and in force at the time, and begin with the
 * first version. Pure; a day is looked at only where something may have changed.
 *
 * @param alerts all of the subject; those that are closed now settle (signals §4)
 * @param allSettledAt until when everybody's observations have been dealt with, epoch ms
 * @param days so many, the last of which is `day`
 * @returns the score by date: of the first day, and of those on which it changed
 */
export function pastScores(
  observations: readonly Observation[],
  registration: AssessedRegistration | undefined,
  { alerts, allSettledAt }: { alerts: readonly AlertMark[]; allSettledAt: number },
  pack: CompiledPack,
  { day, days }: { day: number; days: number },
): Record<string, number> {
  const settled = [allSettledAt, ...alerts.flatMap(({ closedAt }) => closedAt ?? [])].filter((at) => at > -Infinity);
  const eventful = [...observations.map(({ time }) => dayOf(time)), ...settled.map(dayOf)].sort((a, b) => a - b);
  const scores: Record<string, number> = {};
  let before: number | undefined;
  let next = 0;
  for (let at = day - days + 1; at <= day;) {
    const known = observations.filter(({ time }) => dayOf(time) <= at);
    const settledAt = Math.max(-Infinity, ...settled.filter((moment) => dayOf(moment) <= at));
    const { score, changesOn } = assess(known, registration, settledAt, pack, at);
    if (score !== before) scores[dayText(at)] = before = score;
    while (next < eventful.length && eventful[next]! <= at) next++;
    at = Math.min(eventful[next] ?? NEVER, changesOn ?? NEVER);
  }
  return scores;
}
