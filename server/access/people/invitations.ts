import { AccessError } from '../accessError.ts';
import { closing, type Dropped } from '../closing.ts';
import type { Directory } from '../directory.ts';
import { takeName, tidyName } from '../names.ts';
import { newId, type InviteRecord, type PersonRecord } from '../records.ts';
import { hashToken, mintSecret } from '../secret.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Edit } from '../store/accessStore.ts';
import { storedPerson } from './storedPerson.ts';
import { hashPassword } from './passwords.ts';
import { weakness } from './passwordStrength.ts';

/** An invitation is good for so long, ms: over a weekend. */
export const INVITE_MS = 72 * 3_600_000;

/** The code is told this once. */
export interface Invited {
  id: string;
  code: string;
  ends: number;
}

/** An invitation that is to be kept with other changes. */
export interface Draft {
  answer: Pick<Invited, 'code' | 'ends'>;
  /** The edits that keep it, in place of those before for the same person. */
  edits(grant: Pick<InviteRecord, 'role' | 'scope' | 'unit'>): Edit[];
}

/** Links with which people choose a password. Errors are AccessError. */
export interface Invitations {
  /** @param person undefined: for a first admin, who chooses a name */
  draft(person: string | undefined): Draft;
  /** For the first admin of an installation, or another one where nobody gets in any more. */
  inviteAdmin(scope: string): Promise<{ code: string; ends: number }>;
  /** The edits that end all invitations of a person, or (undefined) those for a first admin. */
  withdrawing(person: string | undefined): Edit[];
  /** For whom an invitation is, without using it up; undefined when it is used or too old. */
  find(code: string): { id: string; name: string | undefined; invite: InviteRecord } | undefined;
  /** @returns the session's secret, and what went with the opening of the program, if this closed it */
  accept(
    code: string,
    name: string | undefined,
    password: string,
    from: string,
  ): Promise<{ secret: string; dropped: Dropped }>;
}

export interface InvitationsParts {
  directory: Directory;
  sessions: Sessions;
  now: () => number;
}

export function createInvitations({ directory, sessions, now }: InvitationsParts): Invitations {
  const withdrawing = (person: string | undefined): Edit[] =>
    directory
      .list('invite')
      .filter(([, invite]) => invite.person === person)
      .map(([id]) => directory.edit('invite', id, undefined));
  const draft = (person: string | undefined): Draft => {
    const code = mintSecret('wi');
    const ends = now() + INVITE_MS;
    const id = newId();
    return {
      answer: { code, ends },
      edits: (grant) => [
        ...withdrawing(person),
        directory.edit('invite', id, {
          hash: hashToken(code),
          ends,
          ...grant,
          ...(person === undefined ? {} : { person }),
        }),
      ],
    };
  };
  const find: Invitations['find'] = (code) => {
    const found = directory.byHash(hashToken(code));
    const invite = found?.kind === 'invite' ? directory.get('invite', found.id) : undefined;
    if (!invite || invite.ends <= now()) return undefined;
    const name = invite.person === undefined ? undefined : directory.get('person', invite.person)?.name;
    return { id: found!.id, name, invite };
  };
  /** @throws AccessError 404 */
  const need = (code: string) => {
    const found = find(code);
    if (!found) throw new AccessError(404, 'this invitation has been used, or is too old', { parameter: 'code' });
    return found;
  };

  return {
    draft,
    withdrawing,
    find,
    async inviteAdmin(scope) {
      const invitation = draft(undefined);
      await directory.change(() => invitation.edits({ role: 'admin', scope }));
      return invitation.answer;
    },
    async accept(code, given, password, from) {
      await directory.sync();
      const first = need(code);
      const name = first.name ?? tidyName(given ?? '');
      const weak = weakness(password, name);
      if (weak) throw new AccessError(422, weak, { parameter: 'password' });
      const kept = await hashPassword(password, { address: from, known: true });
      const id = first.invite.person ?? newId();
      const begun = sessions.begin(id, from);
      let dropped: Dropped = [];
      await directory.change(() => {
        // Used, withdrawn or changed while the password was worked on: that counts.
        const { id: inviteId, invite } = need(code);
        const isNew = invite.person === undefined;
        const record: PersonRecord = isNew
          ? { name, role: invite.role, scope: invite.scope, createdAt: now(), createdBy: 'invitation' }
          : storedPerson(directory, id);
        const closes = record.role === 'admin' ? closing(directory, `person:${id}`) : { edits: [], dropped: [] };
        dropped = closes.dropped;
        return [
          ...closes.edits,
          directory.edit('invite', inviteId, undefined),
          ...(isNew ? [takeName(directory, 'person', name, id)] : sessions.ending(id)),
          directory.edit('person', id, { ...record, password: kept, signedInAt: now() }),
          ...begun.edits(),
        ];
      });
      return { secret: begun.secret, dropped };
    },
  };
}
