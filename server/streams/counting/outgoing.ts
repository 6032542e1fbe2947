import type { AlertEventType } from '../../../contract/codes.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { DAY_MS } from '../../../common/regionTime.ts';
import { unitOf } from '../../../common/units.ts';
import { packEvent, unpackEvent, type PackedEvent } from '../../alerts/document.ts';
import { hasEffect } from '../../alerts/fold.ts';
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
  /** With a dispatch: the alert as it stands now, since the platform knows nothing of it. */
  alert?: { facts: AlertFacts; raisedAt: number };
}

/** What is sent of an alert to the platform that it stands dispatched to. */
const SENT: ReadonlySet<AlertEventType> = new Set([
  'wage.alert.dispatched',
  'wage.alert.amended',
  'wage.alert.closed',
  'wage.case.urged',
  'wage.case.supervised',
]);
/** What happened longer ago than this before a platform got its connector is history: an import of last year sends nothing. */
const NEWS_MS = DAY_MS;

/**
 * What outside platforms are to be sent of an alert: dispatches to them, and what happens to it afterwards. None is sent what it has sent itself.
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
  const outgoing: Outgoing[] = [];
  let stands: Pick<AlertState, 'platform'> = {};
  let platform: string | undefined;
  for (const event of events) {
    if (!hasEffect(stands, event)) continue;
    if (event.type === 'wage.alert.dispatched') {
      stands = { platform: event.data.platform };
      platform = platformOf(event.data, pack);
    }
    if (platform === undefined || !SENT.has(event.type) || !(begins || fresh.has(event))) continue;
    if (event.by?.platform !== undefined && event.by.platform === stands.platform) continue;
    const since = connected.get(platform);
    if (since === undefined || event.time < since - NEWS_MS) continue;
    outgoing.push({ platform, entry: encode(state, event) });
  }
  return outgoing;
}

/** By which name a connector is for a dispatch; of the others each unit is one of its own. */
function platformOf(
  { platform, unit }: { platform: string; unit: string },
  pack: Pick<RegionPack, 'units'>,
): string | undefined {
  if (platform !== 'other') return platform;
  const code = unitOf(pack, unit)?.code;
  return code && `other:${code}`;
}

function encode({ alertId, facts, raisedAt }: AlertState, event: StoredEvent): string {
  const packed = packEvent(event);
  return JSON.stringify(
    event.type === 'wage.alert.dispatched' ? [alertId, packed, { facts, raisedAt }] : [alertId, packed],
  );
}

/** @throws SyntaxError if the text is no entry */
export function decodeOutgoing(text: string): OutboxEntry {
  const [alertId, packed, alert] = JSON.parse(text) as [string, PackedEvent, OutboxEntry['alert']?];
  const event = unpackEvent(packed);
  return alert ? { alertId, event, alert } : { alertId, event };
}
