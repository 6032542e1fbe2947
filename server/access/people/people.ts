import type { AccessRole } from '../../../contract/roles.ts';
import type { Edit } from '../store/accessStore.ts';
import { AccessError } from '../accessError.ts';
import type { Directory } from '../directory.ts';
import { checkGrant } from '../grants.ts';
import { hashPassword, passwordIs, TooManyError, weakness } from './passwords.ts';
import type { Principal } from '../../platform/http/principal.ts';
import { CLOSED_FIELD, nameField, newId, type InviteRecord, type PersonRecord } from '../records.ts';
import { hashToken, mintSecret } from '../secret.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Throttle } from '../sessions/throttle.ts';

/** An invitation is good for so long, ms: over a weekend. */
export const INVITE_MS = 72 * 3_600_000;

export interface PeopleParts {
  directory: Directory;
  sessions: Sessions;
  throttle: Throttle;
  knownScope: (scope: string) => boolean;
  /** Whether the access file names an admin: then the last stored one may go. */
  otherAdmin: () => boolean;
  now: () => number;
}

export interface Invited {
  id: string;
  code: string;
  ends: number;
}

/** Who signs in with a name and a password, or by OpenID Connect. Errors are AccessError. */
export interface People {
  add(grant: { name: string; role: AccessRole; scope: string }, by: string): Promise<Invited>;
  /** A new invitation, which ends those before: also for a forgotten password. */
  invite(id: string): Promise<Invited>;
  /** For the first admin of an installation, or another one where nobody gets in any more. */
  inviteAdmin(scope: string): Promise<{ code: string; ends: number }>;
  look(code: string): { name: string | undefined; invite: InviteRecord } | undefined;
  accept(code: string, name: string | undefined, password: string, from: string): Promise<string>;
  change(id: string, changes: { name?: string; role?: AccessRole; scope?: string; disabled?: boolean }): Promise<void>;
  remove(id: string): Promise<void>;
  /** @returns the session's secret */
  signIn(name: string, password: string, from: string): Promise<string>;
  signInOidc(
    who: { issuer: string; subject: string; name: string; role: AccessRole; scope: string },
    from: string,
  ): Promise<string>;
  changePassword(principal: Principal, old: string, next: string, from: string): Promise<string>;
}

