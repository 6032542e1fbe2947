import type { WriteGrant } from '../../../contract/access.ts';
import type { AccessRole } from '../../../contract/roles.ts';
import { contains } from '../../../common/divisions.ts';

interface LooseEvent {
  source?: unknown;
  type?: unknown;
  data?: {
    region?: unknown;
    alertId?: unknown;
    channel?: unknown;
    reasons?: unknown;
    indicator?: unknown;
  } | null;
}

/** The channel of an indicator in a region's rule pack, if it is known. */
export type ChannelOf = (region: string, indicator: string) => string | undefined;

/**
 * Why somebody may not write this event, or undefined. What is no event at all passes: the validation, which comes
 * next, says what is wrong with it. An admin may write everything.
 * @param channelOf whoever may not speak for a channel may not observe for it, either
 */
export function writeRefusal(
  grant: WriteGrant & { role: AccessRole; scope: string },
  event: unknown,
  channelOf: ChannelOf = () => undefined,
): string | undefined {
  const { role, scope } = grant;
  if (role === 'admin') return undefined;
  if (role !== 'ingest') return `the role ${role} may not write events`;
  const { source, type, data } = (typeof event === 'object' && event !== null ? event : {}) as LooseEvent;
  const { region, alertId, channel, reasons, indicator } = data ?? {};
  if (typeof region === 'string' && !contains(scope, region))
    return `/data/region ${region.slice(0, 20)} is not the region of this token, ${scope}`;
  if (grant.source !== undefined && typeof source === 'string' && source !== grant.source)
    return `/source ${quote(source)} is not the source of this token, ${grant.source}`;
  if (grant.trusted) return undefined;
  const { alerts = [], may = [], channels, platform } = grant;
  if (typeof type === 'string' && !(may as readonly string[]).includes(type))
    return `/type ${quote(type)} is not among those that this token may send: ${may.join(', ') || 'none'}`;
  // What a platform sends about an alert has an effect only where it was dispatched to it: that is for the fold to say.
  const anyAlert = platform !== undefined && type !== 'wage.alert.raised';
  if (!anyAlert && typeof alertId === 'string' && !alerts.some((prefix) => alertId.startsWith(prefix)))
    return `/data/alertId ${quote(alertId)} is not an alert of this token: its ids begin with ${alerts.join(' or ') || 'nothing'}`;
  if (channels === undefined) return undefined;
  const claimed: [path: string, channel: unknown][] = [['/data/channel', channel]];
  // A reason says what a channel has found: who may not speak for a channel may not speak for it there, either.
  if (Array.isArray(reasons))
    reasons.forEach((reason: { channel?: unknown } | null, i) => {
      claimed.push([`/data/reasons/${i}/channel`, reason?.channel]);
    });
  const observed =
    typeof region === 'string' && typeof indicator === 'string' ? channelOf(region, indicator) : undefined;
  if (observed !== undefined && !(channels as readonly string[]).includes(observed))
    return `/data/indicator ${quote(indicator as string)} is of the channel ${observed}, which is not a channel of this token: ${channels.join(', ')}`;
  for (const [path, one] of claimed)
    if (typeof one === 'string' && !(channels as readonly string[]).includes(one))
      return `${path} ${quote(one)} is not a channel of this token: ${channels.join(', ')}`;
  return undefined;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
