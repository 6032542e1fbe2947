import type { Compared, Frame } from '../../../contract/frame.ts';
import { change, count, money, moneyFigure, percentFigure, pointChange, type Change, type Figure } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/lang.ts';

/** The five figures over the map, in order (screens.md). */
export const HEADLINES = ['raised', 'successRate', 'recoveredFen', 'recoveredWorkers', 'enterprisesPaid'] as const;
export type HeadlineKey = (typeof HEADLINES)[number];

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
  return figure.value.length > 7 && figure.value.includes('.') ? { ...figure, value: figure.value.slice(0, -1).replace(/\.$/, '') } : figure;
}

function measureOf(key: HeadlineKey, row: Compared): number | undefined {
  return key === 'enterprisesPaid' ? undefined : row[key];
}

/** Steps longer ago than this are not drawn: a spark line is a glance. */
const MOST_POINTS = 60;

function sparkOf(key: HeadlineKey, frame: Frame): number[] {
  if (key === 'recoveredWorkers' || key === 'enterprisesPaid') return [];
  const steps = Object.keys(frame.series).sort().slice(-MOST_POINTS).map((at) => frame.series[at]!);
  const values = steps.flatMap((step) => {
    if (key === 'raised') return [Object.values(step.tiers).reduce((sum, n) => sum + n, 0)];
    if (key === 'recoveredFen') return [step.recoveredFen];
    const audited = step.effective + step.falseAlarm;
    return audited ? [step.effective / audited] : [];
  });
  const top = Math.max(...values);
  return values.length < 2 || top <= 0 ? [] : values.map((value) => value / top);
}

/** The five headline figures of a frame. Pure. */
export function toHeadlines(frame: Frame, lang: Lang): Headline[] {
  const { totals, compare } = frame;
  return HEADLINES.map((key) => {
    const value = totals[key];
    const against = (row: Compared | undefined): Change | undefined => {
      if (!row || key === 'enterprisesPaid') return undefined;
      return key === 'successRate' ? pointChange(value, row.successRate, lang) : change(value, measureOf(key, row));
    };
    return {
      key, value, previous: against(compare.previous), lastYear: against(compare.lastYear),
      note: noteOf(key, frame, lang), spark: sparkOf(key, frame),
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
  return points.map((point, i) => `${i ? 'L' : 'M'}${(i * step).toFixed(1)} ${(height - 1 - point * (height - 2)).toFixed(1)}`).join('');
}
