import type { Compared, Frame } from '../../../contract/frame.ts';
import {
  change,
  count,
  money,
  moneyFigure,
  percentFigure,
  pointChange,
  type Change,
  type Figure,
} from '../../i18n/format.ts';
import type { Lang } from '../../i18n/lang.ts';

/** The five figures over the map, in order (screens.md). */
export const HEADLINES = ['raised', 'successRate', 'recoveredFen', 'recoveredWorkers', 'enterprisesPaid'] as const;
export type HeadlineKey = (typeof HEADLINES)[number];

/** By start of step (RFC 3339). */
export type WorkersByStep = Readonly<Record<string, number>>;

export interface Headline {
  key: HeadlineKey;
  /** The number that rolls; absent when there is none (nothing was audited). */
  value: number | undefined;
  previous: Change | undefined;
  lastYear: Change | undefined;
  /** What is said where a comparison does not exist: a fact that follows from the same figures. */
  note: { key: 'perWorker' | 'perEnterprise' | 'open' | 'audited'; value: string } | undefined;
  /** A point a step, 0…1 of the highest; empty where the series does not carry the figure. */
  spark: number[];
}

/** A figure as shown while it rolls. Counts are whole at every moment, money is whole fen. */
export function headlineFigure(key: HeadlineKey, value: number | undefined, lang: Lang): Figure {
  if (key === 'successRate') return percentFigure(value);
  if (value === undefined) return { prefix: '', value: '–', unit: '' };
  if (key === 'recoveredFen') return shorter(moneyFigure(Math.round(value), lang));
  return { prefix: '', value: count(Math.round(value)), unit: '' };
}

/** Two decimals of 2,165.30 say nothing across a room. */
function shorter(figure: Figure): Figure {
  return figure.value.length > 7 && figure.value.includes('.')
    ? { ...figure, value: figure.value.slice(0, -1).replace(/\.$/, '') }
    : figure;
}

function measureOf(key: HeadlineKey, row: Compared): number | undefined {
  return key === 'enterprisesPaid' ? undefined : row[key];
}

/** Steps longer ago than this are not drawn: a spark line is a glance. */
const MOST_POINTS = 60;

function sparkOf(key: HeadlineKey, frame: Frame, workers: WorkersByStep | undefined): number[] {
  // Enterprises are counted once however often they pay: what a step has of them does not add up to the figure.
  if (key === 'enterprisesPaid') return [];
  const starts = Object.keys(frame.series).sort().slice(-MOST_POINTS);
  const values = starts.flatMap((at) => {
    const step = frame.series[at]!;
    if (key === 'recoveredWorkers') return workers ? [workers[at] ?? 0] : [];
    if (key === 'raised') return [Object.values(step.tiers).reduce((sum, n) => sum + n, 0)];
    if (key === 'recoveredFen') return [step.recoveredFen];
    const audited = step.effective + step.falseAlarm;
    return audited ? [step.effective / audited] : [];
  });
  const top = Math.max(...values);
  if (values.length < 2 || top <= 0) return [];
  // Counts and money stand on zero; a rate that moves between 78 and 84 % would be a straight line if it did.
  const floor = key === 'successRate' ? Math.min(...values) : 0;
  return values.map((value) => (top === floor ? 0.5 : (value - floor) / (top - floor)));
}

/** The five headline figures of a frame. Pure. @param workers paid, by step: a frame does not carry them */
export function toHeadlines(frame: Frame, lang: Lang, workers?: WorkersByStep): Headline[] {
  const { totals, compare } = frame;
  return HEADLINES.map((key) => {
    const value = totals[key];
    const against = (row: Compared | undefined): Change | undefined => {
      if (!row || key === 'enterprisesPaid') return undefined;
      return key === 'successRate' ? pointChange(value, row.successRate, lang) : change(value, measureOf(key, row));
    };
    return {
      key,
      value,
      previous: against(compare.previous),
      lastYear: against(compare.lastYear),
      note: noteOf(key, frame, lang),
      spark: sparkOf(key, frame, workers),
    };
  });
}

function noteOf(key: HeadlineKey, { totals }: Frame, lang: Lang): Headline['note'] {
  const per = (n: number) => (n > 0 ? money(Math.round(totals.recoveredFen / n / 100) * 100, lang) : undefined);
  if (key === 'enterprisesPaid') {
    const value = per(totals.enterprisesPaid);
    return value === undefined ? undefined : { key: 'perEnterprise', value };
  }
  if (key === 'recoveredWorkers') {
    const value = per(totals.recoveredWorkers);
    return value === undefined ? undefined : { key: 'perWorker', value };
  }
  if (key === 'raised') return { key: 'open', value: count(totals.open) };
  if (key === 'successRate') return { key: 'audited', value: count(totals.effective + totals.falseAlarm) };
  return undefined;
}

/** SVG path of a spark line in a box `width` × `height`. */
export function sparkPath(points: readonly number[], width: number, height: number): string {
  const step = width / Math.max(1, points.length - 1);
  return points
    .map((point, i) => `${i ? 'L' : 'M'}${(i * step).toFixed(1)} ${(height - 1 - point * (height - 2)).toFixed(1)}`)
    .join('');
}

/** Width of a text in its own size: Chinese and the percent sign are as wide as high, Latin and digits about half. */
const ems = (text: string) =>
  [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1.05 : letter === '%' ? 0.95 : 0.52), 0);
/** Letters of the foot and the name in digits of the figure: 15 and 18 px against about 30 px a digit. */
const FOOT = 0.56;
const NAME = 0.66;

/**
 * Room that a headline needs, in digits of its figure: for the figure itself, its unit at a third of its size, and the
 * texts above and below it. Decides how wide its column is, and so how large all five can be.
 */
export function widthInDigits(figure: Figure, unit: string, name: string, foot: readonly string[]): number {
  const marks = figure.value.replace(/\d/g, '').length;
  const small = (text: string) => (text ? 0.35 + ems(text) * 0.75 : 0);
  const value = figure.value.length - marks * 0.5 + small(figure.prefix) + small(unit);
  return Math.max(value, ems(name) * NAME, ...foot.map((text) => ems(text) * FOOT + 0.4));
}
