import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalName } from '../../../common/identity.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import { assess } from '../../../server/signals/assess/assess.ts';
import type { EngineEvent } from '../../../server/signals/engine/engineEvents.ts';
import { retain } from '../../../server/signals/assess/observation.ts';
import { findingOf, sameResult } from '../../../server/signals/engine/finding.ts';
import { placeOf } from '../../../server/signals/engine/place.ts';
import type { KeptObservation, Registration } from '../../../server/signals/engine/subject.ts';
import { rowOf } from '../../../server/signals/engine/subjectChange.ts';
import { SubjectBook } from '../../../server/signals/subjects/subjectBook.ts';
import { EngineBox } from './engineBox.ts';
import { noon, NOW, observed, registered } from './engineEvents.ts';
import { compiled, DAY, EVENT, STATE } from './support.ts';

/**
 * Whatever the order in which facts come, in whatever pieces, with repeats and with losses of memory in between: what the engine
 * finds is what an assessment of all of them finds. Names gain and lose owners on the way.
 */

const PACK = compiled({
  indicators: { 'water.overdue': STATE, 'petition.received': EVENT, 'penalty.given': { ...EVENT, windowDays: 5 } },
  tiers: [
    { id: 'R1', tier: 'red', name: { 'zh-CN': '红', en: 'red' }, when: ['score', '>=', 40] },
    { id: 'Y1', tier: 'yellow', name: { 'zh-CN': '黄', en: 'yellow' }, when: ['channels', '>=', 1] },
  ],
});
const KEYS = ['U:91330110MA0000001X', 'U:91330110MA0000002X', 'N:某甲', 'N:某乙', 'P:p1'] as const;
const ACTIVE: EngineEvent = { kind: 'activated', version: PACK.version, at: 0, settle: false };

interface Fact {
  key: SubjectKey;
  event: EngineEvent;
}

const fact: fc.Arbitrary<Fact> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        key: fc.constantFrom(...KEYS),
        code: fc.constantFrom('water.overdue', 'petition.received', 'penalty.given'),
        age: fc.integer({ min: 0, max: 420 }),
        ref: fc.constantFrom('', 'a', 'b'),
        id: fc.integer({ min: 0, max: 60 }),
        value: fc.constantFrom(0, 1000, 20_000, 70_000),
        workers: fc.integer({ min: 0, max: 9 }),
        more: fc.constantFrom(undefined, { town: '330110002', industry: 'H' as const }),
      })
      .map(({ key, code, age, id, ...rest }) => ({
        key,
        // One id is one event: it says the same wherever it is repeated.
        event: observed(PACK, key, code, age, {
          ...rest,
          id: [key, code, age, rest.ref, id, rest.value, rest.workers, rest.more?.town].join(),
        }),
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        key: fc.constantFrom(KEYS[0], KEYS[1]),
        name: fc.constantFrom('某甲', ' 某 甲', '某乙'),
        active: fc.boolean(),
        hours: fc.integer({ min: 0, max: 5 }),
        id: fc.integer({ min: 0, max: 5 }),
      })
      .map(({ key, name, active, hours, id }) => ({
        key,
        event: registered(key, name, {
          time: NOW - hours * 3_600_000,
          id: `${key}${name}${active}${hours}${id}`,
          active,
        }),
      })),
  },
);

/** What is found of each subject by one assessment of all facts. */
function literally(facts: readonly Fact[], day: number): Map<SubjectKey, ReturnType<typeof findingOf>> {
  const registrations = new Map<SubjectKey, Registration>();
  for (const { key, event } of facts) {
    if (event.kind !== 'registered') continue;
    const { registration: one } = event;
    const held = registrations.get(key);
    const rank = (r: Registration) => [r.time, r.source, r.id] as const;
    if (!held || rank(one)[0] > rank(held)[0] || (one.time === held.time && one.id > held.id))
      registrations.set(key, one);
  }
  const ownersOf = (name: string) =>
    [...registrations].filter(([, one]) => one.active && normalName(one.name) === name).map(([key]) => key);
  const subjectOf = (key: SubjectKey): SubjectKey => {
    const owners = key.startsWith('N:') ? ownersOf(key.slice(2)) : [];
    return owners.length === 1 ? owners[0]! : key;
  };
  const observations = new Map<SubjectKey, KeptObservation[]>();
  for (const { key, event } of facts) {
    const answers = subjectOf(key);
    const held = observations.get(answers) ?? [];
    observations.set(answers, event.kind === 'observed' ? [...held, event.observation] : held);
  }
  return new Map(
    [...observations].map(([key, held]) => {
      const registration = registrations.get(key);
      const assessment = assess(held, registration, -Infinity, PACK, day);
      // Whom and where an alert takes from what is kept.
      const kept = KEYS.flatMap((one) =>
        retain(
          held.filter(({ id }) => id.startsWith(`${one},`)),
          day,
          (number) => PACK.byNumber[number]!.kind,
        ),
      );
      const unplaced = assessment.tier !== undefined && !placeOf(key, registration, kept);
      return [key, findingOf(assessment, PACK, undefined, unplaced, NOW)];
    }),
  );
}

describe('the engine, whatever the order', () => {
  it('finds what one assessment of everything finds', () => {
    fc.assert(
      fc.property(
        fc.array(fact, { maxLength: 40 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 1_000 })),
        fc.integer({ min: 0, max: 30 }),
        (facts, stream, later) => {
          const random = stream[Symbol.iterator]();
          const next = (below: number) => (random.next().value as number) % below;
          const events = [ACTIVE, ...facts.map(({ event }) => event)];
          for (const { event } of facts) if (next(4) === 0) events.push(event);
          for (let i = events.length - 1; i > 0; i--) {
            const j = next(i + 1);
            [events[i], events[j]] = [events[j]!, events[i]!];
          }
          const box = new EngineBox([PACK], { decides: false });
          for (let at = 0; at < events.length;) {
            const piece = 1 + next(8);
            box.fold(events.slice(at, at + piece), NOW);
            at += piece;
            if (next(5) === 0) box.restart();
          }
          // Days pass, and the clock goes back for a while.
          box.settle([], NOW);
          box.settle([], noon(DAY + later));
          box.settle([], NOW);
          const expected = literally(facts, DAY + later);
          for (const subject of box.subjects()) {
            const { key, found, owner } = subject;
            const wanted = expected.get(key);
            if (owner !== undefined) {
              expect(found).toBeUndefined();
              expect(wanted).toBeUndefined();
              continue;
            }
            expect({
              key,
              same: wanted !== undefined && found !== undefined && sameResult(found, wanted),
              found,
            }).toEqual({ key, same: true, found });
          }
          // Who followed the feed shows what whoever loads everything now shows.
          const loaded = new SubjectBook();
          for (const subject of box.subjects()) loaded.put(rowOf(subject));
          const all = { sort: 'score', limit: 50 } as const;
          expect(box.book.page(all)).toEqual(loaded.page(all));
          expect(box.book.watchedIn()).toEqual(loaded.watchedIn());
          expect(box.counts.observed).toBe(
            new Set(facts.flatMap(({ event }) => (event.kind === 'observed' ? [event.digest] : []))).size,
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
