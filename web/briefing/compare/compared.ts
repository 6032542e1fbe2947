import { OPEN_STAGES } from '../../../contract/codes.ts';
import type { BriefingContent } from '../../../contract/briefings.ts';
import type { BriefingPage } from '../../../contract/briefingLimits.ts';
import type { Row } from '../../../contract/frame.ts';

/** Two situations side by side: which figures of a page, and how the second differs from the first. Pure. */

/** `days` in hours, `money` in fen, `rate` 0…1. */
export type Unit = 'count' | 'money' | 'rate' | 'days';
export interface Pair {
  key: string;
  /** What the figure is of: a figure of the situation, a town, an industry, … */
  of: 'figure' | 'town' | 'industry' | 'channel' | 'stage' | 'day';
  unit: Unit;
  /** Undefined where nobody knows. */
  a: number | undefined;
  b: number | undefined;
  /** Which is welcome; left out where neither is. */
  good?: 'more' | 'fewer';
}
export interface Group {
  key: string;
  pairs: Pair[];
}
/** Why a page has nothing to compare. */
export type Nothing = 'self' | 'noPast' | 'otherScope' | 'noData';

/** Rows that have room on a page. */
const MOST_ROWS = 10;
const GROUPS_OF_TOWNS = 2;

type Contents = readonly [a: BriefingContent, b: BriefingContent];
const figure = (
  [a, b]: Contents,
  key: string,
  unit: Unit,
  of: (content: BriefingContent) => number | undefined,
  good?: Pair['good'],
): Pair => ({
  key,
  of: 'figure',
  unit,
  a: of(a),
  b: of(b),
  ...(good ? { good } : {}),
});

/** The figures of the situation, in the order in which they are told. */
export function figurePairs(both: Contents): Pair[] {
  return [
    figure(both, 'raised', 'count', ({ frame }) => frame.totals.raised, 'fewer'),
    figure(both, 'red', 'count', ({ frame }) => frame.byTier['red']?.raised ?? 0, 'fewer'),
    figure(both, 'successRate', 'rate', ({ frame }) => frame.totals.successRate, 'more'),
    figure(both, 'recoveredFen', 'money', ({ frame }) => frame.totals.recoveredFen, 'more'),
    figure(both, 'open', 'count', ({ frame }) => frame.totals.open, 'fewer'),
    figure(both, 'overdue', 'count', ({ frame }) => frame.totals.overdue, 'fewer'),
    figure(both, 'supervised', 'count', ({ frame }) => frame.totals.supervised),
    figure(both, 'close', 'days', ({ frame }) => frame.totals.avgCloseHours, 'fewer'),
  ];
}

type Rows = Record<string, Row>;
/** Rows of both by key, those with most in either first. */
function rowPairs(
  of: Pair['of'],
  [a, b]: readonly [Rows, Rows],
  value: (row: Row) => number,
  unit: Unit,
  good?: Pair['good'],
): Pair[] {
  const at = (rows: Rows, key: string) => (rows[key] ? value(rows[key]) : 0);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((key) => ({ key, of, unit, a: at(a, key), b: at(b, key), ...(good ? { good } : {}) }))
    .filter((pair) => pair.a + pair.b > 0)
    .sort((x, y) => Math.max(y.a, y.b) - Math.max(x.a, x.b) || y.a - x.a || (x.key < y.key ? -1 : 1));
}

