import type { BackupKeys } from '../platform/backup/keys.ts';
import { isRegionCode } from '../../common/divisions.ts';
import { streamKeys } from './keys.ts';
import { observationKeys } from './observations/keys.ts';
import { createLease } from './worker/lease.ts';

const TTL_MS = 10_000;

/**
 * The keys of all regions. Nobody counts while they are copied, because the backup holds their leases; events are accepted
 * meanwhile, and those in the stream at one moment are copied with the counts of that moment.
 */
export const regionBackup: BackupKeys = {
  owns: isRegionCode,
  together: (tag) => ({
    hashes: [streamKeys(tag).meta, observationKeys(tag).meta],
    streams: [streamKeys(tag).events, observationKeys(tag).observations],
  }),
  whileQuiet: whileLeased(streamKeys),
};

/** Holds a lease of each region while something is copied, so that nobody writes under it. @param keysOf those of the lease */
export function whileLeased(
  keysOf: (region: string) => { lease: string; fence: string },
): NonNullable<BackupKeys['whileQuiet']> {
  return async (redis, regions, work) => {
    const held: { region: string; token: string; renew(): Promise<boolean>; release(): Promise<void> }[] = [];
    let renewing: NodeJS.Timeout | undefined;
    try {
      for (const region of regions) {
        const lease = createLease(redis, keysOf(region));
        const token = await lease.take(undefined, TTL_MS, true);
        if (token === undefined) throw new Error(`the lease of region ${region} could not be taken`);
        held.push({
          region,
          token,
          renew: async () => (await lease.take(token, TTL_MS)) === token,
          release: () => lease.release(token),
        });
      }
      renewing = setInterval(() => {
        for (const { renew } of held) renew().catch(() => undefined);
      }, TTL_MS / 4);
      const result = await work();
      for (const { region, renew } of held)
        if (!(await renew()))
          throw new Error(
            `region ${region} was counted while it was copied, so the copy does not fit together: try again`,
          );
      return result;
    } finally {
      clearInterval(renewing);
      for (const { release } of held) await release().catch(() => undefined);
    }
  };
}
