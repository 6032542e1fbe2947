import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STAGES } from '../../../../contract/codes.ts';
import type { AlertBrief, Frame } from '../../../../contract/frame.ts';
import { DAY_MS, HOUR_MS, toRfc3339 } from '../../../../common/regionTime.ts';
import { byTerm, countTerms, groupOf, runningTerm, withAgenda, toldTerms } from '../../../../web/kiosk/terms.ts';
import { pageSlice } from '../../../../web/kiosk/pages.ts';
import { fixtureBrief, fixturePack } from '../../../support/webFixtures.ts';

const pack = fixturePack();
const at = (text: string) => Date.parse(`${text}+08:00`);
// A Wednesday, in the afternoon.
const NOW = at('2026-11-18T15:30:00');

describe('the term of an alert', () => {
  it('is what the server says: none where it says nothing', () => {
    expect(runningTerm({ dueAt: toRfc3339(NOW) })).toBe(NOW);
    expect(runningTerm({})).toBeUndefined();
  });

  it.each([
    ['2026-11-18T15:29:59', 'overdue'],
    ['2026-11-17T00:00:00', 'overdue'],
    ['2026-11-18T15:30:00', 'today'],
    ['2026-11-18T23:59:59', 'today'],
    // Terms in days end at 24:00, and are of the day that ends then.
    ['2026-11-19T00:00:00', 'today'],
    ['2026-11-19T00:00:01', 'week'],
    ['2026-11-22T23:59:59', 'week'],
    ['2026-11-23T00:00:00', 'week'],
    ['2026-11-23T00:00:01', 'later'],
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
        // None ends in a hole: all are as full as each other, to a row.
        const full = Array.from({ length: pages }, (_, page) => pageSlice(count, rows, page)).map(
          ({ from, to }) => to - from,
        );
        expect(Math.max(...full)).toBeLessThanOrEqual(rows);
        expect(Math.max(...full) - Math.min(...full)).toBeLessThanOrEqual(1);
        expect(pages).toBe(Math.max(1, Math.ceil(count / rows)));
        // The page that somebody was on may be gone.
        expect(pageSlice(count, rows, 1_000)).toEqual(pageSlice(count, rows, pages - 1));
      }),
    );
  });
});

describe('the agenda of a frame', () => {
  const alert = (n: number, dueHours: number | undefined, change: Partial<AlertBrief> = {}): AlertBrief => {
    const brief: AlertBrief = { ...fixtureBrief(n, pack, NOW), alertId: `A${n}`, stage: 'dispatched', ...change };
    delete brief.dueAt;
    return dueHours === undefined ? brief : { ...brief, dueAt: toRfc3339(NOW + dueHours * HOUR_MS) };
  };
  const frameOf = (agenda: AlertBrief[], latest: AlertBrief[] = []) => ({
    agenda: Object.fromEntries(agenda.map((brief) => [brief.alertId, brief])),
    latest: Object.fromEntries(latest.map((brief) => [brief.alertId, brief])),
  });
  const ids = (alerts: readonly AlertBrief[]) => alerts.map(({ alertId }) => alertId).sort();

  it('says of what is most urgent how it stands now, and its unit', () => {
    const list = withAgenda([alert(1, -2), alert(2, 5)], frameOf([alert(1, 20, { unit: '某中队' }), alert(2, 5)]));
    expect(list.find(({ alertId }) => alertId === 'A1')).toMatchObject({ unit: '某中队', dueAt: alert(1, 20).dueAt });
    expect(ids(list)).toEqual(['A1', 'A2']);
  });

  it('leaves out what was handled or closed since it was read, and nothing else', () => {
    const read = [alert(1, -2), alert(2, 5), alert(3, undefined, { stage: 'handled' }), alert(4, 9)];
    // A1 has left it, and A4 has just come, so that it is among the newest and was read before the agenda had it.
    expect(ids(withAgenda(read, frameOf([alert(2, 5)], [alert(4, 9)])))).toEqual(['A2', 'A3', 'A4']);
  });

  it('says nothing, when full, of terms after its last', () => {
    const full = Array.from({ length: 30 }, (_, n) => alert(n, n));
    expect(ids(withAgenda([...full, alert(90, 300), alert(91, 12)], frameOf(full)))).toEqual(
      ids([...full, alert(90, 300)]),
    );
  });

  it('is no reason to leave anything out where there is none', () => {
    const read = [alert(1, -2), alert(2, 5)];
    expect(withAgenda(read, { latest: {} })).toEqual(read);
  });
});

it('tells of what is withheld nothing, and not 0', () => {
  const totals = { overdue: 0, dueToday: 6 } as Frame['totals'];
  expect(toldTerms(undefined)).toEqual({});
  expect(toldTerms({ totals })).toEqual({ overdue: 0, today: 6 });
  expect(toldTerms({ totals, withheld: 5 })).toEqual({ today: 6 });
});
