import type { WriteGrant } from '../../contract/access.ts';
import type { Channel, EventType, SpokenPlatform } from '../../contract/codes.ts';

/** What an ingest token may write, as it is being filled in. */
export interface GrantDraft {
  source: string;
  trusted: boolean;
  /** Beginnings of alert ids, separated by commas or white space. */
  alerts: string;
  may: readonly EventType[];
  channels: readonly Channel[];
  /** The outside platform that it speaks for; empty for none. */
  platform: SpokenPlatform | '';
  dispatch: boolean;
}

/** What most sources do: they raise alerts, and correct what they have raised. */
export const newGrant = (): GrantDraft => ({
  source: '',
  trusted: false,
  alerts: '',
  may: ['wage.alert.raised', 'wage.alert.amended'],
  channels: [],
  platform: '',
  dispatch: false,
});

/** Whether it names with what the ids of its alerts begin: for a platform, only where it raises some itself. */
export const namesAlerts = ({ may, platform }: Pick<GrantDraft, 'may' | 'platform'>): boolean =>
  platform === '' || may.includes('wage.alert.raised');

/** The grant as it is sent; what is left empty is left out. */
export function grantOf({ source, trusted, alerts, may, channels, platform, dispatch }: GrantDraft): WriteGrant {
  const grant: WriteGrant = source.trim() ? { source: source.trim() } : {};
  if (platform) grant.platform = platform;
  if (dispatch && (trusted || may.includes('wage.alert.raised'))) grant.dispatch = true;
  if (trusted) return { ...grant, trusted };
  const prefixes = [...new Set(alerts.split(/[\s,，、]+/u).filter(Boolean))];
  if (prefixes.length && namesAlerts({ may, platform })) grant.alerts = prefixes;
  if (may.length) grant.may = [...may];
  if (channels.length) grant.channels = [...channels];
  return grant;
}

/** The last part of an event type, under which the texts name it. */
export function eventName(type: EventType): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
