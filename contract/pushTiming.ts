/** Constants of push (contract §5), apart from the schemas so that a page can use them without a schema library. */

/** Socket.IO namespace. */
export const WALL_NAMESPACE = '/wall';
/** A beat comes this often in any case. */
export const BEAT_MS = 2_000;
/** A screen that hears nothing for this long must say so (invariant 6). */
export const SILENCE_MS = 6_000;
/** `alert` carries at most this many briefs a tick and scope. */
export const MAX_ALERT_BRIEFS = 20;
