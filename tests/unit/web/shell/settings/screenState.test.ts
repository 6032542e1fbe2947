import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WINDOWS } from '../../../../../contract/codes.ts';
import { midnight, HOUR_MS } from '../../../../../common/regionTime.ts';
import { brightnessAt } from '../../../../../web/shell/settings/brightness.ts';
import {
  DEFAULTS,
  goesRound,
  readQuery,
  readStored,
  resolve,
  writeQuery,
  writeStored,
  type ScreenState,
  type Settings,
} from '../../../../../web/shell/settings/screenState.ts';

const settings = fc.record({
  lang: fc.constantFrom('zh-CN' as const, 'en' as const),
  quality: fc.constantFrom('auto' as const, 'high' as const, 'low' as const),
  rotate: fc.constantFrom('auto' as const, 'on' as const, 'off' as const),
  theme: fc.constantFrom('auto' as const, 'night' as const, 'day' as const, 'contrast' as const),
  distance: fc.constantFrom('auto' as const, 'far' as const, 'near' as const),
  panels: fc.constantFrom('', '3x1', '2x2', '1x4'),
  sound: fc.boolean(),
  shift: fc.boolean(),
  brightness: fc.oneof(fc.constant('auto' as const), fc.integer({ min: 20, max: 100 })),
  night: fc.integer({ min: 20, max: 100 }),
  nightFrom: fc.integer({ min: 0, max: 23 }),
  rest: fc.integer({ min: 5, max: 3600 }),
  nightTo: fc.integer({ min: 0, max: 23 }),
});
const states: fc.Arbitrary<ScreenState> = fc
  .tuple(
    settings,
    fc.record({
      scope: fc.constantFrom('', '330110', '330110010'),
      window: fc.constantFrom(...WINDOWS),
      deck: fc.constantFrom('', 'weekly', 'daily'),
      turn: fc.integer({ min: 5, max: 3600 }),
      follow: fc.boolean(),
    }),
  )
  .map(([rest, ofUrl]) => ({ ...rest, ...ofUrl }));
const stored: fc.Arbitrary<Partial<Settings>> = fc
  .tuple(settings, fc.subarray(['lang', 'quality', 'rotate', 'theme', 'panels', 'sound', 'night'] as const))
  // A browser does not keep that its walls go round in spite of a scope: only a URL says that.
  .map(([all, keys]) =>
    Object.fromEntries(keys.map((key) => [key, key === 'rotate' && all.rotate === 'on' ? 'auto' : all[key]])),
  );

describe('the state of a screen', () => {
  it('comes back from its own URL, in this browser and in any other', () => {
    fc.assert(
      fc.property(states, stored, stored, (state, here, elsewhere) => {
        const query = writeQuery(state, here);
        expect(resolve(readQuery(query), here)).toEqual(state);
        // Elsewhere, what the URL leaves out is a default; only a browser's own settings may differ there.
        const there = resolve(readQuery(query), elsewhere);
        for (const key of Object.keys(state) as (keyof ScreenState)[]) {
          if (!(key in elsewhere)) expect(there[key]).toEqual(state[key]);
        }
      }),
    );
  });

  it('has a short URL when nothing is unusual', () => {
    expect(writeQuery(DEFAULTS, {})).toEqual({});
    expect(writeQuery({ ...DEFAULTS, lang: 'en', window: '7d' }, {})).toEqual({ lang: 'en', window: '7d' });
    // A choice against this browser's own setting must be said.
    expect(writeQuery(DEFAULTS, { rotate: 'off' })).toEqual({ rotate: 'auto' });
  });

  it.each([
    [{ lang: 'en-GB' }, { lang: 'en' }],
    [{ lang: 'zh' }, { lang: 'zh-CN' }],
    [{ lang: 'fr' }, {}],
    [{ scope: '330110001' }, { scope: '330110001' }],
    [{ scope: "';drop" }, {}],
    [{ window: '30d' }, { window: '30d' }],
    [{ window: '31d' }, {}],
    [{ sound: null }, { sound: true }],
    [{ sound: '0' }, { sound: false }],
    [{ sound: 'perhaps' }, {}],
    [{ brightness: '80' }, { brightness: 80 }],
    [{ brightness: '0' }, {}],
    [{ brightness: '1e2' }, {}],
    [{ brightness: '-5' }, {}],
    [{ quality: ['low', 'high'] }, { quality: 'low' }],
    [{ rotate: null }, { rotate: 'on' }],
    [{ rotate: 'true' }, { rotate: 'on' }],
    [{ rotate: '0' }, { rotate: 'off' }],
    [{ rotate: 'auto' }, { rotate: 'auto' }],
    [{ rotate: 'round' }, {}],
    [{ theme: 'day' }, { theme: 'day' }],
    [{ theme: 'dusk' }, {}],
    [{ distance: 'far' }, { distance: 'far' }],
    [{ panels: '3x1' }, { panels: '3x1' }],
    [{ panels: '' }, { panels: '' }],
    [{ panels: '1x1' }, {}],
    [{ panels: '9x1' }, {}],
    [{ panels: '0x2' }, {}],
    [{ panels: '3' }, {}],
    [{ __proto__: 'x', unknown: '1' }, {}],
  ])('reads %j as %j', (query, expected) => {
    expect(readQuery(query)).toEqual(expected);
  });

  it.each([
    ['auto', '', true],
    ['on', '', true],
    ['off', '', false],
    ['auto', '330110010', false],
    ['on', '330110010', true],
    ['off', '330110010', false],
    ['auto', '330110', false],
  ] as const)('with rotate=%s and scope=%s goes round: %s', (rotate, scope, round) => {
    expect(goesRound({ rotate, scope })).toBe(round);
  });

  it('is not sent round, against a scope in its URL, by what a browser kept', () => {
    expect(goesRound(resolve(readQuery({ scope: '330110010' }), readStored('{"rotate":"on"}')))).toBe(false);
    expect(goesRound(resolve(readQuery({}), readStored('{"rotate":"on"}')))).toBe(true);
    expect(goesRound(resolve(readQuery({}), readStored('{"rotate":"off"}')))).toBe(false);
  });

  it('keeps settings, and survives what is no settings', () => {
    fc.assert(
      fc.property(stored, (kept) => {
        expect(readStored(writeStored(kept))).toEqual(kept);
      }),
    );
    for (const broken of [null, '', '{', '[]', '3', '"x"', 'null', '{"rotate":7}'])
      expect(readStored(broken)).toEqual({});
    expect(readStored('{"scope":"330110","window":"7d","lang":"en"}')).toEqual({ lang: 'en' });
  });
});

describe('brightness', () => {
  const day = midnight(2026, 11, 21);
  const at = (hour: number, state: Partial<ScreenState> = {}) =>
    brightnessAt(day + hour * HOUR_MS, { ...DEFAULTS, ...state });
  it('is full by day, low by night, and fades between', () => {
    expect([at(12), at(21.99), at(22), at(23), at(3), at(5.99), at(6.5)]).toEqual([100, 100, 100, 60, 60, 60, 100]);
    expect(at(22 + 5 / 60)).toBe(80);
    expect(at(6 + 5 / 60)).toBe(80);
  });
  it('goes by the choice where there is one', () => {
    expect(at(23, { brightness: 90 })).toBe(90);
    expect(at(13, { nightFrom: 12, nightTo: 14, night: 30 })).toBe(30);
    expect(at(23, { nightFrom: 3, nightTo: 3 })).toBe(100);
  });
});
