import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STAGES } from '../../../../contract/codes.ts';
import type { AlertBrief } from '../../../../contract/frame.ts';
import { DAY_MS, HOUR_MS, toRfc3339 } from '../../../../common/regionTime.ts';
import { byTerm, countTerms, groupOf, runningTerm } from '../../../../web/kiosk/terms.ts';
import { pageSlice } from '../../../../web/kiosk/pages.ts';
import { fixtureBrief, fixturePack } from '../../../support/webFixtures.ts';

const pack = fixturePack();
const at = (text: string) => Date.parse(`${text}+08:00`);
// A Wednesday, in the afternoon.
const NOW = at('2026-11-18T15:30:00');

describe('the term of an alert', () => {
  it('runs until it is handled, whatever date is left on it', () => {
    const dueAt = toRfc3339(NOW);
    for (const stage of STAGES)
      expect(runningTerm({ stage, dueAt })).toBe(
        ['raised', 'dispatched', 'accepted'].includes(stage) ? NOW : undefined,
      );
    expect(runningTerm({ stage: 'raised' })).toBeUndefined();
  });

  it.each([
    ['2026-11-18T15:29:59', 'overdue'],
    ['2026-11-17T00:00:00', 'overdue'],
    ['2026-11-18T15:30:00', 'today'],
    ['2026-11-18T23:59:59', 'today'],
    ['2026-11-19T00:00:00', 'week'],
    ['2026-11-22T23:59:59', 'week'],
    ['2026-11-23T00:00:00', 'later'],
    ['2027-01-01T00:00:00', 'later'],
  ])('%s is %s, by the calendar of the region', (due, group) => {
    expect(groupOf(at(due), NOW)).toBe(group);
  });

  it('is of today on a Sunday, whose week ends with it', () => {
    const sunday = at('2026-11-22T09:00:00');
    expect(groupOf(sunday + 14 * HOUR_MS, sunday)).toBe('today');
    expect(groupOf(sunday + DAY_MS, sunday)).toBe('later');
  });
});

describe('the list of a kiosk', () => {
  const briefs = fc
    .array(
      fc.record({
        n: fc.nat(500),
        stage: fc.constantFrom(...STAGES),
        dueIn: fc.option(fc.integer({ min: -40 * 24, max: 40 * 24 }), { nil: undefined }),
        raised: fc.nat(100),
      }),
      { maxLength: 40 },
    )
    .map((rows) =>
      rows.map(({ n, stage, dueIn, raised }, i): AlertBrief => {
        const brief = fixtureBrief(n, pack, NOW);
        delete brief.dueAt;
        return {
          ...brief,
          alertId: `A${i}`,
          stage,
          raisedAt: toRfc3339(NOW - raised * HOUR_MS),
          ...(dueIn === undefined ? {} : { dueAt: toRfc3339(NOW + dueIn * HOUR_MS) }),
        };
      }),
    );

  it('holds each open alert once, the most urgent first, in any order of reading', () => {
    fc.assert(
      fc.property(briefs, fc.nat(), (all, turn) => {
        const list = byTerm(all, NOW);
        expect(list.map(({ brief }) => brief.alertId).sort()).toEqual(
          all
            .filter(({ stage }) => stage !== 'closed')
            .map(({ alertId }) => alertId)
            .sort(),
        );
        const order = ['overdue', 'today', 'week', 'later'];
        list.slice(1).forEach((alert, i) => {
          expect(order.indexOf(alert.group)).toBeGreaterThanOrEqual(order.indexOf(list[i]!.group));
        });
        const turned = [...all.slice(turn % (all.length || 1)), ...all.slice(0, turn % (all.length || 1))].reverse();
        expect(byTerm(turned, NOW).map(({ brief }) => brief.alertId)).toEqual(list.map(({ brief }) => brief.alertId));
        const counts = countTerms(list);
        expect(counts.overdue + counts.today + counts.week + counts.later).toBe(list.length);
      }),
    );
  });

  it('is cut into pages that hold each row once', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 20 }), (count, rows) => {
        const { pages } = pageSlice(count, rows, 0);
        const seen = Array.from({ length: pages }, (_, page) => pageSlice(count, rows, page)).flatMap(({ from, to }) =>
          Array.from({ length: to - from }, (_, i) => from + i),
        );
        expect(seen).toEqual(Array.from({ length: count }, (_, i) => i));
        // The page that somebody was on may be gone.
        expect(pageSlice(count, rows, 1_000)).toEqual(pageSlice(count, rows, pages - 1));
      }),
    );
  });
});
