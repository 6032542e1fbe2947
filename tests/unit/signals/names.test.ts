import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startOfDay } from '../../../common/regionTime.ts';
import { NameIndex, type UsccKey } from '../../../server/signals/assess/names.ts';
import { compareRank, retain, type Observation } from '../../../server/signals/assess/observation.ts';
import { assessed, compiled, DAY } from './support.ts';

/** Names that gain and lose an owner (signals §1), and what is kept whatever the pack (signals §3). */

describe('a name', () => {
  it('belongs to the one active employer with a uscc that has it, and to nobody while there are two', () => {
    const names = new NameIndex();
    expect(names.set('U:1', 'N:甲')).toEqual([{ name: 'N:甲', after: 'U:1' }]);
    expect(names.subjectOf('N:甲')).toBe('U:1');
    expect(names.keysOf('U:1')).toEqual(['U:1', 'N:甲']);
    expect(names.set('U:2', 'N:甲')).toEqual([{ name: 'N:甲', before: 'U:1' }]);
    expect([names.subjectOf('N:甲'), names.keysOf('U:1')]).toEqual(['N:甲', ['U:1']]);
    // A third one changes nothing; then all but one go.
    expect(names.set('U:3', 'N:甲')).toEqual([]);
    expect(names.set('U:1', undefined)).toEqual([]);
    expect(names.set('U:3', 'N:丙')).toEqual([
      { name: 'N:甲', after: 'U:2' },
      { name: 'N:丙', after: 'U:3' },
    ]);
    expect(names.set('U:3', 'N:丙')).toEqual([]);
    expect(names.subjectOf('P:甲')).toBe('P:甲');
    expect(names.subjectOf('U:9')).toBe('U:9');
  });

  it('has the owner that the registrations as they stand give it, whatever came before', () => {
    const step = fc.record({
      key: fc.constantFrom<UsccKey>('U:1', 'U:2', 'U:3'),
      name: fc.constantFrom<`N:${string}` | undefined>('N:a', 'N:b', undefined),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const names = new NameIndex();
        const now = new Map<UsccKey, `N:${string}` | undefined>();
        const owner = (name: `N:${string}`) => {
          const owners = [...now].filter(([, one]) => one === name);
          return owners.length === 1 ? owners[0]![0] : undefined;
        };
        for (const { key, name } of steps) {
          const before = { 'N:a': owner('N:a'), 'N:b': owner('N:b') };
          now.set(key, name);
          const changes = names.set(key, name);
          for (const one of ['N:a', 'N:b'] as const) {
            expect(names.ownerOf(one)).toBe(owner(one));
            const change = changes.find((found) => found.name === one);
            expect([change?.before, change?.after]).toEqual(
              before[one] === owner(one) ? [undefined, undefined] : [before[one], owner(one)],
            );
          }
        }
      }),
    );
  });
});

describe('what is kept', () => {
  const pack = compiled();
  const kindOf = (indicator: number) => pack.indicators.find(({ number }) => number === indicator)!.kind;
  const one = fc.record({
    indicator: fc.constantFrom(0, 1),
    ref: fc.constantFrom('', 'a', 'b'),
    time: fc.integer({ min: startOfDay(DAY - 420), max: startOfDay(DAY + 1) }),
    source: fc.constantFrom('s', 't'),
    id: fc.integer({ min: 0, max: 400 }).map(String),
    value: fc.constantFrom(0, 1000, 20_000, 70_000),
    amountFen: fc.constantFrom(0, 500),
    workers: fc.constantFrom(0, 3),
    until: fc.constantFrom(0x3fffffff, DAY - 3, DAY + 3),
  });
  /** Events are told by `(source, id)`: each once in a world. */
  const world = fc.uniqueArray(one, { maxLength: 700, selector: ({ source, id }) => `${source} ${id}` });
  const sorted = (all: readonly Observation[]) => [...all].sort(compareRank);

  it('does not depend on order or parts, and gives the same assessment as all of it', () => {
    fc.assert(
      fc.property(world, fc.nat(700), fc.constantFrom(-Infinity, startOfDay(DAY - 20)), (all, cut, settledAt) => {
        const whole = retain(all, DAY, kindOf);
        const parts = retain([...retain(all.slice(cut), DAY, kindOf), ...all.slice(0, cut)], DAY, kindOf);
        expect(sorted(parts)).toEqual(sorted(whole));
        const assessment = assessed(pack, all, { settledAt });
        expect(assessed(pack, whole, { settledAt })).toEqual(assessment);
        expect(assessed(pack, [...whole.toReversed(), ...all], { settledAt })).toEqual(assessment);
      }),
      { numRuns: 60 },
    );
  });

  it('passing time alone changes an assessment on the day it tells, and not before', () => {
    fc.assert(
      fc.property(fc.uniqueArray(one, { maxLength: 6, selector: ({ id }) => id }), (all) => {
        const now = assessed(pack, all);
        const { changesOn, ...same } = now;
        for (let day = DAY + 1; day < (changesOn ?? DAY + 70); day++) {
          const { changesOn: later, ...then } = assessed(pack, all, { day });
          expect([later, then]).toEqual([changesOn, same]);
        }
        if (changesOn !== undefined) expect(assessed(pack, all, { day: changesOn })).not.toEqual(now);
      }),
      { numRuns: 60 },
    );
  });
});
