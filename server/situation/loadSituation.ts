import { setTimeout as sleep } from 'node:timers/promises';
import type { RegionPack } from '../../contract/region.ts';
import type { RulesBook } from '../region/rulesBook.ts';
import { ChangeVersionError, decodeChange } from '../aggregations/change.ts';
import { IncrementSum } from '../aggregations/contributions.ts';
import type { Monitored } from './monitored.ts';
import { Situation } from './situation.ts';
import { toRow, type AlertRow, type RegionRow } from '../alerts/row.ts';
import { CHUNK } from '../lists/store.ts';
import { knownFrom } from '../streams/counting/foldBatch.ts';
import { assertFollows, FeedGap, UnreadableEntry } from '../streams/feed/feedGap.ts';
import type { Loaded, Source } from '../streams/feed/follower.ts';
import type { RegionStreams } from '../streams/regionStreams.ts';
import { compareStreamIds } from '../streams/streamIds.ts';
import type { Log } from '../streams/telemetry.ts';

const RETRY_MS = 500;
const AT_ONCE = 64;
/** A checkpoint can change while it is read, but not again and again. */
const LOAD_ATTEMPTS = 10;
const LEASE_MS = 10_000;
const RENEW_MS = LEASE_MS / 4;

export interface LoadParts {
  streams: RegionStreams;
  pack: RegionPack;
  rules: RulesBook;
  now: () => number;
  log: Log;
  /** What is watched in the region, for its frames. */
  monitored?: Monitored | undefined;
}

/** A part of a checkpoint, or an entry of the feed after it, that this program cannot read; `cause` says why. */
class UselessBlob extends Error {}

function useBlob(load: () => void): void {
  try {
    load();
  } catch (error) {
    throw new UselessBlob('a blob of the checkpoint cannot be read', { cause: error });
  }
}

/** How the situation of a region is loaded and follows the feed. */
export function situationSource(parts: LoadParts): Source<Situation, RegionRow> {
  return {
    empty: () => new Situation(parts.pack, parts.monitored),
    async load(from) {
      let loaded = from === 'checkpoint' ? await loadCheckpoint(parts) : undefined;
      while (!loaded) loaded = (await loadDocuments(parts)) ?? (await loadCheckpoint(parts));
      return loaded;
    },
    apply(situation, payload, feedId, now) {
      try {
        return situation.apply(decodeChange(payload), feedId, now);
      } catch (error) {
        // Another version of the program counts: what it has counted is computed from the documents.
        if (error instanceof ChangeVersionError) throw new UnreadableEntry(error.message);
        throw error;
      }
    },
  };
}

/** The situation from the checkpoint and the feed after it; undefined if the checkpoint is of no use. */
export async function loadCheckpoint(parts: LoadParts): Promise<Loaded<Situation> | undefined> {
  const { streams, pack, log, now, monitored } = parts;
  for (let attempt = 1; attempt <= LOAD_ATTEMPTS; attempt++) {
    const stored = await streams.checkpoint.read();
    const { position, chunks } = stored ?? { position: '0-0', chunks: 0 };
    const loaded: Loaded<Situation> = { situation: new Situation(pack, monitored), position, applied: 0 };
    const { table, cube } = loaded.situation;
    try {
      for await (const [id, blob] of streams.checkpoint.readBlobs('table'))
        useBlob(() => table.loadChunk(Number(id), blob));
      for await (const [id, blob] of streams.checkpoint.readBlobs('buckets')) useBlob(() => cube.loadBucket(id, blob));
      if (table.size <= (chunks - 1) * CHUNK)
        throw new UselessBlob('chunks of alerts are missing', { cause: `${chunks} expected` });
      loaded.situation.settle(now());
      const { change } = await streams.progress.read();
      await catchUp(loaded, streams, now);
      // An empty feed after no checkpoint looks like a region without alerts; the newest entry says otherwise.
      if (compareStreamIds(loaded.position, change) < 0)
        throw new UselessBlob('the checkpoint ends before the feed begins', {
          cause: `${loaded.position} before ${change}`,
        });
      return loaded;
    } catch (error) {
      if (error instanceof UselessBlob) {
        if (stored)
          log.error(
            { region: pack.code, error: error.cause },
            'follower: the checkpoint cannot be read (damaged, or of another version)',
          );
        else log.info({ region: pack.code }, 'follower: there is no checkpoint yet, the documents are read');
        return undefined;
      }
      if (!(error instanceof FeedGap)) throw error;
      // It does not go on from the beginning: only the documents tell what was before.
      if (!stored) return undefined;
      log.warn(
        { region: pack.code, reason: error.message },
        'follower: the checkpoint changed while it was read, once more',
      );
      await sleep(RETRY_MS);
    }
  }
  return undefined;
}

