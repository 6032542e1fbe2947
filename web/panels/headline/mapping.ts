import type { Tier } from '../../../contract/codes.ts';
import type { Compared, Frame } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';
import { DAY_MS, floorTo, parseRfc3339 } from '../../../common/regionTime.ts';
import { ABSENT, count, decimal, moneyFigure, percentFigure, type Figure } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/lang.ts';
import { compareAmounts, compareRates, isMore, type Comparison } from '../parts/comparison.ts';
import { tiersOf } from '../parts/tiersOf.ts';
import type { Period } from '../parts/useComparison.ts';
import type { Corrected } from './corrected.ts';
import { HEADLINES, type HeadlineKey } from './keys.ts';

/**
 * How a figure is set: zero and what is not there are quiet; what is overdue is loud, by its size and its mark; money that came
 * back is green.
 */
export type Tone = 'plain' | 'quiet' | 'loud' | 'good';

/** What stands beneath a figure. */
export type Foot =
  | { kind: 'tiers'; tiers: { tier: Tier; open: number }[] }
  /** Time until the next term ends, ms. */
  | { kind: 'next'; inMs: number }
  /** Nothing ends today, but so many are overdue: no reason to be calm. */
  | { kind: 'late'; overdue: number }
  /** Of what is overdue, so many became so since midnight. */
  | { kind: 'since'; midnight: number }
  /** Share of the open alerts, 0…1. */
  | { kind: 'share'; share: number }
  | { kind: 'paid'; workers: number; employers: number }
  | { kind: 'compared'; period: Period; comparison: Comparison; better: boolean }
  /** The figure was corrected since: its value by the other kind of past. */
  | { kind: 'corrected'; of: Corrected['of']; value: number }
  /** The figure is of now, and the frame is of the past. */
  | { kind: 'past' };

export interface Headline {
  key: HeadlineKey;
  /** Scope and window: a figure never rolls from one to another. */
  about: string;
  /** Since the beginning, not in a window: then the figure has another name. */
  ever: boolean;
  /** The number that rolls; absent when there is none. */
  value: number | undefined;
  tone: Tone;
  feet: Foot[];
}

/** A figure as shown while it rolls. Counts are whole at every moment, money is whole fen. */
export function headlineFigure(key: HeadlineKey, value: number | undefined, lang: Lang): Figure {
  if (key === 'successRate') return percentFigure(value, 1);
  if (value === undefined) return { prefix: '', value: ABSENT, unit: '' };
  if (key === 'recoveredFen') return shorter(moneyFigure(Math.round(value), lang));
  return { prefix: '', value: count(Math.round(value)), unit: '' };
}

/** Three or four digits say enough across a room: `1.23`, `51.3`, `216.5`, `2,165`. */
function shorter(figure: Figure): Figure {
  if (!figure.value.includes('.')) return figure;
  const value = Number(figure.value.replaceAll(',', ''));
  return { ...figure, value: decimal(value, Math.abs(value) >= 1_000 ? 0 : Math.abs(value) >= 10 ? 1 : 2) };
}

/**
 * The six headline figures of a frame. Pure.
 * @param now the server's clock, epoch ms, whole minutes
 */
export function toHeadlines(frame: Frame, pack: RegionAnswer | undefined, now: number): Headline[] {
  const { totals, withheld } = frame;
  return HEADLINES.map((key) => {
    // A figure that is withheld is given as 0, which nobody must take for none.
    const value = withheld && totals[key] === 0 ? undefined : totals[key];
    return {
      key,
      about: `${frame.scope} ${frame.window}`,
      ever: key === 'raised' && frame.window === 'all',
      value,
      tone: toneOf(key, value),
      feet: feetOf(key, value, frame, pack, now),
    };
  });
}

/** The same figures, those that were corrected since with their other value first beneath them. Pure. */
export function withCorrected(headlines: Headline[], corrected: Corrected | undefined): Headline[] {
  if (!corrected) return headlines;
  return headlines.map((headline) => {
    const value = corrected.values[headline.key];
    return value === undefined
      ? headline
      : { ...headline, feet: [{ kind: 'corrected', of: corrected.of, value }, ...headline.feet] };
  });
}

