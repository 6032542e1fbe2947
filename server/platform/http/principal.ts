import type { PRINCIPAL_KINDS, WriteGrant } from '../../../contract/access.ts';
import { ROLE_RULES, type AccessRole } from '../../../contract/roles.ts';
import { contains, regionOfCode } from '../../../common/divisions.ts';

/** Somebody who was let in, with what that allows. */
export interface Principal extends Readonly<WriteGrant> {
  readonly kind: (typeof PRINCIPAL_KINDS)[number];
  readonly name: string;
  readonly role: AccessRole;
  /** A region (6 digits) or a town (9). Does not bind an admin. */
  readonly scope: string;
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

/** How somebody is named in a history that is kept for ever. */
export function recordedName({ kind, name }: Principal): string {
  return kind === 'person' || kind === 'everybody' ? name : `${kind} ${name}`;
}

/** How much of an alert somebody is shown (mask.ts). */
export type View = 'full' | 'masked';

export function viewOf({ role }: Principal): View {
  return ROLE_RULES[role].reads === 'full' ? 'full' : 'masked';
}
