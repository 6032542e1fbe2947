import { dateOf, parseRfc3339, toRfc3339 } from '../../regionTime.ts';
import { joined, text, type SentencePart } from '../../sentence/parts.ts';
import type { ReportKind } from '../../../contract/reportLimits.ts';
import type { FrozenSpans } from '../../../contract/reportSituation.ts';
import type { Against, Compared, RateFact } from '../facts.ts';
import type { Change, Points } from '../change.ts';
import { countText, unsigned } from '../numbers.ts';
import { fig, say } from '../say.ts';
import { daysOf, isOfDays } from '../spans.ts';
import { comparedSpans, type Basis } from './words.ts';

/** How Chinese reports speak of spans and changes, whatever they are about. */

export const KINDS: Record<ReportKind, string> = {
  daily: '日报',
  weekly: '周报',
  monthly: '月报',
  quarterly: '季报',
  yearly: '年报',
  special: '专报',
};
export const NOW: Record<ReportKind, string> = {
  daily: '当日',
  weekly: '本周',
  monthly: '本月',
  quarterly: '本季度',
  yearly: '本年',
  special: '本期',
};
const BEFORE: Record<ReportKind, string> = {
  daily: '前一日',
  weekly: '上周',
  monthly: '上月',
  quarterly: '上季度',
  yearly: '上年',
  special: '上期',
};

/** 上周；未满一周的为上周同期，与汇报、大屏所用的一样（common/sentence）。 */
export function basisName(basis: Basis, kind: ReportKind, whole: boolean): string {
  if (basis === 'lastYear') return '去年同期';
  return whole || kind === 'special' ? BEFORE[kind] : `${BEFORE[kind]}同期`;
}

/** Of what stands at a moment: 上月同期，即上月同一时点；整段时间之前的为上期末。 */
const momentName = (basis: Basis, kind: ReportKind): string =>
  basis === 'lastYear' ? '去年同期' : kind === 'special' ? '上期末' : `${BEFORE[kind]}同期`;

export const day = (ms: number) => {
  const { year, month, day: d } = dateOf(ms);
  return { year, month, day: d, text: `${year}年${month}月${d}日` };
};
const hour = (ms: number) => Number(toRfc3339(ms).slice(11, 13));

export function spanText(fromText: string, toText: string): string {
  const span = { from: parseRfc3339(fromText)!, to: parseRfc3339(toText)! };
  if (!isOfDays(span)) {
    const end = hour(span.to) === 0 ? { ...day(span.to - 1), hour: 24 } : { ...day(span.to), hour: hour(span.to) };
    const from = day(span.from);
    const startHour = `${hour(span.from)}时`;
    const sameDay = from.text === end.text;
    return `${from.text}${startHour}至${sameDay ? '' : end.year === from.year ? `${end.month}月${end.day}日` : end.text}${end.hour}时`;
  }
  const { first, last } = daysOf(span);
  const [a, b] = [day(first), day(last)];
  if (first === last) return a.text;
  if (a.year !== b.year) return `${a.text}至${b.text}`;
  return `${a.text}至${a.month === b.month ? '' : `${b.month}月`}${b.day}日`;
}

export function momentText(at: string): string {
  const ms = parseRfc3339(at)!;
  const time = toRfc3339(ms).slice(11, 16);
  return time === '00:00' ? `${day(ms - 1).text}24:00` : `${day(ms).text}${time}`;
}

/** 环比上升5.00%；较上周增加3起。 @param name of the basis */
function changePhrase(against: Against | undefined, basis: Basis, name: string, unit: string): SentencePart[] {
  if (!against) return [];
  const change: Change = against.change;
  switch (change.kind) {
    case 'nothing':
      return [];
    case 'none-before':
      return [text(`${name}无`)];
    case 'same':
      return [text(`与${name}持平`)];
    case 'small': {
      const more = change.difference > 0;
      return say`较${name}${more ? '增加' : '减少'}${fig(countText(Math.abs(change.difference)))}${unit}`;
    }
    case 'percent':
      return say`${basis === 'previous' ? '环比' : '同比'}${change.up ? '上升' : '下降'}${fig(`${unsigned(change.text)}%`)}`;
  }
}

