import type { ReportKind } from '../../../contract/reportLimits.ts';
import type { UnitSituation } from '../../../contract/reportSituation.ts';
import type { SentencePart } from '../../sentence/parts.ts';
import type { RateWhy } from '../cells.ts';
import type { Compared, RateFact, Spread } from '../facts.ts';

/** What a report about a unit (承办单位) says, in one language; all that it shares with others is in `ReportWords`. */
export interface UnitWords {
  title(unitName: string, kind: ReportKind): string;
  addressee: string;
  headings: Record<'overview' | 'towns' | 'cases', string>;
  rows: Record<
    | 'received'
    | 'accepted'
    | 'acceptedInTime'
    | 'acceptedLate'
    | 'acceptedRate'
    | 'handled'
    | 'handledInTime'
    | 'handledLate'
    | 'handledRate'
    | 'handleDays'
    | 'extended'
    | 'audited'
    | 'returned'
    | 'returnedRate'
    | 'recovered'
    | 'recoveredWorkers'
    | 'open'
    | 'overdue'
    | 'places',
    string
  >;
  columns: Record<'received' | 'handled' | 'late' | 'returned' | 'recovered' | 'due', string>;
  tables: Record<'overview' | 'held' | 'towns' | 'cases', string>;
  chart: string;
  chartNames: { received: string; handled: string };
  /** Of a case that is late. */
  late: string;
  why: Record<'inTime' | 'returned', RateWhy>;
  say: {
    received(unitName: string, kind: ReportKind, whole: boolean, received: Compared): SentencePart[];
    /** @param rate what was done in time, of all */
    inTime(
      what: 'accepted' | 'handled',
      rate: RateFact,
      kind: ReportKind,
      whole: boolean,
      days?: string,
    ): SentencePart[];
    extended(count: number, kind: ReportKind): SentencePart[];
    /** @param rate what was sent back, of all that was audited */
    returned(rate: RateFact, kind: ReportKind, whole: boolean): SentencePart[];
    recovered(money: Compared, shown: string, workers: number, kind: ReportKind, whole: boolean): SentencePart[];
    held(at: string, open: number, overdue: number): SentencePart[];
    /** @param all how many were received */
    towns(spread: Spread<string>, share: string | undefined, all: number): SentencePart[];
    cases(listed: number): SentencePart[];
  };
  notes(situation: UnitSituation): string[];
}
