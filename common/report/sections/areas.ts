import { levelOf } from '../../divisions.ts';
import type { SpanRow } from '../../../contract/reportSituation.ts';
import { absent, changeCell, countCell, label, moneyCell, shareCell, whyMissing } from '../cells.ts';
import { spreadOf } from '../facts.ts';
import type { Cell, Section } from '../model.ts';
import { shareText } from '../numbers.ts';
import type { Context } from './context.ts';

/** The towns of a region, or the regions of a city; undefined for a town alone. */
export function areas({ situation, words }: Context): Section | undefined {
  const { scope, figures, previous, lastYear } = situation;
  if (scope.length !== 6) return undefined;
  const { columns } = words;
  const level = levelOf(scope);
  const all = figures.totals.raised;
  const rows = situation.areas
    .map(({ code, name }) => ({ code, name: name[words.lang], row: figures.byTown[code] }))
    .filter((one): one is typeof one & { row: SpanRow } => one.row !== undefined)
    .sort((a, b) => b.row.raised - a.row.raised || (a.code < b.code ? -1 : 1));
  const spread = spreadOf(rows.map(({ name, row }) => [name, row.raised]));
  const compared = previous ?? lastYear;
  const then = (code: string | undefined): Cell[] => {
    if (!('figures' in compared)) {
      const why = whyMissing(compared, situation, words);
      return [absent(why), absent(why)];
    }
    const before = code === undefined ? compared.figures.totals.raised : (compared.figures.byTown[code]?.raised ?? 0);
    const now = code === undefined ? all : (figures.byTown[code]?.raised ?? 0);
    return [countCell(before), changeCell(now, before, true, { now: 1, then: 3 }, words)];
  };
  const rowOf = (name: string, row: Omit<SpanRow, 'successRate'>, code?: string): Cell[] => [
    label(name),
    countCell(row.raised),
    shareCell(row.raised, all),
    ...then(code),
    countCell(row.workers),
    moneyCell(row.amountFen, words),
    countCell(row.closed),
    moneyCell(row.recoveredFen, words),
    countCell(row.open),
  ];
  const top = rows.filter(({ row }) => row.raised > 0).slice(0, 12);
  const number = (label: string) => ({ label, kind: 'number' as const });
  return {
    id: 'areas',
    heading: words.headings.areas,
    sentences: [
      words.say.areas(spread, 'count' in spread && all > 0 ? shareText(spread.count, all) : undefined, level, all),
    ],
    tables: [
      {
        id: 'areas',
        caption: words.tables.areas,
        columns: [
          { label: words.areas[level], kind: 'text' },
          number(columns.raised),
          number(columns.share),
          number(previous ? columns.previous : columns.lastYear),
          number(previous ? columns.previousChange : columns.lastYearChange),
          number(columns.workers),
          number(columns.amount),
          number(columns.closed),
          number(columns.recovered),
          number(columns.open),
        ],
        rows: [...rows.map(({ name, row, code }) => rowOf(name, row, code)), rowOf(words.rows.total, figures.totals)],
      },
      // How many there are stands in words, too.
      ...(spread.kind === 'even'
        ? [
            {
              id: 'places',
              caption: words.rows.places,
              columns: [
                { label: columns.indicator, kind: 'text' as const },
                { label: columns.now, kind: 'number' as const },
              ],
              rows: [[label(words.rows.places), countCell(spread.places)]],
            },
          ]
        : []),
    ],
    ...(top.length > 1
      ? {
          chart: {
            kind: 'bars' as const,
            caption: words.charts.areas,
            rows: top.map(({ name, row }) => ({ label: name, value: row.raised })),
          },
        }
      : {}),
  };
}
