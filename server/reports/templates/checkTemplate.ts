import type { ReportAbout } from '../../../contract/reportLimits.ts';
import type { TemplateFault } from '../../../contract/reportTemplates.ts';
import { fileRefused } from '../../platform/files/fileRefused.ts';
import { officeType } from '../../platform/files/office.ts';
import { readEntry, zipEntries } from '../../platform/files/zip.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import { placeholderFaults, strayPlaceholders } from './placeholderFaults.ts';
import { ATTACHED_TEMPLATE, CONTENT, SETTINGS_RELATIONS } from './prepareTemplate.ts';
import { XmlFault } from './scanXml.ts';

const MAIN = 'word/document.xml';
/** Parts that are read, too, and are not filled. */
const BESIDE = /^word\/(footnotes|endnotes|diagrams\/(data|drawing)\d*)\.xml$/;
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
/** Things in a document that run or are other documents. */
const FOREIGN = /^word\/(embeddings|activeX)\//i;
const MAX_PART = 20 * 1024 * 1024;
/** So many faults are told. */
const MAX_FAULTS = 30;

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
    if (name === MAIN) assertWritten(text);
    try {
      if (CONTENT.test(name)) faults.push(...placeholderFaults(name, text, about));
      else if (BESIDE.test(name)) faults.push(...strayPlaceholders(name, text, about));
    } catch (error) {
      if (error instanceof XmlFault) throw fileRefused('file-damaged', `${name} cannot be read: ${error.message}`);
      throw error;
    }
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

/** The form of Word and WPS: another one says the same with other names, of which nothing would be filled. */
function assertWritten(text: string): void {
  if (/<w:document[^>]*purl\.oclc\.org\/ooxml/.test(text))
    throw fileRefused('file-type', 'it is saved as Strict Open XML: save it as Word Document (*.docx)');
  if (!/<w:document[\s>]/.test(text))
    throw fileRefused('file-damaged', `${MAIN} is not as Word or WPS write it: save it with one of them`);
}

/** A file of this machine's own disk, as Word notes the template that a document was begun with. */
const LOCAL = /\bTarget\s*=\s*["'](file:\/\/\/)?[a-z]:[\\/]/i;

/** A document that fetches a template or a picture from elsewhere tells whoever is there who opens it. Links that are pressed are none. */
function refuseOutside(name: string, text: string): void {
  for (const [relation] of text.matchAll(/<Relationship\b[^>]*>/g)) {
    if (!/TargetMode\s*=\s*["']External["']/.test(relation) || /\/hyperlink["']/.test(relation)) continue;
    if (!ATTACHED_TEMPLATE.test(relation))
      throw fileRefused('file-type', `${name} fetches something from elsewhere when it is opened: embed it instead`);
    // A local one is taken out before the document is filled (prepareTemplate).
    if (name !== SETTINGS_RELATIONS || !LOCAL.test(relation))
      throw fileRefused(
        'file-type',
        `${name} fetches its Word template from elsewhere when it is opened: attach Normal instead (Developer, Document Template)`,
      );
  }
}
