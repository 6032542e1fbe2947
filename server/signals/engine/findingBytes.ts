import type { CompiledPack } from '../assess/compiledPack.ts';
import type { QuickAssessment } from '../assess/quickAssess.ts';
import { ByteWriter, type ByteReader } from './bytes.ts';
import { FINDING, skipFindingResult } from './findingCodec.ts';
import type { Words } from './words.ts';

/**
 * The finding of an assessment, as bytes (findingCodec.ts), beside the one that was stored: the same bytes say the same. Of a subject about which nothing is left to be decided: it is never unplaced.
 */
export class FindingBytes {
  /** The one that was found now. */
  readonly bytes = new ByteWriter();
  /** When it differed from what was found before, epoch ms. */
  changedAt = 0;
  private readonly words: Words;
  /** Where in `bytes` it says more than version and time. */
  private result = 0;
  // Of the one before: where it is, and where it says more than version and time.
  private from = 0;
  private to = 0;
  private before = 0;

  constructor(words: Words) {
    this.words = words;
  }

  /** There is none before. */
  clear(): void {
    this.from = this.to = 0;
  }

  /** Reads on behind the one before. */
  skip(reader: ByteReader): void {
    this.from = reader.at;
    const has = reader.uint();
    reader.uint();
    this.changedAt = reader.time();
    this.before = reader.at;
    skipFindingResult(reader, has);
    this.to = reader.at;
  }

  /**
   * Writes what was found now.
   * @param stored bytes in which the one before is
   * @returns whether it is another one than before, if only by its version
   */
  find(assessment: QuickAssessment, pack: CompiledPack, stored: Uint8Array, now: number): boolean {
    const known = this.to > this.from;
    if (!known) this.changedAt = now;
    this.write(assessment, pack);
    if (!known) return true;
    if (this.isSame(stored, 0, this.from)) return false;
    if (this.bytes.buffer[0] === stored[this.from] && this.isSame(stored, this.result, this.before)) return true;
    this.changedAt = now;
    this.write(assessment, pack);
    return true;
  }

  private write(found: QuickAssessment, pack: CompiledPack): void {
    const { bytes, words } = this;
    const { score, rule, watch } = found;
    const result = score !== 0 || rule !== undefined || watch || found.indicators > 0;
    bytes.clear();
    bytes.uint((watch ? FINDING.watch : 0) | (rule ? FINDING.tier | FINDING.rule : 0) | (result ? FINDING.result : 0));
    bytes.uint(words.number(pack.version));
    bytes.time(this.changedAt);
    this.result = bytes.length;
    if (!result) return;
    bytes.decimal(score / 1000);
    if (rule) {
      bytes.uint(words.number(rule.tier));
      bytes.uint(words.number(rule.id));
    }
    bytes.uint(found.workers);
    bytes.uint(found.amountFen);
    bytes.decimal(found.months / 1000);
    bytes.uint(found.speaking);
    for (let i = 0; i < found.speaking; i++) {
      bytes.uint(words.number(pack.channels[found.channel[i]!]!.code));
      bytes.thousandths(found.channelPoints[i]!);
    }
    bytes.uint(found.indicators);
    for (let i = 0; i < found.indicators; i++) {
      bytes.uint(words.number(found.indicator[i]!.code));
      bytes.thousandths(found.points[i]!);
    }
  }

  /** Whether what was written from a place on is what the one before has from another one on. */
  private isSame(stored: Uint8Array, at: number, before: number): boolean {
    const { buffer, length } = this.bytes;
    if (length - at !== this.to - before) return false;
    for (let i = at, j = before; i < length; i++, j++) if (buffer[i] !== stored[j]) return false;
    return true;
  }
}