async function catchUp(loaded: Loaded<Situation>, streams: RegionStreams, now: () => number): Promise<void> {
  for (;;) {
    const entries = await streams.readChanges(loaded.position, AT_ONCE);
    if (!entries.length) return;
    for (const entry of entries) {
      assertFollows(entry, loaded.position);
      useBlob(() => loaded.situation.apply(decodeChange(entry.payload), entry.id, now()));
      loaded.position = entry.id;
      loaded.applied += entry.payload.length;
    }
  }
}

/**
 * The situation from the documents, which are the truth: slow, but it needs nothing else. Counting rests meanwhile,
 * because a document that changed during the reading would be counted again by its feed entry. One process does it at a
 * time: two would take the lease from each other.
 * @returns undefined if another process did it while this one waited: what that one has written may now do
 */
export async function loadDocuments(parts: LoadParts): Promise<Loaded<Situation> | undefined> {
  const { streams, pack, log } = parts;
  const { lease, rebuildLock } = streams;
  const lock = await rebuildLock.take(undefined, LEASE_MS);
  if (lock === undefined) {
    while (await rebuildLock.taken()) await sleep(RETRY_MS);
    return undefined;
  }
  log.warn(
    { region: pack.code },
    'follower: everything is computed from the documents; counting rests until that is done',
  );
  const token = await lease.take(undefined, LEASE_MS, true);
  if (token === undefined) throw new Error(`the lease of region ${pack.code} could not be taken`);
  const renew = () => Promise.all([rebuildLock.take(lock, LEASE_MS), lease.take(token, LEASE_MS)]);
  const renewal = setInterval(() => void renew().catch(() => undefined), RENEW_MS);
  try {
    const loaded = await computeFromDocuments(parts, token);
    const held = await renew();
    if (held[1] !== token)
      throw new Error(`the lease of region ${pack.code} was lost while everything was computed from the documents`);
    return loaded;
  } finally {
    clearInterval(renewal);
    await lease.release(token).catch(() => undefined);
    await rebuildLock.release(lock).catch(() => undefined);
  }
}

async function computeFromDocuments(parts: LoadParts, token: string): Promise<Loaded<Situation>> {
  const { streams, pack, now, monitored } = parts;
  const position = (await streams.progress.read()).change;
  // First, so that nobody ever adds the old feed to what is computed here.
  await streams.checkpoint.drop(token, position);
  const situation = new Situation(pack, monitored);
  const rules = parts.rules(pack);
  // A scan may show a document twice: its increments must not come twice.
  const seen = new Set<string>();
  for await (const part of streams.documents.scan()) {
    const sum = new IncrementSum();
    const rows: AlertRow[] = [];
    for (const [alertId, document] of part) {
      if (seen.has(alertId)) continue;
      seen.add(alertId);
      const { state } = knownFrom(alertId, document, rules);
      if (!state) continue;
      sum.add(state, 1);
      rows.push(toRow(state));
    }
    situation.apply({ rows, increments: sum.take() }, undefined, now());
  }
  // Not nothing: no checkpoint has any of this yet.
  return { situation, position, applied: seen.size };
}
