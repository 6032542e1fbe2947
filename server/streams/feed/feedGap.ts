import type { StreamEntry } from '../entries.ts';

/** Thrown when the feed does not go on where we are: trimmed, or lost in a failover. Then all is read anew. */
export class FeedGap extends Error {}

/**
 * Thrown when an entry cannot be read, since a process of another version of the program writes the feed: all is read anew, but not
 * for each of its entries.
 */
export class UnreadableEntry extends FeedGap {}

/** @throws FeedGap if an entry does not follow on `position` */
export function assertFollows(entry: StreamEntry, position: string): void {
  if (entry.previous !== position) throw new FeedGap(`feed goes on after ${entry.previous}, not after ${position}`);
}
