import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SettingError } from '../settings.ts';

/** A file in DATA_DIR, there while a restore is under way. */
export const UNFINISHED = 'restore-unfinished';
/** Where the settings of a backup come to lie in DATA_DIR, for a person to read: they take no effect by themselves. */
export const RESTORED_SETTINGS = 'restored-settings';

/** @throws SettingError if a restore into this directory was broken off: part of the data would look like all of it */
export function assertRestored(dataDir: string): void {
  if (existsSync(join(dataDir, UNFINISHED)))
    throw new SettingError([
      `DATA_DIR ${dataDir} holds part of a backup only: "npm run restore" is still under way, or was broken off. Empty the directory (and an external Redis), and restore again.`,
    ]);
}
