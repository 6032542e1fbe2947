import { dateOf, parseRfc3339, toRfc3339 } from '../../regionTime.ts';
import { joined, text, type SentencePart } from '../../sentence/parts.ts';
import type { ReportKind } from '../../../contract/reportLimits.ts';
import type { FrozenSpans } from '../../../contract/reportSituation.ts';
import type { Against, Compared, RateFact } from '../facts.ts';
import type { Change, Points } from '../change.ts';
import { countText, ratioText, unsigned } from '../numbers.ts';
import { fig, say } from '../say.ts';
import { daysOf, isOfDays } from '../spans.ts';
import { comparedSpans, type Basis } from './words.ts';

/** How English reports speak of spans and changes, whatever they are about. */

export const KINDS: Record<ReportKind, string> = {
  daily: 'daily report',
  weekly: 'weekly report',
  monthly: 'monthly report',
  quarterly: 'quarterly report',
  yearly: 'yearly report',
  special: 'report',
};
export const IN: Record<ReportKind, string> = {
  daily: 'on the day',
  weekly: 'in the week',
  monthly: 'in the month',
  quarterly: 'in the quarter',
  yearly: 'in the year',
  special: 'in the period',
};
const BEFORE: Record<ReportKind, string> = {
  daily: 'the day before',
  weekly: 'the week before',
  monthly: 'the month before',
  quarterly: 'the quarter before',
  yearly: 'the year before',
  special: 'the period before',
};
/** The same part of the one before, as briefings and the wall call it (common/sentence). */
const SO_FAR: Record<ReportKind, string> = {
  daily: 'the same hours the day before',
  weekly: 'the same days a week before',
  monthly: 'the same days a month before',
  quarterly: 'the same days a quarter before',
  yearly: 'the same days a year before',
  special: BEFORE.special,
};
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export function basisName(basis: Basis, kind: ReportKind, whole: boolean): string {
  if (basis === 'lastYear') return 'the same period a year before';
  return whole || kind === 'special' ? BEFORE[kind] : SO_FAR[kind];
}

/** `on the day before`, `in the week before`. */
const inBasis = (basis: Basis, kind: ReportKind, whole: boolean): string =>
  `${basis === 'previous' && kind === 'daily' && whole ? 'on' : 'in'} ${basisName(basis, kind, whole)}`;

/** Of what stands at a moment. */
function momentName(basis: Basis, kind: ReportKind, whole: boolean): string {
  if (basis === 'lastYear') return 'the same time a year before';
  return whole || kind === 'special' ? `the end of ${BEFORE[kind]}` : `the same time of ${BEFORE[kind]}`;
}

export const day = (ms: number) => {
  const { year, month, day: d } = dateOf(ms);
  return { year, month: MONTHS[month - 1]!, day: d, text: `${d} ${MONTHS[month - 1]!} ${year}` };
};

export function spanText(fromText: string, toText: string): string {
  const span = { from: parseRfc3339(fromText)!, to: parseRfc3339(toText)! };
  if (!isOfDays(span)) return `${momentText(fromText, false)} to ${momentText(toText)}`;
  const { first, last } = daysOf(span);
  const [a, b] = [day(first), day(last)];
  if (first === last) return a.text;
  if (a.year !== b.year) return `${a.text} to ${b.text}`;
  return a.month === b.month ? `${a.day} to ${b.text}` : `${a.day} ${a.month} to ${b.text}`;
}

export function momentText(at: string, end = true): string {
  const ms = parseRfc3339(at)!;
  const time = toRfc3339(ms).slice(11, 16);
  return end && time === '00:00' ? `${day(ms - 1).text}, 24:00` : `${day(ms).text}, ${time}`;
}

export const plural = (n: number, word: string) => `${word}${n === 1 ? '' : 's'}`;

/** `the month before`, `in the month before`. */
interface BasisWords {
  name: string;
  at: string;
}

function changePhrase(against: Against | undefined, { name, at }: BasisWords): SentencePart[] {
  if (!against) return [];
  const change: Change = against.change;
  switch (change.kind) {
    case 'nothing':
      return [];
    case 'none-before':
      return [text(`none ${at}`)];
    case 'same':
      return [text(`the same as ${at}`)];
    case 'small':
      return say`${fig(countText(Math.abs(change.difference)))}${change.difference > 0 ? ' more' : ' fewer'} than ${at}`;
    case 'percent':
      return say`${change.up ? 'up ' : 'down '}${fig(`${unsigned(change.text)}%`)} on ${name}`;
  }
}