/** Follows the figure that is compared at once: after anything else it would be read as of that. */
export const changes = (compared: Compared, kind: ReportKind, whole: boolean, unit: string): SentencePart[] =>
  changePhrases(compared, unit, (basis) => basisName(basis, kind, whole));
/** The same of what stands at the end of a span. */
export const changesAt = (compared: Compared, kind: ReportKind, unit: string): SentencePart[] =>
  changePhrases(compared, unit, (basis) => momentName(basis, kind));

function changePhrases(compared: Compared, unit: string, name: (basis: Basis) => string): SentencePart[] {
  const phrases = (['previous', 'lastYear'] as const)
    .map((basis) => changePhrase(compared[basis], basis, name(basis), unit))
    .filter((phrase) => phrase.length > 0);
  return phrases.length > 0 ? [text('，'), ...joined(phrases, '，')] : [];
}

/** 没有的，说对比期有多少。 */
export function thens(
  compared: Compared,
  kind: ReportKind,
  whole: boolean,
  unit: string,
  shown: (then: number) => string,
): SentencePart[] {
  const phrases = (['previous', 'lastYear'] as const).flatMap((basis) => {
    const against = compared[basis];
    return against && against.then !== 0
      ? [say`${basisName(basis, kind, whole)}为${fig(shown(against.then))}${unit}`]
      : [];
  });
  return phrases.length > 0 ? [text('，'), ...joined(phrases, '，')] : [];
}

function pointsPhrase(points: Points, basis: Basis, kind: ReportKind, whole: boolean): SentencePart[] {
  if (!points) return [];
  const name = basisName(basis, kind, whole);
  if ('same' in points) return [text(`与${name}持平`)];
  return say`较${name}${points.up ? '上升' : '下降'}${fig(unsigned(points.text))}个百分点`;
}

/** ，较上月上升5.00个百分点；没有可比的，什么也不说。 @param of what is compared, where it does not stand before */
export function rateChanges(rate: RateFact, kind: ReportKind, whole: boolean, of = ''): SentencePart[] {
  const phrases = [
    pointsPhrase(rate.previous?.points, 'previous', kind, whole),
    pointsPhrase(rate.lastYear?.points, 'lastYear', kind, whole),
  ].filter((phrase) => phrase.length > 0);
  return phrases.length > 0 ? [text(`，${of}`), ...joined(phrases, '，')] : [];
}

export const WHY = {
  beginning: (first: string) => `系统数据自${first}起，对比期无数据`,
  hours: '对比期的小时数据已不再保存，不能按同一时点截取',
};

/** 统计时段与对比期。 */
export function spanNote(frozen: FrozenSpans): string {
  const spans = comparedSpans(frozen).map(([basis, span]) => {
    const name = basis === 'previous' ? '环比对比期' : '同比对比期';
    const missing = 'missing' in span ? `（${whyMissing(span.missing, frozen.beginning)}）` : '';
    return `${name}为${spanText(span.from, span.to)}${missing}`;
  });
  return `统计时段为${spanText(frozen.from, frozen.to)}${frozen.whole ? '' : '（时段未结束，按已过部分统计，对比期取同样长的部分）'}；${spans.join('；')}。`;
}

/** 数据冻结的时间。 */
export const frozenNote = ({ frozenAt }: Pick<FrozenSpans, 'frozenAt'>): string =>
  `数据于${momentText(frozenAt)}冻结，以冻结时已知的事实为准；其后的更正不改变本报告。`;

function whyMissing(missing: 'beginning' | 'hours', beginning: string): string {
  return missing === 'hours' ? WHY.hours : WHY.beginning(day(parseRfc3339(beginning)!).text);
}
