import type { Channel, Tier } from '../../../contract/codes.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import type { Finding } from './subject.ts';
import type { Words } from './words.ts';

/** Flags before a finding. */
export const FINDING = { watch: 1, unplaced: 2, tier: 4, rule: 8, result: 16 } as const;
const { watch: WATCH, unplaced: UNPLACED, tier: TIER, rule: RULE, result: RESULT } = FINDING;

/** A finding as bytes; of nothing that counts only version and time. */
export function writeFinding(writer: ByteWriter, found: Finding, words: Words): void {
  const { score, tier, rule, watch, unplaced, channels, indicators } = found;
  const result = score !== 0 || tier !== undefined || watch || indicators.length > 0;
  writer.uint(
    (watch ? WATCH : 0) |
      (unplaced ? UNPLACED : 0) |
      (tier === undefined ? 0 : TIER) |
      (rule === undefined ? 0 : RULE) |
      (result ? RESULT : 0),
  );
  writer.uint(words.number(found.version));
  writer.time(found.changedAt);
  if (!result) return;
  writer.decimal(score);
  if (tier !== undefined) writer.uint(words.number(tier));
  if (rule !== undefined) writer.uint(words.number(rule));
  writer.uint(found.workers);
  writer.uint(found.amountFen);
  writer.decimal(found.months);
  const number = (name: string) => words.number(name);
  writePairs(writer, channels, number);
  writePairs(writer, indicators, number);
}

export function readFinding(reader: ByteReader, words: Words): Finding {
  const has = reader.uint();
  const found: Finding = {
    version: words.word(reader.uint()),
    score: 0,
    tier: undefined,
    rule: undefined,
    watch: (has & WATCH) !== 0,
    workers: 0,
    amountFen: 0,
    months: 0,
    channels: [],
    indicators: [],
    changedAt: reader.time(),
    unplaced: (has & UNPLACED) !== 0,
  };
  if (!(has & RESULT)) return found;
  found.score = reader.decimal();
  if (has & TIER) found.tier = words.word(reader.uint()) as Tier;
  if (has & RULE) found.rule = words.word(reader.uint());
  found.workers = reader.uint();
  found.amountFen = reader.uint();
  found.months = reader.decimal();
  found.channels = readPairs(reader, words) as [Channel, number][];
  found.indicators = readPairs(reader, words);
  return found;
}

/** Which channels and indicators a finding names, by the numbers of their words. */
export function findingNames(reader: ByteReader): { channels: number[]; indicators: number[] } {
  const has = reader.uint();
  reader.uint();
  reader.int();
  if (!(has & RESULT)) return { channels: [], indicators: [] };
  skipToPairs(reader, has);
  const names = () => {
    const found: number[] = [];
    for (let left = reader.uint(); left > 0; left--) {
      found.push(reader.uint());
      reader.uint();
    }
    return found;
  };
  return { channels: names(), indicators: names() };
}

/** Reads on behind a finding, from behind its version and time. @param has its flags */
export function skipFindingResult(reader: ByteReader, has: number): void {
  if (!(has & RESULT)) return;
  skipToPairs(reader, has);
  for (let lists = 2; lists > 0; lists--) for (let left = 2 * reader.uint(); left > 0; left--) reader.uint();
}

/** Reads on from the score of a finding to its pairs. @param has its flags */
function skipToPairs(reader: ByteReader, has: number): void {
  reader.decimal();
  if (has & TIER) reader.uint();
  if (has & RULE) reader.uint();
  reader.uint();
  reader.uint();
  reader.decimal();
}

/** Points have at most 3 decimals: `fromThousandths` gives the same number again. @param number of a name, among the words of the bytes */
export function writePairs<Name>(
  writer: ByteWriter,
  pairs: readonly (readonly [name: Name, points: number])[],
  number: (name: Name) => number,
): void {
  writer.uint(pairs.length);
  for (const [name, points] of pairs) {
    writer.uint(number(name));
    writer.thousandths(Math.round(points * 1000));
  }
}

function readPairs(reader: ByteReader, words: Words): [string, number][] {
  const pairs: [string, number][] = [];
  for (let left = reader.uint(); left > 0; left--) pairs.push([words.word(reader.uint()), reader.thousandths() / 1000]);
  return pairs;
}
