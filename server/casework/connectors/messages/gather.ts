import type { InboxEntry, InboxKind } from '../../../../contract/supervision.ts';
import type { MessageSetting } from '../../../../contract/connectors.ts';
import { MESSAGE_KINDS } from '../../../../common/messages/constants.ts';
import { msOfId } from '../../../streams/streamIds.ts';
import { quietUntil } from './quietHours.ts';

/** To whom a message goes: the unit of this code, or by their office; people are told by their unit, as nobody's own number is kept. */
export type Recipient = { unit: string } | { role: 'officers' | 'leaders' };

/** A report that a schedule has made. */
export interface ReportNews {
  id: string;
  /** 余杭区欠薪预警月报 */
  report: string;
  /** 2026年10月1日至31日 */
  span: string;
  link: string;
}

/** Entries of the inbox for one recipient, in order: what one message says. */
export interface Gathered {
  to: Recipient;
  /** All of them are of red alerts: neither quiet hours nor others hold them up. */
  red: boolean;
  entries: InboxEntry[];
  /** In place of entries, of which there are none then. */
  report?: ReportNews;
}

/** What is not urgent waits so long for more to the same recipient, ms: one digest instead of ten messages. */
export const WINDOW_MS = 60_000;
/** So many entries go in one message. */
const IN_MESSAGE = 100;

type Wanted = Pick<MessageSetting, 'kinds' | 'tiers' | 'phones' | 'quiet'>;

/** To whom an entry goes; undefined where nobody is to be sent it: another kind or tier, or officers and leaders without a number. */
export function recipientOf(entry: InboxEntry, { kinds, tiers, phones }: Wanted): Recipient | undefined {
  if (
    !(kinds ?? (MESSAGE_KINDS as readonly InboxKind[])).includes(entry.kind) ||
    (tiers && !tiers.includes(entry.tier))
  )
    return undefined;
  const role = entry.kind === 'draft' ? 'leaders' : 'officers';
  if (role === 'officers' && entry.unit !== undefined) return { unit: entry.unit };
  return phones?.[role] === undefined ? undefined : { role };
}

/**
 * Gathers what waits into messages. What is red goes at once, quiet hours or not; all else once a minute has passed since the first of the
 * same recipient, and outside quiet hours. Each entry is in one message, or stays, or is for nobody.
 * @param waiting in order
 * @param now epoch ms
 */
export function gather(
  waiting: readonly InboxEntry[],
  now: number,
  wanted: Wanted,
): { messages: Gathered[]; stay: InboxEntry[] } {
  const heaps = new Map<string, Gathered>();
  for (const entry of waiting) {
    const to = recipientOf(entry, wanted);
    if (!to) continue;
    const red = entry.tier === 'red';
    const key = laneOf({ to, red });
    const heap = heaps.get(key);
    if (heap) heap.entries.push(entry);
    else heaps.set(key, { to, red, entries: [entry] });
  }
  const quiet = wanted.quiet !== undefined && quietUntil(wanted.quiet, now) !== undefined;
  const messages: Gathered[] = [];
  const stay: InboxEntry[] = [];
  for (const { to, red, entries } of heaps.values()) {
    if (!red && (quiet || now < msOfId(entries[0]!.id) + WINDOW_MS)) {
      stay.push(...entries);
      continue;
    }
    for (let at = 0; at < entries.length; at += IN_MESSAGE)
      messages.push({ to, red, entries: entries.slice(at, at + IN_MESSAGE) });
  }
  return { messages, stay };
}

/** What is sent in order: to one recipient, what is red apart, so that nothing that is refused holds it up. */
export function laneOf({ to, red }: Pick<Gathered, 'to' | 'red'>): string {
  return `${'unit' in to ? `unit:${to.unit}` : to.role}${red ? ' red' : ''}`;
}
