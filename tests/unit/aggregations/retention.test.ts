import { describe, expect, it } from 'vitest';
import { Cube } from '../../../server/aggregations/cube.ts';
import { EVER, GRAINS } from '../../../server/aggregations/grains.ts';
import type { Increments } from '../../../server/aggregations/increments.ts';
import { PACK } from './support/pack.ts';
import { dump } from './support/world.ts';

const MIN = 60_000,
  HOUR = 60 * MIN,
  DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-21T18:24:07+08:00');
const raisedAt = (ms: number, count = 1): Increments => ({
  cells: [['red|330110001|E|water', Math.floor(ms / MIN) * MIN, [count, 0, 0, 0, 0, 0, 0, 0, 0]]],
  heat: [],
  paid: [],
});
const grains = (cube: Cube) => [...dump(cube).keys()].map((key) => key.split(' ')[0]).sort();

describe('retention', () => {
  it.each([
    [0, ['day', 'hour', 'minute']],
    [50 * HOUR - MIN, ['day', 'hour', 'minute']],
    [50 * HOUR, ['day', 'hour']],
    [70 * DAY - HOUR, ['day', 'hour']],
    [70 * DAY, ['day']],
    [3000 * DAY, ['day']],
  ])('puts an event %d ms old in the grains that still keep its time', (age, expected) => {
    const cube = new Cube(PACK);
    cube.apply(raisedAt(NOW - age), NOW);
    expect(grains(cube)).toStrictEqual(expected);
  });

  it('goes by the clock, without any event, and tells the store what to delete', () => {
    const cube = new Cube(PACK);
    cube.apply(raisedAt(NOW), NOW);
    cube.sweep(NOW + 50 * HOUR - MIN);
    expect(grains(cube)).toStrictEqual(['day', 'hour', 'minute']);
    const minute = cube.dirtyBuckets().find((id) => id.startsWith('m:'))!;
    cube.encodeBucket(minute);
    cube.markClean(minute);
    cube.sweep(NOW + 50 * HOUR);
    expect(grains(cube)).toStrictEqual(['day', 'hour']);
    expect(cube.removedBuckets()).toStrictEqual([minute]);
    cube.markClean(minute);
    expect(cube.removedBuckets()).toStrictEqual([]);
    // The hour was never stored, so there is nothing to delete.
    cube.sweep(NOW + 70 * DAY + HOUR);
    expect(grains(cube)).toStrictEqual(['day']);
    expect(cube.removedBuckets()).toStrictEqual([]);
  });

  it('never takes a bucket back when a clock is set back', () => {
    const cube = new Cube(PACK);
    cube.apply(raisedAt(NOW), NOW);
    cube.sweep(NOW + 51 * HOUR);
    cube.apply(raisedAt(NOW, -1), NOW + HOUR);
    expect(dump(cube).size).toBe(0);
    expect(cube.keptFrom('minute')).toBe(Math.floor((NOW + HOUR) / MIN) * MIN + MIN);
  });

  it.each([
    [10 * MIN, true, true],
    [11 * MIN, false, true],
    [16 * MIN, false, false],
  ])('drops rolls that nobody asked for during ten minutes: after %d ms', (after, first, second) => {
    const cube = new Cube(PACK);
    const all = cube.roll(PACK.code, 'all', NOW);
    const day = cube.roll('330110001', '24h', NOW + 5 * MIN);
    cube.sweep(NOW + after);
    expect(cube.roll(PACK.code, 'all', NOW + after) === all).toBe(first);
    expect(cube.roll('330110001', '24h', NOW + after) === day).toBe(second);
  });

  it('freezes buckets at rest and thaws them when something comes late', () => {
    const cube = new Cube(PACK);
    cube.apply(raisedAt(NOW), NOW);
    cube.apply(raisedAt(NOW - 400 * DAY), NOW);
    const before = dump(cube);
    for (let i = 1; i < 5; i++) cube.sweep(NOW + i * 2 * MIN);
    // Frozen buckets are decoded into one place, one after another; open ones have columns of their own.
    const places = () => {
      const seen: unknown[] = [];
      for (const grain of GRAINS) cube.visit(grain, EVER, {}, (_, columns) => seen.push(columns));
      return { buckets: seen.length, places: new Set(seen).size };
    };
    expect(places()).toEqual({ buckets: 4, places: 1 });
    expect(dump(cube)).toStrictEqual(before);
    expect(cube.dirtyBuckets()).toHaveLength(4);
    cube.apply(raisedAt(NOW - 400 * DAY), NOW + 10 * MIN);
    expect(places()).toEqual({ buckets: 4, places: 2 });
    expect([...dump(cube).values()].sort()).toStrictEqual([1, 1, 1, 2]);
  });
});
