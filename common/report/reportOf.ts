import type { ReportSituation } from '../../contract/reportSituation.ts';
import type { NameLang } from '../codeNames.ts';
import { DAY_MS, parseRfc3339 } from '../regionTime.ts';
import type { Report, Section } from './model.ts';
import { areas } from './sections/areas.ts';
import { cases } from './sections/cases.ts';
import type { Context } from './sections/context.ts';
import { kinds } from './sections/kinds.ts';
import { loop } from './sections/loop.ts';
import { overview } from './sections/overview.ts';
import { EN } from './words/en.ts';
import type { ReportWords } from './words/words.ts';
import { ZH } from './words/zh.ts';

const WORDS: Record<NameLang, ReportWords> = { 'zh-CN': ZH, en: EN };

/**
 * The report of a frozen situation. Pure: the same situation gives the same report. Every figure of a sentence stands in a table of
 * its section, letter by letter but for a sign that the words say (上升, fewer).
 */
export function reportOf(situation: ReportSituation, lang: NameLang): Report {
  const words = WORDS[lang];
  const place = situation.scopeName[lang];
  const long = parseRfc3339(situation.to)! - parseRfc3339(situation.from)! > DAY_MS;
  const spoken = situation.kind === 'daily' && long ? 'special' : situation.kind;
  const context: Context = { situation, words, spoken, place };
  const sections = [overview, areas, kinds, loop, cases].flatMap((section): Section[] => {
    const made = section(context);
    return made ? [made] : [];
  });
  return {
    lang,
    title: words.title(place, situation.kind),
    span: words.span(situation.from, situation.to),
    scopeName: place,
    addressee: words.addressee,
    sender: words.sender(place),
    date: words.date(situation.frozenAt),
    sections: sections.map((section, i) => ({ ...section, heading: words.numbered(i + 1, section.heading) })),
    notes: words.notes(situation),
  };
}

/** Of the notes: what they are called. */
export const notesHeading = (lang: NameLang, sections: number): string =>
  WORDS[lang].numbered(sections + 1, WORDS[lang].headings.notes);

/** What a kind of report is called. */
export const kindName = (kind: ReportSituation['kind'], lang: NameLang): string => WORDS[lang].kinds[kind];
