import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNELS, INDUSTRIES, STAGES, TIERS } from '../../../../contract/codes.ts';
import { ALERT_SORTS } from '../../../../contract/rest.ts';
import { alertPlace, crumbsOf, pathOf } from '../../../../web/drill/path.ts';
import {
  FILTER_KEYS,
  NO_FILTER,
  openingOf,
  readFilter,
  toParams,
  writeFilter,
  type DrillFilter,
} from '../../../../web/drill/query.ts';
import { FIGURES, type Figure } from '../../../../web/panels/figures.ts';
import { amountOf, liveCount } from '../../../../web/drill/wallFigure.ts';
import { isScreenKey } from '../../../../web/shell/settings/screenState.ts';
import { fixture } from '../../../support/webFixtures.ts';

const some = <T>(values: readonly T[]) => fc.subarray([...values]);
const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((q) => q.trim());
const filterArb: fc.Arbitrary<DrillFilter> = fc.record({
  figure: fc.constantFrom(...FIGURES),
  tier: some(TIERS),
  stage: some(STAGES),
  industry: some(INDUSTRIES),
  channel: some(CHANNELS),
  verdict: some(['effective', 'false-alarm'] as const),
  h3: fc.constantFrom('', '8831aa5a01fffff'),
  uscc: text,
  q: text,
  sort: fc.constantFrom(...ALERT_SORTS),
});

describe('a list in the URL', () => {
  it('is read back as it was written, through a real query string', () => {
    fc.assert(
      fc.property(filterArb, (filter) => {
        const query = Object.fromEntries(new URLSearchParams(new URLSearchParams(writeFilter(filter)).toString()));
        expect(readFilter(query)).toEqual(filter);
      }),
    );
  });

  it('takes anything for a URL, and what it does not understand for absent', () => {
    expect(
      readFilter({
        of: 'nonsense',
        tier: 'red,purple',
        h3: '../x',
        sort: ['-amount', 'x'],
        q: 'x'.repeat(1e6),
        stage: null,
      }),
    ).toEqual({
      ...NO_FILTER,
      tier: ['red'],
      sort: '-amount',
      q: 'x'.repeat(200),
    });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...FILTER_KEYS), fc.oneof(fc.string(), fc.array(fc.string()), fc.constant(null))),
        (query) => {
          const filter = readFilter(query);
          expect(readFilter(writeFilter(filter))).toEqual(filter);
        },
      ),
    );
  });

  it('uses no key of the screen itself', () => {
    for (const key of FILTER_KEYS) expect(isScreenKey(key)).toBe(false);
  });
});

describe('what the server is asked', () => {
  it('says the window where something happened in it, and nowhere else', () => {
    for (const figure of FIGURES) {
      const params = toParams({ ...NO_FILTER, figure }, '330110', '7d');
      expect(params.has('window')).toBe(params.has('measure'));
    }
    expect(toParams({ ...NO_FILTER, tier: ['red', 'orange'], q: ' 建筑 ' }, '330110012', '30d').toString()).toBe(
      new URLSearchParams([
        ['scope', '330110012'],
        ['open', 'true'],
        ['tier', 'red'],
        ['tier', 'orange'],
        ['q', '建筑'],
        ['sort', '-raised'],
      ]).toString(),
    );
  });

  it('tells apart the same code pressed in different panels', () => {
    const figureOf = (figure?: Figure) =>
      (openingOf({ kind: 'tier', code: 'red', ...(figure ? { figure } : {}) }) as { filter: DrillFilter }).filter
        .figure;
    expect([figureOf(), figureOf('raised'), figureOf('successRate')]).toEqual(['open', 'raised', 'successRate']);
    expect(openingOf({ kind: 'alert', code: '330110/YH-1' })).toEqual({
      alert: { region: '330110', alertId: 'YH-1' },
    });
    expect(openingOf({ kind: 'town', code: '330110012' })).toMatchObject({
      scope: '330110012',
      filter: { figure: 'open' },
    });
  });
});

