import { ROLE_RULES, type AccessRole } from '../../../contract/roles.ts';
import { unitOf, unitsIn } from '../../../common/units.ts';
import { AccessError } from '../accessError.ts';
import type { ChangeBy } from '../changeBy.ts';
import { closing, type Dropped } from '../closing.ts';
import type { Directory } from '../directory.ts';
import { checkGrant, type Divisions } from '../grants.ts';
import { takeName, tidyName } from '../names.ts';
import { storedPerson } from '../people/storedPerson.ts';
import { hashPassword, passwordIs } from '../people/passwords.ts';
import { weakness } from '../people/passwordStrength.ts';
import type { Principal } from '../../platform/http/principal.ts';
import { nameField, newId, type PersonRecord } from '../records.ts';
import type { Sessions } from './sessions.ts';
import type { Throttle } from './throttle.ts';

/** Somebody as the OpenID provider and the mapping of OIDC_FILE name them. */
export interface OidcPerson {
  issuer: string;
  subject: string;
  name: string;
  role: AccessRole;
  scope: string;
  /** What is said of their unit, each a code or a Chinese name. */
  units?: readonly string[];
}

/** Somebody of a role that belongs to a unit, of whom no unit of the region is told. */
export class UnknownUnit extends AccessError {
  constructor({ role, scope, units = [] }: Pick<OidcPerson, 'role' | 'scope' | 'units'>) {
    const told = units.length ? `none of ${units.join(', ')} is one of ${scope}` : 'none is told';
    super(403, `a ${role} belongs to a unit of the region's pack, and ${told}`, { parameter: 'unit' });
  }
}

/** How people come in. Errors are AccessError. */
export interface SignIn {
  /** @returns the session's secret */
  byPassword(name: string, password: string, from: string): Promise<string>;
  byOidc(who: OidcPerson, from: string): Promise<{ secret: string; dropped: Dropped }>;
  /** Ends all other sessions. @returns the secret of a new one */
  changePassword(principal: Principal, old: string, next: string, from: string): Promise<string>;
}

export interface SignInParts {
  directory: Directory;
  changeBy: ChangeBy;
  sessions: Sessions;
  throttle: Throttle;
  divisions: Divisions;
  now: () => number;
}

export function createSignIn({ directory, changeBy, sessions, throttle, divisions, now }: SignInParts): SignIn {
  /** Does what needs the right password; an attempt counts against its limits only where it was the wrong one. */
  async function attempting<T>(name: string, from: string, work: (known: boolean) => Promise<T>): Promise<T> {
    const attempt = await throttle.enter(name, from);
    let result: T;
    try {
      result = await work(attempt.known);
    } catch (error) {
      const wrong = error instanceof AccessError && (error.status === 401 || error.status === 403);
      // Where the counts cannot be read either, they end by themselves.
      if (!wrong) await attempt.refund().catch(() => undefined);
      throw error;
    }
    await attempt.succeeded();
    return result;
  }

  return {
    byPassword: (name, password, from) =>
      attempting(name, from, async (known) => {
        await directory.sync();
        const wrong = () => new AccessError(401, 'name and password do not go together');
        const id = directory.field(nameField('person', name));
        const found = id === undefined ? undefined : directory.get('person', id);
        const right = await passwordIs(password, found?.password, { address: from, known });
        if (!right || id === undefined || !found || found.disabled) throw wrong();
        const begun = sessions.begin(id, from);
        await directory.change(() => {
          // Working on the password takes a while, in which it may have been changed: what counts is what holds now.
          const record = directory.get('person', id);
          if (!record || record.disabled || record.password !== found.password) throw wrong();
          return [directory.edit('person', id, { ...record, signedInAt: now() }), ...begun.edits()];
        });
        return begun.secret;
      }),

    async byOidc({ issuer, subject, name: given, role, scope, units = [] }, from) {
      const here = { units: [...unitsIn(divisions.units(scope), scope)] };
      const rule = ROLE_RULES[role].unit;
      const unit = rule === 'none' ? undefined : units.flatMap((text) => unitOf(here, text) ?? [])[0]?.code;
      if (unit === undefined && rule === 'must') throw new UnknownUnit({ role, scope, units });
      checkGrant({ role, scope, unit }, divisions);
      const anchor = nameField('session', `${issuer}\n${subject}`).replace('name:session', 'oidc');
      const fresh = newId();
      let begun: ReturnType<Sessions['begin']> | undefined;
      let dropped: Dropped = [];
      await directory.change(() => {
        const id = directory.field(anchor) ?? fresh;
        const before = directory.get('person', id);
        if (before?.disabled) throw new AccessError(403, 'this person may not sign in here');
        // A name that somebody else has here already is told apart by what the provider calls them.
        let name = before?.name ?? tidyName(given);
        const holder = directory.field(nameField('person', name));
        if (holder !== undefined && holder !== id) name = tidyName(`${name} (${subject})`);
        const record: PersonRecord = {
          ...(before ?? { createdAt: now(), createdBy: 'OpenID Connect' }),
          name,
          role,
          scope,
          oidc: { issuer, subject },
          signedInAt: now(),
        };
        if (unit === undefined) delete record.unit;
        else record.unit = unit;
        const closes = role === 'admin' ? closing(directory, `person:${id}`) : { edits: [], dropped: [] };
        dropped = closes.dropped;
        begun = sessions.begin(id, from);
        return [
          ...closes.edits,
          { field: anchor, to: id },
          takeName(directory, 'person', name, id),
          directory.edit('person', id, record),
          ...begun.edits(),
        ];
      });
      await throttle.know(from);
      return { secret: begun!.secret, dropped };
    },

    async changePassword(principal, old, next, from) {
      const id = principal.id!;
      const { password, name } = storedPerson(directory, id);
      if (password === undefined) throw new AccessError(409, 'there is no password here to change');
      const weak = weakness(next, name);
      const asker = { address: from, known: true };
      const notTheOne = () => new AccessError(403, 'that is not the password until now', { parameter: 'old' });
      return attempting(name, from, async () => {
        if (!(await passwordIs(old, password, asker))) throw notTheOne();
        if (weak) throw new AccessError(422, weak, { parameter: 'new' });
        const kept = await hashPassword(next, asker);
        const begun = sessions.begin(id, from);
        await changeBy(principal, () => {
          const record = storedPerson(directory, id);
          if (record.password !== password) throw notTheOne();
          return [
            directory.edit('person', id, { ...record, password: kept }),
            ...sessions.ending(id),
            ...begun.edits(),
          ];
        });
        return begun.secret;
      });
    },
  };
}
