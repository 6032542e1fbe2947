import { ENGINE_ALERTS, OWN_SOURCE } from '../../../contract/alertLimits.ts';
import { MIN_TIME_MS } from '../../../contract/fields.ts';
import { parseRfc3339 } from '../../../common/regionTime.ts';

/** What is told of an event that its schema has let pass. */
export interface ValidEvent {
  type: string;
  source: string;
  data: { alertId?: string };
}

/**
 * Why a valid event may not come from outside, whoever sends it: the program's own sources come from inside alone, and only
 * the engine raises alerts with its ids (signals §4). What happens to these alerts afterwards may come from anywhere.
 */
export function outsideRefusal({ type, source, data }: ValidEvent): string | undefined {
  // Names of URNs are the same in upper and lower case (RFC 8141 §3.1).
  if (source.slice(0, OWN_SOURCE.length).toLowerCase() === OWN_SOURCE)
    return `/source ${JSON.stringify(source.slice(0, 60))} is the program's own: sources ${OWN_SOURCE}* come from inside alone`;
  if (type === 'wage.alert.raised' && data.alertId?.startsWith(ENGINE_ALERTS) === true)
    return `/data/alertId ${JSON.stringify(data.alertId.slice(0, 60))} begins with ${ENGINE_ALERTS}: only the rules raise such alerts`;
  return undefined;
}

/** When an observation of an export was received (epoch ms): its extension attribute `received`, if it is a time. */
export function receivedOf(event: unknown): number | undefined {
  const { received } = event as { received?: unknown };
  const at = typeof received === 'string' ? parseRfc3339(received) : undefined;
  return at !== undefined && at >= MIN_TIME_MS ? at : undefined;
}
