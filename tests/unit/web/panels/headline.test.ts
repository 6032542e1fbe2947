import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WINDOWS } from '../../../../contract/codes.ts';
import type { Compared, Frame } from '../../../../contract/frame.ts';
import { DAY_MS, floorTo, MINUTE_MS, toRfc3339 } from '../../../../common/regionTime.ts';
import { headlineFigure, toHeadlines, widthInDigits, type Headline } from '../../../../web/panels/headline/mapping.ts';
import { HEADLINES, type HeadlineKey } from '../../../../web/panels/headline/keys.ts';
import { compareAmounts, compareRates, isMore } from '../../../../web/panels/parts/comparison.ts';
import { fixture, type FixtureVariant } from '../../../support/webFixtures.ts';
import { pastFrame, row, withheldFrame } from './frames.ts';

const { pack, now } = fixture();
const by = (frame: Frame): Record<HeadlineKey, Headline> =>
  Object.fromEntries(toHeadlines(frame, pack, now).map((headline) => [headline.key, headline])) as never;
const withTotals = (changed: Partial<Frame['totals']>, compare: Frame['compare'] = {}): Frame => {
  const { frame } = fixture();
  return { ...frame, totals: { ...frame.totals, ...changed }, compare };
};
const compared = (changed: Partial<Compared>): Compared => ({ ...row({}), ...changed });