/** What of a page is compared, or why nothing is. */
export function comparedOf(page: BriefingPage, a: BriefingContent, b: BriefingContent): Group[] | Nothing {
  const both: Contents = [a, b];
  const towns = (value: (row: Row) => number, unit: Unit = 'count', good?: Pair['good']) =>
    rowPairs('town', [a.frame.byTown, b.frame.byTown], value, unit, good);
  const some = (groups: Group[]): Group[] | Nothing =>
    groups.some(({ pairs }) => pairs.length > 0) ? groups : 'noData';
  switch (page) {
    case 'cover':
    case 'situation':
      return [{ key: 'figures', pairs: figurePairs(both) }];
    case 'map':
      if (a.scope !== b.scope) return 'otherScope';
      return some([{ key: 'open', pairs: towns(({ open }) => open, 'count', 'fewer').slice(0, MOST_ROWS) }]);
    case 'towns': {
      if (a.scope !== b.scope) return 'otherScope';
      const pairs = towns(({ raised }) => raised, 'count', 'fewer');
      return some(
        Array.from({ length: Math.min(GROUPS_OF_TOWNS, Math.ceil(pairs.length / MOST_ROWS)) }, (_, i) => ({
          key: i === 0 ? 'raised' : 'raisedMore',
          pairs: pairs.slice(i * MOST_ROWS, (i + 1) * MOST_ROWS),
        })),
      );
    }
    case 'sources':
      return some([
        {
          key: 'industries',
          pairs: rowPairs(
            'industry',
            [a.frame.byIndustry, b.frame.byIndustry],
            ({ raised }) => raised,
            'count',
            'fewer',
          ).slice(0, MOST_ROWS),
        },
        {
          key: 'channels',
          pairs: rowPairs('channel', [a.frame.byChannel, b.frame.byChannel], ({ raised }) => raised, 'count').slice(
            0,
            MOST_ROWS,
          ),
        },
      ]);
    case 'loop': {
      const stage = ({ frame, past }: BriefingContent, code: string) =>
        frame.byStage ? (frame.byStage[code] ?? 0) : past ? undefined : 0;
      return [
        {
          key: 'stages',
          pairs: OPEN_STAGES.map((code) => ({
            key: code,
            of: 'stage',
            unit: 'count',
            a: stage(a, code),
            b: stage(b, code),
          })),
        },
        {
          key: 'loop',
          pairs: [
            figure(both, 'open', 'count', ({ frame }) => frame.totals.open, 'fewer'),
            figure(both, 'overdue', 'count', ({ frame }) => frame.totals.overdue, 'fewer'),
            figure(both, 'supervised', 'count', ({ frame }) => frame.totals.supervised),
            figure(both, 'closed', 'count', ({ frame }) => frame.totals.closed, 'more'),
            figure(both, 'close', 'days', ({ frame }) => frame.totals.avgCloseHours, 'fewer'),
          ],
        },
      ];
    }
    case 'recovered': {
      const groups: Group[] = [
        {
          key: 'recovered',
          pairs: [
            figure(both, 'recoveredFen', 'money', ({ frame }) => frame.totals.recoveredFen, 'more'),
            figure(both, 'recoveredWorkers', 'count', ({ frame }) => frame.totals.recoveredWorkers, 'more'),
            figure(both, 'enterprisesPaid', 'count', ({ frame }) => frame.totals.enterprisesPaid, 'more'),
          ],
        },
      ];
      const rows = a.scope === b.scope ? towns(({ recoveredFen }) => recoveredFen, 'money', 'more') : [];
      if (rows.length > 0) groups.push({ key: 'recoveredTowns', pairs: rows.slice(0, MOST_ROWS) });
      return groups;
    }
    case 'outlook': {
      if (a.past || b.past) return 'noPast';
      const sum = (content: BriefingContent, i: number) =>
        Object.values(content.outlook[i]?.tiers ?? {}).reduce((all, n) => all + n, 0);
      return [
        {
          key: 'outlook',
          pairs: a.outlook.map((_, i) => ({
            key: String(i),
            of: 'day',
            unit: 'count',
            a: sum(a, i),
            b: sum(b, i),
            good: 'fewer',
          })),
        },
      ];
    }
    case 'accounts': {
      if (!a.accounts || !b.accounts) return a.past || b.past ? 'noPast' : 'noData';
      return [
        {
          key: 'accounts',
          pairs: [
            figure(both, 'sites', 'count', ({ accounts }) => accounts?.sites),
            figure(both, 'banks', 'count', ({ accounts }) => accounts?.banks.length),
            figure(both, 'flagged', 'count', ({ accounts }) => accounts?.flagged.sites, 'fewer'),
          ],
        },
      ];
    }
    case 'cases':
      // Two lists beside each other say it themselves.
      return a.past || b.past ? 'noPast' : [];
    case 'changes':
    case 'since':
      return 'self';
  }
}

/** Fewer than this is a small base: a share of it says nothing. */
const SMALL_BASE = 10;
/** Above so many times the other figure, a share is no help. */
const MOST_TIMES = 10;
/** How the first figure of a pair differs from the second, by words (`briefing.compare.differs`) and a sign. */
export type Difference =
  { word: 'unknown' | 'bothNone' | 'same' } | { word: 'more' | 'fewer'; size: number; share?: number };

/** @returns `size` in the pair's unit (of a rate in percentage points), `share` of the second figure, 0… */
export function differenceOf({ a, b, unit }: Pick<Pair, 'a' | 'b' | 'unit'>): Difference {
  if (a === undefined || b === undefined) return { word: 'unknown' };
  if (a === b) return { word: a === 0 && unit !== 'rate' ? 'bothNone' : 'same' };
  if (unit === 'rate') {
    const points = Math.abs(a - b) * 100;
    // Less than is shown is no difference that anybody sees.
    return points < 0.05 ? { word: 'same' } : { word: a > b ? 'more' : 'fewer', size: points };
  }
  if (unit === 'days' && Math.abs(a - b) < 1.2) return { word: 'same' };
  const size = Math.abs(a - b);
  const base = unit === 'count' ? b >= SMALL_BASE : unit === 'money' && b > 0;
  return { word: a > b ? 'more' : 'fewer', size, ...(base && a <= MOST_TIMES * b ? { share: size / b } : {}) };
}

/** Whether a difference is welcome (1), unwelcome (−1), or neither. */
export function welcome({ good }: Pick<Pair, 'good'>, { word }: Difference): 1 | -1 | 0 {
  if (!good || (word !== 'more' && word !== 'fewer')) return 0;
  return word === good ? 1 : -1;
}

/** The scale of a group by unit: what a full bar stands for. */
export function scaleOf(pairs: readonly Pair[], { unit, of, key }: Pick<Pair, 'unit' | 'of' | 'key'>): number {
  // Figures of the situation are of different kinds, each with a scale of its own; towns and the like share one.
  const alike = pairs.filter((pair) => (of === 'figure' ? pair.key === key : pair.of === of && pair.unit === unit));
  return Math.max(unit === 'rate' ? 1 : 0, ...alike.flatMap(({ a, b }) => [a ?? 0, b ?? 0])) || 1;
}
