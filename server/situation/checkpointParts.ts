import { CHUNK } from '../lists/store.ts';
import type { CheckpointParts } from '../streams/feed/checkpointer.ts';
import type { Situation } from './situation.ts';

/** A situation as blobs: chunks of its alert table, buckets of its cube. */
export function checkpointParts({ table, cube }: Situation): CheckpointParts {
  return {
    chunks: Math.ceil(table.size / CHUNK),
    table: {
      // Ascending: a chunk is never in the store before those that it follows.
      dirty: () =>
        table
          .dirtyChunks()
          .sort((a, b) => a - b)
          .map(String),
      gone: () => [],
      encode: (id) => table.encodeChunk(Number(id)),
      markClean: (id) => table.markClean(Number(id)),
    },
    buckets: {
      dirty: () => cube.dirtyBuckets(),
      gone: () => cube.removedBuckets(),
      encode: (id) => encodeIfThere(() => cube.encodeBucket(id)),
      markClean: (id) => cube.markClean(id),
    },
  };
}

/** A bucket can expire between two parts; then there is nothing to write. */
function encodeIfThere(encode: () => Buffer): Buffer | undefined {
  try {
    return encode();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
