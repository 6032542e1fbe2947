/** One slice of work is this long at most, if the work itself looks at the time, ms. */
export const SLICE_MS = 8;

/**
 * Work that is done in slices, one slice at a time for all who have some, so that a tick of the push, or an event that comes in, waits
 * for one slice at most, however many replays are read.
 */
export class Slices {
  private readonly queue: (() => void)[] = [];
  private scheduled = false;

  /** Runs `work` when its turn has come. @throws what it throws */
  run<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.queue.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    // What came in meanwhile is read before the next slice.
    setImmediate(() => {
      this.scheduled = false;
      this.queue.shift()?.();
      if (this.queue.length > 0) this.schedule();
    });
  }
}
