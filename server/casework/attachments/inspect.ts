import { readFile } from 'node:fs/promises';
import type { FileType } from '../../../contract/attachmentLimits.ts';
import type { Draft } from '../../platform/files/fileStore.ts';
import { fileRefused } from '../../platform/files/fileRefused.ts';
import { officeType } from '../../platform/files/office.ts';
import { checkPdf } from './pdf.ts';
import { renewPicture } from './pictures.ts';

/** What a file is by its content, and what is to be kept of it: pictures are written anew, documents stay as they are. */
export interface Inspected {
  type: FileType;
  /** In place of what was sent. */
  content?: Buffer;
  thumbnail?: Buffer;
}

const starts = (file: Buffer, text: string, at = 0) => file.toString('latin1', at, at + text.length) === text;
const isPicture = (file: Buffer) =>
  starts(file, '\xff\xd8\xff') ||
  starts(file, '\x89PNG\r\n\x1a\n') ||
  (starts(file, 'RIFF') && starts(file, 'WEBP', 8));

/**
 * Looks at a file that was received; whatever its sender says that it is does not count.
 * @throws HttpProblem 422 with the rule that it breaks
 */
export async function inspect({ path, bytes }: Pick<Draft, 'path' | 'bytes'>): Promise<Inspected> {
  if (bytes === 0) throw fileRefused('file-empty', 'the file is empty: nothing was sent');
  const file = await readFile(path);
  if (isPicture(file)) return renewPicture(path);
  if (starts(file, '%PDF-')) {
    checkPdf(file);
    return { type: 'application/pdf' };
  }
  if (starts(file, 'PK\x03\x04')) return { type: await officeType(file) };
  // What Word and Excel make of a document with a password, and what they wrote before 2007.
  if (starts(file, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'))
    throw fileRefused(
      'file-type',
      'it is an old document of an office (DOC, XLS) or one with a password: save it as DOCX or XLSX without one',
    );
  throw fileRefused('file-type', 'by its content it is none of JPEG, PNG, WebP, PDF, DOCX, XLSX');
}
