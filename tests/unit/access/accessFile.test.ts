import { describe, expect, it } from 'vitest';
import { parseAccessFile } from '../../../server/access/tokens/accessFile.ts';
import type { SettingError } from '../../../server/platform/settings.ts';
import { hashToken, mintToken } from '../../../server/access/secret.ts';

const hash = hashToken('x');
const token = (more: object = {}) => ({ name: 'wall', role: 'display', scope: '330110', hash, ...more });
const other = (more: object = {}) => token({ name: 'other', hash: hashToken('y'), ...more });
const ingest = (more: object = {}) =>
  token({ role: 'ingest', source: 'urn:x', alerts: ['X-'], may: ['wage.alert.raised'], channels: ['water'], ...more });
const parse = (value: unknown) =>
  parseAccessFile(typeof value === 'string' ? value : JSON.stringify(value), '/etc/a.json');

function problemsOf(value: unknown): readonly string[] {
  try {
    parse(value);
    return [];
  } catch (error) {
    return (error as SettingError).problems;
  }
}

describe('access file', () => {
  it.each([
    ['nobody', { tokens: [] }],
    ['a town', { tokens: [token({ scope: '330110010' }), other({ role: 'officer', scope: '330110010' })] }],
    [
      'a handler, and an officer and a leader with and without a unit',
      {
        tokens: [
          token({ role: 'handler', scope: '330110010', unit: 'office-010' }),
          other({ role: 'officer', unit: 'brigade' }),
          token({ name: 'third', hash: hashToken('z'), role: 'leader' }),
        ],
      },
    ],
    [
      'a source and an end',
      { tokens: [token({ role: 'ingest', source: 'urn:x', expires: '2027-01-01T00:00:00+08:00' })] },
    ],
    ['limits of what is written', { tokens: [ingest()] }],
    ['a trusted token with a source', { tokens: [token({ role: 'ingest', source: 'urn:x', trusted: true })] }],
    ['an ingest token from before there were limits', { tokens: [token({ role: 'ingest' })] }],
  ])('takes %s', (_what, value) => {
    expect(parse(value)).toEqual(value);
    expect(parseAccessFile(`\uFEFF${JSON.stringify(value)}`, 'a')).toEqual(value);
  });

  it.each<[string, unknown, RegExp[]]>([
    ['no JSON', '{', [/^\/etc\/a\.json is no JSON: .*\.$/]],
    ['a list', [], [/^\/etc\/a\.json: the whole file must be object\.$/]],
    ['no tokens', {}, [/^\/etc\/a\.json: \/tokens is missing\.$/]],
    [
      'an unknown role',
      { tokens: [token({ role: 'boss' })] },
      [/: \/tokens\/0\/role is "boss", but it must be one of ingest, display, handler, officer, leader, admin\.$/],
    ],
    [
      'a wrong scope',
      { tokens: [token({ scope: '33' })] },
      [/: \/tokens\/0\/scope is "33", but it must be the code of a region/],
    ],
    [
      'a wrong end',
      { tokens: [token({ expires: '2027-02-30T00:00:00Z' })] },
      [/: \/tokens\/0\/expires is "2027-02-30T00:00:00Z", but it must be an RFC 3339 time/],
    ],
    ['a field too many', { tokens: [token({ roles: [] })] }, [/: \/tokens\/0\/roles is no field of an access file\.$/]],
    ['no name', { tokens: [token({ name: '' })] }, [/: \/tokens\/0\/name .*, it is ""\.$/]],
    [
      'a town for a leader',
      { tokens: [token({ role: 'leader', scope: '330110010' })] },
      [/: \/tokens\/0\/scope is "330110010", a town, but the role leader is for a whole region/],
    ],
    [
      'a handler without a unit',
      { tokens: [token({ role: 'handler' })] },
      [/: \/tokens\/0\/unit is missing: a handler belongs to a unit of its region's pack\.$/],
    ],
    [
      'a unit for a display',
      { tokens: [token({ unit: 'brigade' })] },
      [/: \/tokens\/0\/unit is "brigade", but a token of the role display belongs to no unit\.$/],
    ],
    [
      'a source for a display',
      { tokens: [token({ source: 'urn:x' })] },
      [/: \/tokens\/0\/source is "urn:x", but only an ingest token has a source/],
    ],
    [
      'alerts for a display',
      { tokens: [token({ alerts: ['X-'] })] },
      [/: \/tokens\/0\/alerts is given, but only an ingest token has it, and this one's role is display\.$/],
    ],
    [
      'limits without a source',
      { tokens: [ingest({ source: undefined })] },
      [/: \/tokens\/0\/source is missing: an ingest token names the one CloudEvents source/],
    ],
    [
      'limits without alerts',
      { tokens: [ingest({ alerts: undefined })] },
      [/: \/tokens\/0\/alerts is missing: .*, or is "trusted": true\.$/],
    ],
    ['limits without types', { tokens: [ingest({ may: undefined })] }, [/: \/tokens\/0\/may is missing/]],
    [
      'an untrusted token without limits',
      { tokens: [token({ role: 'ingest', trusted: false })] },
      [/source is missing/],
    ],
    [
      'a trusted token with limits',
      { tokens: [ingest({ trusted: true })] },
      [/: \/tokens\/0\/alerts is given, but a trusted token has no such limit/],
    ],
    ['an empty beginning, which every id has', { tokens: [ingest({ alerts: [''] })] }, [/\/tokens\/0\/alerts\/0 /]],
    ['no beginnings', { tokens: [ingest({ alerts: [] })] }, [/\/tokens\/0\/alerts /]],
    [
      'a type that is none',
      { tokens: [ingest({ may: ['wage.alert.*'] })] },
      [/: \/tokens\/0\/may\/0 is "wage\.alert\.\*", but it must be one of wage\.alert\.raised/],
    ],
    [
      'a channel that is none',
      { tokens: [ingest({ channels: ['sea'] })] },
      [/: \/tokens\/0\/channels\/0 is "sea", but it must be one of water/],
    ],
    [
      'two of a name',
      { tokens: [token(), other({ name: 'wall' })] },
      [/: \/tokens\/1\/name is "wall", but so is that of \/tokens\/0/],
    ],
    ['a token twice', { tokens: [token(), token({ name: 'b' })] }, [/: \/tokens\/1\/hash is that of \/tokens\/0 too/]],
    [
      'several faults',
      { tokens: [token({ role: 1 }), other({ scope: 7 })] },
      [/\/tokens\/0\/role is 1/, /\/tokens\/1\/scope must be string, it is 7/],
    ],
  ])('refuses %s in a sentence', (_what, value, sentences) => {
    const problems = problemsOf(value);
    expect(problems).toHaveLength(sentences.length);
    sentences.forEach((sentence, i) => expect(problems[i]).toMatch(sentence));
  });

  it('never repeats a token that was put in the place of its hash', () => {
    const secret = mintToken();
    const problems = problemsOf({ tokens: [token({ hash: secret })] }).join();
    expect(problems).toMatch(/\/tokens\/0\/hash must be "sha256:"/);
    expect(problems).not.toContain(secret);
  });
});

describe('tokens', () => {
  it('are 32 random bytes with a prefix, and never the same', () => {
    const many = Array.from({ length: 1000 }, mintToken);
    expect(new Set(many).size).toBe(1000);
    for (const one of many) expect(one).toMatch(/^ww_[A-Za-z0-9_-]{43}$/);
  });

  it('are kept as their SHA-256', () => {
    expect(hashToken('abc')).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
