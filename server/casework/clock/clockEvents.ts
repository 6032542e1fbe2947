import type { StreamEntry } from '../../streams/entries.ts';
import { feedRows } from '../../streams/feed/feedRows.ts';

/** An entry of the feed; its alerts follow. */
export interface Fed {
  kind: 'fed';
  id: string;
  previous: string;
  /** Another version has written it. */
  unreadable?: true;
}

/** What is to be done about an alert. */
export type AlertLook =
  /** It is no open case, whatever its document says. */
  | { kind: 'gone'; alertId: string }
  /** It is to be read. */
  | { kind: 'changed'; alertId: string }
  /** It is to be read, and some rung of it was over at `at`. */
  | { kind: 'due'; alertId: string; at: number };

/** What the clock takes in: of the feed, and of its own. `whole`: all alerts have been looked through. */
export type ClockEvent = Fed | AlertLook | { kind: 'whole' };

/** @param since casework is on from then, epoch ms. @throws SyntaxError if the entry is none */
export function clockEvents({ id, previous, payload }: StreamEntry, since: number): ClockEvent[] {
  const rows = feedRows(payload);
  if (!rows) return [{ kind: 'fed', id, previous, unreadable: true }];
  const events: ClockEvent[] = [{ kind: 'fed', id, previous }];
  for (const { alertId, stage, changedAt } of rows)
    // All that happened to it was before casework was on: then its stage began before, too.
    events.push({ kind: stage === 'closed' || changedAt < since ? 'gone' : 'changed', alertId });
  return events;
}
