/**
 * Every key name of the program. All keys of a region carry its hash tag, so that a region lives on one
 * slot of a Redis Cluster and one script may touch all of them (invariant 4).
 */
export interface RegionKeys {
  region: string;
  /** Stream of accepted events not yet counted; field `c`: a chunk (streams/chunk.ts). */
  events: string;
  /** Stream of changes, the feed that every server process follows; fields `c` (aggregations/change.ts) and `p`, the id of the entry before. */
  changes: string;
  /** Hash alertId → document (alerts/document.ts). */
  alerts: string;
  /** Hash: `offset` (last counted entry of `events`), `accepted`, `counted`, `duplicates`, `change` (newest entry of `changes`). */
  meta: string;
  /** Fencing token of the worker that may commit; expires when it no longer renews. */
  lease: string;
  /** Counter from which fencing tokens come. */
  fence: string;
  /** Token of the process that computes everything from the documents; expires when it no longer renews. */
  turn: string;
  /** Prefix of the hashes that hold the digests of all counted (source, id); the bucket number follows. */
  seen: string;
  /** Hash bucket id → checkpoint blob of that bucket of the cube. */
  buckets: string;
  /** Hash chunk number → checkpoint blob of that chunk of the alert table. */
  table: string;
  /** Entry of `changes` up to which the checkpoint is complete, and the number of chunks in `table`. */
  checkpoint: string;
}

export function regionKeys(region: string): RegionKeys {
  const key = (name: string) => `{${region}}:${name}`;
  return {
    region,
    events: key('events'),
    changes: key('changes'),
    alerts: key('alerts'),
    meta: key('meta'),
    lease: key('lease'),
    fence: key('fence'),
    turn: key('turn'),
    seen: key('seen:'),
    buckets: key('buckets'),
    table: key('table'),
    checkpoint: key('checkpoint'),
  };
}
