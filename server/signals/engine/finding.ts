import type { Assessment } from '../assess/assess.ts';
import type { CompiledPack } from '../assess/compiledPack.ts';
import type { Finding, Subject } from './subject.ts';

/** Days for which the changes of a score are kept (signals §5). */
export const SCORE_DAYS = 365;

/** What an assessment came to. @param before what was found before @param now epoch ms */
export function findingOf(
  assessment: Assessment,
  pack: CompiledPack,
  before: Finding | undefined,
  unplaced: boolean,
  now: number,
): Finding {
  const { score, tier, rule, watch, workers, amountFen, months } = assessment;
  const found: Finding = {
    version: pack.version,
    score,
    tier,
    rule,
    watch,
    workers,
    amountFen,
    months,
    channels: assessment.channelPoints.map(({ channel, points }) => [channel, points]),
    indicators: assessment.indicators.map(({ code, points }) => [code, points]),
    changedAt: before?.changedAt ?? now,
    unplaced,
  };
  if (!before || !sameResult(before, found)) found.changedAt = now;
  return found;
}

/** Whether two findings say the same, whenever they were made and by whichever version. */
export function sameResult(a: Finding, b: Finding): boolean {
  return (
    a.score === b.score &&
    a.tier === b.tier &&
    a.rule === b.rule &&
    a.watch === b.watch &&
    a.workers === b.workers &&
    a.amountFen === b.amountFen &&
    a.months === b.months &&
    a.unplaced === b.unplaced &&
    samePairs(a.channels, b.channels) &&
    samePairs(a.indicators, b.indicators)
  );
}

function samePairs(a: readonly [string, number][], b: readonly [string, number][]): boolean {
  return a.length === b.length && a.every(([name, points], i) => name === b[i]![0] && points === b[i]![1]);
}

/** Notes the score of a day, if it is another one than before. */
export function noteScore(subject: Pick<Subject, 'scores'>, score: number, day: number): void {
  const { scores } = subject;
  const tenths = Math.round(score * 10);
  let last = scores.at(-1);
  if (last?.[0] === day) {
    scores.pop();
    last = scores.at(-1);
  }
  if (tenths !== (last?.[1] ?? 0)) scores.push([day, tenths]);
  // The newest that is older says what the score was when the span began.
  while (scores.length > 1 && scores[1]![0] <= day - SCORE_DAYS) scores.shift();
}
