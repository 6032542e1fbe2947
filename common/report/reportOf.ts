import type {
  FrozenHead,
  FrozenReport,
  ReportSituation,
  SupervisionSituation,
  UnitSituation,
} from '../../contract/reportSituation.ts';
import type { LocalName } from '../../contract/region.ts';
import type { ReportAbout, ReportKind } from '../../contract/reportLimits.ts';
import type { NameLang } from '../codeNames.ts';
import { DAY_MS, parseRfc3339 } from '../regionTime.ts';
import type { Report, Section } from './model.ts';
import { areas } from './sections/areas.ts';
import { cases } from './sections/cases.ts';
import type { Context } from './sections/context.ts';
import { kinds } from './sections/kinds.ts';
import { loop } from './sections/loop.ts';
import { overview } from './sections/overview.ts';
import { answers, issued, letters, type SupervisionContext } from './sections/supervisionSections.ts';
import { unitCases, unitOverview, unitTowns, type UnitContext } from './sections/unitSections.ts';
import { EN } from './words/en.ts';
import { SUPERVISION_EN } from './words/supervisionEn.ts';
import { SUPERVISION_ZH } from './words/supervisionZh.ts';
import { UNIT_EN } from './words/unitEn.ts';
import { UNIT_ZH } from './words/unitZh.ts';
import type { ReportWords } from './words/words.ts';
import { ZH } from './words/zh.ts';

const WORDS: Record<NameLang, ReportWords> = { 'zh-CN': ZH, en: EN };
const UNIT_WORDS = { 'zh-CN': UNIT_ZH, en: UNIT_EN };
const CIRCULAR_WORDS = { 'zh-CN': SUPERVISION_ZH, en: SUPERVISION_EN };

/**
 * The report of frozen data. Pure: the same data give the same report. Every figure of a sentence stands in a table of its section,
 * letter by letter but for a sign that the words say (上升, fewer).
 */
export function reportOf(frozen: FrozenReport, lang: NameLang): Report {
  switch (frozen.about) {
    case 'unit':
      return unitReport(frozen, lang);
    case 'supervision':
      return circular(frozen, lang);
    default:
      return situationReport(frozen, lang);
  }
}

function situationReport(situation: ReportSituation, lang: NameLang): Report {
  const words = WORDS[lang];
  const place = situation.scopeName[lang];
  const context: Context = { situation, words, spoken: spokenOf(situation), place };
  return reportOfParts(situation, words, {
    title: titleOf(situation, lang),
    addressee: words.addressee,
    sender: words.sender(place),
    sections: [overview, areas, kinds, loop, cases].map((section) => section(context)),
    notes: words.notes(situation),
  });
}

function unitReport(situation: UnitSituation, lang: NameLang): Report {
  const [words, unit] = [WORDS[lang], UNIT_WORDS[lang]];
  const context: UnitContext = { situation, words, unit, spoken: spokenOf(situation) };
  return reportOfParts(situation, words, {
    title: titleOf(situation, lang),
    addressee: unit.addressee,
    sender: words.sender(situation.scopeName[lang]),
    sections: [unitOverview, unitTowns, unitCases].map((section) => section(context)),
    notes: unit.notes(situation),
  });
}

/** 督办通报. */
function circular(situation: SupervisionSituation, lang: NameLang): Report {
  const [words, own] = [WORDS[lang], CIRCULAR_WORDS[lang]];
  const place = situation.scopeName[lang];
  const context: SupervisionContext = { situation, words, circular: own, spoken: spokenOf(situation), place };
  return reportOfParts(situation, words, {
    title: titleOf(situation, lang),
    addressee: own.addressee,
    sender: own.sender(place),
    sections: [issued, answers, letters].map((section) => section(context)),
    notes: own.notes(situation),
  });
}

/** What a report is called. */
export function titleOf(head: ReportHead, lang: NameLang): string {
  const place = head.scopeName[lang];
  if (head.unit) return UNIT_WORDS[lang].title(head.unit.name[lang], head.kind);
  return head.about === 'supervision' ? CIRCULAR_WORDS[lang].title(place) : WORDS[lang].title(place, head.kind);
}
interface ReportHead {
  kind: ReportKind;
  about?: ReportAbout;
  unit?: { name: LocalName };
  scopeName: LocalName;
}

/** The span of a report in words. */
export const spanText = ({ from, to }: Pick<FrozenHead, 'from' | 'to'>, lang: NameLang): string =>
  WORDS[lang].span(from, to);

interface Parts {
  title: string;
  addressee: string;
  sender: string;
  sections: (Section | undefined)[];
  notes: string[];
}
function reportOfParts(head: FrozenHead, words: ReportWords, { sections, ...parts }: Parts): Report {
  return {
    ...parts,
    lang: words.lang,
    span: words.span(head.from, head.to),
    scopeName: head.scopeName[words.lang],
    date: words.date(head.frozenAt),
    sections: sections
      .filter((section) => section !== undefined)
      .map((section, i) => ({ ...section, heading: words.numbered(i + 1, section.heading) })),
  };
}

/** As what a span is spoken of: a daily report of several days, and a weekly one of several weeks, is of a period. */
function spokenOf({ kind, from, to }: FrozenHead): ReportKind {
  const days = (parseRfc3339(to)! - parseRfc3339(from)!) / DAY_MS;
  return (kind === 'daily' && days > 1) || (kind === 'weekly' && days > 7) ? 'special' : kind;
}

/** Of the notes: what they are called. */
export const notesHeading = (lang: NameLang, sections: number): string =>
  WORDS[lang].numbered(sections + 1, WORDS[lang].headings.notes);
