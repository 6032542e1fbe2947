import type { ComparedWith, FrozenHead } from '../../contract/reportSituation.ts';
import { changeOf, changeText, pointsOf, SMALL_BASE } from './change.ts';
import { dateOf, parseRfc3339 } from '../regionTime.ts';
import { ABSENT, countText, daysText, ratioText, shareText } from './numbers.ts';
import type { Rate } from './facts.ts';
import type { Cell } from './model.ts';
import type { ReportWords } from './words/words.ts';

/** The cells of tables. */

export const label = (text: string): Cell => ({ text });
export const absent = (why?: string): Cell => (why === undefined ? { text: ABSENT } : { text: ABSENT, why });
export const countCell = (value: number): Cell => ({ text: countText(value), value, format: 'count' });
export const moneyText = (fen: number, words: ReportWords): string => ratioText(fen, words.money.unitFen);
export const moneyCell = (fen: number, words: ReportWords): Cell => ({
  text: moneyText(fen, words),
  value: fen / words.money.unitFen,
  format: 'money',
});
export const shareCell = (part: number, all: number, why?: string): Cell =>
  all === 0 ? absent(why) : { text: shareText(part, all), value: part / all, format: 'percent' };
export const daysCell = (ms: number, cases: number): Cell =>
  cases <= 0 ? absent() : { text: daysText(ms, cases), value: ms / cases / 86_400_000, format: 'days' };

/** Why a comparison has no figures. */
export function whyMissing(
  span: ComparedWith<unknown>,
  { beginning }: Pick<FrozenHead, 'beginning'>,
  words: Pick<ReportWords, 'why' | 'date'>,
): string | undefined {
  if (!('missing' in span)) return undefined;
  if (span.missing === 'hours') return words.why.hours;
  return words.why.beginning(words.date(beginning));
}

/**
 * A comparison as a cell: in percent, or how many more where the base is small.
 * @param columns of the row's two figures, for a reader who asks how it was reckoned
 */
export function changeCell(
  now: number,
  then: number,
  counted: boolean,
  columns: { now: number; then: number },
  words: ReportWords,
): Cell {
  const change = changeOf(now, then, counted);
  const text = changeText(change);
  if (text === undefined) return absent(change.kind === 'nothing' ? words.why.nothing : words.why.noneBefore);
  return change.kind === 'small'
    ? {
        text,
        value: now - then,
        format: 'count',
        why: words.why.difference,
        formula: { kind: 'difference', ...columns },
      }
    : {
        text,
        value: (now - then) / then,
        format: 'percent',
        why: words.why.percent,
        formula: { kind: 'percent', ...columns },
      };
}

/** What is said of a share: where there is none, where it is of too few to be compared, and how its change is reckoned. */
export interface RateWhy {
  noRate: string;
  smallRate: string;
  points: string;
}
export function pointsCell(now: Rate, then: Rate, why: RateWhy): Cell {
  const points = pointsOf(now, then);
  if (!points) return absent(now.all < SMALL_BASE || then.all < SMALL_BASE ? why.smallRate : why.noRate);
  return {
    text: 'same' in points ? '0.00' : points.text,
    value: 100 * (now.part / now.all - then.part / then.all),
    format: 'points',
    why: why.points,
  };
}

/** `2026-11-03 08:15`. */
export function minuteText(at: string): string {
  const { year, month, day } = dateOf(parseRfc3339(at)!);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${at.slice(11, 16)}`;
}
