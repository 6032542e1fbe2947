import { declareRegionKeys } from '../../platform/redis/keys.ts';

export const feedKeys = declareRegionKeys('streams/feed', {
  /** Hash bucket id → checkpoint blob of that bucket of the cube. */
  buckets: 'buckets',
  /** Hash chunk number → checkpoint blob of that chunk of the alert table. */
  table: 'table',
  /** Entry of the feed up to which the checkpoint is complete, and the number of chunks in `table`. */
  checkpoint: 'checkpoint',
  /** Token of the process that computes everything from the documents; expires when it no longer renews. */
  rebuildLock: 'turn',
});