describe('the path on top', () => {
  it('leads from each step to the list with the steps before it, and ends where one is', () => {
    fc.assert(
      fc.property(filterArb, fc.option(fc.constant('330110012'), { nil: undefined }), (filter, town) => {
        const crumbs = crumbsOf(filter, town, { level: 'list' });
        expect(crumbs[0]!.kind).toBe('scope');
        expect(crumbs.at(-1)!.leads).toBeUndefined();
        const inside = crumbsOf(filter, town, { level: 'alert', id: 'YH-1' });
        expect(inside.at(-1)).toEqual({ kind: 'alert', codes: ['YH-1'] });
        // The last list on the path is the very list the alert was opened from.
        expect(inside.at(-2)!.leads!.filter).toEqual(filter);
        for (let i = 1; i < inside.length - 1; i++) {
          const narrower = writeFilter(inside[i]!.leads!.filter);
          for (const [key, value] of Object.entries(writeFilter(inside[i - 1]!.leads!.filter)))
            expect(narrower[key]).toBe(value);
        }
      }),
    );
  });

  it('holds any id', () => {
    expect(pathOf({ level: 'alert', id: 'a/b?c#d 中' })).toBe('/wall/alerts/a%2Fb%3Fc%23d%20%E4%B8%AD');
    expect(pathOf(alertPlace({ region: '330102', alertId: 'a/b' }))).toBe('/wall/alerts/330102/a%2Fb');
    expect(pathOf({ level: 'enterprise', key: '某公司' })).toBe(`/wall/enterprises/${encodeURIComponent('某公司')}`);
  });
});

describe('what the alerts of a list add up to', () => {
  const { frame } = fixture();
  it('is the figure of the wall, whole or by one dimension, and none under other filters', () => {
    const money: DrillFilter = { ...NO_FILTER, figure: 'recoveredFen' };
    expect(amountOf(money, frame)).toBe(frame.totals.recoveredFen);
    expect(amountOf({ ...money, tier: ['red'] }, frame)).toBe(frame.byTier.red!.recoveredFen);
    expect(amountOf({ ...money, tier: ['red'], channel: ['water'] }, frame)).toBeUndefined();
    expect(amountOf({ ...money, q: '建筑' }, frame)).toBeUndefined();
    expect(amountOf({ ...money, figure: 'open' }, frame)).toBeUndefined();
    expect(amountOf(money, undefined)).toBeUndefined();
  });
});

describe('how many a list has, by the wall', () => {
  const { frame } = fixture();
  const [town, row] = Object.entries(frame.byTown).find(([, { open }]) => open > 0)!;
  const other = { ...frame, scope: town, window: '7d' as const, totals: { ...frame.totals, open: 3, raised: 5 } };
  const raised: DrillFilter = { ...NO_FILTER, figure: 'raised' };

  it('is told by the frame of its scope and window; what is open needs no window', () => {
    const frames = { frame: other, regionFrame: frame };
    expect(liveCount(NO_FILTER, frame.scope, frame.window, frames)).toBe(frame.totals.open);
    expect(liveCount(NO_FILTER, town, 'all', frames)).toBe(3);
    expect(liveCount(raised, town, '7d', frames)).toBe(5);
    expect(liveCount(raised, town, 'all', frames)).toBeUndefined();
    expect(liveCount(raised, frame.scope, '7d', frames)).toBeUndefined();
  });

  it('is told of a town by its region until its own frame has come, and by nobody where figures are withheld', () => {
    expect(liveCount(NO_FILTER, town, '30d', { frame, regionFrame: frame })).toBe(row.open);
    expect(liveCount({ ...NO_FILTER, tier: ['red'] }, town, '30d', { frame, regionFrame: frame })).toBeUndefined();
    const withheld = { ...frame, withheld: 5 };
    for (const scope of [town, frame.scope])
      expect(liveCount(NO_FILTER, scope, '30d', { frame: withheld, regionFrame: withheld })).toBeUndefined();
    expect(liveCount(NO_FILTER, town, '30d', { frame: undefined, regionFrame: undefined })).toBeUndefined();
  });
});
