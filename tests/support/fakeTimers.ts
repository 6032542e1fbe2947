import type { Timers } from '../../web/live/line.ts';

/** Time that passes only when told to. */
export class FakeTimers implements Timers {
  time = 0;
  private queue: { at: number; run: () => void }[] = [];
  now = () => this.time;
  random = () => 0.5;
  after(ms: number, run: () => void) {
    const entry = { at: this.time + ms, run };
    this.queue.push(entry);
    return () => {
      this.queue = this.queue.filter((other) => other !== entry);
    };
  }
  pass(ms: number) {
    const end = this.time + ms;
    for (;;) {
      const next = this.queue.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.queue = this.queue.filter((entry) => entry !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }
  get pending() {
    return this.queue.length;
  }
}
