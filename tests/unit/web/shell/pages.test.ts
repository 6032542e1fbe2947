import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAIRING_LENGTH, PAIRING_LETTERS } from '../../../../contract/accessLimits.ts';
import { DISPLAY_SCREENS, TRAIL_VERBS, type TrailVerb } from '../../../../contract/roles.ts';
import { settingFields, withSetting } from '../../../../web/admin/displaySettings.ts';
import { NO_SEARCH, trailQuery } from '../../../../web/admin/trailQuery.ts';
import { agentText, fragment, readCode } from '../../../../web/shell/codeText.ts';
import { qrPath } from '../../../../web/signin/qr.ts';
import { messages } from '../i18n/texts.ts';
import { DEFAULTS, readQuery } from '../../../../web/shell/settings/screenState.ts';

const codes = fc
  .array(fc.constantFrom(...PAIRING_LETTERS), { minLength: PAIRING_LENGTH, maxLength: PAIRING_LENGTH })
  .map((letters) => letters.join(''));

describe('a pairing code', () => {
  it('is read as people type it: in small letters, with blanks and dashes', () => {
    fc.assert(
      fc.property(codes, (code) => {
        expect(readCode(`${code.slice(0, 3).toLowerCase()} - ${code.slice(3)} `)).toEqual({ code, whole: true });
        expect(readCode(code.slice(1)).whole).toBe(false);
        expect(fragment(`#pair=${code.toLowerCase()}`)).toEqual({ pair: code });
      }),
    );
    expect(readCode('0O1I')).toEqual({ code: '', whole: false });
    expect(fragment('#pair=AB')).toEqual({});
  });

  it('comes with an address that a telephone can read: dark on light, with a quiet zone', () => {
    const { d, size } = qrPath('http://wall.example.cn/admin#pair=ACDEFH');
    const cells = [...d.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
    expect(cells.length).toBeGreaterThan(200);
    for (const [x, y] of cells)
      for (const place of [x, y]) {
        expect(place).toBeGreaterThanOrEqual(4);
        expect(place).toBeLessThan(size - 4);
      }
    // The finder pattern in its corner.
    expect(cells.filter(([x, y]) => y === 4 && x < 11).length).toBe(7);
  });
});

describe('what stands in an address', () => {
  it('is an invitation only if it looks like one', () => {
    expect(fragment('#wi_nix5AZMwkpSkyORpAEBnTyRKwhzyzTYs5fuJWh5pTKc')).toEqual({
      invite: 'wi_nix5AZMwkpSkyORpAEBnTyRKwhzyzTYs5fuJWh5pTKc',
    });
    for (const other of ['', '#', '#short', '#<script>alert(1)</script>aaaaaaaaaaaa'])
      expect(fragment(other)).toEqual({});
  });
});

it.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
    'Chrome 120 · Linux',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0',
    'Chrome 120 · Windows',
  ],
  ['curl/8.0', 'curl/8.0'],
])('tells a browser in a few words: %s', (agent, text) => {
  expect(agentText(agent)).toBe(text);
});

describe('the settings of a display', () => {
  it('are such as the screen understands', () => {
    for (const screen of DISPLAY_SCREENS) {
      for (const { key, options } of settingFields(screen)) {
        for (const option of options.filter(Boolean)) expect(readQuery({ [key]: option })).toHaveProperty(key);
        expect(DEFAULTS).toHaveProperty(key);
      }
    }
  });
  it('keep what was not changed, and lose what is left to the screen', () => {
    expect(withSetting({ lang: 'en', other: 'x' }, 'lang', '')).toEqual({ other: 'x' });
    expect(withSetting({ other: 'x' }, 'lang', 'zh')).toEqual({ other: 'x', lang: 'zh' });
  });
});

describe('the trail', () => {
  it('is asked for whole days of the region', () => {
    const query = trailQuery({ ...NO_SEARCH, who: ' 王 ', from: '2026-11-20', to: '2026-11-21' }, '1-2');
    expect(Object.fromEntries(query)).toEqual({
      who: '王',
      from: '2026-11-20T00:00:00+08:00',
      to: '2026-11-22T00:00:00+08:00',
      cursor: '1-2',
    });
    expect(trailQuery({ ...NO_SEARCH, from: 'soon' }).toString()).toBe('');
  });
  it('has words for everything that is done, in both languages', () => {
    // Checked by the compiler, too: a feature's own verbs are known to it alone (contract/roles.ts).
    type Key<V extends string> = V extends `${infer Thing}.${infer Deed}` ? `${Thing}-${Deed}` : never;
    const words: Readonly<Record<Key<TrailVerb>, string>>[] = [
      messages['zh-CN'].access.trail.verbs,
      messages.en.access.trail.verbs,
    ];
    type Surplus = Exclude<keyof (typeof messages)['en' | 'zh-CN']['access']['trail']['verbs'], Key<TrailVerb>>;
    const exact: [Surplus] extends [never] ? true : Surplus = true;
    expect([words.length, exact]).toEqual([2, true]);
    for (const { access } of Object.values(messages))
      expect(Object.keys(access.trail.verbs)).toEqual(
        expect.arrayContaining(TRAIL_VERBS.map((verb) => verb.replace('.', '-'))),
      );
  });
});
