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
  /** Of what it tells; of a message that tells several, the first one and how many more. */
  alertId: string;
  /** It says that the alert went elsewhere. */
  away?: true;
  /** Of a message that tells several: all of them. */
  alerts?: readonly string[];
  /** What is sent in order: of an event its alert, where it is not given. */
  lane?: string;
  /** A CloudEvent as JSON; of a message what it tells, which gets its words as it is sent. */
  body: string;
}
