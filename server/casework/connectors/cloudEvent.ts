import { toRfc3339 } from '../../../common/regionTime.ts';
import { OWN_SOURCE } from '../../../contract/alertLimits.ts';
import { digestOf } from '../../alerts/eventDigest.ts';
import type { OutboxEntry } from '../../streams/counting/outgoing.ts';
import type { Message } from './outcome.ts';

/** An entry of an outbox as what its platform gets: the event as it is, and with a dispatch the `alert` as it stands. */
export function messageOf(region: string, { alertId, event, alert }: OutboxEntry): Message {
  const data: Record<string, unknown> = { alertId, region, ...event.data };
  if (alert) data['alert'] = { ...alert.facts, raisedAt: toRfc3339(alert.raisedAt) };
  const body = JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type: event.type,
    time: toRfc3339(event.time),
    datacontenttype: 'application/json',
    data,
  });
  return { id: event.id, key: keyOf(event), alertId, body };
}

/** Other sources may use each other's ids; an event is told by both (contract §1). */
function keyOf({ source, id }: { source: string; id: string }): string {
  return source.startsWith(OWN_SOURCE) ? id : digestOf(source, id);
}

/** What a test sends: an event of a type of its own, which belongs to no alert. */
export function testMessage(region: string, platform: string, now: number): Message {
  const id = `test-${now}`;
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: 'urn:wagewatch:connectors',
    type: 'wage.connector.tested',
    time: toRfc3339(now),
    datacontenttype: 'application/json',
    data: { region, platform },
  });
  return { id, key: id, alertId: '', body };
}
