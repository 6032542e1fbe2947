import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LADDER, ladderOf, passedNow, timedRungs } from '../../../common/ladder.ts';
import { parseRfc3339, toRfc3339 } from '../../../common/regionTime.ts';
import type { Rung } from '../../../contract/region.ts';
import { parsePack } from '../../../server/region/check.ts';
import { casePack } from '../../support/casework.ts';
import { SHIPPED, shippedWorkdays } from '../terms/support.ts';
import { walkTerm } from '../terms/walk.ts';
import { walkRungs } from './walkRungs.ts';

const MINUTE = 60_000;
const workdays = shippedWorkdays();
const ladder = ladderOf({});

/** Terms of ten minutes, so that every share of the default ladder is a whole minute. */
const someTerm = fc
  .record({
    stageAt: fc.integer({
      min: Date.parse('2025-01-01T00:00:00Z') / MINUTE,
      max: Date.parse('2026-11-01T00:00:00Z') / MINUTE,
    }),
    tens: fc.integer({ min: -3, max: 1_500 }),
  })
  .map(({ stageAt, tens }) => ({ stageAt: stageAt * MINUTE, dueAt: (stageAt + tens * 10) * MINUTE }));

describe('the rungs of a term', () => {
  it('come when a walk through minutes and days says', () => {
    fc.assert(
      fc.property(someTerm, ({ stageAt, dueAt }) => {
        const timed = timedRungs(ladder, { stageAt, dueAt }, workdays);
        expect(new Map(timed.map(({ rung, at }) => [rung.rung, at]))).toEqual(
          walkRungs(stageAt, dueAt, DEFAULT_LADDER),
        );
        expect(timed.map(({ at }) => at)).toEqual(timed.map(({ at }) => at).sort((a, b) => a - b));
      }),
      { numRuns: 300 },
    );
  });

  it('are each passed once however often one looks, and of those missed the last is the last', () => {
    const looks = fc.array(fc.integer({ min: -100, max: 60 * 24 * 30 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(someTerm, looks, (term, minutes) => {
        const timed = timedRungs(ladder, term, workdays);
        const moments = walkRungs(term.stageAt, term.dueAt, DEFAULT_LADDER);
        const passed: string[] = [];
        let latest = -Infinity;
        // The clock is set forth and back as it comes.
        for (const minute of minutes) {
          const now = term.stageAt + minute * MINUTE;
          latest = Math.max(latest, now);
          const found = passedNow(timed, passed, now).map(({ rung }) => rung.rung);
          const last = found.at(-1);
          if (last !== undefined) expect(found.every((one) => moments.get(one)! <= moments.get(last)!)).toBe(true);
          passed.push(...found);
          expect(new Set(passed).size).toBe(passed.length);
          expect([...passed].sort()).toEqual(
            [...moments]
              .filter(([, at]) => latest > at)
              .map(([rung]) => rung)
              .sort(),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of two working days that begin before a holiday are those of the calendar', () => {
    // 2 working days from Wednesday 30 September: National Day is 1 to 7 October, and 10 October is worked.
    const stageAt = parseRfc3339('2026-09-30T16:00:00+08:00')!;
    const dueAt = walkTerm('2026-09-30T16:00:00+08:00', '2wd', SHIPPED).dueAt;
    const timed = timedRungs(ladder, { stageAt, dueAt }, workdays);
    expect(timed.map(({ rung, at }) => `${rung.rung} ${toRfc3339(at)}`)).toEqual([
      'half 2026-10-05T08:00:00+08:00',
      'four-fifths 2026-10-08T03:12:00+08:00',
      'past 2026-10-10T00:00:00+08:00',
      // After 24:00 of the 9th, which is the 10th: that day does not count.
      'draft-notice 2026-10-15T00:00:00+08:00',
      'draft-talk 2026-10-17T00:00:00+08:00',
      'draft-circular 2026-10-24T00:00:00+08:00',
    ]);
  });
});

describe('the ladder of a pack', () => {
  const problemsOf = (rungs: unknown, more: object = {}) => {
    try {
      parsePack(JSON.stringify({ ...casePack({ ladder: rungs as Rung[] }), ...more }), 'region.json', '330110');
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  it('may be that which is meant without one', () => {
    expect(problemsOf(DEFAULT_LADDER)).toBe('');
  });
  it.each<[unknown, string]>([
    [[], 'ladder'],
    [[{ rung: 'Half', at: 0.5, does: 'notice' }], 'ladder[0].rung'],
    [[{ rung: 'half', at: 1.5, does: 'notice' }], 'ladder[0].at'],
    [[{ rung: 'half', at: 0, does: 'notice' }], 'ladder[0].at'],
    [[{ rung: 'half', at: 0.5, does: 'fine' }], 'ladder[0].does'],
    [[{ rung: 'half', does: 'notice' }], 'ladder[0] must have either at or after'],
    [[{ rung: 'half', at: 0.5, after: '1d', does: 'notice' }], 'ladder[0] must have either at or after'],
    [[{ rung: 'late', after: '0wd', does: 'urge' }], 'ladder[0].after: "0wd" is no term'],
    [[{ rung: 'late', after: '3wd', does: 'draft' }], 'ladder[0]: a draft, and nothing else, has a level'],
    [[{ rung: 'half', at: 0.5, does: 'notice', level: 'talk' }], 'ladder[0]: a draft, and nothing else'],
    [
      [
        { rung: 'half', at: 0.5, does: 'notice' },
        { rung: 'half', at: 0.6, does: 'notice' },
      ],
      'ladder[1].rung half is there twice',
    ],
    [
      [
        { rung: 'a', at: 0.5, does: 'notice' },
        { rung: 'b', at: 0.5, does: 'reminder' },
      ],
      'ladder[1].at 0.5 is not later than 0.5',
    ],
    [
      [
        { rung: 'a', after: '3wd', does: 'urge' },
        { rung: 'b', at: 0.5, does: 'reminder' },
      ],
      'ladder[1].at comes after one that is after the end of the term',
    ],
    [
      [
        { rung: 'a', after: '3wd', does: 'urge' },
        { rung: 'b', after: '3wd', does: 'urge' },
      ],
      'ladder[1].after 3wd is not later than 3wd',
    ],
  ])('%j is refused: %s', (rungs, problem) => {
    expect(problemsOf(rungs)).toContain(problem);
  });
  it('needs terms', () => {
    expect(problemsOf(DEFAULT_LADDER, { terms: undefined })).toContain('ladder is there, but no terms');
  });
});
