import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ladderOf, passedNow } from '../../../common/ladder.ts';
import { stageClockOf, type StageClock } from '../../../server/alerts/stageClock.ts';
import type { AlertState } from '../../../server/alerts/state.ts';
import { caseOf, decodeCase, encodeCase, type Case } from '../../../server/casework/clock/case.ts';
import { CaseBook } from '../../../server/casework/clock/caseBook.ts';
import { TimerHeap } from '../../../server/casework/clock/timerHeap.ts';
import { casePack } from '../../support/casework.ts';
import { SHIPPED } from '../terms/support.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-09-21T01:00:00Z');

const someCase = fc.record<Case>({
  alertId: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
  stage: fc.constantFrom('raised', 'dispatched', 'accepted', 'handled', 'audited'),
  termFrom: fc.integer({ min: 0, max: 400 }).map((hours) => START + hours * HOUR),
  stageEvent: fc.constantFrom('e1', 'e/2', 'e 3'),
  stageSource: fc.constantFrom(undefined, 's1', 's2'),
  handling: fc.boolean(),
  tier: fc.constantFrom('red', 'orange', 'yellow'),
  namedDueAt: fc.oneof(
    fc.constant(NaN),
    fc.integer({ min: 0, max: 800 }).map((hours) => START + hours * HOUR),
  ),
  namedBefore: fc.boolean(),
  passed: fc.subarray(['half', 'four-fifths', 'past', 'draft-notice', 'draft-talk', 'draft-circular']),
});

it('a case is read as it was written', () => {
  fc.assert(
    fc.property(someCase, (one) => {
      expect(decodeCase(one.alertId, encodeCase(one))).toEqual(one);
    }),
  );
});

it('a case of an earlier version is read, and is the same stage as long as nothing but its source is new', () => {
  const old = JSON.stringify(['dispatched', START, 'e1', 0, 'red', null, 0, 'half']);
  const read = decodeCase('A', old);
  expect(read).toMatchObject({ stageEvent: 'e1', stageSource: undefined, termFrom: START, passed: ['half'] });
  const state = { stage: 'dispatched', stageEvent: 'e1', stageSource: 's1', facts: { tier: 'red' } } as AlertState;
  expect(caseOf(state, read).passed).toEqual(['half']);
  const known = caseOf(state, read);
  expect(caseOf(state, known).passed).toEqual(['half']);
  expect(caseOf({ ...state, stageSource: 's2' }, known).passed).toEqual([]);
});

it('timers come in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (moments) => {
      const heap = new TimerHeap<number>();
      moments.forEach((at, i) => heap.add(at, i));
      const taken = moments.map(() => heap.take()!.at);
      expect(taken).toEqual([...moments].sort((a, b) => a - b));
      expect(heap.take()).toBeUndefined();
    }),
  );
});

/** What may happen to the book. */
const step = fc.oneof(
  fc.record({ does: fc.constant('put' as const), one: someCase }),
  fc.record({ does: fc.constant('remove' as const), alertId: fc.constantFrom('A', 'B', 'C', 'D', 'E') }),
  fc.record({
    does: fc.constant('look' as const),
    hours: fc.integer({ min: 0, max: 1_000 }),
    most: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ does: fc.constant('rules' as const), known: fc.boolean() }),
);

it('the book hands over those whose rung is over, the earliest first, and never another', () => {
  const clocks: [StageClock, StageClock] = [stageClockOf(casePack(), SHIPPED)!, stageClockOf(casePack(), [])!];
  const ladder = ladderOf({});
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const book = new CaseBook(clocks[0], ladder);
      // The same without any heap: all cases, and which of them have been handed over since they were put in.
      const held = new Map<string, Case>();
      const out = new Set<string>();
      for (const one of steps) {
        if (one.does === 'put') {
          book.put(one.one);
          held.set(one.one.alertId, one.one);
          out.delete(one.one.alertId);
        } else if (one.does === 'remove') {
          expect(book.remove(one.alertId)).toBe(held.delete(one.alertId));
        } else if (one.does === 'rules') {
          book.reckonAnew(clocks[one.known ? 0 : 1]);
          out.clear();
        } else {
          const now = START + one.hours * HOUR;
          const due = [...held.values()]
            .filter(({ alertId }) => !out.has(alertId))
            .map((each) => ({
              each,
              first: book.termOf(each)!.rungs.find(({ rung }) => !each.passed.includes(rung.rung))?.at,
            }))
            .filter(({ first }) => first !== undefined && now > first)
            .sort((a, b) => a.first! - b.first!);
          const taken = book.takeDue(now, one.most);
          expect(taken).toHaveLength(Math.min(one.most, due.length));
          expect(taken.map((alertId) => due.find(({ each }) => each.alertId === alertId)?.first)).toEqual(
            due.slice(0, one.most).map(({ first }) => first),
          );
          for (const alertId of taken) {
            out.add(alertId);
            const of = held.get(alertId)!;
            expect(passedNow(book.termOf(of)!.rungs, of.passed, now)).not.toEqual([]);
          }
        }
        expect(book.size).toBe(held.size);
      }
    }),
  );
});
