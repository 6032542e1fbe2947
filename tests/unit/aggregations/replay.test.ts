import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WINDOWS } from '../../../contract/codes.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { BadBlobError } from '../../../server/aggregations/bucketCodec.ts';
import { Cube } from '../../../server/aggregations/cube.ts';
import { buildFrame } from '../../../server/aggregations/frame.ts';
import { Gauges } from '../../../server/aggregations/gauges.ts';
import { nowArb, stateArb } from './support/arbitrary.ts';
import { PACK, SCOPES } from './support/pack.ts';
import { expectSame } from './support/same.ts';
import { dump, World } from './support/world.ts';

/** The same region with its towns in another order, so that nothing depends on the numbers they get. */
const TURNED: RegionPack = { ...PACK, towns: [...PACK.towns].reverse() };

/** The checkpoint that a store holds: what the worker does, as the cube's interface asks for it. */
class Store {
  readonly blobs = new Map<string, Buffer>();

  save(cube: Cube, some: (index: number) => boolean): void {
    cube
      .dirtyBuckets()
      .filter((_, i) => some(i))
      .forEach((id) => {
        this.blobs.set(id, cube.encodeBucket(id));
        cube.markClean(id);
      });
    for (const id of cube.removedBuckets()) {
      this.blobs.delete(id);
      cube.markClean(id);
    }
  }

  load(pack: RegionPack): Cube {
    const cube = new Cube(pack);
    for (const [id, blob] of this.blobs) cube.loadBucket(id, blob);
    return cube;
  }
}

const scenarioArb = nowArb.chain((now) =>
  fc.record({
    start: fc.constant(now),
    changes: fc.array(
      fc.tuple(
        fc.nat(5).chain((i) => stateArb(`a${i}`, now)),
        fc.oneof(
          fc.constant(0),
          fc.integer({ min: 0, max: 3 * 3_600_000 }),
          fc.integer({ min: 0, max: 60 * 86_400_000 }),
        ),
        fc.nat(7),
      ),
      { minLength: 2, maxLength: 16 },
    ),
    replayFrom: fc.nat(20),
  }),
);

describe('checkpoint and replay', () => {
  it('end in the same cube from whichever point before the last whole checkpoint the feed is replayed', () => {
    fc.assert(
      fc.property(scenarioArb, ({ start, changes, replayFrom }) => {
        const world = new World();
        const store = new Store();
        let now = start;
        /** Up to here the store has everything. */
        let covered = 0;
        for (const [state, wait, what] of changes) {
          world.upsert(state, now);
          now += wait;
          world.cube.sweep(now);
          if (what === 0) {
            store.save(world.cube, () => true);
            covered = world.feed.length;
          } else if (what < 4) {
            // A checkpoint that was cut short: some buckets are newer than the others.
            store.save(world.cube, (i) => i % 2 === what % 2);
          }
        }
        const cube = store.load(TURNED);
        for (const { id, increments } of world.feed.slice(Math.min(replayFrom, covered)))
          cube.apply(increments, now, id);
        cube.sweep(now);
        expectSame(new Map([...dump(cube)].sort()), new Map([...dump(world.cube)].sort()));
        const gauges = new Gauges();
        for (const window of WINDOWS) {
          for (const scope of SCOPES.slice(0, 2)) {
            const replayed = buildFrame({
              pack: PACK,
              scope,
              window,
              now,
              seq: 0,
              cube,
              gauges,
              lists: world.lists(scope),
            });
            const query = {
              pack: PACK,
              scope,
              window,
              now,
              seq: 0,
              cube: world.cube,
              gauges,
              lists: world.lists(scope),
            };
            expectSame(replayed, buildFrame(query));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out an entry that was handed in twice', () => {
    const now = Date.parse('2026-11-21T10:00:00Z');
    const world = new World();
    world.upsert(fc.sample(stateArb('a', now), { numRuns: 1, seed: 1 })[0]!, now);
    const before = dump(world.cube);
    for (const { id, increments } of world.feed) world.cube.apply(increments, now, id);
    expect(dump(world.cube)).toStrictEqual(before);
  });

  it('compares feed ids as numbers, not as texts', () => {
    const now = Date.parse('2026-11-21T10:00:00Z');
    const cube = new Cube(PACK);
    const increments = {
      cells: [['red|330110001|E|water', now, [1, 0, 0, 0, 0, 0, 0, 0, 0]] as [string, number, number[]]],
      heat: [],
      paid: [],
    };
    for (const id of ['999-9', '1000-2', '1000-10']) cube.apply(increments, now, id);
    for (const id of ['1000-9', '998-99', '1000-10']) cube.apply(increments, now, id);
    const frame = buildFrame({
      pack: PACK,
      scope: PACK.code,
      window: 'all',
      now,
      seq: 0,
      cube,
      gauges: new Gauges(),
      lists: new World().lists(PACK.code),
    });
    expect(frame.totals.raised).toBe(3);
  });

  it('keeps a bucket dirty that changed after its blob was made', () => {
    const now = Date.parse('2026-11-21T10:00:00Z');
    const cube = new Cube(PACK);
    const increments = {
      cells: [['red|330110001|E|water', now, [1, 0, 0, 0, 0, 0, 0, 0, 0]] as [string, number, number[]]],
      heat: [],
      paid: [],
    };
    cube.apply(increments, now, '1-0');
    const day = cube.dirtyBuckets().find((id) => id.startsWith('d:'))!;
    cube.encodeBucket(day);
    cube.apply(increments, now, '2-0');
    cube.markClean(day);
    expect(cube.dirtyBuckets()).toContain(day);
    cube.encodeBucket(day);
    cube.markClean(day);
    expect(cube.dirtyBuckets()).not.toContain(day);
    expect(cube.dirtyBuckets()).toHaveLength(2);
  });

  it('names days by their number in the region', () => {
    const cube = new Cube(PACK);
    const at = Date.parse('2026-09-16T23:30:00+08:00');
    cube.apply({ cells: [['red|330110001|E|water', at, [1, 0, 0, 0, 0, 0, 0, 0, 0]]], heat: [], paid: [] }, at);
    expect(cube.dirtyBuckets()).toContain('d:20712');
  });

  it('refuses blobs that are damaged, cut off or of another version, and ids that are none', () => {
    const now = Date.parse('2026-11-21T10:00:00Z');
    const world = new World();
    for (const state of fc.sample(stateArb('a', now), { numRuns: 5, seed: 2 })) world.upsert(state, now);
    for (const id of world.cube.dirtyBuckets()) {
      const blob = world.cube.encodeBucket(id);
      for (let i = 0; i < blob.length; i++) {
        const damaged = Buffer.from(blob);
        damaged[i]! ^= 1 << (i % 8);
        expect(() => {
          new Cube(PACK).loadBucket(id, damaged);
        }).toThrow(BadBlobError);
        expect(() => {
          new Cube(PACK).loadBucket(id, blob.subarray(0, i));
        }).toThrow(BadBlobError);
      }
    }
    const blob = world.cube.encodeBucket(world.cube.dirtyBuckets()[0]!);
    for (const id of ['', 'x:1', 'd:', 'd:1.5', 'd:1:2', 'constructor']) {
      expect(() => {
        new Cube(PACK).loadBucket(id, blob);
      }).toThrow(RangeError);
    }
  });
});
