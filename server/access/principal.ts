import type { AccessRole, PRINCIPAL_KINDS } from '../../contract/access.ts';
import { contains, regionOfCode } from '../../common/divisions.ts';

/** Roles that may look at figures and alerts, in full or masked. */
export const VIEWERS: readonly AccessRole[] = ['display', 'officer', 'leader', 'admin'];
/** Roles that may look at alerts in full. */
export const READERS: readonly AccessRole[] = ['officer', 'leader', 'admin'];

/** Somebody who was let in, with what that allows. */
export interface Principal {
  readonly kind: (typeof PRINCIPAL_KINDS)[number];
  readonly name: string;
  readonly role: AccessRole;
  /** A region (6 digits) or a town (9). Does not bind an admin. */
  readonly scope: string;
  /** The one source whose events an `ingest` token may write; any, if there is none. */
  readonly source?: string;
  /** Epoch ms. */
  readonly expires?: number;
  /** Of the stored person, token or display. */
  readonly id?: string;
  /** What they were let in by, as accessControl.ts names it: kind and id of the record, or a digest. No secret. */
  readonly credential: string;
}

/** Everybody, while the program is open: without an access file, an admin, and so on a loopback address only (contract §6). */
export const EVERYBODY: Principal = { kind: 'everybody', name: 'everybody', role: 'admin', scope: '', credential: '' };

/** Whether somebody may read all of a division: the scope itself, or what lies in it. */
export function covers({ role, scope }: Principal, division: string): boolean {
  return role === 'admin' || contains(scope, division);
}

/** Whether somebody may read what a region's towns have in common: its pack and its map. */
export function coversRegion({ role, scope }: Principal, region: string): boolean {
  return role === 'admin' || contains(scope, region) || regionOfCode(scope) === region;
}

/** How much of an alert somebody is shown (mask.ts). */
export type View = 'full' | 'masked';

export function viewOf({ role }: Principal): View {
  return READERS.includes(role) ? 'full' : 'masked';
}

/** Why somebody may not write this event, or undefined. What is no event at all is for the validation to say. */
export function writeRefusal({ role, scope, source }: Principal, event: unknown): string | undefined {
  if (role === 'admin') return undefined;
  const { source: given, data } = (typeof event === 'object' && event !== null ? event : {}) as {
    source?: unknown;
    data?: { region?: unknown } | null;
  };
  const region = data?.region;
  if (typeof region === 'string' && !contains(scope, region))
    return `/data/region ${region.slice(0, 20)} is not the region of this token, ${scope}`;
  if (source !== undefined && typeof given === 'string' && given !== source)
    return `/source ${JSON.stringify(given.slice(0, 60))} is not the source of this token, ${source}`;
  return undefined;
}
