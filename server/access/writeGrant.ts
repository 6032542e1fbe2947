import type { WriteGrant } from '../../contract/access.ts';
import type { AccessRole } from '../../contract/roles.ts';
import { contains } from '../../common/divisions.ts';

/** What an `ingest` token may write (contract §1): the rules for giving it, and for holding events against it. */

/** Fields of a grant, as they are called in tokens. */
const GRANT_FIELDS = ['source', 'alerts', 'may', 'channels', 'trusted'] as const;
type GrantField = (typeof GRANT_FIELDS)[number];

/** What `trusted` lifts, so that both together contradict each other. */
const LIMITS = ['alerts', 'may', 'channels'] as const;

const NEEDED = {
  source: 'the one CloudEvents source that it writes for',
  alerts: 'with what the ids of its alerts begin',
  may: 'the event types that it sends',
} as const;

export interface GrantFault {
  field: GrantField;
  /** A clause without a subject's name, such as "is missing: …". */
  problem: string;
}

/**
 * What is wrong with the grant that a new token is to have, or undefined. An `ingest` token names its source, its
 * alerts and its event types, or is trusted; other roles write nothing, and so have none of these.
 */
export function grantFault(role: AccessRole, grant: WriteGrant): GrantFault | undefined {
  const given = GRANT_FIELDS.filter((field) => grant[field] !== undefined);
  if (role !== 'ingest') {
    const field = given[0];
    return field && { field, problem: `is given, but only an ingest token has it, and this one's role is ${role}` };
  }
  if (grant.trusted) {
    const field = LIMITS.find((limit) => grant[limit] !== undefined);
    return field && { field, problem: 'is given, but a trusted token has no such limit: leave out one of the two' };
  }
  for (const field of ['source', 'alerts', 'may'] as const)
    if (grant[field] === undefined)
      return { field, problem: `is missing: an ingest token names ${NEEDED[field]}, or is "trusted": true` };
  return undefined;
}

/**
 * Whether an `ingest` token was made before grants were limited: it names no limit and does not say whether it is
 * trusted. Such a token goes on as trusted, and the log says so.
 */
export function fromBeforeLimits(role: AccessRole, grant: WriteGrant): boolean {
  return role === 'ingest' && grant.trusted === undefined && LIMITS.every((limit) => grant[limit] === undefined);
}

/** The grant of a token as it is in force, without the fields that it does not have. */
export function grantInForce(role: AccessRole, given: WriteGrant): WriteGrant {
  const grant: WriteGrant = {};
  for (const field of GRANT_FIELDS) if (given[field] !== undefined) Object.assign(grant, { [field]: given[field] });
  if (fromBeforeLimits(role, given)) grant.trusted = true;
  return grant;
}

/** Whether two grants allow the same. */
export function sameGrant(a: WriteGrant, b: WriteGrant): boolean {
  const plain = (grant: WriteGrant) => JSON.stringify(GRANT_FIELDS.map((field) => grant[field] ?? null));
  return plain(a) === plain(b);
}

/** What names the tokens that go on as trusted, for the log; undefined when there are none. */
export function trustedNotice(names: readonly string[]): string | undefined {
  if (!names.length) return undefined;
  return (
    `access: ${names.length} ingest token(s) from before limits go on as trusted, and may write about every alert of ` +
    'their region: give each its source, alerts and may, or mark it trusted by hand'
  );
}

interface LooseEvent {
  source?: unknown;
  type?: unknown;
  data?: { region?: unknown; alertId?: unknown; channel?: unknown; reasons?: unknown } | null;
}

/**
 * Why somebody may not write this event, or undefined. What is no event at all passes: the validation, which comes
 * next, says what is wrong with it. An admin may write everything.
 */
export function writeRefusal(
  { role, scope, ...grant }: WriteGrant & { role: AccessRole; scope: string },
  event: unknown,
): string | undefined {
  if (role === 'admin') return undefined;
  if (role !== 'ingest') return `the role ${role} may not write events`;
  const { source, type, data } = (typeof event === 'object' && event !== null ? event : {}) as LooseEvent;
  const { region, alertId, channel, reasons } = data ?? {};
  if (typeof region === 'string' && !contains(scope, region))
    return `/data/region ${region.slice(0, 20)} is not the region of this token, ${scope}`;
  if (grant.source !== undefined && typeof source === 'string' && source !== grant.source)
    return `/source ${quote(source)} is not the source of this token, ${grant.source}`;
  if (grant.trusted) return undefined;
  const { alerts = [], may = [], channels } = grant;
  if (typeof type === 'string' && !(may as readonly string[]).includes(type))
    return `/type ${quote(type)} is not among those that this token may send: ${may.join(', ') || 'none'}`;
  if (typeof alertId === 'string' && !alerts.some((prefix) => alertId.startsWith(prefix)))
    return `/data/alertId ${quote(alertId)} is not an alert of this token: its ids begin with ${alerts.join(' or ') || 'nothing'}`;
  if (channels === undefined) return undefined;
  const claimed: [path: string, channel: unknown][] = [['/data/channel', channel]];
  // A reason says what a channel has found: who may not speak for a channel may not speak for it there, either.
  if (Array.isArray(reasons))
    reasons.forEach((reason: { channel?: unknown } | null, i) => {
      claimed.push([`/data/reasons/${i}/channel`, reason?.channel]);
    });
  for (const [path, one] of claimed)
    if (typeof one === 'string' && !(channels as readonly string[]).includes(one))
      return `${path} ${quote(one)} is not a channel of this token: ${channels.join(', ')}`;
  return undefined;
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
