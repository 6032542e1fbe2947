import type { BackupKeys } from '../platform/backup/keys.ts';
import { ACCESS_KEYS as KEYS } from './store/keys.ts';

/** People, tokens, displays, sessions and the trail. */
export const accessBackup: BackupKeys = {
  owns: (tag) => tag === 'access',
  together: () => ({
    hashes: [KEYS.records, KEYS.trailState, KEYS.trailRepeats],
    strings: [KEYS.counter, KEYS.trailHead, KEYS.cursorKey],
    streams: [KEYS.changes, KEYS.trail],
  }),
};
