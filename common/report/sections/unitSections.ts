import { CODE_NAMES } from '../../codeNames.ts';
import type { ReportKind } from '../../../contract/reportLimits.ts';
import type { UnitSituation, UnitSpanFigures, UnitTownRow } from '../../../contract/reportSituation.ts';
import { countCell, label, minuteText, moneyCell, moneyText, shareCell } from '../cells.ts';
import { comparedOf, rateOf, spreadOf, type FigureOf, type Rate } from '../facts.ts';
import type { Column, ReportChart, Section, Table } from '../model.ts';
import { ABSENT, daysText, shareText } from '../numbers.ts';
import type { ReportWords } from '../words/words.ts';
import type { UnitWords } from '../words/unitWords.ts';
import { comparisonTable, type Indicator } from './comparison.ts';
import { overTime } from './overTime.ts';

export interface UnitContext {
  situation: UnitSituation;
  words: ReportWords;
  unit: UnitWords;
  /** As what the span is spoken of. */
  spoken: ReportKind;
}

const acceptedInTime = ({ accepted, acceptedLate }: UnitSpanFigures): Rate => ({
  part: accepted - acceptedLate,
  all: accepted,
});
const handledInTime = ({ handled, handledLate }: UnitSpanFigures): Rate => ({
  part: handled - handledLate,
  all: handled,
});
const sentBack = ({ audited, returned }: UnitSpanFigures): Rate => ({ part: returned, all: audited });
/** All the time that it took, in whole ms: the mean is a fraction. */
const took = ({ toHandle }: UnitSpanFigures) => ({
  ms: toHandle ? Math.round(toHandle.meanMs * toHandle.count) : 0,
  cases: toHandle?.count ?? 0,
});

/** What the unit has done, with comparisons, and what it holds. */
export function unitOverview({ situation, words, unit, spoken }: UnitContext): Section {
  const { figures, whole, held, frozenAt, series } = situation;
  const { say } = unit;
  const name = situation.unit.name[words.lang];
  const { ms, cases } = took(figures);
  return {
    id: 'overview',
    heading: unit.headings.overview,
    sentences: [
      say.received(
        name,
        spoken,
        whole,
        comparedOf(situation, (one) => one.received),
      ),
      say.inTime('accepted', rateOf(situation, acceptedInTime), spoken, whole),
      say.inTime(
        'handled',
        rateOf(situation, handledInTime),
        spoken,
        whole,
        cases > 0 ? daysText(ms, cases) : undefined,
      ),
      say.extended(figures.extended, spoken),
      say.returned(rateOf(situation, sentBack), spoken, whole),
      say.recovered(
        comparedOf(situation, (one) => one.recoveredFen, false),
        moneyText(figures.recoveredFen, words),
        figures.recoveredWorkers,
        spoken,
        whole,
      ),
      say.held(frozenAt, held.open, held.overdue),
    ],
    tables: [overviewTable(situation, words, unit), heldTable(situation, words, unit)],
    ...(Object.keys(series).length > 0 ? { chart: workOverTime(situation, unit) } : {}),
  };
}

function workOverTime(situation: UnitSituation, { chart, chartNames }: UnitWords): ReportChart {
  const { axis, along } = overTime(situation, situation.step, situation.series);
  return {
    kind: 'columns',
    caption: chart,
    axis,
    columns: [
      { name: chartNames.received, values: along(({ received }) => received) },
      { name: chartNames.handled, values: along(({ handled }) => handled) },
    ],
  };
}

function overviewTable(situation: UnitSituation, words: ReportWords, unit: UnitWords): Table {
  const { rows, why } = unit;
  const count = (id: keyof typeof rows, of: FigureOf<UnitSpanFigures>): Indicator<UnitSpanFigures> => ({
    id,
    name: rows[id],
    kind: 'count',
    of,
  });
  const rate = (
    id: keyof typeof rows,
    of: (figures: UnitSpanFigures) => Rate,
    said: keyof typeof why,
  ): Indicator<UnitSpanFigures> => ({ id, name: rows[id], kind: 'rate', of, why: why[said] });
  return comparisonTable({ id: 'overview', caption: unit.tables.overview }, situation, words, [
    count('received', (one) => one.received),
    count('accepted', (one) => one.accepted),
    count('acceptedInTime', (one) => acceptedInTime(one).part),
    count('acceptedLate', (one) => one.acceptedLate),
    rate('acceptedRate', acceptedInTime, 'inTime'),
    count('handled', (one) => one.handled),
    count('handledInTime', (one) => handledInTime(one).part),
    count('handledLate', (one) => one.handledLate),
    rate('handledRate', handledInTime, 'inTime'),
    { id: 'handleDays', name: rows.handleDays, kind: 'took', of: took },
    count('extended', (one) => one.extended),
    count('audited', (one) => one.audited),
    count('returned', (one) => one.returned),
    rate('returnedRate', sentBack, 'returned'),
    { id: 'recovered', name: rows.recovered, kind: 'money', of: (one) => one.recoveredFen },
    count('recoveredWorkers', (one) => one.recoveredWorkers),
  ]);
}

