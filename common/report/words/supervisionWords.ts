import type { Stage, SupervisionLevel } from '../../../contract/codes.ts';
import type { LetterState } from '../../../contract/oversightNames.ts';
import type { ReportKind } from '../../../contract/reportLimits.ts';
import type { SupervisionSituation, SupervisionState } from '../../../contract/reportSituation.ts';
import type { SentencePart } from '../../sentence/parts.ts';
import type { Compared } from '../facts.ts';

/** What a circular on what was supervised (督办通报) says, in one language; all that it shares with reports is in `ReportWords`. */
export interface SupervisionWords {
  title(scopeName: string): string;
  addressee: string;
  /** Who issues it. */
  sender(scopeName: string): string;
  headings: Record<'issued' | 'answers' | 'letters', string>;
  rows: Record<
    | 'issued'
    | 'alerts'
    | 'units'
    | 'workers'
    | 'amount'
    | 'answered'
    | 'answeredLate'
    | 'overdue'
    | 'open'
    | 'ended'
    | 'closed',
    string
  >;
  columns: Record<
    | 'number'
    | 'unit'
    | 'employer'
    | 'why'
    | 'at'
    | 'answerBy'
    | 'answered'
    | 'result'
    | 'issued'
    | 'answeredAll'
    | 'late'
    | 'overdue'
    | 'open'
    | 'ended',
    string
  >;
  tables: Record<'issued' | 'levels' | 'answers' | 'units' | 'letters', string>;
  /** Whom it goes to where the alert was with no unit. */
  officers: string;
  /** Why: the stage in which it was, and whether the term of that was past. */
  why(stage: Stage, late: boolean): string;
  /** In place of the time of an answer. */
  unanswered: Record<Exclude<LetterState, 'answered'>, string>;
  answeredLate: string;
  chart: string;
  say: {
    issued(
      place: string,
      kind: ReportKind,
      whole: boolean,
      issued: Compared,
      levels: [SupervisionLevel, number][],
    ): SentencePart[];
    concerned(alerts: number, units: number, workers: number, amountShown: string): SentencePart[];
    answers(at: string, state: SupervisionState): SentencePart[];
    /** Units with letters that are late, most first. */
    late(units: [name: string, count: number][]): SentencePart[];
    demand(): SentencePart[];
    closed(alerts: number, closed: number): SentencePart[];
    letters(listed: number): SentencePart[];
  };
  notes(situation: SupervisionSituation): string[];
}
