import { CELL_NAMES, placeholdersOf } from '../../../common/report/template.ts';
import type { ReportAbout } from '../../../contract/reportLimits.ts';
import type { TemplateFault } from '../../../contract/reportTemplates.ts';
import { prepareXml } from './prepareTemplate.ts';
import { scanXml, textOf, type ScannedParagraph, type XmlElement } from './scanXml.ts';

const MAX_GIVEN = 60;
/** Changes that are tracked: a report must not go out with what somebody has yet to decide. */
const REVISIONS: ReadonlySet<string> = new Set([
  'w:ins',
  'w:del',
  'w:moveFrom',
  'w:moveTo',
  'w:cellIns',
  'w:cellDel',
  'w:cellMerge',
  'w:numberingChange',
  'w:rPrChange',
  'w:pPrChange',
  'w:sectPrChange',
  'w:tblPrChange',
  'w:tblPrExChange',
  'w:tblGridChange',
  'w:tcPrChange',
  'w:trPrChange',
]);
const tag = (name: string) => `{${name}}`;

/** What is wrong with the placeholders of a part that is filled, and with its changes. @throws XmlFault */
export function placeholderFaults(part: string, xml: string, about: ReportAbout): TemplateFault[] {
  const { paragraphs, found } = scanXml(prepareXml(xml), 'w', REVISIONS);
  const faults = new Faults(part);
  const shown = paragraphs.filter(({ copy }) => !copy);
  for (const number of new Set(found.map(({ paragraph }) => paragraph))) {
    const text = shown.find((one) => one.number === number);
    faults.add(number, text ? textOf(text) : '', 'changes are tracked here: accept or reject all of them, and save');
  }
  const known = placeholdersOf(about);
  /** The loop that is open, and where it begins. */
  let open: { name: string; paragraph: ScannedParagraph } | undefined;
  for (const paragraph of shown) {
    const fault = (given: string, problem: string) => faults.add(paragraph.number, given, problem);
    for (const [wide, inner] of textOf(paragraph).matchAll(/｛([^｛｝{}]*)｝/g))
      if (isMeant(inner!, about)) fault(wide, `write ${tag(narrow(inner!))} with narrow braces`);
    for (const { given, inner, within } of bracesOf(paragraph)) {
      if (inner === undefined) {
        fault(given, given === '}' ? 'a } ends nothing' : `${given.slice(0, MAX_GIVEN)} is not ended by a }`);
        continue;
      }
      const name = inner.trim();
      const [wrapper] = within;
      if (/^[#/]/.test(name) && wrapper !== undefined)
        fault(given, `a loop can neither begin nor end within a link or a field (${wrapper})`);
      if (name.startsWith('#')) {
        const { loops } = known;
        if (open) fault(given, `a loop within the loop ${open.name} is not understood`);
        else if (loops.includes(name.slice(1))) open = { name: name.slice(1), paragraph };
        else fault(given, `there is no table ${name.slice(1)}: there are ${loops.join(' ')}`);
      } else if (name.startsWith('/')) {
        if (!open) fault(given, 'it ends no loop');
        else if (!areTogether(open.paragraph.path, paragraph.path))
          fault(
            given,
            `the loop ${open.name} begins in paragraph ${open.paragraph.number}, elsewhere: both belong into one table, or into one cell, box or text`,
          );
        open = undefined;
      } else if (CELL_NAMES.includes(name)) {
        if (!open) fault(given, `${name} is a cell, and stands in no loop ({#table.…} … {/})`);
      } else if (![...known.texts, ...known.pictures].includes(name))
        fault(given, `there is no placeholder ${given.slice(0, MAX_GIVEN)}${meantInstead(name, about)}`);
    }
  }
  if (open) faults.add(open.paragraph.number, `{#${open.name}}`, 'the loop is not ended by {/}');
  return faults.all;
}

/** Placeholders where none are filled: notes below the text, and diagrams. @throws XmlFault */
export function strayPlaceholders(part: string, xml: string, about: ReportAbout): TemplateFault[] {
  const faults = new Faults(part);
  for (const paragraph of scanXml(xml, part.includes('/diagrams/') ? 'a' : 'w').paragraphs)
    for (const [given, inner] of textOf(paragraph).matchAll(/\{([^{}]*)\}/g))
      if (isMeant(inner!, about))
        faults.add(
          paragraph.number,
          given,
          'notes and diagrams are not filled: write it into the text, a head or a foot',
        );
  return faults.all;
}

class Faults {
  readonly all: TemplateFault[] = [];
  private readonly part: string;

  constructor(part: string) {
    this.part = part;
  }

  add(paragraph: number, given: string, problem: string): void {
    this.all.push({ part: this.part, paragraph, given: given.slice(0, MAX_GIVEN), problem });
  }
}

/** What stands in braces, and braces that are alone. */
function bracesOf(paragraph: ScannedParagraph): { given: string; inner?: string; within: string[] }[] {
  return [...textOf(paragraph).matchAll(/\{([^{}]*)\}?|\}/g)].map(({ 0: given, 1: inner, index }) => {
    let end = 0;
    const piece = paragraph.pieces.find(({ text }) => (end += text.length) > index);
    const within = piece?.within ?? [];
    return given.startsWith('{') && given.endsWith('}') ? { given, inner: inner!, within } : { given, within };
  });
}

/**
 * Whether a loop can begin in the one and end in the other: in rows of one table, or in paragraphs beside each other.
 * @param begin what the paragraph lies in, outermost first
 */
function areTogether(begin: readonly XmlElement[], end: readonly XmlElement[]): boolean {
  const inner = (path: readonly XmlElement[], name: string) => path.findLast((one) => one.name === name)?.at;
  const [cells, tables] = ['w:tc', 'w:tbl'].map((name) => [inner(begin, name), inner(end, name)]);
  const inRows = cells![0] !== undefined && cells![1] !== undefined && cells![0] !== cells![1];
  return inRows ? tables![0] === tables![1] : begin.at(-1)?.at === end.at(-1)?.at;
}

/** As a Chinese keyboard writes it, made narrow. */
const narrow = (text: string) => text.normalize('NFKC').replace(/\s/g, '');
/** Whether braces hold what is meant for us, and no text of the office's own. */
function isMeant(inner: string, about: ReportAbout): boolean {
  const { texts, loops, pictures } = placeholdersOf(about);
  const name = narrow(inner);
  return [...texts, ...pictures, ...CELL_NAMES, ...loops.map((loop) => `#${loop}`)].includes(name) || name === '/';
}
/** Word begins sentences with a capital, also within braces. */
function meantInstead(name: string, about: ReportAbout): string {
  const { texts, pictures } = placeholdersOf(about);
  const like = narrow(name).toLowerCase();
  const meant = [...texts, ...pictures].find((one) => one.toLowerCase() === like);
  return meant === undefined ? '' : `: ${tag(meant)} is meant`;
}
