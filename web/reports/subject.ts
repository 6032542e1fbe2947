import type { ReportAbout } from '../../contract/reportLimits.ts';
import type { ReportItem } from '../../contract/reports.ts';
import { localName } from '../i18n/index.ts';
import type { Lang } from '../i18n/lang.ts';

/** What a request names of what a report is to be about: nothing where it is the situation. */
export function subjectOf(about: ReportAbout, unit: string): { about?: ReportAbout; unit?: string } {
  if (about === 'situation') return {};
  return about === 'unit' ? { about, unit } : { about };
}

/** Whom or what a report is about, in words: the unit, or the scope. */
export const subjectName = ({ unit, scopeName }: Pick<ReportItem, 'unit' | 'scopeName'>, lang: Lang): string =>
  localName(unit?.name ?? scopeName, lang);
