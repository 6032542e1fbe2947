import type { StoredToken, TokenAdd } from '../../../contract/accessAdmin.ts';
import { parseRfc3339, toRfc3339 } from '../../../common/regionTime.ts';
import { AccessError } from '../accessError.ts';
import type { ChangeBy } from '../changeBy.ts';
import { closing, type Dropped } from '../closing.ts';
import type { Directory } from '../directory.ts';
import type { FileTokens } from './fileTokens.ts';
import { checkGrant, platformFault, type Divisions } from '../grants.ts';
import { releaseName, takeName, tidyName } from '../names.ts';
import type { Principal } from '../../platform/http/principal.ts';
import { newId, type TokenRecord } from '../records.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { hashToken, mintToken } from '../secret.ts';
import { grantFault, grantInForce } from '../writeGrant.ts';

/** Tokens of programs, and of screens that are not paired. Errors are AccessError. */
export interface Tokens {
  /** Those stored, and those of the access file, which are changed there; by name. */
  list(): StoredToken[];
  /** The same in no order: sorting hundreds of names takes longer than all the rest of an action about an alert. */
  all(): StoredToken[];
  /** @returns the token, its secret (told this once), and what went with the opening of the program, if this closed it */
  add(given: TokenAdd, by: Principal): Promise<{ id: string; secret: string; token: StoredToken; dropped: Dropped }>;
  /** @returns its name */
  revoke(id: string, by: Principal): Promise<string>;
}

export interface TokensParts {
  directory: Directory;
  changeBy: ChangeBy;
  sessions: Sessions;
  file?: FileTokens;
  divisions: Divisions;
  now: () => number;
}

export function createTokens({ directory, changeBy, sessions, file, divisions, now }: TokensParts): Tokens {
  const view = (
    id: string,
    { name, role, scope, unit, expires, createdAt, createdBy, ...grant }: TokenRecord,
  ): StoredToken => ({
    id,
    name,
    role,
    scope,
    ...(unit === undefined ? {} : { unit }),
    ...grantInForce(role, grant),
    ...(expires === undefined ? {} : { expires: toRfc3339(expires) }),
    createdAt: toRfc3339(createdAt),
    createdBy,
  });
  const all = () => [
    ...directory.list('token').map(([id, token]) => view(id, token)),
    ...(file?.list() ?? []).map(({ name, role, scope, unit, expires, ...grant }): StoredToken => ({
      name,
      role,
      scope,
      ...(unit === undefined ? {} : { unit }),
      ...grantInForce(role, grant),
      ...(expires === undefined ? {} : { expires: toRfc3339(expires) }),
    })),
  ];
  return {
    list: () => all().sort((a, b) => a.name.localeCompare(b.name, 'zh-CN')),
    all,
    async add({ name: given, role, scope, unit, expires, ...grant }, by) {
      const name = tidyName(given);
      checkGrant({ role, scope, unit }, divisions);
      const fault = grantFault(role, grant);
      if (fault) throw new AccessError(400, `${fault.field} ${fault.problem}`, { parameter: fault.field });
      const speaks = platformFault(grant.platform, divisions.units(scope));
      if (speaks !== undefined) throw new AccessError(400, `platform ${speaks}`, { parameter: 'platform' });
      const ends = expires === undefined ? undefined : parseRfc3339(expires);
      if (expires !== undefined && !(ends! > now()))
        throw new AccessError(400, 'expires must be a time to come', { parameter: 'expires' });
      const id = newId();
      const secret = mintToken();
      const record: TokenRecord = {
        name,
        role,
        scope,
        ...(unit === undefined ? {} : { unit }),
        hash: hashToken(secret),
        createdAt: now(),
        createdBy: by.name,
        ...grantInForce(role, grant),
        ...(ends === undefined ? {} : { expires: ends }),
      };
      let dropped: Dropped = [];
      await changeBy(by, () => {
        const closes = role === 'admin' ? closing(directory, `token:${id}`) : { edits: [], dropped: [] };
        dropped = closes.dropped;
        return [...closes.edits, takeName(directory, 'token', name, id), directory.edit('token', id, record)];
      });
      return { id, secret, token: view(id, record), dropped };
    },
    async revoke(id, by) {
      let name = '';
      await changeBy(by, () => {
        const token = directory.get('token', id);
        if (!token) throw new AccessError(404, 'there is no token of that id', { parameter: 'id' });
        name = token.name;
        return [
          directory.edit('token', id, undefined),
          releaseName('token', name),
          ...sessions.endingByToken(`token:${id}`),
        ];
      });
      return name;
    },
  };
}
