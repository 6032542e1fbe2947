import type { BaseLogger } from 'pino';
import { isUpper } from '../../../common/divisions.ts';
import { DAY_MS } from '../../../common/regionTime.ts';
import type { StoredEvent } from '../../alerts/state.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import type { Region, Regions } from '../../region/region.ts';
import { allCounted } from '../clock/allCounted.ts';
import { digestOf, type AttachmentStore } from './attachmentStore.ts';

/** An upload that nothing has named is forgotten after so long, ms. */
export const UNNAMED_MS = DAY_MS;
/** Nobody writes a file for so long without a byte: bodies that stop coming are given up far earlier, ms. */
export const LEFTOVER_MS = 10 * 60_000;
const AT_ONCE = 200;
/** Counting may be late; then all waits for the next time, ms. */
const PATIENCE_MS = 10_000;

interface SweepParts {
  redis: RedisClient;
  regions: Regions;
  store: (region: string) => AttachmentStore;
  log: Pick<BaseLogger, 'info' | 'warn'>;
  /** Epoch ms. */
  now: () => number;
  /** Aborts when the process stops: what is left waits for the next time. */
  signal: AbortSignal;
}

/** Removes what crashed processes have half written, and uploads that no action has named for a day. Several processes may do it at once. */
export async function sweepFiles(parts: SweepParts): Promise<void> {
  for (const region of parts.regions.list()) {
    if (isUpper(region.pack) || parts.signal.aborted) continue;
    try {
      const store = parts.store(region.code);
      const halves = await store.files.removeLeftovers(LEFTOVER_MS);
      const forgotten = await sweepRegion(region, store, parts);
      if (halves + forgotten > 0)
        parts.log.info({ region: region.code, halves, forgotten }, 'attachments: removed what nobody has named');
    } catch (error) {
      if (!parts.signal.aborted)
        parts.log.warn({ error, region: region.code }, 'attachments: could not be swept; it is tried again');
    }
  }
}

async function sweepRegion(
  region: Region,
  store: AttachmentStore,
  { redis, now, signal }: SweepParts,
): Promise<number> {
  const before = now() - UNNAMED_MS;
  const waiting = await store.waitingSince(before, AT_ONCE);
  if (!waiting.length) return 0;
  // An event that names it may be accepted and not counted yet.
  await allCounted(redis, region.code, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
  let forgotten = 0;
  for (const one of waiting) {
    const events = await region.events(one.alertId);
    // An alert that is not there at all may be on its way back: a region that is built anew.
    if (events && (await store.settle(one, before, namesFile(events, digestOf(one.digest))))) forgotten++;
  }
  return forgotten;
}

const namesFile = (events: readonly StoredEvent[], digest: string) =>
  events.some(({ data }) =>
    (data as { attachments?: { digest: string }[] }).attachments?.some((file) => file.digest === digest),
  );