describe('the six headline figures', () => {
  it.each(['normal', 'empty', 'tenfold', 'manyTowns'] satisfies FixtureVariant[])(
    'are those of the frame, in places that never change: %s',
    (variant) => {
      for (const window of WINDOWS) {
        const { frame } = fixture({ variant, window });
        const made = toHeadlines(frame, pack, now);
        expect(made.map(({ key }) => key)).toEqual([
          'open',
          'dueToday',
          'overdue',
          'raised',
          'successRate',
          'recoveredFen',
        ]);
        for (const { key, value } of made) expect(value).toBe(frame.totals[key]);
      }
    },
  );

  it('are called by what they are: new in a window, all there ever were since the beginning', () => {
    for (const window of WINDOWS) expect(by(fixture({ window }).frame).raised.ever).toBe(window === 'all');
  });

  it('are quiet where they are zero or not there, and only what is overdue is loud', () => {
    const tones = (frame: Frame) => HEADLINES.map((key) => by(frame)[key].tone);
    expect(tones(fixture().frame)).toEqual(['plain', 'plain', 'loud', 'plain', 'plain', 'good']);
    expect(new Set(tones(fixture({ variant: 'empty' }).frame))).toEqual(new Set(['quiet']));
    const past = pastFrame();
    expect(tones(past)).toEqual(['plain', 'quiet', 'quiet', 'plain', 'plain', 'good']);
    expect(by(past).overdue).toMatchObject({ value: undefined, feet: [{ kind: 'past' }] });
    expect(by(past).dueToday).toMatchObject({ value: undefined, feet: [{ kind: 'past' }] });
    expect(by(withTotals({ overdue: 1 })).overdue.tone).toBe('loud');
  });

  it('do not take a figure that is withheld for none', () => {
    const frame = withheldFrame();
    frame.totals.overdue = 0;
    expect(by(frame).overdue).toMatchObject({ value: undefined, tone: 'quiet', feet: [] });
    expect(by(frame).open.value).toBe(frame.totals.open);
  });

  it('have beneath them the tiers, the next term, and the share of what is late', () => {
    const { frame } = fixture();
    const made = by(frame);
    expect(made.open.feet).toEqual([
      { kind: 'tiers', tiers: ['red', 'orange', 'yellow'].map((tier) => ({ tier, open: frame.byTier[tier]!.open })) },
    ]);
    expect(made.overdue.feet.at(-1)).toEqual({ kind: 'share', share: frame.totals.overdue! / frame.totals.open });
    const [one] = Object.values(frame.agenda!);
    const at = (dueAt: number[]) => ({
      ...frame,
      agenda: Object.fromEntries(dueAt.map((ms, i) => [`A${i}`, { ...one!, alertId: `A${i}`, dueAt: toRfc3339(ms) }])),
    });
    expect(by(at([now - MINUTE_MS, now + 90 * MINUTE_MS, now + 42 * MINUTE_MS])).dueToday.feet).toEqual([
      { kind: 'next', inMs: expect.closeTo(42 * MINUTE_MS, -3) as number },
    ]);
    // Thirty that are late fill the agenda: when the next term ends is not known.
    expect(by(at([now - MINUTE_MS])).dueToday.feet).toEqual([]);
    expect(made.recoveredFen.feet[0]).toEqual({ kind: 'paid', workers: 208, employers: 17 });
  });

  it('tell what became overdue today, as long as the agenda names all that is overdue', () => {
    const { frame } = fixture();
    const [one] = Object.values(frame.agenda!);
    const midnight = floorTo(now, DAY_MS);
    const late = (...dueAt: number[]): Frame => ({
      ...frame,
      totals: { ...frame.totals, overdue: dueAt.length },
      agenda: Object.fromEntries(
        dueAt.map((ms, i) => [`A${i}`, { ...one!, alertId: `A${i}`, dueAt: toRfc3339(ms), overdue: true }]),
      ),
    });
    const since = (given: Frame) => by(given).overdue.feet.find(({ kind }) => kind === 'since');
    // A term that ended yesterday at 24:00 was broken as today began.
    expect(since(late(midnight - 1_000, midnight, midnight + MINUTE_MS))).toEqual({ kind: 'since', midnight: 2 });
    expect(since(late(midnight - DAY_MS))).toEqual({ kind: 'since', midnight: 0 });
    const many = late(midnight, midnight);
    expect(since({ ...many, totals: { ...many.totals, overdue: 3 } })).toBeUndefined();
    expect(since(withheldFrame())).toBeUndefined();
    expect(since(late())).toBeUndefined();
  });

  it('are not calm about a day on which nothing ends while something is overdue', () => {
    const due = (dueToday: number, overdue: number) => by(withTotals({ dueToday, overdue })).dueToday.feet;
    expect(due(0, 5)).toEqual([{ kind: 'late', overdue: 5 }]);
    expect(due(0, 0)).toEqual([]);
    expect(due(2, 5).map(({ kind }) => kind)).not.toContain('late');
  });

  it('call more wages better, and more alerts not', () => {
    const previous = compared({
      raised: 100,
      effective: 40,
      falseAlarm: 20,
      successRate: 40 / 60,
      recoveredFen: 100,
      recoveredWorkers: 30,
    });
    const made = by(
      withTotals(
        { raised: 200, effective: 50, falseAlarm: 10, successRate: 50 / 60, recoveredFen: 200, recoveredWorkers: 50 },
        { previous },
      ),
    );
    const foot = (key: HeadlineKey) => made[key].feet.find(({ kind }) => kind === 'compared');
    expect(foot('raised')).toMatchObject({ better: false, comparison: { kind: 'share', direction: 'up', size: 1 } });
    expect(foot('successRate')).toMatchObject({ better: true, comparison: { kind: 'points', direction: 'up' } });
    expect(foot('recoveredFen')).toMatchObject({ better: true, comparison: { kind: 'share', direction: 'up' } });
    const worse = by(withTotals({ successRate: 0.5, recoveredFen: 50 }, { previous }));
    for (const key of ['successRate', 'recoveredFen'] as const)
      expect(worse[key].feet.find(({ kind }) => kind === 'compared')).toMatchObject({ better: false });
  });

  it('say whole counts and few decimals, whatever they roll through', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HEADLINES), fc.double({ min: 0, max: 1e12, noNaN: true }), (key, value) => {
        const figure = headlineFigure(key, key === 'successRate' ? value / 1e12 : value, 'zh-CN');
        expect(figure.value).toMatch(
          key === 'recoveredFen' || key === 'successRate' ? /^[\d,]+(\.\d{1,2})?$/ : /^[\d,]+$/,
        );
        expect(figure.value.replace(/\D/g, '').length).toBeLessThanOrEqual(key === 'recoveredFen' ? 5 : 13);
      }),
    );
    const text = (fen: number) => {
      const { value, unit } = headlineFigure('recoveredFen', fen, 'zh-CN');
      return value + unit;
    };
    expect([999_999, 51_300_000, 216_530_000, 2_165_300_000].map(text)).toEqual([
      '10,000元',
      '51.3万元',
      '216.5万元',
      '2,165万元',
    ]);
    expect(headlineFigure('overdue', undefined, 'en').value).toBe('—');
    expect(headlineFigure('successRate', 0.8107, 'en')).toEqual({ prefix: '', value: '81.1', unit: '%' });
  });

  it('need more room for longer figures', () => {
    const width = (value: string) => widthInDigits({ prefix: '', value, unit: '' }, '万元');
    expect(width('21,653')).toBeGreaterThan(width('216.5'));
  });
});

