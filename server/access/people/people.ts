import { ROLE_RULES } from '../../../contract/roles.ts';
import { AccessError } from '../accessError.ts';
import type { ChangeBy } from '../changeBy.ts';
import { closing, type Dropped } from '../closing.ts';
import type { Directory } from '../directory.ts';
import { checkGrant, type Divisions, type Grant } from '../grants.ts';
import { releaseName, rename, takeName, tidyName } from '../names.ts';
import type { Principal } from '../../platform/http/principal.ts';
import { clerkField, newId, type PersonRecord } from '../records.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Invitations, Invited } from './invitations.ts';
import { storedPerson } from './storedPerson.ts';

export interface PeopleParts {
  directory: Directory;
  changeBy: ChangeBy;
  sessions: Sessions;
  invitations: Invitations;
  divisions: Divisions;
  /** Whether the access file names an admin for good: then the last stored one may go. */
  otherAdmin: () => boolean;
  now: () => number;
}

/** Who may sign in with a name and a password, or by OpenID Connect; for admins. Errors are AccessError. */
export interface People {
  add(grant: Grant & { name: string }, by: Principal): Promise<Invited>;
  /** A new invitation, which ends those before: also for a forgotten password. */
  invite(id: string, by: Principal): Promise<Invited>;
  /**
   * An empty `unit` takes it away; whoever becomes one of a role that has none loses it.
   * @returns what went with the opening of the program, if this closed it
   */
  change(id: string, changes: Partial<Grant> & { name?: string; disabled?: boolean }, by: Principal): Promise<Dropped>;
  remove(id: string, by: Principal): Promise<void>;
  signOut(id: string, by: Principal): Promise<void>;
}

export function createPeople(parts: PeopleParts): People {
  const { directory, changeBy, sessions, invitations, divisions, now } = parts;
  const personOf = (id: string) => storedPerson(directory, id);
  return {
    async add({ name: given, role, scope, unit }, by) {
      const name = tidyName(given);
      checkGrant({ role, scope, unit }, divisions);
      const id = newId();
      const grant = { role, scope, ...(unit === undefined ? {} : { unit }) };
      const record: PersonRecord = { name, ...grant, createdAt: now(), createdBy: by.name };
      const invitation = invitations.draft(id);
      await changeBy(by, () => [
        takeName(directory, 'person', name, id),
        directory.edit('person', id, record),
        ...invitation.edits(grant),
      ]);
      return { id, ...invitation.answer };
    },
    async invite(id, by) {
      const invitation = invitations.draft(id);
      await changeBy(by, () => {
        const { role, scope, unit, oidc } = personOf(id);
        if (oidc) throw new AccessError(409, 'who signs in by OpenID Connect needs no invitation');
        return invitation.edits({ role, scope, ...(unit === undefined ? {} : { unit }) });
      });
      return { id, ...invitation.answer };
    },
    async change(id, changes, by) {
      let dropped: Dropped = [];
      await changeBy(by, () => {
        const before = personOf(id);
        const after = changed(before, changes);
        checkGrant(after, divisions);
        if (!signsInAsAdmin(after)) mustStay(parts, id);
        const edits = rename(directory, 'person', id, before.name, after.name);
        // Signed in with less or more: signed in anew.
        if (after.disabled || after.role !== before.role || after.scope !== before.scope || after.unit !== before.unit)
          edits.push(...sessions.ending(id), ...(after.disabled ? invitations.withdrawing(id) : []));
        // Whoever can already sign in becomes the admin who closes an open program.
        const closes = signsInAsAdmin(after) ? closing(directory, `person:${id}`) : { edits: [], dropped: [] };
        dropped = closes.dropped;
        return [...closes.edits, ...edits, directory.edit('person', id, after)];
      });
      return dropped;
    },
    remove: (id, by) =>
      changeBy(by, () => {
        const { name, clerk } = personOf(id);
        mustStay(parts, id);
        return [
          directory.edit('person', id, undefined),
          releaseName('person', name),
          ...(clerk ? [{ field: clerkField(clerk.number), to: undefined }] : []),
          ...sessions.ending(id),
          ...invitations.withdrawing(id),
        ];
      }),
    signOut: (id, by) =>
      changeBy(by, () => {
        personOf(id);
        return sessions.ending(id);
      }),
  };
}

/** Whether a person is let in as an admin now. */
export function signsInAsAdmin({ role, disabled, password, oidc }: PersonRecord): boolean {
  return role === 'admin' && !disabled && (password !== undefined || oidc !== undefined);
}

/** Relies on all people: to be asked within a change. @throws AccessError 409 when `id` is the last who could let anybody in */
function mustStay({ directory, otherAdmin }: PeopleParts, id: string): void {
  const others = directory.list('person').some(([other, record]) => other !== id && signsInAsAdmin(record));
  if (signsInAsAdmin(storedPerson(directory, id)) && !others && !otherAdmin())
    throw new AccessError(409, 'this is the last admin: make another one first');
}

function changed(
  before: PersonRecord,
  { name, role, scope, unit, disabled }: Parameters<People['change']>[1],
): PersonRecord {
  if (before.oidc && [name, role, scope, unit].some((one) => one !== undefined))
    throw new AccessError(409, 'name, role, scope and unit of this person come from OpenID Connect');
  const { disabled: was, unit: unitBefore, ...rest } = before;
  // Only a unit that is named is at fault where the role has none.
  const kept = ROLE_RULES[role ?? before.role].unit === 'none' ? undefined : unitBefore;
  const unitAfter = unit === undefined ? kept : unit || undefined;
  return {
    ...rest,
    ...(name === undefined ? {} : { name: tidyName(name) }),
    ...(role === undefined ? {} : { role }),
    ...(scope === undefined ? {} : { scope }),
    ...(unitAfter === undefined ? {} : { unit: unitAfter }),
    ...((disabled ?? was) ? { disabled: true } : {}),
  };
}
