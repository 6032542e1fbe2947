import type { ByteReader, ByteWriter } from './bytes.ts';
import { SCORE_DAYS } from './finding.ts';

/** The scores of a subject by day, oldest first, in places that are there: what `noteScore` (finding.ts) does to pairs. */
export class ScoreColumns {
  private readonly days: number[] = [];
  private readonly tenths: number[] = [];
  private from = 0;
  private to = 0;

  clear(): void {
    this.from = this.to = 0;
  }

  read(reader: ByteReader): void {
    this.from = 0;
    this.to = reader.uint();
    for (let i = 0; i < this.to; i++) {
      this.days[i] = reader.uint();
      this.tenths[i] = reader.uint();
    }
  }

  /** Notes the score of a day, if it is another one than before. */
  note(tenths: number, day: number): void {
    const { days } = this;
    if (this.to > this.from && days[this.to - 1] === day) this.to--;
    const last = this.to > this.from ? this.tenths[this.to - 1]! : 0;
    if (tenths !== last) {
      days[this.to] = day;
      this.tenths[this.to++] = tenths;
    }
    // The newest that is older says what the score was when the span began.
    while (this.to - this.from > 1 && days[this.from + 1]! <= day - SCORE_DAYS) this.from++;
  }

  write(writer: ByteWriter): void {
    writer.uint(this.to - this.from);
    for (let i = this.from; i < this.to; i++) {
      writer.uint(this.days[i]!);
      writer.uint(this.tenths[i]!);
    }
  }
}
