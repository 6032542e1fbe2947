/** What a try to send has come to. */
export type Outcome =
  | { kind: 'delivered' }
  /** The platform takes others, but not this one. */
  | { kind: 'refused'; problem: string }
  /** It takes nothing now. `retryAfterMs`: it has said for how long. */
  | { kind: 'down'; problem: string; retryAfterMs?: number }
  /** It wants nothing any more (410). */
  | { kind: 'gone'; problem: string };

/** What goes to a platform. */
export interface Message {
  /** Id of the event. */
  id: string;
  /** Tells the event from all others, whoever has made it: the same again is the same event. */
  key: string;
  alertId: string;
  /** A CloudEvent as JSON. */
  body: string;
}
