import type { Metrics } from '../platform/metrics.ts';

/** What the push counts of itself. */
export interface PushMetrics {
  /** A screen came (+1) or went (−1). */
  screens(change: 1 | -1): void;
  /** A patch went to so many screens; `bytes` is the size of its text, once: on the wire it is a tenth (sharedDeflate.ts). */
  patch(screens: number, bytes: number): void;
  /** So many screens were too slow and were passed over. */
  dropped(screens: number): void;
  tick(ms: number): void;
}

export function createPushMetrics(metrics: Metrics): PushMetrics {
  const ticks = metrics.histogram(
    'tick_seconds',
    'Time of one tick of the push',
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25],
  );
  const screens = metrics.gauge('screens', 'Screens connected to this process');
  const patches = metrics.counter('patches_total', 'Patches sent, counted once a screen');
  const bytes = metrics.counter('patch_bytes_total', 'Bytes of patches sent, before compression and framing');
  const dropped = metrics.counter('queues_dropped_total', 'Times a screen was passed over because its queue was full');
  return {
    screens: (change) => screens.inc(change),
    patch(count, size) {
      patches.inc(count);
      bytes.inc(count * size);
    },
    dropped: (count) => dropped.inc(count),
    tick: (ms) => ticks.observe(ms / 1000),
  };
}
