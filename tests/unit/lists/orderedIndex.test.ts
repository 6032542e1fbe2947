import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedIndex } from '../../../server/lists/orderedIndex.ts';

const CAPACITY = 8192;

/** A column under random change, its index, and what a reader sees of it. */
class Rig {
  readonly keys = new Float64Array(CAPACITY);
  size = 0;
  readonly index: OrderedIndex;

  constructor() {
    this.index = new OrderedIndex({
      keys: () => this.keys,
      tieKey: (slot) => slot >> 3,
      ties: (a, b) => a - b,
    });
    this.index.grow(CAPACITY);
  }

  append(key: number): void {
    this.keys[this.size] = key;
    this.index.touch(this.size++);
  }

  change(slot: number, key: number): void {
    this.keys[slot] = key;
    this.index.touch(slot);
  }

  /** Slots from `key` on (or, downwards, before it) as base and pending slots give them together, each list checked for order. */
  read(key: number, down: boolean): number[] {
    const walked: number[] = [];
    this.index.walk(
      (value) => value >= key,
      down,
      (slot) => walked.push(slot) > 0,
    );
    const order = (a: number, b: number) => (down ? -1 : 1) * (this.keys[a]! - this.keys[b]! || a - b);
    expect(walked).toEqual([...walked].sort(order));
    const pending: number[] = [];
    this.index.forEachPending((slot) => {
      if (this.keys[slot]! >= key !== down) pending.push(slot);
    });
    return [...walked, ...pending].sort(order);
  }

  expected(key: number, down: boolean): number[] {
    const slots = Array.from({ length: this.size }, (_, slot) => slot).filter(
      (slot) => this.keys[slot]! >= key !== down,
    );
    return slots.sort((a, b) => (down ? -1 : 1) * (this.keys[a]! - this.keys[b]! || a - b));
  }
}

type Action = { do: 'append' | 'change' | 'steps' | 'activate'; n: number; key: number };
const action: fc.Arbitrary<Action> = fc.record({
  do: fc.constantFrom(
    'append' as const,
    'change' as const,
    'change' as const,
    'steps' as const,
    'steps' as const,
    'activate' as const,
  ),
  n: fc.integer({ min: 1, max: 1500 }),
  key: fc.integer({ min: 0, max: 300 }),
});

describe('an ordered index', () => {
  it('holds every slot once and in order, whatever changes before, during and after compaction', () => {
    let merges = 0;
    fc.assert(
      fc.property(fc.array(action, { minLength: 5, maxLength: 60 }), fc.nat(1000), (actions, seed) => {
        const rig = new Rig();
        let random = seed;
        const next = (limit: number) => (random = (Math.imul(random, 1664525) + 1013904223) >>> 0) % limit;
        for (let i = 0; i < 1500; i++) rig.append(next(300));
        for (const { do: what, n, key } of actions) {
          if (what === 'activate') rig.index.activate(rig.size);
          if (what === 'steps') for (let i = 0; i < n / 50; i++) rig.index.step();
          if (what === 'append') for (let i = 0; i < n && rig.size < CAPACITY; i++) rig.append(next(key + 1));
          if (what === 'change') for (let i = 0; i < n; i++) rig.change(next(rig.size), next(300));
          if (!rig.index.ready) continue;
          merges++;
          const from = next(300);
          expect(rig.read(from, false)).toEqual(rig.expected(from, false));
          expect(rig.read(from, true)).toEqual(rig.expected(from, true));
        }
      }),
      { numRuns: 25 },
    );
    expect(merges).toBeGreaterThan(20);
  });

  it('says when there is nothing left to do', () => {
    const rig = new Rig();
    for (let i = 0; i < 3000; i++) rig.append(i % 7);
    expect(rig.index.step()).toBe(false);
    rig.index.activate(rig.size);
    let steps = 0;
    while (rig.index.step()) steps++;
    expect(steps).toBeGreaterThan(3);
    expect(rig.index.ready).toBe(true);
    expect(rig.index.pendingCount).toBe(0);
    rig.change(5, 100);
    rig.change(5, 1);
    expect(rig.index.pendingCount).toBe(1);
    expect(rig.index.step()).toBe(false);
  });
});
