/** Rejected events may have no region, so dead letters have a hash tag of their own. */
export const DEAD_LETTER_KEYS = {
  /** Hash letter id → letter as JSON. */
  letters: '{dead-letters}:letters',
  /** Sorted set of letter ids by sequence. */
  order: '{dead-letters}:order',
  /** Counter of letters. */
  sequence: '{dead-letters}:sequence',
  /** How many bytes the letters have. */
  bytes: '{dead-letters}:bytes',
} as const;
