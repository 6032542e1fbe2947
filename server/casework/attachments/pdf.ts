import { fileRefused } from '../../platform/files/fileRefused.ts';

const HEADER = /^%PDF-(1\.[0-7]|2\.0)[\r\n\s%]/;
/** What readers look for the trailer in. */
const TAIL_BYTES = 2_048;

/**
 * Checks that a PDF is whole: the header of a version that there is, objects, and a trailer that points into the file (ISO 32000-1
 * §7.5). What pages show is for the program that opens it.
 * @throws HttpProblem 422
 */
export function checkPdf(file: Buffer): void {
  const head = file.subarray(0, 16).toString('latin1');
  if (!HEADER.test(head))
    throw fileRefused('file-damaged', 'it begins like a PDF, but its header names no version that there is');
  const tail = file.subarray(-TAIL_BYTES).toString('latin1');
  const end = /startxref\s+(\d{1,10})\s+%%EOF(?![^]*startxref)/.exec(tail);
  if (!end) throw fileRefused('file-damaged', 'the end of the PDF is missing: it was cut off, or not saved to its end');
  const at = Number(end[1]);
  // 0 is what the first of two trailers of a file for the web says; the last one is elsewhere then.
  if (at >= file.length) throw fileRefused('file-damaged', 'the trailer of the PDF points beyond its end');
  if (!hasObject(file)) throw fileRefused('file-damaged', 'the PDF holds no object: there is nothing to show');
}

/** ` obj`, with which the beginning of an object ends: `7 0 obj`. */
const OBJ = 0x20_6f_62_6a;
/** How far before that its number is looked for, and how many digits its generation may have. */
const [BACK, GENERATION] = [16, 5];

/**
 * Whether there is an object (`7 0 obj`). Byte by byte, looked for from its last word: a file made of digits, or of that word, takes no
 * longer than others.
 */
function hasObject(file: Buffer): boolean {
  for (let at = 0; at + 4 <= file.length; at++)
    if (file[at] === 0x20 && file.readUInt32BE(at) === OBJ && isNumbered(file, at)) return true;
  return false;
}

/** Whether two numbers end before `end`, with nothing but white space between them. */
function isNumbered(file: Buffer, end: number): boolean {
  const first = Math.max(0, end - BACK);
  let at = end;
  while (at > first && end - at < GENERATION && isDigit(file[at - 1]!)) at--;
  if (at === end) return false;
  const generation = at;
  while (at > first && isSpace(file[at - 1]!)) at--;
  return at < generation && at > first && isDigit(file[at - 1]!);
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
/** White space as `\s` has it, of Latin-1. */
const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xa0;
