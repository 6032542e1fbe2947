import { createHash } from 'node:crypto';
import { contains } from '../../../common/divisions.ts';
import type { Principal } from '../../platform/http/principal.ts';
import type { Directory } from '../directory.ts';
import type { PersonRecord } from '../records.ts';

/** What a clerk's session is of: it ends with any of them. */
export interface ClerkOf {
  person: string;
  display: string;
  /** Of the code that it was begun with: a new code ends it. */
  code: string;
}
const KIND = 'clerk:';

/** What tells one code of a person from another, and says nothing about it. */
export const codeDigest = (kept: string): string => createHash('sha256').update(kept).digest('base64url').slice(0, 16);

/** Whether somebody may sign in at a kiosk of a town: a unit's own staff, where they work. */
export function mayBeClerk({ role, scope, unit, disabled }: PersonRecord, town: string): boolean {
  return !disabled && (role === 'handler' || role === 'officer') && unit !== undefined && contains(scope, town);
}

export const clerkCredential = ({ display, person, code }: ClerkOf): string => `${KIND}${display}:${person}:${code}`;

/** A clerk's session as a credential names it; undefined where it is none. */
export function clerkOf(credential: string): ClerkOf | undefined {
  if (!credential.startsWith(KIND)) return undefined;
  const [display = '', person = '', code = ''] = credential.slice(KIND.length).split(':');
  return { display, person, code };
}

/**
 * Who a clerk's session is for now: the person, with no more than a handler of their unit may in the kiosk's town. Undefined where the
 * kiosk, the person or the code is not what it was.
 */
export function clerkPrincipal(directory: Directory, of: ClerkOf): Principal | undefined {
  const display = directory.get('display', of.display);
  const person = directory.get('person', of.person);
  if (!display || display.screen !== 'kiosk' || !person?.clerk || codeDigest(person.clerk.code) !== of.code)
    return undefined;
  if (!mayBeClerk(person, display.scope)) return undefined;
  return {
    kind: 'person',
    id: of.person,
    name: person.name,
    role: 'handler',
    scope: display.scope,
    unit: person.unit!,
    credential: clerkCredential(of),
    kiosk: of.display,
  };
}
