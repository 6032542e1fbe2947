import { onTestFinished } from 'vitest';

/** What a test starts ends with it, the last one first. */

export function atEnd(...steps: (() => Promise<unknown> | unknown)[]): void {
  for (const step of steps)
    onTestFinished(async () => {
      await step();
    });
}

export function ending<T extends { stop(): Promise<void> }>(thing: T): T {
  atEnd(() => thing.stop());
  return thing;
}