describe('a comparison', () => {
  it('says nothing of nothing, and names what is too small or too large for a share', () => {
    expect(compareAmounts(0, 0)).toEqual({ kind: 'none' });
    expect(compareAmounts(undefined, 4)).toEqual({ kind: 'none' });
    expect(compareAmounts(4, undefined)).toEqual({ kind: 'none' });
    expect(compareAmounts(5, 0)).toEqual({ kind: 'new' });
    expect(compareAmounts(5, 3)).toEqual({ kind: 'small', direction: 'up' });
    expect(compareAmounts(3, 9)).toEqual({ kind: 'small', direction: 'down' });
    expect(compareAmounts(9, 9)).toEqual({ kind: 'small' });
    expect(compareAmounts(10, 10)).toEqual({ kind: 'same' });
    expect(compareAmounts(0, 20)).toEqual({ kind: 'share', direction: 'down', size: 1 });
    expect(compareAmounts(200, 20)).toEqual({ kind: 'share', direction: 'up', size: 9 });
    expect(compareAmounts(2_213, 20)).toEqual({ kind: 'times', times: 110.65 });
    // Money rests on people.
    expect(compareAmounts(5_000_000, 4_000_000, 9)).toEqual({ kind: 'small', direction: 'up' });
    expect(compareAmounts(1_000_001, 1_000_000)).toEqual({ kind: 'same' });
  });

  it('of rates is in points, and rests on enough verdicts on both sides', () => {
    const rate = (value: number | undefined, of: number) => ({ rate: value, of });
    expect(compareRates(rate(0.811, 100), rate(0.787, 90))).toEqual({
      kind: 'points',
      direction: 'up',
      size: expect.closeTo(2.4, 6) as number,
    });
    expect(compareRates(rate(1, 9), rate(0.5, 90))).toEqual({ kind: 'small', direction: 'up' });
    expect(compareRates(rate(0.5, 90), rate(1, 2))).toEqual({ kind: 'small', direction: 'down' });
    expect(compareRates(rate(undefined, 0), rate(0.5, 90))).toEqual({ kind: 'none' });
    expect(compareRates(rate(0.8, 90), rate(0.8004, 90))).toEqual({ kind: 'same' });
  });

  it('is never a share of nothing or of few, never above ten times, and never called more than it is', () => {
    const amount = fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined });
    fc.assert(
      fc.property(amount, amount, (current, earlier) => {
        const made = compareAmounts(current, earlier);
        if (made.kind === 'share') {
          expect(earlier).toBeGreaterThanOrEqual(10);
          expect(made.size).toBeLessThanOrEqual(9);
          expect(made.direction === 'up').toBe(current! > earlier!);
        }
        if (made.kind === 'times') expect(made.times).toBeGreaterThan(10);
        if (isMore(made)) expect(current!).toBeGreaterThan(earlier!);
        if (!current && !earlier) expect(made).toEqual({ kind: 'none' });
      }),
    );
  });
});
