import { describe, expect, it } from 'vitest';
import type { AlertBrief, Frame } from '../../../../contract/frame.ts';
import type { ReplayFrame } from '../../../../contract/replay.ts';
import { toHeadlines, withCorrected } from '../../../../web/panels/headline/mapping.ts';
import { correctedOf, newestOnly, openThen, wholeFrame } from '../../../../web/timebar/pastFrames.ts';

const AT = '2026-11-20T10:00:00+08:00';
const totals = { open: 5, raised: 42, successRate: 0.8107, recoveredFen: 100, effective: 8, falseAlarm: 2 };
const frame = (change: object = {}, more: object = {}) =>
  wholeFrame({
    scope: '330110',
    window: '30d',
    at: AT,
    totals: { ...totals, ...change },
    ...more,
  } as unknown as Frame)!;

describe('frames of the past', () => {
  it('have all records that panels read, whatever a kept one lacks', () => {
    expect(frame()).toMatchObject({ compare: {}, byTier: {}, byTown: {}, series: {}, heat: {}, latest: {} });
    expect(() => toHeadlines(frame(), undefined, 0)).not.toThrow();
    const missing = { scope: '330110', window: '30d', at: AT, missing: true } as ReplayFrame;
    expect(wholeFrame(missing)).toBeUndefined();
    expect(wholeFrame(undefined)).toBeUndefined();
    expect(wholeFrame({ scope: '330110', window: '30d', at: AT })).toBeUndefined();
  });

  it('show the alerts that were open: one that closed later was', () => {
    const brief = (alertId: string, stage: string, changedAt: string) => ({ alertId, stage, changedAt }) as AlertBrief;
    const latest = {
      a: brief('a', 'raised', '2026-11-20T09:00:00+08:00'),
      b: brief('b', 'closed', '2026-11-20T09:59:00+08:00'),
      c: brief('c', 'closed', '2026-11-21T09:00:00+08:00'),
    };
    const open = openThen(frame({}, { latest }));
    expect(open.map(({ alertId }) => alertId)).toEqual(['a', 'c']);
    expect(open.every(({ stage }) => stage !== 'closed')).toBe(true);
    // Five were open, and two of these three: the map has not all. Where single alerts are withheld there is nothing to say.
    expect(newestOnly(frame({}, { latest }))).toBe(3);
    expect(newestOnly(frame({ open: 2 }, { latest }))).toBeUndefined();
    expect(newestOnly(frame({}, { latest: {} }))).toBeUndefined();
  });
});

describe('what was corrected since', () => {
  it('is the other value of each figure that differs, whichever is on show', () => {
    const shown = frame({ raised: 39, successRate: 0.7 });
    expect(correctedOf(shown, frame(), 'facts')).toEqual({ of: 'shown', values: { raised: 39, successRate: 0.7 } });
    expect(correctedOf(shown, frame(), 'shown')).toEqual({ of: 'facts', values: { raised: 42, successRate: 0.8107 } });
    expect(correctedOf(frame(), frame(), 'shown')).toBeUndefined();
    // A difference that nobody sees is none; neither is a figure that only one of them has.
    expect(correctedOf(frame({ successRate: 0.8108 }), frame(), 'shown')).toBeUndefined();
    expect(correctedOf(frame({ overdue: 3 }), frame(), 'facts')).toBeUndefined();
    expect(correctedOf(frame(), frame({ successRate: undefined }), 'shown')).toBeUndefined();
  });
  it('is not told where small figures are withheld', () => {
    expect(correctedOf(frame({ raised: 0 }, { withheld: 5 }), frame({}, { withheld: 5 }), 'facts')).toBeUndefined();
  });
  it('stands beneath its figure, before all else', () => {
    const headlines = withCorrected(toHeadlines(frame(), undefined, 0), { of: 'shown', values: { raised: 0 } });
    expect(headlines.find(({ key }) => key === 'raised')!.feet[0]).toEqual({
      kind: 'corrected',
      of: 'shown',
      value: 0,
    });
    expect(headlines.filter(({ feet }) => feet.some(({ kind }) => kind === 'corrected'))).toHaveLength(1);
  });
});
