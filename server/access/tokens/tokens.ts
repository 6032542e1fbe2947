import type { StoredToken, TokenAdd } from '../../../contract/accessAdmin.ts';
import { parseRfc3339, toRfc3339 } from '../../../common/regionTime.ts';
import { AccessError } from '../accessError.ts';
import type { Directory } from '../directory.ts';
import type { FileTokens } from './fileTokens.ts';
import { checkGrant } from '../grants.ts';
import { tidy } from '../people/people.ts';
import { CLOSED_FIELD, nameField, newId, type TokenRecord } from '../records.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { hashToken, mintToken } from '../secret.ts';
import { grantFault, grantInForce } from '../writeGrant.ts';

/** Tokens of programs, and of screens that are not paired. Errors are AccessError. */
export interface Tokens {
  /** Those stored, and those of the access file, which are changed there. */
  list(): StoredToken[];
  add(given: TokenAdd, by: string): Promise<{ id: string; secret: string; token: StoredToken }>;
  /** @returns its name */
  revoke(id: string): Promise<string>;
}

export interface TokensParts {
  directory: Directory;
  sessions: Sessions;
  file?: FileTokens;
  knownScope: (scope: string) => boolean;
  now: () => number;
}

export function createTokens({ directory, sessions, file, knownScope, now }: TokensParts): Tokens {
  const view = (
    id: string,
    { name, role, scope, expires, createdAt, createdBy, ...grant }: TokenRecord,
  ): StoredToken => ({
    id,
    name,
    role,
    scope,
    ...grantInForce(role, grant),
    ...(expires === undefined ? {} : { expires: toRfc3339(expires) }),
    createdAt: toRfc3339(createdAt),
    createdBy,
  });
  return {
    list: () =>
      [
        ...directory.list('token').map(([id, token]) => view(id, token)),
        ...(file?.list() ?? []).map(({ name, role, scope, expires, ...grant }): StoredToken => ({
          name,
          role,
          scope,
          ...grantInForce(role, grant),
          ...(expires === undefined ? {} : { expires: toRfc3339(expires) }),
        })),
      ].sort((a, b) => a.name.localeCompare(b.name, 'zh-CN')),
    async add({ name: given, role, scope, expires, ...grant }, by) {
      const name = tidy(given);
      checkGrant(role, scope, knownScope);
      const fault = grantFault(role, grant);
      if (fault) throw new AccessError(400, `${fault.field} ${fault.problem}`, { parameter: fault.field });
      const ends = expires === undefined ? undefined : parseRfc3339(expires);
      if (expires !== undefined && !(ends! > now()))
        throw new AccessError(400, 'expires must be a time to come', { parameter: 'expires' });
      const id = newId();
      const secret = mintToken();
      const record: TokenRecord = {
        name,
        role,
        scope,
        hash: hashToken(secret),
        createdAt: now(),
        createdBy: by,
        ...grantInForce(role, grant),
        ...(ends === undefined ? {} : { expires: ends }),
      };
      const field = nameField('token', name);
      await directory.change(() => {
        if (directory.field(field) !== undefined)
          throw new AccessError(409, 'a token of that name is there already', { parameter: 'name' });
        return [
          { field, from: undefined, to: id },
          directory.edit('token', id, record),
          ...(role === 'admin' ? [{ field: CLOSED_FIELD, from: 'any', to: '1' } as const] : []),
        ];
      });
      return { id, secret, token: view(id, record) };
    },
    async revoke(id) {
      let name = '';
      await directory.change(() => {
        const token = directory.get('token', id);
        if (!token) throw new AccessError(404, 'there is no token of that id', { parameter: 'id' });
        name = token.name;
        return [
          directory.edit('token', id, undefined),
          { field: nameField('token', name), from: 'any', to: undefined },
          ...sessions.endingByToken(`token:${id}`),
        ];
      });
      return name;
    },
  };
}
