import { fileRefused } from './fileRefused.ts';

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

/** Whether there is an object (`7 0 obj`). Looked for from its last word, so that a file made of digits takes no longer than others. */
function hasObject(file: Buffer): boolean {
  for (let at = file.indexOf(' obj'); at >= 0; at = file.indexOf(' obj', at + 1))
    if (/\d\s+\d{1,5}$/.test(file.toString('latin1', Math.max(0, at - 16), at))) return true;
  return false;
}