function toneOf(key: HeadlineKey, value: number | undefined): Tone {
  if (!value) return 'quiet';
  if (key === 'overdue') return 'loud';
  return key === 'recoveredFen' ? 'good' : 'plain';
}

function feetOf(
  key: HeadlineKey,
  value: number | undefined,
  frame: Frame,
  pack: RegionAnswer | undefined,
  now: number,
): Foot[] {
  const { totals } = frame;
  const past = frame.byStage === undefined;
  switch (key) {
    case 'open':
      return [
        { kind: 'tiers', tiers: tiersOf(frame, pack).map((tier) => ({ tier, open: frame.byTier[tier]?.open ?? 0 })) },
      ];
    case 'dueToday': {
      if (past) return [{ kind: 'past' }];
      if (value === 0 && totals.overdue) return [{ kind: 'late', overdue: totals.overdue }];
      const next = nextDue(frame, now);
      return value && next !== undefined ? [{ kind: 'next', inMs: next - now }] : [];
    }
    case 'overdue': {
      if (past) return [{ kind: 'past' }];
      const since = overdueSinceMidnight(frame, now);
      return [
        ...(value && since !== undefined ? [{ kind: 'since' as const, midnight: since }] : []),
        ...(value && totals.open > 0 ? [{ kind: 'share' as const, share: value / totals.open }] : []),
      ];
    }
    case 'raised':
      return comparedFeet(frame, (row) => compareAmounts(value, row.raised), false);
    case 'successRate':
      return comparedFeet(
        frame,
        (row) =>
          compareRates(
            { rate: value, of: totals.effective + totals.falseAlarm },
            { rate: row.successRate, of: row.effective + row.falseAlarm },
          ),
        true,
      );
    case 'recoveredFen': {
      const { recoveredWorkers: workers, enterprisesPaid: employers } = totals;
      const compared = comparedFeet(
        frame,
        (row) => compareAmounts(value, row.recoveredFen, row.recoveredWorkers),
        true,
      );
      return value ? [{ kind: 'paid', workers, employers }, ...compared.slice(0, 1)] : compared;
    }
  }
}

/** @param moreIsBetter whether more is good news: more wages recovered are, more alerts are not */
function comparedFeet(frame: Frame, compare: (row: Compared) => Comparison, moreIsBetter: boolean): Foot[] {
  return (['previous', 'lastYear'] as const).flatMap((period) => {
    const row = frame.compare[period];
    if (!row) return [];
    const comparison = compare(row);
    return [{ kind: 'compared' as const, period, comparison, better: moreIsBetter && isMore(comparison) }];
  });
}

/**
 * Of the alerts that are overdue, how many became so today: whether it gets better or worse. Undefined where the agenda, which
 * has what is longest overdue first, does not name all of them.
 */
function overdueSinceMidnight({ agenda, totals }: Frame, now: number): number | undefined {
  const late = Object.values(agenda ?? {}).filter(({ overdue }) => overdue);
  if (late.length !== totals.overdue) return undefined;
  const midnight = floorTo(now, DAY_MS);
  return late.filter(({ dueAt }) => (parseRfc3339(dueAt ?? '') ?? -Infinity) >= midnight).length;
}

/** The next moment at which a term ends, epoch ms, by the agenda; none where that holds only what is late. */
function nextDue({ agenda }: Frame, now: number): number | undefined {
  const times = Object.values(agenda ?? {}).flatMap(({ dueAt }) => {
    const due = dueAt === undefined ? undefined : parseRfc3339(dueAt);
    return due !== undefined && due >= now ? [due] : [];
  });
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** Width of a text in its own size: Chinese and the percent sign are as wide as high, Latin and digits about half. */
const ems = (text: string) =>
  [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1.05 : letter === '%' ? 0.95 : 0.52), 0);

/** Room that a figure needs, in digits of its own size; prefix and unit are set at a third of it. Decides how large all six can be. */
export function widthInDigits(figure: Figure, unit: string): number {
  const marks = figure.value.replace(/\d/g, '').length;
  const small = (text: string) => (text ? 0.35 + ems(text) * 0.75 : 0);
  return figure.value.length - marks * 0.5 + small(figure.prefix) + small(unit);
}
