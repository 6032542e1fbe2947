import type { BackupKeys } from '../platform/backup/keys.ts';
import { ACCESS_KEYS as KEYS } from './store/keys.ts';

/** People, tokens, displays, sessions and the trail. */
export const accessBackup: BackupKeys = {
  owns: (tag) => tag === 'access',
  together: () => ({
    hashes: [KEYS.records],
    strings: [KEYS.counter, KEYS.trailHead],
    streams: [KEYS.changes, KEYS.trail],
  }),
};
