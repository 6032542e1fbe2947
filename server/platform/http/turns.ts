/** Does at most so many things at a time for each key; the others wait in the order in which they came. */
export class Turns {
  private readonly most: number;
  private readonly running = new Map<string, number>();
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(most: number) {
    this.most = most;
  }

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    await this.enter(key);
    try {
      return await work();
    } finally {
      this.leave(key);
    }
  }

  private async enter(key: string): Promise<void> {
    const running = this.running.get(key) ?? 0;
    if (running < this.most) {
      this.running.set(key, running + 1);
      return;
    }
    const queue = this.waiting.get(key) ?? [];
    this.waiting.set(key, queue);
    await new Promise<void>((resolve) => queue.push(resolve));
  }

  /** Hands the place on, or gives it back. */
  private leave(key: string): void {
    const queue = this.waiting.get(key);
    const next = queue?.shift();
    if (queue?.length === 0) this.waiting.delete(key);
    if (next) return next();
    const running = this.running.get(key)! - 1;
    if (running > 0) this.running.set(key, running);
    else this.running.delete(key);
  }
}
