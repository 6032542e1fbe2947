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
    { name, role, scope, source, expires, createdAt, createdBy }: TokenRecord,
  ): StoredToken => ({
    id,
    name,
    role,
    scope,
    ...(source === undefined ? {} : { source }),
    ...(expires === undefined ? {} : { expires: toRfc3339(expires) }),
    createdAt: toRfc3339(createdAt),
    createdBy,
  });
  return {
    list: () =>
      [
        ...directory.list('token').map(([id, token]) => view(id, token)),
        ...(file?.list() ?? []).map(({ name, role, scope, source, expires }): StoredToken => ({
          name,
          role,
          scope,
          ...(source === undefined ? {} : { source }),
          ...(expires === undefined ? {} : { expires: toRfc3339(expires) }),
        })),
      ].sort((a, b) => a.name.localeCompare(b.name, 'zh-CN')),
    async add({ name: given, role, scope, source, expires }, by) {
      const name = tidy(given);
      checkGrant(role, scope, knownScope);
      if (source !== undefined && role !== 'ingest')
        throw new AccessError(400, 'only an ingest token has a source', { parameter: 'source' });
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
        ...(source === undefined ? {} : { source }),
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
