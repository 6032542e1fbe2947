import { describe, expect, it } from 'vitest';
import { fixture, type FixtureVariant } from '../../support/webFixtures.ts';

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

describe('fixtures are consistent frames', () => {
  it.each(['normal', 'empty', 'tenfold', 'manyTowns'] as FixtureVariant[])('%s', (variant) => {
    const { frame, pack } = fixture({ variant });
    for (const rows of [frame.byTier, frame.byTown, frame.byIndustry, frame.byChannel]) {
      expect(sum(Object.values(rows).map((row) => row.raised))).toBe(frame.totals.raised);
      expect(sum(Object.values(rows).map((row) => row.open))).toBe(frame.totals.open);
    }
    expect(sum(Object.values(frame.series).flatMap((step) => Object.values(step.tiers)))).toBe(frame.totals.raised);
    expect(Object.keys(frame.byTown)).toHaveLength(pack.towns.length);
    expect(new Set(pack.towns.map((town) => town.code)).size).toBe(pack.towns.length);
    expect(JSON.stringify(frame)).not.toContain('null');
    if (variant === 'manyTowns') expect([...pack.towns[0]!.name['zh-CN']]).toHaveLength(40);
    if (variant === 'normal')
      expect(frame.totals).toMatchObject({
        raised: 3446,
        effective: 2741,
        falseAlarm: 640,
        recoveredFen: 216_530_000,
        recoveredWorkers: 208,
        enterprisesPaid: 17,
      });
  });
});
