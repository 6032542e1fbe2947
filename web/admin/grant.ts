import type { WriteGrant } from '../../contract/access.ts';
import type { Channel, EventType } from '../../contract/codes.ts';

/** What an ingest token may write, as it is being filled in. */
export interface GrantDraft {
  source: string;
  trusted: boolean;
  /** Beginnings of alert ids, separated by commas or white space. */
  alerts: string;
  may: readonly EventType[];
  channels: readonly Channel[];
}

/** What most sources do: they raise alerts, and correct what they have raised. */
export const newGrant = (): GrantDraft => ({
  source: '',
  trusted: false,
  alerts: '',
  may: ['wage.alert.raised', 'wage.alert.amended'],
  channels: [],
});

/** The grant as it is sent; what is left empty is left out. */
export function grantOf({ source, trusted, alerts, may, channels }: GrantDraft): WriteGrant {
  const grant: WriteGrant = source.trim() ? { source: source.trim() } : {};
  if (trusted) return { ...grant, trusted };
  const prefixes = [...new Set(alerts.split(/[\s,，、]+/u).filter(Boolean))];
  if (prefixes.length) grant.alerts = prefixes;
  if (may.length) grant.may = [...may];
  if (channels.length) grant.channels = [...channels];
  return grant;
}

/** The last part of an event type, under which the texts name it. */
export function eventName(type: EventType): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
