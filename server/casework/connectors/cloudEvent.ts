import { toRfc3339 } from '../../../common/regionTime.ts';
import { OWN_SOURCE } from '../../../contract/alertLimits.ts';
import { digestOf } from '../../alerts/eventDigest.ts';
import type { OutboxEntry } from '../../streams/counting/outgoing.ts';
import type { Message } from './outcome.ts';

/** What connectors say by themselves. */
const CONNECTORS_SOURCE = `${OWN_SOURCE}connectors`;

/**
 * An entry of an outbox as what its platform gets: the event as it is, with a dispatch and an amendment the `alert` as it stands; of a
 * dispatch to somebody else an event of another type, so that nobody takes it for one to themselves.
 */
export function messageOf(region: string, { alertId, event, alert, away }: OutboxEntry): Message {
  const key = keyOf(event);
  if (away) {
    const id = `${key}/away`;
    const { platform, unit } = event.data as { platform: string; unit: string };
    const data = { alertId, region, platform, unit };
    const body = cloudEvent({ id, source: CONNECTORS_SOURCE, type: 'wage.alert.transferred', time: event.time }, data);
    return { id, key: id, alertId, away, body };
  }
  const data: Record<string, unknown> = { alertId, region, ...event.data };
  if (alert) data['alert'] = { ...alert.facts, raisedAt: toRfc3339(alert.raisedAt) };
  return { id: event.id, key, alertId, body: cloudEvent(event, data) };
}

/** Other sources may use each other's ids; an event is told by both (contract §1). */
function keyOf({ source, id }: { source: string; id: string }): string {
  return source.startsWith(OWN_SOURCE) ? id : digestOf(source, id);
}

/** What a test sends: an event of a type of its own, which belongs to no alert. */
export function testMessage(region: string, platform: string, now: number): Message {
  const id = `test-${now}`;
  const of = { id, source: CONNECTORS_SOURCE, type: 'wage.connector.tested', time: now };
  return { id, key: id, alertId: '', body: cloudEvent(of, { region, platform }) };
}

function cloudEvent(
  { id, source, type, time }: { id: string; source: string; type: string; time: number },
  data: object,
): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type,
    time: toRfc3339(time),
    datacontenttype: 'application/json',
    data,
  });
}
