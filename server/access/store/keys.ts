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
