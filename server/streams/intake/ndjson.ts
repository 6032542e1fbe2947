import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { withoutMark } from '../../platform/http/body.ts';
import { textOf } from '../../platform/text.ts';
import { LETTER_BYTES } from './deadLetters.ts';
import { keptText, type IntakeRequest } from './intakeRequest.ts';

/** The longest line that is read; an event of the contract is far smaller. */
export const MAX_LINE = 256 * 1024;
const NEWLINE = 10;
const OPEN_OBJECT = 0x7b;
const LINES_AT_ONCE = 500;

/**
 * Feeds a stream of NDJSON (one event a line) to an intake. Holds one line and what is on its way to Redis,
 * never the body; it reads on only when the intake is ready, so TCP holds back a sender that is too fast.
 * Blank lines are skipped. A line that is no JSON, no UTF-8 or too long is rejected, and the next one is read.
 */
export async function readNdjson(body: AsyncIterable<Buffer>, intake: IntakeRequest): Promise<void> {
  let rest: Buffer[] = [];
  let restLength = 0;
  let long: LongLine | undefined;
  let lines = 0;

  for await (const part of body) {
    let start = 0;
    let looked = false;
    for (let end = part.indexOf(NEWLINE); end !== -1; end = part.indexOf(NEWLINE, start)) {
      if (!looked && !restLength && !long) {
        looked = true;
        const whole = part.subarray(start, part.lastIndexOf(NEWLINE) + 1);
        if (whole.length <= MAX_LINE && isUtf8(whole)) {
          lines = await takeWhole(whole, lines, intake);
          start += whole.length;
          break;
        }
      }
      const from = start;
      start = end + 1;
      const piece = part.subarray(from, end);
      if (long) {
        long.add(piece);
        long.refuse(intake);
        long = undefined;
      } else {
        const line = restLength ? Buffer.concat([...rest, piece]) : piece;
        if (line.length > MAX_LINE) new LongLine(line).refuse(intake);
        else takeLine(line, intake);
      }
      // One part of a body can hold thousands of short lines.
      if (++lines % LINES_AT_ONCE === 0) await intake.ready();
      if (restLength) {
        rest = [];
        restLength = 0;
      }
    }
    const tail = part.subarray(start);
    if (long) long.add(tail);
    else if (tail.length) {
      rest.push(tail);
      restLength += tail.length;
      if (restLength > MAX_LINE) {
        long = new LongLine(Buffer.concat(rest));
        rest = [];
        restLength = 0;
      }
    }
    await intake.ready();
  }
  if (long) long.refuse(intake);
  else if (restLength) takeLine(Buffer.concat(rest), intake);
}

/**
 * Nearly always: all lines that begin and end in a part, none too long, all of them UTF-8. They are made a text at once, since that
 * costs less than one for each.
 * @param lines read before, for the pauses
 * @returns the same with these
 */
async function takeWhole(whole: Buffer, lines: number, intake: IntakeRequest): Promise<number> {
  const text = textOf(whole);
  const wellFormed = !whole.includes('\\u');
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    // Neither blank nor marked.
    if (text.charCodeAt(start) === OPEN_OBJECT) takeText(text.slice(start, end), intake, wellFormed);
    else takeLine(Buffer.from(text.slice(start, end)), intake);
    start = end + 1;
    if (++lines % LINES_AT_ONCE === 0) await intake.ready();
  }
  return lines;
}

/** A byte order mark before a line is none of its own: files of several programs may have been put together. */
function takeLine(given: Buffer, intake: IntakeRequest): void {
  const line = withoutMark(given);
  if (isBlank(line)) return;
  if (!isUtf8(line)) {
    intake.refuse(line.toString('latin1'), 'the line is not UTF-8');
    return;
  }
  takeText(line.toString('utf8'), intake, false);
}

/** @param wellFormed whether no string of the line can hold a lone surrogate, because it escapes no character */
function takeText(text: string, intake: IntakeRequest, wellFormed: boolean): void {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (error) {
    if (text.trim()) intake.refuse(keptText(text), `the line is no JSON: ${(error as Error).message}`);
    return;
  }
  intake.take(event, text, wellFormed);
}

/** Looked at before parsing: a parser that fails millions of times is slow. */
function isBlank(line: Buffer): boolean {
  for (let i = 0; i < line.length; i++) {
    const byte = line[i]!;
    if (byte !== 0x20 && !(byte >= 0x09 && byte <= 0x0d)) return false;
  }
  return true;
}

/** A line that is too long: its end is looked for, and all of it told from others by its digest, but only its beginning is held. */
class LongLine {
  private readonly beginning: Buffer;
  private readonly digest = createHash('sha256');
  private bytes = 0;

  constructor(start: Buffer) {
    this.beginning = Buffer.from(start.subarray(0, LETTER_BYTES));
    this.add(start);
  }

  add(piece: Buffer): void {
    this.digest.update(piece);
    this.bytes += piece.length;
  }

  refuse(intake: IntakeRequest): void {
    intake.refuse(
      { beginning: this.beginning.toString('utf8'), bytes: this.bytes, digest: this.digest.digest('hex') },
      `the line is longer than ${MAX_LINE} bytes`,
    );
  }
}
