import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BriefingContent } from '../../../../contract/briefings.ts';
import { BRIEFING_PAGES } from '../../../../contract/briefingLimits.ts';
import { WINDOWS } from '../../../../contract/codes.ts';
import { parseRfc3339, toRfc3339 } from '../../../../common/regionTime.ts';
import {
  comparedOf,
  differenceOf,
  scaleOf,
  welcome,
  type Group,
  type Pair,
} from '../../../../web/briefing/compare/compared.ts';
import { BACKS, backFrom, otherOf, otherText, queryOf, type Other } from '../../../../web/briefing/compare/other.ts';
import { differenceText } from '../../../../web/briefing/compare/names.ts';
import { pastContent } from '../../../../web/briefing/time/pastContent.ts';
import { World } from '../../aggregations/support/world.ts';
import { PACK } from '../../aggregations/support/pack.ts';
import { NOW } from '../../privacy/support/frames.ts';

const frame = () => structuredClone(new World().frame(PACK.code, 'week', NOW));
const content = (change: (one: BriefingContent) => void = () => undefined): BriefingContent => {
  const made: BriefingContent = {
    at: toRfc3339(NOW),
    scope: PACK.code,
    window: 'week',
    frame: frame(),
    history: [],
    cases: [],
    outlook: [],
    totals: {},
  };
  change(made);
  return made;
};
const at = (text: string) => parseRfc3339(text)!;

describe('what is compared with', () => {
  it('stands in the address as it is meant', () => {
    const others: fc.Arbitrary<Other> = fc.oneof(
      fc.constantFrom(...BACKS).map((back) => ({ kind: 'back' as const, back })),
      fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }).map((s) => ({ kind: 'at' as const, at: s * 1_000 })),
      fc.constantFrom(...WINDOWS).map((window) => ({ kind: 'window' as const, window })),
      fc.constantFrom('330110', '330110005').map((scope) => ({ kind: 'scope' as const, scope })),
      fc.constant({ kind: 'briefing' as const, id: '330110-0f3a5c7e9b1d2f4a6c' }),
    );
    fc.assert(
      fc.property(others, (other) => {
        expect(otherOf(otherText(other))).toEqual(other);
      }),
    );
  });

  it.each([undefined, '', 'yesterday', 'at:', 'at:soon', 'window:2d', 'scope:33', 'briefing:x'])(
    'is nothing where an address says %j',
    (text) => {
      expect(otherOf(text)).toBeUndefined();
    },
  );

  it.each([
    ['2026-11-28T09:15:00+08:00', 'day', '2026-11-27T09:15:00+08:00'],
    ['2026-11-28T09:15:00+08:00', 'week', '2026-11-21T09:15:00+08:00'],
    ['2026-03-31T23:59:59+08:00', 'month', '2026-02-28T23:59:59+08:00'],
    ['2026-01-15T00:00:00+08:00', 'month', '2025-12-15T00:00:00+08:00'],
    ['2028-02-29T12:00:00+08:00', 'year', '2027-02-28T12:00:00+08:00'],
  ] as const)('the time of %s, a %s before, is %s', (now, back, then) => {
    expect(toRfc3339(backFrom(at(now), back))).toBe(then);
  });

  it('of now is of now, and of a moment of that moment', () => {
    const one = content();
    expect(queryOf({ kind: 'window', window: 'month' }, one, true)).toEqual({ scope: PACK.code, window: 'month' });
    expect(queryOf({ kind: 'window', window: 'month' }, one, false)).toEqual({
      scope: PACK.code,
      window: 'month',
      at: one.at,
    });
    expect(queryOf({ kind: 'scope', scope: '330110001' }, { ...one, past: {} }, true)).toMatchObject({ at: one.at });
    expect(queryOf({ kind: 'briefing', id: '330110-0f3a5c7e9b1d2f4a6c' }, one, true)).toBeUndefined();
  });
});

