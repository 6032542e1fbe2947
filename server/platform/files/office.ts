import type { FileType } from '../../../contract/attachmentLimits.ts';
import { fileRefused } from './fileRefused.ts';
import { readEntry, zipEntries } from './zip.ts';

const TYPES_PART = '[Content_Types].xml';
const MAX_TYPES_BYTES = 4 * 1024 * 1024;
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** The part that makes a ZIP a document, and what it must be declared as (ECMA-376-1 §11.3.10, §12.3.23). */
const MAIN = {
  [DOCX]: { part: 'word/document.xml', declared: `${DOCX}.main+xml` },
  [XLSX]: { part: 'xl/workbook.xml', declared: `${XLSX}.main+xml` },
} as const satisfies Partial<Record<FileType, { part: string; declared: string }>>;
/** Programs in a document: Visual Basic, and the macros of Excel 4. */
const PROGRAMS = /(^|\/)(vbaProject[^/]*\.bin$|vbaData\.xml$|macrosheets\/)/i;

/**
 * Whether a ZIP is a document of Word or a workbook of Excel, by what is in it: the list of its parts, its main part, no programs, and
 * every part inflating to what it claims.
 * @throws HttpProblem 422
 */
export async function officeType(file: Buffer): Promise<keyof typeof MAIN> {
  const entries = zipEntries(file);
  const named = (name: string) => entries.find((entry) => entry.name === name);
  const types = named(TYPES_PART);
  const type = (Object.keys(MAIN) as (keyof typeof MAIN)[]).find((one) => named(MAIN[one].part));
  if (!types || !type)
    throw fileRefused('file-type', 'it is a ZIP, and neither a document of Word (DOCX) nor a workbook of Excel (XLSX)');
  const program = entries.find(({ name }) => PROGRAMS.test(name));
  if (program) throw withMacros();
  if (types.bytes > MAX_TYPES_BYTES) throw fileRefused('file-damaged', 'the list of its parts is too long');
  // One after the other: what is inflated is looked at and thrown away.
  for (const entry of entries) if (entry !== types) await readEntry(file, entry);
  const text = (await readEntry(file, types, MAX_TYPES_BYTES)).toString('utf8');
  if (/macroEnabled|ms-office\.vbaProject/i.test(text)) throw withMacros();
  if (!text.includes(MAIN[type].declared))
    throw fileRefused('file-damaged', `its main part ${MAIN[type].part} is not declared as one`);
  return type;
}

const withMacros = () =>
  fileRefused('file-macros', 'the document has macros: save it as DOCX or XLSX without them, and send that');
