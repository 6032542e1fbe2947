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
  writePairs(writer, channels, words);
  writePairs(writer, indicators, words);
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

/** What lists sort and count findings by, read from their bytes into the same places: most are made into nothing else. */
export class FindingGlance {
  watch = false;
  unplaced = false;
  tier: Tier | undefined;
  score = 0;
  workers = 0;
  /** Epoch ms. */
  changedAt = 0;
  /** There is more to say of it than its version and time. */
  says = false;

  /** There is none. */
  clear(): void {
    this.watch = this.unplaced = this.says = false;
    this.tier = undefined;
    this.score = this.workers = this.changedAt = 0;
  }

  /** @param reader at the beginning of a finding; reads on behind it */
  read(reader: ByteReader, words: Words): void {
    this.clear();
    const has = reader.uint();
    reader.uint();
    this.changedAt = reader.time();
    this.watch = (has & WATCH) !== 0;
    this.unplaced = (has & UNPLACED) !== 0;
    if (!(has & RESULT)) return;
    this.score = reader.decimal();
    if (has & TIER) this.tier = words.word(reader.uint()) as Tier;
    if (has & RULE) reader.uint();
    this.workers = reader.uint();
    reader.uint();
    reader.decimal();
    skipPairs(reader);
    const indicators = skipPairs(reader);
    this.says = this.score > 0 || this.tier !== undefined || indicators > 0;
  }
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
  skipPairs(reader);
  skipPairs(reader);
}

/** @returns how many they were */
function skipPairs(reader: ByteReader): number {
  const count = reader.uint();
  for (let left = 2 * count; left > 0; left--) reader.uint();
  return count;
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

/** Points have at most 3 decimals: `thousandths` gives the same number again. */
function writePairs(
  writer: ByteWriter,
  pairs: readonly (readonly [name: string, points: number])[],
  words: Words,
): void {
  writer.uint(pairs.length);
  for (const [name, points] of pairs) {
    writer.uint(words.number(name));
    writer.thousandths(Math.round(points * 1000));
  }
}

function readPairs(reader: ByteReader, words: Words): [string, number][] {
  const pairs: [string, number][] = [];
  for (let left = reader.uint(); left > 0; left--) pairs.push([words.word(reader.uint()), reader.thousandths() / 1000]);
  return pairs;
}
