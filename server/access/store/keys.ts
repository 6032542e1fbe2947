/** Who is let in, and what they did: of no region, so with a hash tag of its own. Names and secrets occur as digests only. */
export const ACCESS_KEYS = {
  /** Hash `kind:id` → record as JSON (access/records.ts), `name:kind:digest` → id (a name is one's alone), `state:closed`. */
  records: '{access}:records',
  /** Stream of changed fields and of signals, which every process follows; fields `n` (a counter without gaps), `f`, `s`. */
  changes: '{access}:changes',
  /** The newest `n`. */
  counter: '{access}:counter',
  /** Stream of what was done: `e` the entry, `d` a digest of it, its id and the digest before (trail/scripts/append.lua). */
  trail: '{access}:trail',
  trailState: '{access}:trail-state',
  /** Hash id of an entry → how often the same has happened again. */
  trailRepeats: '{access}:trail-repeats',
  /** Prefix of what of strangers is counted on one entry; ends by itself. */
  trailStrangers: '{access}:trail-strangers:',
  /** The newest digest of a trail of the version before, and the new one while it is copied (trail/upgradeTrail.ts). */
  trailHead: '{access}:trail-head',
  trailNext: '{access}:trail-next',
  trailNextState: '{access}:trail-next-state',
  /** What cursors are signed with. */
  cursorKey: '{access}:cursor-key',
  /** Hash display id → its last status, as JSON. */
  statuses: '{access}:heard',
  /** Prefixes of keys that end by themselves; what follows is an id, a code or a digest. */
  online: '{access}:online:',
  pairing: '{access}:pairing:',
  oidc: '{access}:oidc:',
  /** The clerk who is signed in at a display, as JSON; its id follows. */
  clerk: '{access}:clerk:',
  attempts: '{access}:attempts:',
  /** Digest of a network, or of a name and a network, from which somebody has signed in lately. */
  known: '{access}:known:',
} as const;
