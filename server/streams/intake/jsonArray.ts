import { setImmediate as nextTurn } from 'node:timers/promises';

/** A JSON array of events in pieces, so that no body makes one long stop of the process or one big object of itself. */

/** Deeper than this nothing of ours is nested. */
const MAX_DEPTH = 32;
/** An event of the contract holds some hundreds of values at most. */
const MAX_VALUES = 10_000;
/** What is nested too deeply or holds too much is still checked to be JSON, up to this length in bytes. */
const MAX_CHECKED = 256 * 1024;
/** The shortest event of the contract has 140 bytes: a batch of 4 MiB holds fewer than this. */
const MAX_ELEMENTS = 30_000;
/** So many values of a body are kept parsed; of more, each event is parsed twice. */
const MAX_KEPT_VALUES = 300_000;
/** The process does something else after so long, ms. */
const SLICE_MS = 10;
const BYTES_BETWEEN_LOOKS = 64 * 1024;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** An element of the array: its value, or why it is not looked into. */
export type ArrayElement = { text: () => string } & ({ value: unknown } | { problem: string });

/** The array is no JSON; the message says where. */
export class NoJson extends Error {}
/** There are more elements than events could be. */
export class TooMany extends Error {}

interface Piece {
  start: number;
  end: number;
  /** Why it is not made a value. */
  problem?: string;
}

/** Lets others go on when it has worked for `SLICE_MS`. */
class Slices {
  private since = performance.now();

  async pause(): Promise<void> {
    if (performance.now() - this.since < SLICE_MS) return;
    await nextTurn();
    this.since = performance.now();
  }
}

/** Whether a text that is to be one event is better not made a value: why, or undefined. @param json UTF-8 */
export async function heavyProblem(json: Buffer): Promise<string | undefined> {
  if (json.length <= MAX_CHECKED) return undefined;
  const { pieces } = await split(Buffer.concat([Buffer.from('['), json, Buffer.from(']')]), new Slices());
  return pieces.find(({ problem }) => problem !== undefined)?.problem;
}

/**
 * The elements of a JSON array, in order; undefined if the text is no array.
 * @param json UTF-8 without byte order mark
 * @throws NoJson or TooMany before the first element is given, so that nothing of a broken body is taken
 */
export async function arrayElements(json: Buffer): Promise<AsyncIterable<ArrayElement> | undefined> {
  const slices = new Slices();
  const first = firstByte(json);
  if (json[first] !== OPEN_ARRAY) {
    // Which problem it is does not matter enough to parse a large body.
    if (json.length <= MAX_CHECKED) parse(json.toString('utf8'));
    return undefined;
  }
  const { pieces, values } = await split(json, slices);
  const kept: unknown[] | undefined = values <= MAX_KEPT_VALUES ? [] : undefined;
  const textOf = ({ start, end }: Piece) => json.toString('utf8', start, end);
  for (const piece of pieces) {
    const checked = piece.problem === undefined || piece.end - piece.start <= MAX_CHECKED;
    const value = checked ? parse(textOf(piece)) : undefined;
    kept?.push(piece.problem === undefined ? value : undefined);
    await slices.pause();
  }
  return (async function* () {
    for (const [i, piece] of pieces.entries()) {
      const text = () => textOf(piece);
      if (piece.problem !== undefined) yield { text, problem: piece.problem };
      else yield { text, value: kept ? kept[i] : parse(text()) };
      await slices.pause();
    }
  })();
}

function firstByte(json: Buffer): number {
  let i = 0;
  while (json[i] === 0x20 || (json[i]! >= 0x09 && json[i]! <= 0x0d)) i++;
  return i;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NoJson((error as Error).message);
  }
}

/** Where the elements begin and end. Only brackets, commas and strings are looked at; parsing finds what else is wrong. */
async function split(json: Buffer, slices: Slices): Promise<{ pieces: Piece[]; values: number }> {
  const pieces: Piece[] = [];
  let [depth, start, values, total] = [0, 0, 0, 0];
  let problem: string | undefined;
  let i = firstByte(json);
  const close = (end: number, last: boolean) => {
    const text = json.subarray(start, end);
    const empty = firstByte(text) >= text.length;
    if (empty && last && pieces.length === 0) return;
    if (empty) throw new NoJson(`there is nothing between two commas or brackets at position ${end}`);
    if (pieces.length >= MAX_ELEMENTS) throw new TooMany(`a batch may hold ${MAX_ELEMENTS} events`);
    pieces.push(problem === undefined ? { start, end } : { start, end, problem });
    total += values;
    start = end + 1;
    values = 0;
    problem = undefined;
  };
  for (let look = i + BYTES_BETWEEN_LOOKS; i < json.length; i++) {
    if (i >= look) {
      look = i + BYTES_BETWEEN_LOOKS;
      await slices.pause();
    }
    const byte = json[i];
    if (byte === QUOTE) {
      i = endOfString(json, i);
    } else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      if (depth === 0) start = i + 1;
      else values++;
      if (++depth > MAX_DEPTH) problem ??= `the event is nested more than ${MAX_DEPTH - 1} deep`;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      if (--depth > 0) continue;
      close(i, true);
      const rest = json.subarray(i + 1);
      if (byte !== CLOSE_ARRAY || firstByte(rest) < rest.length)
        throw new NoJson(`there is more after the end of the array at position ${i + 1}`);
      return { pieces, values: total };
    } else if (byte === COMMA) {
      if (depth === 1) close(i, false);
      else values++;
    }
    if (values > MAX_VALUES) problem ??= `the event holds more than ${MAX_VALUES} values`;
  }
  throw new NoJson(`the array does not end; there are ${json.length} bytes`);
}

/** Position of the quote that ends a string. */
function endOfString(json: Buffer, start: number): number {
  for (let end = json.indexOf(QUOTE, start + 1); end !== -1; end = json.indexOf(QUOTE, end + 1)) {
    let slashes = 0;
    while (json[end - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
  throw new NoJson(`the string at position ${start} does not end`);
}
