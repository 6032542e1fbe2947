import type { ComparedWith, FiguresOf, FrozenHead } from '../../../contract/reportSituation.ts';
import {
  absent,
  changeCell,
  countCell,
  daysCell,
  label,
  moneyCell,
  pointsCell,
  shareCell,
  whyMissing,
  type RateWhy,
} from '../cells.ts';
import type { FigureOf, Rate } from '../facts.ts';
import type { Cell, Column, Table } from '../model.ts';
import type { ReportWords } from '../words/words.ts';

/** One row of a table that compares: what it is called, and its figure. */
export type Indicator<F> = { id: string; name: string } & (
  | { kind: 'count' | 'money'; of: FigureOf<F> }
  | { kind: 'rate'; of: (figures: F) => Rate; why: RateWhy }
  /** How long it took, ms in all, of so many cases. It is not compared: a few long cases move it. */
  | { kind: 'took'; of: (figures: F) => { ms: number; cases: number } }
);

/** Figures beside those of the span before and of a year before, with the changes. */
export function comparisonTable<F>(
  { id, caption }: Pick<Table, 'id' | 'caption'>,
  frozen: FiguresOf<F> & Pick<FrozenHead, 'beginning'>,
  words: ReportWords,
  indicators: readonly Indicator<F>[],
): Table {
  const { figures, previous, lastYear } = frozen;
  const { columns } = words;
  const number = (label: string): Column => ({ label, kind: 'number' });
  const spans: ComparedWith<F>[] = previous ? [previous, lastYear] : [lastYear];
  const cells = (
    shown: (figures: F) => Cell,
    against: (then: F, columns: { now: number; then: number }) => Cell,
  ): Cell[] => [
    shown(figures),
    ...spans.flatMap((span, i): Cell[] => {
      if ('figures' in span) return [shown(span.figures), against(span.figures, { now: 1, then: 2 + 2 * i })];
      const why = whyMissing(span, frozen, words);
      return [absent(why), absent(why)];
    }),
  ];
  const rowOf = (one: Indicator<F>): Cell[] => {
    switch (one.kind) {
      case 'rate': {
        const { of, why } = one;
        const share = (figures: F) => shareCell(of(figures).part, of(figures).all, why.noRate);
        return cells(share, (then) => pointsCell(of(figures), of(then), why));
      }
      case 'took':
        return cells(
          (figures) => daysCell(one.of(figures).ms, one.of(figures).cases),
          () => absent(),
        );
      default: {
        const { kind, of } = one;
        const shown = (figures: F) => (kind === 'count' ? countCell(of(figures)) : moneyCell(of(figures), words));
        return cells(shown, (then, at) => changeCell(of(figures), of(then), kind === 'count', at, words));
      }
    }
  };
  return {
    id,
    caption,
    columns: [
      { label: columns.indicator, kind: 'text' },
      number(columns.now),
      ...(previous ? [number(columns.previous), number(columns.previousChange)] : []),
      number(columns.lastYear),
      number(columns.lastYearChange),
    ],
    ids: indicators.map(({ id }) => id),
    rows: indicators.map((one) => [label(one.name), ...rowOf(one)]),
  };
}
