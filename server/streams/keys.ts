import { declareRegionKeys } from '../platform/redis/keys.ts';

/** The keys that intake, counting and feed share. */
export const streamKeys = declareRegionKeys('streams', {
  /** Stream of accepted events not yet counted; field `c`: a chunk (intake/chunk.ts). */
  events: 'events',
  /** Stream of changes, the feed that every server process follows; fields `c` (aggregations/change.ts) and `p`, the id of the entry before. */
  changes: 'changes',
  /** Hash alertId → document (alerts/document.ts). */
  alerts: 'alerts',
  /** Hash: `offset` (last counted entry of `events`), `accepted`, `counted`, `duplicates`, `change` (newest entry of `changes`), `rules` (counting/refoldSweep.ts), `box` (counting/noteBox.ts). */
  meta: 'meta',
  /** Sorted set of the marks of alerts that take no more events (fullAlerts.ts), in the order in which they were made. */
  full: 'full',
  /** Fencing token of the worker that may count; expires when it no longer renews. */
  lease: 'lease',
  /** Counter from which fencing tokens come. */
  fence: 'fence',
});
