import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { streamKeys } from '../keys.ts';
import { nextId } from '../streamIds.ts';
import { LeaseLost } from '../worker/lease.ts';
import { feedKeys } from './keys.ts';

const writeBlobs = loadScript('server/streams/feed/scripts/writeBlobs.lua');
const seal = loadScript('server/streams/feed/scripts/seal.lua');
const dropCheckpoint = loadScript('server/streams/feed/scripts/dropCheckpoint.lua');

/** Blobs of a checkpoint that are read together in one answer: a few low megabytes, so Redis is never held for long. */
const READ_AT_ONCE = 64;

/** The end of the feed was lost in a failover: what was made of it must not be stored. */
export class FeedTakenBack extends Error {}

/** Who writes a checkpoint: its fencing token, and the feed entry that it has seen last, on which everything it writes rests. */
export interface Writer {
  token: string;
  seen: string;
}

/** `position`: feed entry up to which all blobs are complete; `chunks`: how many chunks of the alert table there are. */
export interface Checkpoint {
  position: string;
  chunks: number;
}

/** What a checkpoint consists of: buckets of the cube, chunks of the alert table. */
export type BlobKind = 'buckets' | 'table';

/** The checkpoint of a region: what its situation was at an entry of the feed. */
export interface CheckpointStore {
  read(): Promise<Checkpoint | undefined>;
  /** Chunks of the table in order; buckets in none. */
  readBlobs(kind: BlobKind): AsyncIterable<[id: string, blob: Buffer]>;
  /** Writes blobs and removes those of the ids in `gone`. @throws LeaseLost, FeedTakenBack */
  writeBlobs(writer: Writer, kind: BlobKind, blobs: [id: string, blob: Buffer][], gone: string[]): Promise<void>;
  /** Ends a checkpoint, and trims the feed below `trimBelow` ('' to keep all). @throws LeaseLost, FeedTakenBack */
  seal(writer: Writer, checkpoint: Checkpoint, trimBelow: string): Promise<void>;
  /** Removes the checkpoint and the feed up to `position`. @throws LeaseLost */
  drop(token: string, position: string): Promise<void>;
}

export function createCheckpointStore(redis: RedisClient, region: string): CheckpointStore {
  const shared = streamKeys(region);
  const keys = feedKeys(region);
  const check = (answer: unknown) => {
    if (answer === -1) throw new LeaseLost(`lease of ${region} is lost`);
    if (answer === -2) throw new FeedTakenBack(`the feed of ${region} no longer holds what this process has seen`);
  };
  return {
    async read() {
      const [position, chunks] = ((await redis.get(keys.checkpoint)) ?? '').split(' ');
      return position ? { position, chunks: Number(chunks ?? 0) } : undefined;
    },
    async *readBlobs(kind) {
      const ids = await redis.hkeys(keys[kind]);
      // Chunks follow each other; of buckets any order will do.
      if (kind === 'table') ids.sort((a, b) => Number(a) - Number(b));
      for (let i = 0; i < ids.length; i += READ_AT_ONCE) {
        const part = ids.slice(i, i + READ_AT_ONCE);
        const blobs = await redis.hmgetBuffer(keys[kind], ...part);
        for (let j = 0; j < part.length; j++) {
          const blob = blobs[j];
          if (blob) yield [part[j]!, blob];
        }
      }
    },
    async writeBlobs({ token, seen }, kind, blobs, gone) {
      const args: (string | number | Buffer)[] = [token, seen, gone.length, ...gone];
      for (const [id, blob] of blobs) args.push(id, blob);
      check(await runScript(redis, writeBlobs, [shared.lease, keys[kind], shared.meta, shared.changes], args));
    },
    async seal({ token, seen }, { position, chunks }, trimBelow) {
      const named = [shared.lease, keys.checkpoint, shared.changes, shared.meta];
      check(await runScript(redis, seal, named, [token, seen, `${position} ${chunks}`, trimBelow]));
    },
    async drop(token, position) {
      const named = [shared.lease, keys.checkpoint, keys.buckets, keys.table, shared.changes];
      check(await runScript(redis, dropCheckpoint, named, [token, nextId(position)]));
    },
  };
}
