import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LETTER_BYTES, type Cut } from '../../../server/streams/intake/deadLetters.ts';
import { keptText, type IntakeRequest } from '../../../server/streams/intake/intakeRequest.ts';
import { MAX_LINE, readNdjson } from '../../../server/streams/intake/ndjson.ts';

interface Heard {
  taken: { event: unknown; text: string; wellFormed: boolean }[];
  refused: { text: string | Cut; problem: string }[];
}

/** What an intake hears of a body that comes in these parts. */
async function heardOf(parts: readonly Buffer[]): Promise<Heard> {
  const heard: Heard = { taken: [], refused: [] };
  const intake: Pick<IntakeRequest, 'take' | 'refuse' | 'ready'> = {
    take: (event, text, wellFormed = false) => heard.taken.push({ event, text: keptText(text), wellFormed }),
    refuse: (text, problem) => heard.refused.push({ text, problem }),
    ready: () => Promise.resolve(),
  };
  async function* body() {
    yield* parts;
  }
  await readNdjson(body(), intake as IntakeRequest);
  return heard;
}

/** A body cut at some places. */
function cut(body: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (body.length + 1)).sort((a, b) => a - b), body.length];
  return at.slice(1).map((end, i) => body.subarray(at[i], end));
}

const LINES: readonly Buffer[] = [
  '{"a":1}',
  '{"name":"某建工（余杭）有限公司"}',
  '{"name":"😀"}',
  '{"escaped":"\\u4e00"}',
  '{"lone":"\\ud800"}',
  '',
  ' \t',
  '\r',
  '  {"indented":true}\r',
  '\uFEFF{"marked":true}',
  '\uFEFF',
  '[1,2]',
  'no JSON',
  '{"unfinished":',
].map((line) => Buffer.from(line));
const NO_UTF8 = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]);
const OVERLONG = Buffer.from(`{"x":"${'y'.repeat(MAX_LINE)}"}`);

describe('NDJSON', () => {
  it('says the same of a body, however it is cut', async () => {
    const line = fc.constantFrom(...LINES, NO_UTF8);
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (lines, ended, places) => {
          const newline = Buffer.from('\n');
          const body = Buffer.concat(
            lines.flatMap((one, i) => (i < lines.length - 1 || ended ? [one, newline] : [one])),
          );
          const bare = ({ taken, refused }: Heard) => ({
            taken: taken.map(({ event, text }) => ({ event, text })),
            refused,
          });
          // Line by line, each part one line: the plainest way there is.
          const single = lines.map((one, i) => (i < lines.length - 1 || ended ? Buffer.concat([one, newline]) : one));
          expect(bare(await heardOf(cut(body, places)))).toEqual(bare(await heardOf(single)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes each line by itself, and refuses what is none', async () => {
    const { taken, refused } = await heardOf([Buffer.concat(LINES.flatMap((line) => [line, Buffer.from('\n')]))]);
    expect(taken.map(({ event }) => event)).toEqual([
      { a: 1 },
      { name: '某建工（余杭）有限公司' },
      { name: '😀' },
      { escaped: '一' },
      { lone: '\ud800' },
      { indented: true },
      { marked: true },
      [1, 2],
    ]);
    expect(refused.map(({ text }) => text)).toEqual(['no JSON', '{"unfinished":']);
    expect(taken[1]!.text).toBe('{"name":"某建工（余杭）有限公司"}');
  });

  it('calls no line well-formed that could hold a lone surrogate', async () => {
    for (const line of LINES) {
      const { taken } = await heardOf([Buffer.concat([line, Buffer.from('\n')])]);
      for (const { event, wellFormed } of taken)
        if (JSON.stringify(event).includes('\\ud')) expect(wellFormed).toBe(false);
    }
    const plain = await heardOf([Buffer.from('{"name":"某"}\n')]);
    expect(plain.taken[0]!.wellFormed).toBe(true);
  });

  it('refuses lines that are no UTF-8 or too long, and reads those beside them', async () => {
    const good = Buffer.from('{"a":1}');
    const newline = Buffer.from('\n');
    const body = Buffer.concat([good, newline, NO_UTF8, newline, OVERLONG, newline, good, newline]);
    for (const parts of [[body], cut(body, [3, 9, 70_000, 140_000, 200_000, 262_144])]) {
      const { taken, refused } = await heardOf(parts);
      expect(taken.map(({ event }) => event)).toEqual([{ a: 1 }, { a: 1 }]);
      expect(refused.map(({ problem }) => problem)).toEqual([
        'the line is not UTF-8',
        `the line is longer than ${MAX_LINE} bytes`,
      ]);
    }
  });

  it('tells lines that are too long from each other by all of them, and holds their beginning', async () => {
    const start = `{"note":"${'余'.repeat(100_000)}`;
    const lines = [`${start}1"}`, `${start}2"}`, 'x'.repeat(MAX_LINE * 5)];
    const body = Buffer.from(lines.join('\n'));
    for (const parts of [[body], cut(body, [1, 150_000, 290_000, 310_000, 700_000, 1_000_000])]) {
      const { taken, refused } = await heardOf(parts);
      expect(taken).toEqual([]);
      const cuts = refused.map(({ text }) => text as Cut);
      expect(cuts.map(({ bytes }) => bytes)).toEqual(lines.map((line) => Buffer.byteLength(line)));
      expect(cuts.map(({ digest }) => digest)).toEqual(
        lines.map((line) => createHash('sha256').update(line).digest('hex')),
      );
      for (const [n, { beginning }] of cuts.entries()) {
        // Its last character may be cut in two.
        expect(lines[n]!.startsWith(beginning.slice(0, -1))).toBe(true);
        expect(Buffer.byteLength(beginning)).toBeLessThan(LETTER_BYTES + 4);
      }
    }
  });
});
