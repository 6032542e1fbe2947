/** How long texts may be, in characters; apart from the schemas, so that a page does not carry these. */

/** No string in an event may be longer (contract §1). */
export const MAX_STRING = 500;
/** A note of a case is the one text that may be longer than MAX_STRING. */
export const MAX_NOTE = 2_000;
