import { describe, expect, it } from 'vitest';
import { claimOf } from '../../../server/access/sessions/oidcClaims.ts';

describe('a claim', () => {
  const claims = {
    groups: ['a'],
    'https://office.example/roles': ['b'],
    realm_access: { roles: ['c'] },
    resource_access: { 'wage.watch': { roles: ['d'] } },
    list: [{ x: 1 }],
  };
  it.each<[path: string, value: unknown]>([
    ['groups', ['a']],
    ['https://office.example/roles', ['b']],
    ['realm_access.roles', ['c']],
    ['resource_access.wage.watch.roles', ['d']],
    ['realm_access.none', undefined],
    ['list.x', undefined],
    ['__proto__.toString', undefined],
    ['toString', undefined],
    ['', undefined],
  ])('%s', (path, value) => {
    expect(claimOf(claims, path)).toEqual(value);
  });
});
