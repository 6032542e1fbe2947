import type { AlertEventType } from '../../../contract/codes.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { DAY_MS } from '../../../common/regionTime.ts';
import { unitOf } from '../../../common/units.ts';
import { packEvent, unpackEvent, type PackedEvent } from '../../alerts/document.ts';
import { effectsOf } from '../../alerts/effects.ts';
import type { AlertFacts, AlertState, StoredEvent } from '../../alerts/state.ts';

/** An event for an outside platform (docs/casework.md §4). */
export interface Outgoing {
  /** `four-platforms`, `tri-colour`, or `other:` and the code of a unit. */
  platform: string;
  entry: string;
}

/** What an entry of an outbox says. */
export interface OutboxEntry {
  alertId: string;
  event: StoredEvent;
  /** With a dispatch and an amendment: the alert as it stands now, since the platform does not know what came before. */
  alert?: { facts: AlertFacts; raisedAt: number };
  /** The event is a dispatch to somebody else: the platform has the alert no more. */
  away?: true;
}

type Dispatched = Extract<StoredEvent, { type: 'wage.alert.dispatched' }>;

/** What is sent of an alert to the platform that it stands dispatched to; of audits, those that send it back. */
const SENT: ReadonlySet<AlertEventType> = new Set([
  'wage.alert.dispatched',
  'wage.alert.amended',
  'wage.alert.audited',
  'wage.alert.closed',
  'wage.case.extended',
  'wage.case.urged',
  'wage.case.supervised',
]);
/** What happened longer ago than this before a platform got its connector is history: an import of last year sends nothing. */
const NEWS_MS = DAY_MS;

/**
 * What outside platforms are to be sent of an alert: dispatches to them, what happens to it afterwards, and that it goes to another one. None
 * is sent what it has sent itself. Where the alert stands is judged in the order of contract §2, not by what came first: a platform that was
 * passed over hears nothing.
 * @param events all that are counted, in order
 * @param fresh those of them that are counted now
 * @param connected platforms that have a connector, and since when, epoch ms
 */
export function outgoingEvents(
  state: AlertState,
  events: readonly StoredEvent[],
  fresh: ReadonlySet<StoredEvent>,
  connected: ReadonlyMap<string, number>,
  pack: Pick<RegionPack, 'units'>,
): Outgoing[] {
  // What came while nobody knew of the alert counts from now on.
  const begins = !events.some((event) => event.type === 'wage.alert.raised' && !fresh.has(event));
  if (!begins && ![...fresh].some(({ type }) => SENT.has(type))) return [];
  const now = standOf(events);
  if (!now) return [];
  const was = begins ? undefined : standOf(events.filter((event) => !fresh.has(event)))?.dispatch;
  const moved = now.dispatch !== was;
  const outgoing: Outgoing[] = [];
  const send = (platform: string | undefined, event: StoredEvent, away?: true) => {
    const since = platform === undefined ? undefined : connected.get(platform);
    if (platform === undefined || since === undefined || event.time < since - NEWS_MS) return;
    if (event.by?.platform === undefined || !speaksFor(event.by.platform, platform))
      outgoing.push({ platform, entry: encode(state, event, away) });
  };
  const to = connectorOf(now.dispatch.data, pack);
  const from = was && connectorOf(was.data, pack);
  if (from !== to) send(from, now.dispatch, true);
  now.effective.forEach((event, i) => {
    // A platform that gets the alert hears all that has happened since. What lies before changes nothing for it but the facts.
    const isNews = moved ? i >= now.at : fresh.has(event) && (i > now.at || event.type === 'wage.alert.amended');
    if (isNews && isSent(event)) send(to, event);
  });
  return outgoing;
}

/** Where an alert stands by some of its events: its last dispatch that has an effect, and its place among those that have one. */
function standOf(events: readonly StoredEvent[]) {
  const effects = effectsOf(events);
  const effective = events.filter((_, i) => effects[i]);
  const at = effective.findLastIndex(({ type }) => type === 'wage.alert.dispatched');
  return at < 0 ? undefined : { dispatch: effective[at] as Dispatched, at, effective };
}

const isSent = (event: StoredEvent) =>
  event.type === 'wage.alert.audited' ? event.data.verdict === 'returned' : SENT.has(event.type);

/** Whether a sender that speaks for a platform is the one that a connector is for. */
const speaksFor = (sender: string, connector: string) =>
  sender === connector || (sender === 'other' && connector.startsWith('other:'));

/** By which name a connector is for a dispatch; of the others each unit is one of its own. */
function connectorOf(
  { platform, unit }: { platform: string; unit: string },
  pack: Pick<RegionPack, 'units'>,
): string | undefined {
  if (platform !== 'other') return platform;
  const code = unitOf(pack, unit)?.code;
  return code && `other:${code}`;
}

function encode({ alertId, facts, raisedAt }: AlertState, event: StoredEvent, away?: true): string {
  const packed = packEvent(event);
  if (away) return JSON.stringify([alertId, packed, null, 1]);
  const withAlert = event.type === 'wage.alert.dispatched' || event.type === 'wage.alert.amended';
  return JSON.stringify(withAlert ? [alertId, packed, { facts, raisedAt }] : [alertId, packed]);
}

/** @throws SyntaxError if the text is no entry */
export function decodeOutgoing(text: string): OutboxEntry {
  const [alertId, packed, alert, away] = JSON.parse(text) as [string, PackedEvent, OutboxEntry['alert'] | null, 1?];
  const entry: OutboxEntry = { alertId, event: unpackEvent(packed) };
  if (alert) entry.alert = alert;
  if (away) entry.away = true;
  return entry;
}
