import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Poller } from '../../../../web/http/poller.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Runs that last until they are ended by hand; `starts` are the times at which they began. */
function runs() {
  const began = performance.now();
  const starts: number[] = [];
  const signals: AbortSignal[] = [];
  const ends: { resolve(): void; reject(error: Error): void }[] = [];
  return {
    starts,
    signals,
    ends,
    run: (signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        starts.push(performance.now() - began);
        signals.push(signal);
        ends.push({ resolve, reject });
      }),
  };
}

describe('a poller', () => {
  it('runs at once, then at most so often, however often it is asked', async () => {
    const { starts, ends, run } = runs();
    const poller = new Poller({ run, everyMs: 1_000 });
    poller.request();
    expect(starts).toEqual([0]);
    ends[0]!.resolve();
    for (let i = 0; i < 10; i++) {
      poller.request();
      await pass(10);
    }
    expect(starts).toEqual([0]);
    await pass(5_000);
    expect(starts).toEqual([0, 1_000]);
    ends[1]!.resolve();
    await pass(5_000);
    // Nobody asked.
    expect(starts).toHaveLength(2);
    poller.request();
    expect(starts).toHaveLength(3);
  });

  it('has one run at a time, and keeps what was asked for meanwhile', async () => {
    const { starts, ends, run } = runs();
    const poller = new Poller({ run, everyMs: 1_000 });
    poller.request();
    await pass(2_500);
    poller.request();
    poller.request();
    await pass(2_500);
    expect(starts).toEqual([0]);
    ends[0]!.resolve();
    await pass(0);
    expect(starts).toEqual([0, 5_000]);
    ends[1]!.resolve();
    await pass(10_000);
    expect(starts).toHaveLength(2);
  });

  it('repeats a run that failed, if that is wanted; else with the next request', async () => {
    const { starts, ends, run } = runs();
    const poller = new Poller({ run, everyMs: 1_000, retryMs: 3_000 });
    poller.request();
    ends[0]!.reject(new Error('gone'));
    await pass(0);
    poller.request();
    await pass(2_999);
    expect(starts).toEqual([0]);
    await pass(1);
    expect(starts).toEqual([0, 3_000]);

    const once = runs();
    const other = new Poller({ run: once.run, everyMs: 1_000 });
    other.request();
    once.ends[0]!.reject(new Error('gone'));
    await pass(60_000);
    expect(once.starts).toHaveLength(1);
    other.request();
    expect(once.starts).toHaveLength(2);
  });

  it('runs always where it shall, failed or not', async () => {
    const { starts, ends, run } = runs();
    const poller = new Poller({ run, everyMs: 1_000, always: true });
    poller.request();
    ends[0]!.resolve();
    await pass(1_000);
    ends[1]!.reject(new Error('gone'));
    await pass(1_000);
    expect(starts).toEqual([0, 1_000, 2_000]);
    poller.stop();
  });

  it('starts anew: the run before is ended, and comes to nothing', async () => {
    const { starts, signals, ends, run } = runs();
    const poller = new Poller({ run, everyMs: 1_000, retryMs: 10 });
    poller.request();
    await pass(100);
    const over = poller.restart();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    ends[0]!.reject(new Error('aborted'));
    await pass(500);
    expect(starts).toEqual([0, 100]);
    ends[1]!.resolve();
    await over;
    await pass(5_000);
    expect(starts).toHaveLength(2);
  });

  it('stops for good', async () => {
    const { starts, signals, run } = runs();
    const poller = new Poller({ run, everyMs: 1_000, always: true });
    poller.request();
    poller.stop();
    expect(signals[0]!.aborted).toBe(true);
    poller.request();
    await poller.restart();
    await pass(10_000);
    expect(starts).toEqual([0]);
  });
});
