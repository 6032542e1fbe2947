import { describe, expect, it } from 'vitest';
import { ACCESS_ROLES } from '../../../contract/roles.ts';
import { credentialsOf, sameOrigin } from '../../../server/platform/http/credentials.ts';
import { covers, coversRegion, viewOf, type Principal } from '../../../server/platform/http/principal.ts';

const who = (role: Principal['role'], scope: string): Principal => ({
  kind: 'token',
  credential: 'file:x',
  name: 'n',
  role,
  scope,
});

describe('scope', () => {
  it.each<[scope: string, division: string, all: boolean, common: boolean]>([
    ['330110', '330110', true, true],
    ['330110', '330110010', true, true],
    ['330110', '330111', false, false],
    ['330110', '330111010', false, false],
    ['330110', '33011', false, false],
    ['330110', '', false, false],
    ['330110010', '330110010', true, true],
    ['330110010', '330110', false, true],
    ['330110010', '330110001', false, true],
  ])('%s and %s', (scope, division, all, common) => {
    expect(covers(who('officer', scope), division)).toBe(all);
    if (division) expect(coversRegion(who('officer', scope), division.slice(0, 6))).toBe(common);
    expect(covers(who('admin', scope), division)).toBe(true);
  });

  it('shows all to those who work on alerts alone', () => {
    expect(ACCESS_ROLES.filter((role) => viewOf(who(role, '330110')) === 'full')).toEqual([
      'officer',
      'leader',
      'admin',
    ]);
    expect(viewOf({ ...who('handler', '330110'), unit: 'brigade' })).toBe('unit brigade');
    expect(ACCESS_ROLES.filter((role) => viewOf(who(role, '330110')) === 'masked')).toEqual(['ingest', 'display']);
  });
});

describe('credentials', () => {
  it.each([
    ['a bearer', { authorization: 'Bearer ww_a-b' }, 'ww_a-b', 'header'],
    ['a bearer in small letters', { authorization: 'bearer  x ' }, 'x', 'header'],
    ['another scheme, whatever the cookie', { authorization: 'Basic eDp5', cookie: 'wagewatch=ww_a' }, '', 'header'],
    ['a bearer of two words', { authorization: 'Bearer a b' }, '', 'header'],
    ['a cookie among others', { cookie: 'a=b; wagewatch=ww_a; c' }, 'ww_a', 'cookie'],
    ['an empty cookie', { cookie: 'wagewatch=' }, undefined, 'none'],
    ['a cookie that only ends like ours', { cookie: 'xwagewatch=ww_a' }, undefined, 'none'],
    ['nothing', {}, undefined, 'none'],
  ])('%s', (_what, headers, token, by) => {
    expect(credentialsOf(headers)).toEqual({ token, by });
  });

  it('come from our own pages', () => {
    expect(sameOrigin({ host: 'a:1' }, undefined)).toBe(true);
    expect(sameOrigin({ host: 'a:1', origin: 'https://a:1' }, undefined)).toBe(true);
    for (const origin of ['http://a:2', 'http://b:1', 'null', 'x', 'http://a:1.evil'])
      expect(sameOrigin({ host: 'a:1', origin }, undefined)).toBe(false);
  });
});
