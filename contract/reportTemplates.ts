import { Type, type Static } from 'typebox';
import { codes, RegionCode, Timestamp } from './fields.ts';
import { REPORT_ABOUTS, REPORT_KINDS } from './reportLimits.ts';

/** A site's own documents for reports (docs/reports.md). */

/** Bytes of a template. */
export const MAX_TEMPLATE_BYTES = 8 * 1024 * 1024;

/** What is wrong with a placeholder, and where: the part of the document, and its paragraph from 1. */
export const TemplateFaultSchema = Type.Object({
  part: Type.String(),
  paragraph: Type.Integer(),
  given: Type.String(),
  problem: Type.String(),
});
export type TemplateFault = Static<typeof TemplateFaultSchema>;

/** A template in force: reports of this region, subject and kind are made with it from then on. */
export const ReportTemplateSchema = Type.Object({
  region: RegionCode,
  about: codes(REPORT_ABOUTS),
  kind: codes(REPORT_KINDS),
  name: Type.String(),
  digest: Type.String(),
  bytes: Type.Integer(),
  by: Type.String(),
  at: Timestamp,
});
export type ReportTemplate = Static<typeof ReportTemplateSchema>;
const Names = Type.Array(Type.String());
export const ReportTemplatesSchema = Type.Object(
  {
    items: Type.Array(ReportTemplateSchema),
    /** What a template may name, by what its report is about: texts, loops over rows (cells `c1` to `c12`), and pictures. */
    placeholders: Type.Record(Type.String(), Type.Object({ texts: Names, loops: Names, pictures: Names })),
  },
  { title: 'ReportTemplates' },
);
export type ReportTemplates = Static<typeof ReportTemplatesSchema>;
