import { CELL_NAMES, placeholdersOf } from '../../../common/report/template.ts';
import type { ReportAbout } from '../../../contract/reportLimits.ts';
import type { TemplateFault } from '../../../contract/reportTemplates.ts';
import { fileRefused } from '../../platform/files/fileRefused.ts';
import { officeType } from '../../platform/files/office.ts';
import { readEntry, zipEntries } from '../../platform/files/zip.ts';
import { HttpProblem } from '../../platform/http/problem.ts';

/** Parts of a document that hold what is read, by name. */
const CONTENT = /^word\/(document|header\d*|footer\d*)\.xml$/;
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
/** Things in a document that run or are other documents. */
const FOREIGN = /^word\/(embeddings|activeX)\//i;
const MAX_PART = 20 * 1024 * 1024;
/** So many faults are told. */
const MAX_FAULTS = 30;
const MAX_GIVEN = 60;

/**
 * Whether a file can be a template: a document of Word without programs, without anything that is fetched when it is opened, and with
 * no placeholders but those that there are.
 * @throws HttpProblem 422 with the rule that it breaks, or with all faults of its placeholders, each with its place
 */
export async function checkTemplate(file: Buffer, about: ReportAbout): Promise<void> {
  if (file.length === 0) throw fileRefused('file-empty', 'the file is empty: nothing was sent');
  if (file.toString('latin1', 0, 4) !== 'PK\x03\x04')
    throw fileRefused('file-type', 'it is no document of Word (DOCX): save it as DOCX, without a password');
  if ((await officeType(file)) !== DOCX)
    throw fileRefused('file-type', 'it is a workbook of Excel: a template is a document of Word (DOCX)');
  const faults: TemplateFault[] = [];
  for (const entry of zipEntries(file)) {
    const { name } = entry;
    if (FOREIGN.test(name))
      throw fileRefused('file-macros', `it holds another document or a control (${name}): take it out`);
    if (!/\.(xml|rels)$/.test(name)) continue;
    if (entry.bytes > MAX_PART) throw fileRefused('file-bomb', `${name} is larger than a document needs`);
    const text = (await readEntry(file, entry, MAX_PART)).toString('utf8');
    if (/<!DOCTYPE|<!ENTITY/i.test(text))
      throw fileRefused('file-damaged', `${name} declares entities, which no document needs`);
    if (name.endsWith('.rels')) refuseOutside(name, text);
    if (CONTENT.test(name)) faults.push(...placeholderFaults(name, text, about));
  }
  if (faults.length === 0) return;
  const [first] = faults;
  throw new HttpProblem(
    422,
    'Template is not valid',
    `${first!.part}, paragraph ${first!.paragraph}: ${first!.problem}`,
    undefined,
    {
      rule: 'template-placeholders',
      faults: faults.slice(0, MAX_FAULTS),
    },
  );
}

/** A document that fetches a template or a picture from elsewhere tells whoever is there who opens it. Links that are pressed are none. */
function refuseOutside(name: string, text: string): void {
  for (const [relation] of text.matchAll(/<Relationship\b[^>]*>/g))
    if (/TargetMode\s*=\s*["']External["']/.test(relation) && !/\/hyperlink["']/.test(relation))
      throw fileRefused('file-type', `${name} fetches something from elsewhere when it is opened: embed it instead`);
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decode = (text: string) =>
  text
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, digits: string) =>
      String.fromCodePoint(Math.min(parseInt(digits, hex ? 16 : 10), 0x10ffff)),
    )
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]!);

/** The text of each paragraph of a part, in order: Word may cut a placeholder into several runs. */
export function paragraphsOf(xml: string): string[] {
  return xml
    .replace(/<w:p(?: [^>]*)?\/>/g, '<w:p></w:p>')
    .split(/<\/w:p>/)
    .slice(0, -1)
    .map((paragraph) =>
      [...paragraph.slice(Math.max(0, paragraph.search(/<w:p[ >]/))).matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)]
        .map(([, text]) => decode(text!))
        .join(''),
    );
}

/** What is wrong with the placeholders of a part. */
export function placeholderFaults(part: string, xml: string, about: ReportAbout): TemplateFault[] {
  const { texts, loops, pictures } = placeholdersOf(about);
  const faults: TemplateFault[] = [];
  /** The loop that is open, and where it begins. */
  let open: { name: string; paragraph: number } | undefined;
  paragraphsOf(xml).forEach((text, i) => {
    const paragraph = i + 1;
    const fault = (given: string, problem: string) =>
      faults.push({ part, paragraph, given: given.slice(0, MAX_GIVEN), problem });
    for (const [given, inner] of text.matchAll(/\{([^{}]*)\}?|\}/g)) {
      if (inner === undefined || !given.endsWith('}')) {
        fault(given, inner === undefined ? 'a } ends nothing' : `${given.slice(0, MAX_GIVEN)} is not ended by a }`);
        continue;
      }
      const name = inner.trim();
      if (name.startsWith('#')) {
        if (open) fault(given, `a loop within the loop ${open.name} is not understood`);
        else if (loops.includes(name.slice(1))) open = { name: name.slice(1), paragraph };
        else fault(given, `there is no table ${name.slice(1)}: there are ${loops.join(' ')}`);
      } else if (name.startsWith('/')) {
        if (!open) fault(given, 'it ends no loop');
        open = undefined;
      } else if (CELL_NAMES.includes(name)) {
        if (!open) fault(given, `${name} is a cell, and stands in no loop ({#table.…} … {/})`);
      } else if (!texts.includes(name) && !pictures.includes(name))
        fault(given, `there is no placeholder ${given.slice(0, MAX_GIVEN)}`);
    }
  });
  if (open)
    faults.push({ part, paragraph: open.paragraph, given: `{#${open.name}}`, problem: 'the loop is not ended by {/}' });
  return faults;
}
