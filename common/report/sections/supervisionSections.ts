import { CODE_NAMES } from '../../codeNames.ts';
import type { SupervisionLevel } from '../../../contract/codes.ts';
import type { ReportKind } from '../../../contract/reportLimits.ts';
import type { LetterCounts, SupervisedLetter, SupervisionSituation } from '../../../contract/reportSituation.ts';
import { absent, countCell, label, minuteText, moneyCell, moneyText } from '../cells.ts';
import { comparedOf } from '../facts.ts';
import type { Cell, Column, Section, Table } from '../model.ts';
import type { ReportWords } from '../words/words.ts';
import type { SupervisionWords } from '../words/supervisionWords.ts';
import { comparisonTable } from './comparison.ts';

export interface SupervisionContext {
  situation: SupervisionSituation;
  words: ReportWords;
  circular: SupervisionWords;
  spoken: ReportKind;
  place: string;
}

const LEVELS: readonly SupervisionLevel[] = ['notice', 'talk', 'circular'];
const ANSWERS = ['answered', 'answeredLate', 'overdue', 'open', 'ended', 'closed'] as const;
const text = (label: string): Column => ({ label, kind: 'text' });
const number = (label: string): Column => ({ label, kind: 'number' });

/** How much was supervised, in which forms, and what it concerns. */
export function issued({ situation, words, circular, spoken, place }: SupervisionContext): Section {
  const { state, byLevel, byUnit, whole } = situation;
  const levels = LEVELS.flatMap((level): [SupervisionLevel, number][] =>
    byLevel[level] ? [[level, byLevel[level]]] : [],
  );
  const { rows, tables, say } = circular;
  const units = byUnit.filter(({ name }) => name !== undefined).length;
  const names = CODE_NAMES[words.lang].levels;
  return {
    id: 'issued',
    heading: circular.headings.issued,
    sentences: [
      say.issued(
        place,
        spoken,
        whole,
        comparedOf(situation, (one) => one.issued),
        levels,
      ),
      ...(state.issued > 0
        ? [say.concerned(state.alerts, units, state.workers, moneyText(state.amountFen, words))]
        : []),
    ],
    tables: [
      comparisonTable({ id: 'issued', caption: tables.issued }, situation, words, [
        { id: 'issued', name: rows.issued, kind: 'count', of: (one) => one.issued },
      ]),
      ...(levels.length > 0
        ? [
            {
              id: 'levels',
              caption: tables.levels,
              columns: [text(words.columns.indicator), number(words.columns.now)],
              ids: [...levels.map(([level]) => level), 'alerts', 'units', 'workers', 'amount'],
              rows: [
                ...levels.map(([level, count]) => [label(names[level]), countCell(count)]),
                [label(rows.alerts), countCell(state.alerts)],
                [label(rows.units), countCell(units)],
                [label(rows.workers), countCell(state.workers)],
                [label(rows.amount), moneyCell(state.amountFen, words)],
              ],
            },
          ]
        : []),
    ],
  };
}

/** What has been answered and what came of it, by unit; undefined where nothing was supervised. */
export function answers({ situation, words, circular }: SupervisionContext): Section | undefined {
  const { state, byUnit, frozenAt } = situation;
  if (state.issued === 0) return undefined;
  const { rows, columns, tables, say, officers } = circular;
  const nameOf = (one: SupervisionSituation['byUnit'][number]) => one.name?.[words.lang] ?? officers;
  const late = byUnit
    .filter(({ overdue }) => overdue > 0)
    .sort((a, b) => b.overdue - a.overdue)
    .map((one): [string, number] => [nameOf(one), one.overdue]);
  const rowOf = (name: string, one: LetterCounts): Cell[] => [
    label(name),
    countCell(one.issued),
    countCell(one.answered),
    countCell(one.answeredLate),
    countCell(one.overdue),
    countCell(one.open),
    countCell(one.ended),
  ];
  return {
    id: 'answers',
    heading: circular.headings.answers,
    sentences: [
      say.answers(frozenAt, state),
      ...(late.length > 0 ? [say.late(late)] : []),
      say.closed(state.alerts, state.closed),
      ...(late.length > 0 ? [say.demand()] : []),
    ],
    tables: [
      {
        id: 'answers',
        caption: tables.answers,
        columns: [text(words.columns.indicator), number(words.columns.now)],
        ids: [...ANSWERS],
        rows: ANSWERS.map((key) => [label(rows[key]), countCell(state[key])]),
      },
      {
        id: 'units',
        caption: tables.units,
        columns: [
          text(columns.unit),
          number(columns.issued),
          number(columns.answeredAll),
          number(columns.late),
          number(columns.overdue),
          number(columns.open),
          number(columns.ended),
        ],
        rows: [...byUnit.map((one) => rowOf(nameOf(one), one)), rowOf(words.rows.total, state)],
      },
    ],
    ...(byUnit.length > 1
      ? {
          chart: {
            kind: 'bars' as const,
            caption: circular.chart,
            rows: byUnit.slice(0, 12).map((one) => ({ label: nameOf(one), value: one.issued })),
          },
        }
      : {}),
  };
}

/** Each letter, late ones first, with the employer that it names; undefined where there is none. */
export function letters({ situation, words, circular }: SupervisionContext): Section | undefined {
  if (situation.letters.length === 0) return undefined;
  const { columns, tables, say } = circular;
  return {
    id: 'letters',
    heading: circular.headings.letters,
    sentences: [say.letters(situation.letters.length)],
    tables: [lettersTable(situation.letters, words, circular, columns, tables.letters)],
  };
}

function lettersTable(
  all: readonly SupervisedLetter[],
  words: ReportWords,
  circular: SupervisionWords,
  columns: SupervisionWords['columns'],
  caption: string,
): Table {
  const stages = CODE_NAMES[words.lang].stages;
  const answer = ({ state, answeredAt, answeredLate }: SupervisedLetter) =>
    state === 'answered'
      ? minuteText(answeredAt!) + (answeredLate ? circular.answeredLate : '')
      : circular.unanswered[state];
  return {
    id: 'letters',
    caption,
    columns: [
      number(words.columns.number),
      text(columns.number),
      text(columns.unit),
      text(columns.employer),
      number(words.columns.workers),
      number(words.columns.amount),
      text(columns.why),
      text(columns.at),
      text(columns.answerBy),
      text(columns.answered),
      text(columns.result),
    ],
    rows: all.map((one, i) => [
      countCell(i + 1),
      one.number === undefined ? label(one.alertId) : label(one.number),
      label(one.unit?.[words.lang] ?? circular.officers),
      label(one.enterprise),
      countCell(one.workers),
      moneyCell(one.amountFen, words),
      label(circular.why(one.stage, one.late)),
      label(minuteText(one.at).slice(0, 10)),
      one.answerBy === undefined ? absent() : label(minuteText(one.answerBy)),
      label(answer(one)),
      label(stages[one.stageNow]),
    ]),
  };
}
