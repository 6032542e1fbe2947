import { parseRfc3339 } from '../../common/regionTime.ts';
import { actorIdOf } from '../platform/http/principal.ts';
import type { Member } from './member.ts';
import { memberOf } from './personas/personas.ts';
import type { PersonRecord } from './records.ts';
import type { AccessServices } from './services.ts';

/** Who works here: people and, where a program acts for them, tokens; in a demonstration, those who are made up, too. */
export interface Staff {
  /** Whoever is let in now under an id. */
  member(id: string): Member | undefined;
  /** All who are let in now. */
  members(): Member[];
  /** The name of whoever has an id, also of somebody who is not let in any more; undefined where nobody has. */
  nameOf(id: string): string | undefined;
}

export function createStaff({
  access,
  directory,
  tokens,
  personas,
  fictional,
  now,
}: Pick<AccessServices, 'access' | 'directory' | 'tokens' | 'personas' | 'fictional' | 'now'>): Staff {
  const fromPerson = (id: string, { name, role, scope, unit }: PersonRecord): Member => ({
    id,
    name,
    role,
    scope,
    ...(unit === undefined ? {} : { unit }),
  });
  const known = new Map(personas.items.map(memberOf).map((member) => [member.id, member]));
  const persona = (id: string) => (access.offersPersonas() ? known.get(id) : undefined);
  const signsIn = ({ disabled, password, oidc }: PersonRecord) =>
    !disabled && (password !== undefined || oidc !== undefined);
  const tokenMembers = () =>
    tokens
      .all()
      .filter(({ expires }) => expires === undefined || parseRfc3339(expires)! > now())
      .map(({ id, name, role, scope, unit }): Member => ({
        id: actorIdOf({ kind: 'token', name, ...(id === undefined ? {} : { id }) }),
        name,
        role,
        scope,
        ...(unit === undefined ? {} : { unit }),
      }));
  const tokenOf = (id: string) => (id.startsWith('token:') ? tokenMembers().find((one) => one.id === id) : undefined);
  return {
    member(id) {
      const person = directory.get('person', id);
      if (person) return signsIn(person) ? fromPerson(id, person) : undefined;
      return tokenOf(id) ?? fictional.get(id) ?? persona(id);
    },
    members: () => [
      ...directory
        .list('person')
        .filter(([, person]) => signsIn(person))
        .map(([id, person]) => fromPerson(id, person)),
      ...tokenMembers(),
      ...fictional.values(),
      ...[...known.keys()].flatMap((id) => persona(id) ?? []),
    ],
    nameOf: (id) => (directory.get('person', id) ?? tokenOf(id) ?? fictional.get(id) ?? known.get(id))?.name,
  };
}
