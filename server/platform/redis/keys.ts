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

/** Rejected events may have no region, so dead letters have a hash tag of their own. */
export const DEAD_LETTER_KEYS = {
  /** Hash letter id → letter as JSON. */
  letters: '{dead-letters}:letters',
  /** Sorted set of letter ids by sequence. */
  order: '{dead-letters}:order',
  /** Counter of letters. */
  sequence: '{dead-letters}:sequence',
} as const;

/** Who is let in, and what they did: of no region, so with a hash tag of its own. Names and secrets occur as digests only. */
export const ACCESS_KEYS = {
  /** Hash `kind:id` → record as JSON (access/records.ts), `name:kind:digest` → id (a name is one's alone), `state:closed`. */
  records: '{access}:records',
  /** Stream of changed fields and of signals, which every process follows; fields `n` (a counter without gaps), `f`, `s`. */
  changes: '{access}:changes',
  /** The newest `n`. */
  counter: '{access}:counter',
  /** Stream of what was done, each entry with the digest of it and of the one before; and the newest digest. */
  trail: '{access}:trail',
  trailHead: '{access}:trail-head',
  /** Hash display id → what was last heard of it, as JSON. */
  heard: '{access}:heard',
  /** Prefixes of keys that end by themselves; what follows is an id, a code or a digest. */
  online: '{access}:online:',
  pairing: '{access}:pairing:',
  oidc: '{access}:oidc:',
  attempts: '{access}:attempts:',
} as const;
