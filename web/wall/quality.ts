/** Slower than this in the median, a frame is too slow for ornaments: under 25 pictures a second. */
const SLOW_FRAME_MS = 40;
/** So many slow measurements in a row switch to low; one quick one does not switch back (it was quick because of it). */
const SLOW_TIMES = 2;

/** Decides between high and low from measured frame times; once low, it stays so until the page is loaded anew. */
export class QualityJudge {
  private slow = 0;
  low = false;

  /** Whether the last measurement was slow: worth another look soon. */
  get suspicious(): boolean {
    return this.slow > 0;
  }

  /** Takes the intervals (ms) between pictures of one measurement. */
  measure(intervals: readonly number[]): void {
    if (intervals.length === 0) return;
    const sorted = [...intervals].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    this.slow = median > SLOW_FRAME_MS ? this.slow + 1 : 0;
    if (this.slow >= SLOW_TIMES) this.low = true;
  }
}
