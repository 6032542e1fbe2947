import { CODE_NAMES } from '../../codeNames.ts';
import type { ComparedSpan, ReportSituation, SpanFigures } from '../../../contract/reportSituation.ts';
import {
  absent,
  changeCell,
  countCell,
  daysCell,
  label,
  moneyCell,
  moneyText,
  pointsCell,
  shareCell,
  whyMissing,
} from '../cells.ts';
import { comparedOf, placesWithAlerts, rateOf, type FigureOf } from '../facts.ts';
import type { Cell, Column, ReportChart, Section, Table } from '../model.ts';
import { daysText } from '../numbers.ts';
import type { ReportWords } from '../words/words.ts';
import type { Context } from './context.ts';

/** One row: what it is called, its figure, and how that is shown. */
interface Indicator {
  name: string;
  of: FigureOf;
  shown: (value: number) => Cell;
  counted: boolean;
}

export function overview({ situation, words, spoken, place }: Context): Section {
  const { figures, whole, to } = situation;
  const { totals, byTier } = figures;
  const raised = comparedOf(situation, (one) => one.totals.raised);
  const recovered = comparedOf(situation, (one) => one.totals.recoveredFen, false);
  const closed = comparedOf(situation, (one) => one.totals.closed);
  const red = situation.tiers.includes('red') ? (byTier.red?.raised ?? 0) : undefined;
  const days = totals.closed > 0 ? daysText(totals.closeMs, totals.closed) : undefined;
  return {
    id: 'overview',
    heading: words.headings.overview,
    sentences: [
      words.say.raised(place, spoken, whole, raised, red),
      ...(totals.raised > 0 ? [words.say.concerned(totals.workers, moneyText(totals.amountFen, words))] : []),
      words.say.audited(rateOf(situation), spoken, whole),
      words.say.closed(closed, days, spoken, whole),
      words.say.recovered(
        recovered,
        moneyText(totals.recoveredFen, words),
        totals.recoveredWorkers,
        totals.enterprisesPaid,
        spoken,
        whole,
      ),
      words.say.open(
        to,
        comparedOf(situation, (one) => one.totals.open),
        spoken,
        whole,
      ),
    ],
    tables: [overviewTable(situation, words)],
    ...(Object.keys(situation.series).length > 0 ? { chart: trendOf(situation, words) } : {}),
  };
}

function overviewTable(situation: ReportSituation, words: ReportWords): Table {
  const { previous, lastYear, tiers } = situation;
  const { columns, rows } = words;
  const spans: ComparedSpan[] = previous ? [previous, lastYear] : [lastYear];
  const heads: Column[] = [
    { label: columns.indicator, kind: 'text' },
    { label: columns.now, kind: 'number' },
    ...(previous
      ? [
          { label: columns.previous, kind: 'number' as const },
          { label: columns.previousChange, kind: 'number' as const },
        ]
      : []),
    { label: columns.lastYear, kind: 'number' },
    { label: columns.lastYearChange, kind: 'number' },
  ];
  const money = (fen: number) => moneyCell(fen, words);
  const count = (name: string, of: FigureOf): Indicator => ({ name, of, shown: countCell, counted: true });
  const indicators: Indicator[] = [
    count(rows.raised, ({ totals }) => totals.raised),
    ...tiers.map((tier) =>
      count(words.tierRow(CODE_NAMES[words.lang].tiers[tier]), ({ byTier }) => byTier[tier]?.raised ?? 0),
    ),
    ...(situation.scope.length === 6 ? [count(rows.places, placesWithAlerts)] : []),
    count(rows.workers, ({ totals }) => totals.workers),
    { name: rows.amount, of: ({ totals }) => totals.amountFen, shown: money, counted: false },
    count(rows.audited, ({ totals }) => totals.effective + totals.falseAlarm),
    count(rows.effective, ({ totals }) => totals.effective),
    count(rows.falseAlarm, ({ totals }) => totals.falseAlarm),
  ];
  const after: Indicator[] = [
    { name: rows.recovered, of: ({ totals }) => totals.recoveredFen, shown: money, counted: false },
    count(rows.recoveredWorkers, ({ totals }) => totals.recoveredWorkers),
    count(rows.enterprisesPaid, ({ totals }) => totals.enterprisesPaid),
    count(rows.open, ({ totals }) => totals.open),
  ];
  const rowOf = ({ name, of, shown, counted }: Indicator): Cell[] => {
    const now = of(situation.figures);
    return [
      label(name),
      shown(now),
      ...spans.flatMap((span, i): Cell[] => {
        if (!('figures' in span)) {
          const why = whyMissing(span, situation, words);
          return [absent(why), absent(why)];
        }
        const then = of(span.figures);
        return [shown(then), changeCell(now, then, counted, { now: 1, then: 2 + 2 * i }, words)];
      }),
    ];
  };
  const pair = ({ totals }: SpanFigures) => ({ part: totals.effective, all: totals.effective + totals.falseAlarm });
  const now = pair(situation.figures);
  const rate: Cell[] = [
    label(rows.rate),
    shareCell(now.part, now.all, words.why.noRate),
    ...spans.flatMap((span): Cell[] => {
      if (!('figures' in span)) {
        const why = whyMissing(span, situation, words);
        return [absent(why), absent(why)];
      }
      const then = pair(span.figures);
      return [shareCell(then.part, then.all, words.why.noRate), pointsCell(now, then, words)];
    }),
  ];
  // How long it took is not compared: a few long cases move it.
  const took: Cell[] = [
    label(rows.closeDays),
    daysCell(situation.figures.totals.closeMs, situation.figures.totals.closed),
    ...spans.flatMap((span): Cell[] => [
      'figures' in span
        ? daysCell(span.figures.totals.closeMs, span.figures.totals.closed)
        : absent(whyMissing(span, situation, words)),
      absent(),
    ]),
  ];
  const closedRow = rowOf(count(rows.closed, ({ totals }) => totals.closed));
  return {
    id: 'overview',
    caption: words.tables.overview,
    columns: heads,
    rows: [...indicators.map(rowOf), rate, closedRow, took, ...after.map(rowOf)],
  };
}

function trendOf(situation: ReportSituation, words: ReportWords): ReportChart {
  const { step, series, tiers } = situation;
  const labelOf = (at: string) =>
    step === 'hour' ? `${at.slice(8, 10)} ${at.slice(11, 13)}` : step === 'month' ? at.slice(0, 7) : at.slice(5, 10);
  return {
    kind: 'series',
    caption: words.charts.trend,
    tiers,
    names: CODE_NAMES[words.lang].tiers,
    steps: Object.entries(series).map(([at, one]) => ({ label: labelOf(at), tiers: one.tiers })),
  };
}