const pair = (a: number | undefined, b: number | undefined, more: Partial<Pair> = {}): Pair => ({
  key: 'x',
  of: 'figure',
  unit: 'count',
  a,
  b,
  ...more,
});
describe('a difference', () => {
  it.each<[a: number | undefined, b: number | undefined, expected: object]>([
    [undefined, 3, { word: 'unknown' }],
    [3, undefined, { word: 'unknown' }],
    [0, 0, { word: 'bothNone' }],
    [7, 7, { word: 'same' }],
    [12, 0, { word: 'more', size: 12 }],
    [5, 3, { word: 'more', size: 2 }],
    [42, 40, { word: 'more', size: 2, share: 0.05 }],
    [38, 40, { word: 'fewer', size: 2, share: 0.05 }],
  ])('of %s and %s', (a, b, expected) => {
    expect(differenceOf(pair(a, b))).toEqual(expected);
  });

  it('of rates is in points, and of days not smaller than what is shown', () => {
    expect(differenceOf(pair(0.8, 0.75, { unit: 'rate' }))).toMatchObject({
      word: 'more',
      size: expect.closeTo(5, 6) as number,
    });
    expect(differenceOf(pair(0.8001, 0.8, { unit: 'rate' }))).toEqual({ word: 'same' });
    expect(differenceOf(pair(24, 24.5, { unit: 'days' }))).toEqual({ word: 'same' });
  });

  it('has the sign of what it is, whatever the two are', () => {
    const words = (key: string, values: Record<string, string> = {}) => `${key} ${Object.values(values).join(' ')}`;
    fc.assert(
      fc.property(fc.nat(5_000), fc.nat(5_000), (a, b) => {
        const { sign, words: said } = differenceText(pair(a, b), 'zh-CN', words);
        const value = Number(sign.replaceAll(',', '').replace('−', '-').replace('=', '0'));
        expect(value).toBe(a - b);
        // Of few a share says little, and of ten times as many nobody needs one.
        if (b >= 10 && a !== b && a <= 10 * b) expect(said).toContain(`${((100 * Math.abs(a - b)) / b).toFixed(1)}%`);
        else expect(said).not.toContain('%');
      }),
    );
  });

  it('is welcome or not where one of the two is', () => {
    const tone = (a: number, b: number, good?: Pair['good']) => {
      const one = pair(a, b, good ? { good } : {});
      return welcome(one, differenceOf(one));
    };
    expect([tone(5, 3, 'more'), tone(5, 3, 'fewer'), tone(3, 5, 'fewer'), tone(5, 3), tone(4, 4, 'more')]).toEqual([
      1, -1, 1, 0, 0,
    ]);
  });
});

describe('pages compared', () => {
  it('have their figures, or say why there are none', () => {
    const now = content();
    const past = content((one) => {
      one.past = {};
    });
    for (const page of BRIEFING_PAGES) {
      const [found, then] = [comparedOf(page, now, now), comparedOf(page, now, past)];
      if (['changes', 'since'].includes(page)) expect([found, then]).toEqual(['self', 'self']);
      if (['cases', 'outlook', 'accounts'].includes(page)) expect(then, page).toBe('noPast');
      if (['cover', 'situation', 'loop', 'recovered'].includes(page)) expect(typeof then, page).toBe('object');
    }
    const town = content((one) => {
      one.scope = '330110001';
    });
    expect([comparedOf('map', now, town), comparedOf('towns', now, town)]).toEqual(['otherScope', 'otherScope']);
  });

  it('know nothing of stages of which no frame was kept', () => {
    const past = content((one) => {
      one.past = {};
      delete one.frame.byStage;
      delete one.frame.totals.overdue;
    });
    const [stages, loop] = comparedOf('loop', content(), past) as Group[];
    expect(stages!.pairs.every(({ a, b }) => a === 0 && b === undefined)).toBe(true);
    expect(loop!.pairs.find(({ key }) => key === 'overdue')).toMatchObject({ a: 0, b: undefined });
  });

  it('have towns on one scale, and figures of their own kind each on its own', () => {
    const pairs = [pair(10, 20, { of: 'town', key: 'p' }), pair(40, 5, { of: 'town', key: 'q' })];
    expect(pairs.map((one) => scaleOf(pairs, one))).toEqual([40, 40]);
    const figures = [pair(10, 20, { key: 'p' }), pair(40, 5, { key: 'q' }), pair(0.5, 0.2, { key: 'r', unit: 'rate' })];
    expect(figures.map((one) => scaleOf(figures, one))).toEqual([20, 40, 1]);
  });
});

describe('a moment that goes by', () => {
  it('has what its frame tells, the days before it, and nothing of the briefing’s own moment', () => {
    const day = (name: string) => ({
      day: name,
      raised: 1,
      effective: 0,
      falseAlarm: 0,
      recoveredFen: 0,
      closed: 0,
      closeMs: 0,
      open: 1,
    });
    const base = content((one) => {
      one.history = ['2026-11-18', '2026-11-19', '2026-11-20'].map(day);
      one.totals = { open: 3 };
    });
    const then = { ...frame(), at: '2026-11-20T00:00:00+08:00' };
    const shown = pastContent(base, then, false);
    expect(shown).toMatchObject({ at: then.at, frame: then, cases: [], outlook: [], totals: {}, past: {} });
    expect(shown.history.map(({ day: name }) => name)).toEqual(['2026-11-18', '2026-11-19']);
    expect(pastContent(base, then, true).past).toEqual({ kept: then.at });
  });
});
