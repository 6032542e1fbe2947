import type { BaseLogger } from 'pino';
import { isUpper } from '../../../common/divisions.ts';
import type { Regions } from '../../region/region.ts';
import { LEFTOVER_MS, UNNAMED_MS } from '../attachments/sweep.ts';
import type { PhotoStore } from './photoStore.ts';

const AT_ONCE = 200;

interface SweepParts {
  regions: Regions;
  photos: (region: string) => PhotoStore;
  log: Pick<BaseLogger, 'info' | 'warn'>;
  /** Epoch ms. */
  now: () => number;
  /** Aborts when the process stops: what is left waits for the next time. */
  signal: AbortSignal;
}

/** Removes pictures that no clue has named for a day, and those of clues that are kept no longer. Several processes may do it at once. */
export async function sweepPhotos({ regions, photos, log, now, signal }: SweepParts): Promise<void> {
  for (const { code, pack } of regions.list()) {
    if (isUpper(pack) || signal.aborted) continue;
    try {
      const { held } = photos(code);
      const halves = await held.files.removeLeftovers(LEFTOVER_MS);
      const before = now() - UNNAMED_MS;
      let forgotten = 0;
      for (const one of await held.waitingSince(before, AT_ONCE))
        if (await held.settle(one, before, false)) forgotten++;
      if (halves + forgotten > 0) log.info({ region: code, halves, forgotten }, 'clues: removed pictures');
    } catch (error) {
      if (!signal.aborted) log.warn({ error, region: code }, 'clues: pictures could not be swept; it is tried again');
    }
  }
}
