import type { ReportKind } from '../../../contract/reportLimits.ts';
import type { ReportSituation } from '../../../contract/reportSituation.ts';
import type { ReportWords } from '../words/words.ts';

/** What the sections of a report are made from. */
export interface Context {
  situation: ReportSituation;
  words: ReportWords;
  /** As what the span is spoken of: a daily report of several days is of a period. */
  spoken: ReportKind;
  /** Name of the scope. */
  place: string;
}
