import { ref, type Ref } from 'vue';
import { ServerClock } from './serverClock.ts';

/** Ages in lists are in minutes; they need no finer clock than this, and nothing is redrawn for it more often. */
const COARSE_MS = 10_000;

export interface ServerTime {
  clock: ServerClock;
  /** By the second and by ten seconds, epoch ms; 0 while unknown. */
  second: Ref<number>;
  now: Ref<number>;
  /** To be called when a time may have been heard: terms and ages are nothing without one, so the first counts at once. */
  readFirst(): void;
  /** Turns over every second from now on, and runs `each` with it, undefined while the time is unknown. */
  start(each: (time: number | undefined) => void): void;
}

/** The server's clock as the screens show it. */
export function useServerTime(): ServerTime {
  const clock = new ServerClock(() => performance.now());
  const second = ref(0);
  const now = ref(0);
  function readClock(): void {
    const time = clock.now();
    if (time === undefined) return;
    second.value = Math.floor(time / 1000) * 1000;
    const coarse = Math.floor(time / COARSE_MS) * COARSE_MS;
    if (coarse !== now.value) now.value = coarse;
  }
  return {
    clock,
    second,
    now,
    readFirst() {
      if (second.value === 0) readClock();
    },
    start(each) {
      function tick(): void {
        const time = clock.now();
        readClock();
        each(time);
        // Aligned to the server's second, so that several screens of one wall turn over together.
        setTimeout(tick, 1_000 - ((time ?? performance.now()) % 1_000) + 5);
      }
      tick();
    },
  };
}
