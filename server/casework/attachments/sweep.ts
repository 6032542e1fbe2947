import type { BaseLogger } from 'pino';
import { isUpper } from '../../../common/divisions.ts';
import { DAY_MS } from '../../../common/regionTime.ts';
import type { StoredEvent } from '../../alerts/state.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import type { Region, Regions } from '../../region/region.ts';
import { allCounted } from '../clock/allCounted.ts';
import { digestOf, type AttachmentStore, type Waiting } from './attachmentStore.ts';

/** An upload that nothing has named is forgotten after so long, ms. */
export const UNNAMED_MS = DAY_MS;
/** Nobody writes a file for so long without a byte: bodies that stop coming are given up far earlier, ms. */
export const LEFTOVER_MS = 10 * 60_000;
const AT_ONCE = 200;
/** Counting may be late; then all waits for the next time, ms. */
const PATIENCE_MS = 10_000;

export interface SweepParts {
  regions: Regions;
  log: Pick<BaseLogger, 'info' | 'warn'>;
  /** Epoch ms. */
  now: () => number;
  /** Aborts when the process stops: what is left waits for the next time. */
  signal: AbortSignal;
}
/** What is swept of a region: its files, and how those whose waiting may end are looked at. */
export interface Swept {
  store: (region: string) => AttachmentStore;
  /** Whether a file stays, as something has named it; undefined where that cannot be told now. */
  isNamed: (region: Region, waiting: Waiting) => Promise<boolean | undefined>;
  /** Waited for before any is looked at. */
  ready?: (region: Region) => Promise<void>;
  /** As the log calls them, and what it says of those that went. */
  says: { what: string; removed: string };
}

/** Removes what crashed processes have half written, and what has waited for a day. Several processes may do it at once. */
export async function sweep({ store: storeOf, isNamed, ready, says }: Swept, parts: SweepParts): Promise<void> {
  const { regions, log, now, signal } = parts;
  for (const region of regions.list()) {
    if (isUpper(region.pack) || signal.aborted) continue;
    const { code } = region;
    try {
      const store = storeOf(code);
      const halves = await store.files.removeLeftovers(LEFTOVER_MS);
      const before = now() - UNNAMED_MS;
      const waiting = await store.waitingSince(before, AT_ONCE);
      if (waiting.length > 0) await ready?.(region);
      let forgotten = 0;
      for (const one of waiting) {
        const named = await isNamed(region, one);
        if (named !== undefined && (await store.settle(one, before, named))) forgotten++;
      }
      if (halves + forgotten > 0) log.info({ region: code, halves, forgotten }, `${says.what}: ${says.removed}`);
    } catch (error) {
      if (!signal.aborted) log.warn({ error, region: code }, `${says.what}: could not be swept; it is tried again`);
    }
  }
}

/** Sweeps the files of alerts: those that no action has named go. */
export function sweepFiles(
  { redis, store }: { redis: RedisClient; store: Swept['store'] },
  parts: SweepParts,
): Promise<void> {
  return sweep(
    {
      store,
      says: { what: 'attachments', removed: 'removed what nobody has named' },
      // An event that names it may be accepted and not counted yet.
      ready: ({ code }) => allCounted(redis, code, AbortSignal.any([parts.signal, AbortSignal.timeout(PATIENCE_MS)])),
      async isNamed(region, { alertId, digest }) {
        const events = await region.events(alertId);
        // An alert that is not there at all may be on its way back: a region that is built anew.
        return events && namesFile(events, digestOf(digest));
      },
    },
    parts,
  );
}

const namesFile = (events: readonly StoredEvent[], digest: string) =>
  events.some(({ data }) =>
    (data as { attachments?: { digest: string }[] }).attachments?.some((file) => file.digest === digest),
  );