const heldTable = ({ held }: UnitSituation, { columns }: ReportWords, { rows, tables }: UnitWords): Table => ({
  id: 'held',
  caption: tables.held,
  columns: [
    { label: columns.indicator, kind: 'text' },
    { label: columns.now, kind: 'number' },
  ],
  ids: ['open', 'overdue'],
  rows: [
    [label(rows.open), countCell(held.open)],
    [label(rows.overdue), countCell(held.overdue)],
  ],
});

/** Of which towns it was; undefined for a town alone, and where there is nothing to tell. */
export function unitTowns({ situation, words, unit }: UnitContext): Section | undefined {
  const { scope, areas, byTown, figures } = situation;
  if (scope.length !== 6) return undefined;
  const found = areas
    .flatMap(({ code, name }): { name: string; row: UnitTownRow }[] =>
      byTown[code] ? [{ name: name[words.lang], row: byTown[code] }] : [],
    )
    .sort((a, b) => b.row.received - a.row.received || b.row.handled - a.row.handled);
  if (found.length === 0) return undefined;
  const spread = spreadOf(found.map(({ name, row }) => [name, row.received]));
  const all = found.reduce((sum, { row }) => sum + row.received, 0);
  const { columns } = unit;
  const number = (label: string): Column => ({ label, kind: 'number' });
  const rowOf = (name: string, row: UnitTownRow) => [
    label(name),
    countCell(row.received),
    shareCell(row.received, all),
    countCell(row.handled),
    countCell(row.handledLate),
    countCell(row.returned),
    moneyCell(row.recoveredFen, words),
  ];
  return {
    id: 'towns',
    heading: unit.headings.towns,
    sentences: [unit.say.towns(spread, 'count' in spread && all > 0 ? shareText(spread.count, all) : undefined, all)],
    tables: [
      {
        id: 'towns',
        caption: unit.tables.towns,
        columns: [
          { label: words.areas.district, kind: 'text' },
          number(columns.received),
          number(words.columns.share),
          number(columns.handled),
          number(columns.late),
          number(columns.returned),
          number(columns.recovered),
        ],
        rows: [...found.map(({ name, row }) => rowOf(name, row)), rowOf(words.rows.total, figures)],
      },
      // How many there are stands in words, too.
      ...(spread.kind === 'even'
        ? [
            {
              id: 'places',
              caption: unit.rows.places,
              columns: [{ label: words.columns.indicator, kind: 'text' as const }, number(words.columns.now)],
              rows: [[label(unit.rows.places), countCell(spread.places)]],
            },
          ]
        : []),
    ],
  };
}

/** The gravest that it holds, by id: a report goes further than the program, so it names no employer. */
export function unitCases({ situation, words, unit }: UnitContext): Section {
  const { gravest, areas } = situation;
  const names = CODE_NAMES[words.lang];
  const townNames = new Map(areas.map(({ code, name }) => [code, name[words.lang]]));
  const { columns } = words;
  const text = (label: string): Column => ({ label, kind: 'text' });
  const number = (label: string): Column => ({ label, kind: 'number' });
  return {
    id: 'cases',
    heading: unit.headings.cases,
    sentences: [unit.say.cases(gravest.length)],
    tables:
      gravest.length === 0
        ? []
        : [
            {
              id: 'cases',
              caption: unit.tables.cases,
              columns: [
                number(columns.number),
                text(columns.alert),
                text(columns.tier),
                text(columns.area),
                number(columns.workers),
                number(columns.amount),
                text(columns.stage),
                text(unit.columns.due),
              ],
              rows: gravest.map((one, i) => [
                countCell(i + 1),
                label(one.alertId),
                label(names.tiers[one.tier]),
                label(townNames.get(one.area) ?? one.area),
                countCell(one.workers),
                moneyCell(one.amountFen, words),
                label(names.stages[one.stage]),
                label(one.dueAt === undefined ? ABSENT : minuteText(one.dueAt) + (one.overdue ? unit.late : '')),
              ]),
            },
          ],
  };
}
