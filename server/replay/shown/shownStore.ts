import { readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BaseLogger } from 'pino';
import { isDivisionCode } from '../../../common/divisions.ts';
import { DAY_MS } from '../../../common/regionTime.ts';
import { entriesOf, orMissing, UNFINISHED, writeOnce } from '../../platform/files/disk.ts';
import { decodeShown, type ShownFrames } from './shownFile.ts';
import { hourName, hourOfName, monthName, monthsBetween, removedBefore, slotMs, slotOf } from './shownHours.ts';

const ENDING = '.json.br';
const MONTH = /^\d{4}-\d{2}$/;

/**
 * Kept frames, in files that nobody changes once they are there: `<scope>/<month>/<hour>.json.br`. Several processes may share the
 * folder, on one machine or by a mount.
 */
export interface ShownStore {
  /** Hours that have frames of a scope, `from` ≤ hour ≤ `to`, ascending. */
  instants(scope: string, from: number, to: number): Promise<number[]>;
  /** The first hour of which there are frames. */
  first(scope: string): Promise<number | undefined>;
  /** The hour whose frames are those of the hour (of a town: of the day) in which `at` lies. */
  find(scope: string, at: number): Promise<number | undefined>;
  /** The frames of an hour; undefined if there are none, or the file is damaged, which is logged. */
  read(scope: string, hour: number): Promise<ShownFrames | undefined>;
  /** @returns whether they were written; false if there are frames of this hour */
  write(scope: string, hour: number, content: Buffer): Promise<boolean>;
  /** Removes what is older than 400 days, and what crashed writers have left behind. @returns how many frames were removed */
  prune(scopes: readonly string[]): Promise<number>;
}

/** @param filesDir `FILES_DIR` */
export function createShownStore(filesDir: string, log: Pick<BaseLogger, 'error'>): ShownStore {
  const root = join(filesDir, 'shown');
  const pathOf = (scope: string, hour: number) => join(root, scope, monthName(hour), `${hourName(hour)}${ENDING}`);

  async function hoursIn(scope: string, month: string): Promise<number[]> {
    const names = (await orMissing(readdir(join(root, scope, month)))) ?? [];
    return names
      .flatMap((name) => (name.endsWith(ENDING) ? (hourOfName(name.slice(0, -ENDING.length)) ?? []) : []))
      .sort((a, b) => a - b);
  }
  /** Ascending. */
  async function monthsOf(scope: string): Promise<string[]> {
    const entries = await entriesOf(join(root, scope));
    return entries.flatMap(({ name }) => (MONTH.test(name) ? [name] : [])).sort();
  }

  async function instants(scope: string, from: number, to: number): Promise<number[]> {
    if (!isDivisionCode(scope)) return [];
    const there = new Set(await monthsOf(scope));
    const hours: number[] = [];
    for (const month of monthsBetween(from, to)) if (there.has(month)) hours.push(...(await hoursIn(scope, month)));
    return hours.filter((hour) => hour >= from && hour <= to);
  }

  async function pruneScope(scope: string): Promise<number> {
    const months = await monthsOf(scope);
    const newest: number[] = [];
    for (const month of [...months].reverse()) {
      newest.push(...(await hoursIn(scope, month)));
      // Two months more than are needed: of a town, 24 frames are 24 days.
      if (newest.length >= 64) break;
    }
    const before = removedBefore(newest);
    let removed = 0;
    for (const month of months.filter((name) => name <= monthNameOr(before))) {
      for (const hour of await hoursIn(scope, month)) {
        if (hour >= before) continue;
        await rm(pathOf(scope, hour), { force: true });
        removed++;
      }
      // Only an empty folder goes.
      await rmdir(join(root, scope, month)).catch(() => undefined);
    }
    return removed;
  }

  return {
    instants,
    async first(scope) {
      for (const month of isDivisionCode(scope) ? await monthsOf(scope) : []) {
        const [hour] = await hoursIn(scope, month);
        if (hour !== undefined) return hour;
      }
      return undefined;
    },
    async find(scope, at) {
      const slot = slotOf(scope, at);
      return (await instants(scope, slot, slot + slotMs(scope) - 1))[0];
    },
    async read(scope, hour) {
      const path = pathOf(scope, hour);
      const bytes = await orMissing(readFile(path));
      if (!bytes) return undefined;
      try {
        return await decodeShown(bytes);
      } catch (error) {
        log.error({ error, path }, 'kept frames: a file cannot be read; its hour counts as missing');
        return undefined;
      }
    },
    write: (scope, hour, content) => writeOnce(root, pathOf(scope, hour), content),
    async prune(scopes) {
      await removeDrafts(join(root, UNFINISHED));
      let removed = 0;
      for (const scope of scopes) removed += await pruneScope(scope);
      return removed;
    },
  };
}

const monthNameOr = (ms: number): string => (ms === -Infinity ? '' : monthName(ms));

async function removeDrafts(folder: string): Promise<void> {
  for (const { name } of await entriesOf(folder)) {
    const path = join(folder, name);
    const found = await orMissing(stat(path));
    if (found && Date.now() - found.mtimeMs > DAY_MS) await rm(path, { force: true });
  }
}
