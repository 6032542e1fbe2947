import { hash } from 'node:crypto';
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
  /** The code of the unit of the scope's region that they belong to. */
  readonly unit?: string;
  /** Epoch ms. */
  readonly expires?: number;
  /** Of the stored person, token or display. */
  readonly id?: string;
  /** Of a clerk who is signed in at a paired kiosk, its id: whoever they are, they accept and report there, and nothing else. */
  readonly kiosk?: string;
  /** What they were let in by, as accessControl.ts names it: kind and id of the record, or a digest. No secret. */
  readonly credential: string;
}

/** Everybody, while the program is open: without an access file, an admin, and so on a loopback address only (contract §6). */
export const EVERYBODY: Principal = { kind: 'everybody', name: 'everybody', role: 'admin', scope: '', credential: '' };

/** Whether somebody may read all of a division: the scope itself, or what lies in it. */
export function covers({ role, scope }: Pick<Principal, 'role' | 'scope'>, division: string): boolean {
  return role === 'admin' || contains(scope, division);
}

/** Whether somebody may read what a region's towns have in common: its pack and its map. */
export function coversRegion({ role, scope }: Principal, region: string): boolean {
  return role === 'admin' || contains(scope, region) || regionOfCode(scope) === region;
}

/** How somebody is named in a history that is kept for ever. */
export function recordedName({ kind, name }: Principal): string {
  return kind === 'person' || kind === 'everybody' || kind === 'persona' ? name : `${kind} ${name}`;
}

/** How events name whoever has made them: a person, also one who is made up, by their id, a program by its own or what stands for it. Never a person's name. */
export function actorIdOf({ kind, id, name }: Pick<Principal, 'kind' | 'id' | 'name'>): string {
  if (kind === 'everybody') return kind;
  return kind === 'person' || kind === 'persona'
    ? id!
    : `${kind}:${id ?? hash('sha256', name, 'base64url').slice(0, 16)}`;
}

/**
 * How much of alerts somebody is shown (mask.ts): all in full; all, masked as displays are; or in full those that were dispatched
 * to a unit, named by its code, and of others none (casework §1).
 */
export type View = 'full' | 'masked' | UnitView;
export type UnitView = `unit ${string}`;

export function viewOf({ role, unit = '' }: Pick<Principal, 'role' | 'unit'>): View {
  const { reads } = ROLE_RULES[role];
  return reads === 'full' ? 'full' : reads === 'own' ? `unit ${unit}` : 'masked';
}

/** The code of the unit whose alerts alone are shown; undefined where it is not by unit. */
export function unitOfView(view: View): string | undefined {
  return view === 'full' || view === 'masked' ? undefined : view.slice('unit '.length);
}
