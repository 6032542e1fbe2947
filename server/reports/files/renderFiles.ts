import type { NameLang } from '../../../common/codeNames.ts';
import { reportOf } from '../../../common/report/reportOf.ts';
import type { ReportFormat } from '../../../contract/reportLimits.ts';
import type { ReportSituation } from '../../../contract/reportSituation.ts';
import { docxOf } from './docx.ts';
import type { Making } from './fileWords.ts';
import { htmlOf } from './html.ts';
import { xlsxOf } from './xlsx.ts';

export interface RenderJob {
  situation: ReportSituation;
  lang: NameLang;
  making: Making;
}
export type ReportFiles = Record<ReportFormat, Uint8Array>;

/** All files of a report. The same job gives the same bytes. */
export async function renderFiles({ situation, lang, making }: RenderJob): Promise<ReportFiles> {
  const report = reportOf(situation, lang);
  return {
    html: htmlOf(report, making),
    docx: await docxOf(report, making, situation.frozenAt),
    xlsx: await xlsxOf(report, making, situation.frozenAt),
  };
}
