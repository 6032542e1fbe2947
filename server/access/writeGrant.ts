import type { WriteGrant } from '../../contract/access.ts';
import { ALERT_EVENT_TYPES } from '../../contract/codes.ts';
import type { AccessRole } from '../../contract/roles.ts';

/** What an `ingest` token may write (contract §1): the rules for giving it. `writeRefusal` holds events against it. */

/** Fields of a grant, as they are called in tokens. */
const GRANT_FIELDS = ['source', 'alerts', 'may', 'channels', 'platform', 'dispatch', 'trusted'] as const;
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
 * What is wrong with the grant that a new token is to have, or undefined. An `ingest` token names its source, its event
 * types and, where these are about alerts, its alerts or the platform that it speaks for, or it is trusted; other roles write
 * nothing, and so have none of these. Who raises alerts for a platform names with what their ids begin, as everybody does.
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
    if (grant[field] === undefined && (field !== 'alerts' || needsAlerts(grant)))
      return { field, problem: `is missing: an ingest token names ${NEEDED[field]}, or is "trusted": true` };
  if (grant.dispatch && !raises(grant))
    return {
      field: 'dispatch',
      problem: 'is given, but this token raises no alerts: "may" does not have wage.alert.raised',
    };
  return undefined;
}

const raises = ({ may }: WriteGrant): boolean => may?.includes('wage.alert.raised') ?? true;
/** What is sent for a platform may be about any alert; only those that are raised begin with something of its own. */
const needsAlerts = (grant: WriteGrant): boolean =>
  grant.platform === undefined ? writesAlerts(grant) : raises(grant);

/** Whoever sends registrations and observations alone names no alerts. */
function writesAlerts({ may }: WriteGrant): boolean {
  return may?.some((type) => (ALERT_EVENT_TYPES as readonly string[]).includes(type)) ?? true;
}

/**
 * Whether an `ingest` token was made before grants were limited: it names no limit and does not say whether it is
 * trusted. Such a token goes on as trusted, and the log says so.
 */
export function fromBeforeLimits(role: AccessRole, grant: WriteGrant): boolean {
  const since = [...LIMITS, 'platform', 'dispatch'] as const;
  return role === 'ingest' && grant.trusted === undefined && since.every((field) => grant[field] === undefined);
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
