import type { Stage } from '../../../contract/codes.ts';
import type { ReportKind } from '../../../contract/reportLimits.ts';
import type { FrozenSpans, ReportSituation, SituationState } from '../../../contract/reportSituation.ts';
import type { NameLang } from '../../codeNames.ts';
import type { SentencePart } from '../../sentence/parts.ts';
import type { Against, Compared, RateFact, Spread } from '../facts.ts';
import type { Level } from '../../divisions.ts';

/** Of which comparison a phrase is: with the span before, or with a year before. */
export type Basis = 'previous' | 'lastYear';

/** What a report says, in one language. Sentences have no full stop; the layout sets it. */
export interface ReportWords {
  lang: NameLang;
  kinds: Record<ReportKind, string>;
  title(scopeName: string, kind: ReportKind): string;
  /** The span as people say it: days, and hours where it does not begin and end at midnight. */
  span(from: string, to: string): string;
  date(at: string): string;
  moment(at: string): string;
  addressee: string;
  sender(scopeName: string): string;
  headings: Record<'overview' | 'areas' | 'kinds' | 'loop' | 'cases' | 'notes', string>;
  numbered(n: number, heading: string): string;
  areas: Record<Level, string>;
  columns: {
    indicator: string;
    now: string;
    previous: string;
    previousChange: string;
    lastYear: string;
    lastYearChange: string;
    raised: string;
    share: string;
    workers: string;
    amount: string;
    closed: string;
    recovered: string;
    open: string;
    industry: string;
    channel: string;
    stage: string;
    overdue: string;
    number: string;
    alert: string;
    tier: string;
    area: string;
    raisedAt: string;
    recoveredOf: string;
  };
  rows: Record<
    | 'raised'
    | 'places'
    | 'workers'
    | 'amount'
    | 'audited'
    | 'effective'
    | 'falseAlarm'
    | 'rate'
    | 'closed'
    | 'closeDays'
    | 'recovered'
    | 'recoveredWorkers'
    | 'enterprisesPaid'
    | 'open'
    | 'total'
    | 'supervised'
    | 'corrected',
    string
  >;
  tierRow(name: string): string;
  tables: Record<'overview' | 'areas' | 'industries' | 'channels' | 'loop' | 'cases', string>;
  charts: { trend: string; areas: string };
  /** Fen, and what its unit is worth in fen. */
  money: { unitFen: number };
  why: {
    nothing: string;
    noneBefore: string;
    smallRate: string;
    beginning(day: string): string;
    hours: string;
    notKept: string;
    noRate: string;
    percent: string;
    difference: string;
    points: string;
  };
  say: {
    raised(name: string, kind: ReportKind, whole: boolean, raised: Compared, red: number | undefined): SentencePart[];
    concerned(workers: number, amountText: string): SentencePart[];
    audited(rate: RateFact, kind: ReportKind, whole: boolean): SentencePart[];
    closed(closed: Compared, days: string | undefined, kind: ReportKind, whole: boolean): SentencePart[];
    recovered(
      money: Compared,
      text: string,
      workers: number,
      enterprises: number,
      kind: ReportKind,
      whole: boolean,
    ): SentencePart[];
    open(at: string, open: Compared, kind: ReportKind, whole: boolean): SentencePart[];
    areas(spread: Spread<string>, share: string | undefined, level: Level, all: number): SentencePart[];
    kinds(what: 'industry' | 'channel', spread: Spread<string>, share: string | undefined): SentencePart[];
    /** @param corrected how many were open then as is known today, where that is not what was kept */
    loop(
      state: Exclude<SituationState, { missing: string }>,
      lateStages: [Stage, number][],
      corrected: number | undefined,
    ): SentencePart[];
    loopMissing(): SentencePart[];
    cases(listed: number): SentencePart[];
  };
  notes(situation: ReportSituation): string[];
}

/** The spans that are compared, as notes tell them. */
export const comparedSpans = ({ previous, lastYear }: FrozenSpans): [Basis, FrozenSpans['lastYear']][] => [
  ...(previous ? [['previous', previous] as [Basis, FrozenSpans['lastYear']]] : []),
  ['lastYear', lastYear],
];

export type Counted = Against | undefined;
