import { parseRfc3339 } from '../../common/regionTime.ts';
import type { Principal } from '../platform/http/principal.ts';
import { signsInAsAdmin } from './people/people.ts';
import type { AccessServices } from './services.ts';

/** Whether anybody else than this one, a person or a program, is let in as an admin: then four eyes can be asked for. */
export function otherAdmin(
  { directory, tokens, now }: Pick<AccessServices, 'directory' | 'tokens' | 'now'>,
  than: Principal,
): boolean {
  const people = directory
    .list('person')
    .some(([id, person]) => !(than.kind === 'person' && than.id === id) && signsInAsAdmin(person));
  if (people) return true;
  return tokens
    .list()
    .some(
      ({ role, name, expires }) =>
        role === 'admin' &&
        !(than.kind === 'token' && than.name === name) &&
        (expires === undefined || parseRfc3339(expires)! > now()),
    );
}
