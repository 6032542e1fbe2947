import type { NameLang } from '../../../common/codeNames.ts';
import { reportOf } from '../../../common/report/reportOf.ts';
import type { ReportFormat } from '../../../contract/reportLimits.ts';
import type { FrozenReport } from '../../../contract/reportSituation.ts';
import { chartDrawer } from './chartPng.ts';
import { docxOf } from './docx.ts';
import type { Making } from './fileWords.ts';
import { filledDocx } from './filledDocx.ts';
import { htmlOf } from './html.ts';
import { xlsxOf } from './xlsx.ts';

export interface RenderJob {
  situation: FrozenReport;
  lang: NameLang;
  making: Making;
  /** A site's own document, which is filled in place of the one that is made. */
  template?: Uint8Array;
}
export type ReportFiles = Record<ReportFormat, Uint8Array>;

/** All files of a report. The same job gives the same bytes. */
export async function renderFiles({ situation, lang, making, template }: RenderJob): Promise<ReportFiles> {
  const report = reportOf(situation, lang);
  const draw = chartDrawer(lang);
  return {
    html: htmlOf(report, making),
    docx: template
      ? await filledDocx(template, report, situation.about ?? 'situation', making, draw)
      : await docxOf(report, making, situation.frozenAt, draw),
    xlsx: await xlsxOf(report, making, situation.frozenAt, draw),
  };
}
