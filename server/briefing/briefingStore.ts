import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { BaseLogger } from 'pino';
import type { Briefing } from '../../contract/briefings.ts';
import { MAX_BRIEFINGS } from '../../contract/briefingLimits.ts';
import { regionOfCode } from '../../common/divisions.ts';
import { DAY_MS } from '../../common/regionTime.ts';
import type { FileStore } from '../platform/files/fileStore.ts';
import type { RedisClient } from '../platform/redis/connect.ts';
import { loadScript, runScript } from '../platform/redis/script.ts';
import type { Frozen } from './freeze.ts';
import { decodeFrozen, encodeFrozen } from './frozenFile.ts';

export const BRIEFINGS_TAG = 'briefings';
/** Hash id → record as JSON, by region. */
const keyOf = (region: string) => `{${BRIEFINGS_TAG}}:${region}`;
const ADD = loadScript('server/briefing/scripts/add.lua');

/**
 * Kept briefings. What is frozen is a file that nobody changes, on the disk before its record is there: what is listed is whole. The
 * record holds what may change (title, pages), in Redis.
 */
export interface BriefingStore {
  /** Of one region and its towns, newest first. */
  list(region: string): Promise<Briefing[]>;
  find(region: string, id: string): Promise<Briefing | undefined>;
  /**
   * @returns the record; undefined if the region has as many as it may
   * @throws HttpProblem 507 if the disk is full
   */
  add(record: Omit<Briefing, 'id' | 'digest' | 'bytes'>, frozen: Frozen): Promise<Briefing | undefined>;
  /** @returns false if it has been removed meanwhile */
  change(record: Briefing): Promise<boolean>;
  remove(record: Briefing): Promise<void>;
  /** What is frozen; undefined if its file is gone or damaged, which is logged. */
  read(record: Briefing): Promise<Frozen | undefined>;
  /** Removes what writers that were killed have left behind: unfinished files, and files that no record names. @returns how many */
  tidy(regions: readonly string[]): Promise<number>;
}

export function createBriefingStore(
  redis: RedisClient,
  files: FileStore,
  log: Pick<BaseLogger, 'error'>,
): BriefingStore {
  async function list(region: string): Promise<Briefing[]> {
    const records = (await redis.hvals(keyOf(region))).map((text) => JSON.parse(text) as Briefing);
    return records.sort((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1));
  }
  const find = async (region: string, id: string) => {
    const text = await redis.hget(keyOf(region), id);
    return text === null ? undefined : (JSON.parse(text) as Briefing);
  };

  return {
    list,
    find,
    async add(record, frozen) {
      const region = regionOfCode(record.scope);
      const id = `${region}-${randomBytes(9).toString('hex')}`;
      const file = await files.put(await encodeFrozen(id, frozen));
      const briefing: Briefing = { ...record, id, ...file };
      let kept = false;
      try {
        kept = (await runScript(redis, ADD, [keyOf(region)], [id, JSON.stringify(briefing), MAX_BRIEFINGS])) === 1;
      } catch (error) {
        // Where it is not known whether it was written, the file stays; `tidy` looks at it later.
        log.error({ error, id }, 'briefings: a record could not be written');
        throw error;
      }
      if (!kept) await files.remove(file.digest);
      return kept ? briefing : undefined;
    },
    async change(record) {
      const region = regionOfCode(record.scope);
      if (!(await find(region, record.id))) return false;
      await redis.hset(keyOf(region), record.id, JSON.stringify(record));
      return true;
    },
    async remove({ scope, id, digest }) {
      await redis.hdel(keyOf(regionOfCode(scope)), id);
      await files.remove(digest);
    },
    async read({ id, digest }) {
      try {
        const file = await files.read(digest);
        if (!file) throw new Error('there is no such file in FILES_DIR');
        return await decodeFrozen(await buffer(file), digest);
      } catch (error) {
        log.error({ error, id, digest }, 'briefings: what was frozen cannot be read');
        return undefined;
      }
    },
    async tidy(regions) {
      let removed = await files.removeLeftovers(DAY_MS);
      // Records are read last: a file that has just got its own is never taken for one without.
      const there: string[] = [];
      for await (const { digest } of files.list()) there.push(digest);
      const known = new Set<string>();
      for (const region of regions) for (const { digest } of await list(region)) known.add(digest);
      for (const digest of there) {
        const at = known.has(digest) ? undefined : await files.writtenAt(digest);
        if (at === undefined || Date.now() - at < DAY_MS) continue;
        await files.remove(digest);
        removed++;
      }
      return removed;
    },
  };
}