/** Follows the figure that is compared at once: after anything else it would be read as of that. */
export const changes = (compared: Compared, kind: ReportKind, whole: boolean): SentencePart[] =>
  changePhrases(compared, (basis) => ({ name: basisName(basis, kind, whole), at: inBasis(basis, kind, whole) }));
/** The same of what stands at the end of a span. */
export const changesAt = (compared: Compared, kind: ReportKind, whole: boolean): SentencePart[] =>
  changePhrases(compared, (basis) => {
    const name = momentName(basis, kind, whole);
    return { name, at: `at ${name}` };
  });

function changePhrases(compared: Compared, wordsOf: (basis: Basis) => BasisWords): SentencePart[] {
  const phrases = (['previous', 'lastYear'] as const)
    .map((basis) => changePhrase(compared[basis], wordsOf(basis)))
    .filter((phrase) => phrase.length > 0);
  return phrases.length > 0 ? [text(', '), ...joined(phrases, ', ')] : [];
}

export function thens(
  compared: Compared,
  kind: ReportKind,
  whole: boolean,
  shown: (then: number) => SentencePart[],
): SentencePart[] {
  const phrases = (['previous', 'lastYear'] as const).flatMap((basis) => {
    const against = compared[basis];
    return against && against.then !== 0 ? [say`${shown(against.then)} ${inBasis(basis, kind, whole)}`] : [];
  });
  return phrases.length > 0 ? [text('; '), ...joined(phrases, ', ')] : [];
}
export const thenCount = (then: number): SentencePart[] => [fig(countText(then))];
export const thenMoney = (then: number): SentencePart[] => say`CNY ${fig(ratioText(then, 100_000))} thousand`;

function pointsPhrase(points: Points, basis: Basis, kind: ReportKind, whole: boolean): SentencePart[] {
  if (!points) return [];
  const name = basisName(basis, kind, whole);
  if ('same' in points) return [text(`the same as ${inBasis(basis, kind, whole)}`)];
  return say`${points.up ? 'up ' : 'down '}${fig(unsigned(points.text))} percentage points on ${name}`;
}

/**
 * `, up 5.00 percentage points on the month before`; nothing where there is nothing to compare.
 * @param begin goes before it: what is compared, where that does not stand before
 */
export function rateChanges(rate: RateFact, kind: ReportKind, whole: boolean, begin = ', '): SentencePart[] {
  const phrases = [
    pointsPhrase(rate.previous?.points, 'previous', kind, whole),
    pointsPhrase(rate.lastYear?.points, 'lastYear', kind, whole),
  ].filter((phrase) => phrase.length > 0);
  return phrases.length > 0 ? [text(begin), ...joined(phrases, ', ')] : [];
}

export const WHY = {
  beginning: (first: string) => `nothing is known before ${first}`,
  hours: 'hours of that time are no longer kept, so it cannot be cut at the same hour',
};

/** The span, and those that it is compared with. */
export function spanNote(frozen: FrozenSpans): string {
  const spans = comparedSpans(frozen).map(([basis, span]) => {
    const name = basis === 'previous' ? 'The span before is' : 'The span a year before is';
    const missing = 'missing' in span ? ` (${whyMissing(span.missing, frozen.beginning)})` : '';
    return `${name} ${spanText(span.from, span.to)}${missing}.`;
  });
  return `The span is ${spanText(frozen.from, frozen.to)}${frozen.whole ? '' : ' (not over yet: the part that has elapsed, compared with as long a part)'}. ${spans.join(' ')}`;
}

/** When the data were frozen. */
export const frozenNote = ({ frozenAt }: Pick<FrozenSpans, 'frozenAt'>): string =>
  `Data were frozen at ${momentText(frozenAt, false)} as they were known then; later corrections do not change this report.`;

function whyMissing(missing: 'beginning' | 'hours', beginning: string): string {
  return missing === 'hours' ? WHY.hours : WHY.beginning(day(parseRfc3339(beginning)!).text);
}
