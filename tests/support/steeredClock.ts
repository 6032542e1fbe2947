import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A server whose clock reads what a file says (`clock.mjs`). */
export const clockEnv = (file: string) => ({
  CLOCK_FILE: file,
  NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'clock.mjs')).href}`,
});

/** The clock of a server that goes on from a moment and is put forward by the test. @param from epoch ms */
export function steeredClock(folder: string, from: number) {
  const file = join(folder, 'clock');
  const base = from - Date.now();
  let skew = base;
  /** @param ahead ms after the beginning */
  const set = (ahead: number): void => {
    skew = base + ahead;
    writeFileSync(file, String(skew));
  };
  set(0);
  return { env: clockEnv(file), now: () => Date.now() + skew, ahead: () => skew - base, set };
}

/** Whether casework's clock has begun: what began before is left alone. */
export const clockRuns = async (url: string): Promise<boolean> =>
  /^wagewatch_clock_cases\{/m.test(await (await fetch(`${url}/metrics`)).text());