export function createPeople({ directory, sessions, throttle, knownScope, otherAdmin, now }: PeopleParts): People {
  const person = (id: string): PersonRecord => {
    const found = directory.get('person', id);
    if (!found) throw new AccessError(404, 'there is nobody of that id', { parameter: 'id' });
    return found;
  };
  const signsInAsAdmin = ({ role, disabled, password, oidc }: PersonRecord) =>
    role === 'admin' && !disabled && (password !== undefined || oidc !== undefined);
  /** @throws AccessError when `id` is the last who could let anybody in */
  function mustStay(id: string): void {
    const others = directory.list('person').some(([other, record]) => other !== id && signsInAsAdmin(record));
    if (signsInAsAdmin(person(id)) && !others && !otherAdmin())
      throw new AccessError(409, 'this is the last admin: make another one first');
  }
  const freeName = (name: string, own?: string): Edit => {
    const field = nameField('person', name);
    const holder = directory.field(field);
    if (holder !== undefined && holder !== own)
      throw new AccessError(409, 'somebody of that name is there already', { parameter: 'name' });
    return { field, from: holder, to: own };
  };
  /** Invitations that hold no more: those of a person, or (undefined) those for a first admin. */
  const withdrawn = (of: string | undefined): Edit[] =>
    directory
      .list('invite')
      .filter(([, invite]) => invite.person === of)
      .map(([id]) => directory.edit('invite', id, undefined));
  const find = (code: string) => {
    const found = directory.byHash(hashToken(code));
    const invite = found?.kind === 'invite' ? directory.get('invite', found.id) : undefined;
    return invite && invite.ends > now() ? { id: found!.id, invite } : undefined;
  };
  const slowly = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw error instanceof TooManyError ? new AccessError(503, error.message, { retryMs: 2_000 }) : error;
    });
  async function invitation(
    of: string | undefined,
    grant: () => Pick<InviteRecord, 'role' | 'scope'>,
    more: () => Edit[],
  ): Promise<{ code: string; ends: number }> {
    const code = mintSecret('wi');
    const ends = now() + INVITE_MS;
    const id = newId();
    await directory.change(() => [
      ...withdrawn(of),
      ...more(),
      directory.edit('invite', id, {
        hash: hashToken(code),
        ends,
        ...grant(),
        ...(of === undefined ? {} : { person: of }),
      }),
    ]);
    return { code, ends };
  }

  return {
    async add({ name: given, role, scope }, by) {
      const name = tidy(given);
      checkGrant(role, scope, knownScope);
      const id = newId();
      const record: PersonRecord = { name, role, scope, createdAt: now(), createdBy: by };
      return {
        id,
        ...(await invitation(
          id,
          () => record,
          () => [{ ...freeName(name), to: id }, directory.edit('person', id, record)],
        )),
      };
    },
    async invite(id) {
      return {
        id,
        ...(await invitation(
          id,
          () => {
            const { role, scope, oidc } = person(id);
            if (oidc) throw new AccessError(409, 'who signs in by OpenID Connect needs no invitation');
            return { role, scope };
          },
          () => [],
        )),
      };
    },
    inviteAdmin: (scope) =>
      invitation(
        undefined,
        () => ({ role: 'admin', scope }),
        () => [],
      ),
    look(code) {
      const found = find(code);
      const { person: of } = found?.invite ?? {};
      return found && { invite: found.invite, name: of === undefined ? undefined : directory.get('person', of)?.name };
    },
    async accept(code, given, password, from) {
      await directory.sync();
      const gone = () => new AccessError(404, 'this invitation has been used, or is too old', { parameter: 'code' });
      const first = find(code);
      if (!first) throw gone();
      const known = first.invite.person === undefined ? undefined : person(first.invite.person);
      const name = known?.name ?? tidy(given ?? '');
      const weak = weakness(password, name);
      if (weak) throw new AccessError(422, weak, { parameter: 'password' });
      const kept = await slowly(hashPassword(password));
      const id = first.invite.person ?? newId();
      const begun = sessions.begin(id, from);
      await directory.change(() => {
        const found = find(code);
        if (!found) throw gone();
        const { invite } = found;
        const record: PersonRecord =
          invite.person === undefined
            ? {
                name,
                role: invite.role,
                scope: invite.scope,
                password: kept,
                createdAt: now(),
                createdBy: 'invitation',
                signedInAt: now(),
              }
            : { ...person(id), password: kept, signedInAt: now() };
        return [
          { ...directory.edit('invite', found.id, undefined) },
          directory.edit('person', id, record),
          ...(invite.person === undefined ? [{ ...freeName(name), to: id }] : sessions.ending(id)),
          ...(record.role === 'admin' ? [{ field: CLOSED_FIELD, from: 'any', to: '1' } as const] : []),
          ...begun.edits(),
        ];
      });
      return begun.secret;
    },
    async change(id, { name: given, role, scope, disabled }) {
      await directory.change(() => {
        const before = person(id);
        if (before.oidc && (role !== undefined || scope !== undefined || given !== undefined)) {
          throw new AccessError(409, 'name, role and scope of this person come from OpenID Connect');
        }
        const after: PersonRecord = {
          ...before,
          ...(role === undefined ? {} : { role }),
          ...(scope === undefined ? {} : { scope }),
        };
        if (disabled !== undefined) {
          if (disabled) after.disabled = true;
          else delete after.disabled;
        }
        checkGrant(after.role, after.scope, knownScope);
        if (!signsInAsAdmin(after)) mustStay(id);
        const edits = [directory.edit('person', id, after)];
        const name = given === undefined ? before.name : tidy(given);
        if (nameField('person', name) !== nameField('person', before.name)) {
          edits.push(
            { ...freeName(name), to: id },
            { field: nameField('person', before.name), from: 'any', to: undefined },
          );
        }
        edits[0] = directory.edit('person', id, { ...after, name });
        // Signed in with less or more: signed in anew.
        if (after.disabled || after.role !== before.role || after.scope !== before.scope)
          edits.push(...sessions.ending(id), ...(after.disabled ? withdrawn(id) : []));
        return edits;
      });
    },
    async remove(id) {
      await directory.change(() => {
        const { name } = person(id);
        mustStay(id);
        return [
          directory.edit('person', id, undefined),
          { field: nameField('person', name), from: 'any', to: undefined },
          ...sessions.ending(id),
          ...withdrawn(id),
        ];
      });
    },
    async signIn(name, password, from) {
      const well = await throttle.enter(name, from);
      await directory.sync();
      const id = directory.field(nameField('person', name));
      const record = id === undefined ? undefined : directory.get('person', id);
      const right = await slowly(passwordIs(password, record?.password));
      if (!right || !record || record.disabled) throw new AccessError(401, 'name and password do not go together');
      await well();
      const begun = sessions.begin(id!, from);
      await directory.change(() => [
        directory.edit('person', id!, { ...person(id!), signedInAt: now() }),
        ...begun.edits(),
      ]);
      return begun.secret;
    },
    async signInOidc({ issuer, subject, name: given, role, scope }, from) {
      checkGrant(role, scope, knownScope);
      const anchor = nameField('session', `${issuer}\n${subject}`).replace('name:session', 'oidc');
      let begun: ReturnType<Sessions['begin']> | undefined;
      await directory.change(() => {
        const known = directory.field(anchor);
        const id = known ?? newId();
        const before = directory.get('person', id);
        if (before?.disabled) throw new AccessError(403, 'this person may not sign in here');
        // A name that somebody else has here already is told apart by what the provider calls them.
        let name = before?.name ?? tidy(given);
        const holder = directory.field(nameField('person', name));
        if (holder !== undefined && holder !== id) name = tidy(`${name} (${subject})`);
        const record: PersonRecord = {
          ...(before ?? { createdAt: now(), createdBy: 'OpenID Connect' }),
          name,
          role,
          scope,
          oidc: { issuer, subject },
          signedInAt: now(),
        };
        begun ??= sessions.begin(id, from);
        return [
          { field: anchor, from: known, to: id },
          { ...freeName(name, id), to: id },
          directory.edit('person', id, record),
          ...begun.edits(id),
          ...(role === 'admin' ? [{ field: CLOSED_FIELD, from: 'any', to: '1' } as const] : []),
        ];
      });
      return begun!.secret;
    },
    async changePassword(principal, old, next, from) {
      const id = principal.id!;
      const { password, name } = person(id);
      if (password === undefined) throw new AccessError(409, 'there is no password here to change');
      const well = await throttle.enter(name, from);
      if (!(await slowly(passwordIs(old, password))))
        throw new AccessError(403, 'that is not the password until now', { parameter: 'old' });
      await well();
      const weak = weakness(next, name);
      if (weak) throw new AccessError(422, weak, { parameter: 'new' });
      const kept = await slowly(hashPassword(next));
      const begun = sessions.begin(id, from);
      await directory.change(() => [
        directory.edit('person', id, { ...person(id), password: kept }),
        ...sessions.ending(id),
        ...begun.edits(),
      ]);
      return begun.secret;
    },
  };
}

/** A name as it is kept and shown. @throws AccessError 400 */
export function tidy(name: string): string {
  const kept = name.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (!kept || /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u.test(kept))
    throw new AccessError(400, 'a name needs at least one letter, and no invisible ones', { parameter: 'name' });
  return kept;
}
