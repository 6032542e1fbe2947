import { sweep, type SweepParts } from '../attachments/sweep.ts';
import type { PhotoStore } from './photoStore.ts';

/** Sweeps the pictures of clues: those that no clue has named for a day go, and those of clues that are kept no longer. */
export function sweepPhotos(photos: (region: string) => PhotoStore, parts: SweepParts): Promise<void> {
  return sweep(
    {
      store: (region) => photos(region).held,
      says: { what: 'clues', removed: 'removed pictures' },
      // What waits under a clue has been named, and its time is up all the same.
      isNamed: () => Promise.resolve(false),
    },
    parts,
  );
}
