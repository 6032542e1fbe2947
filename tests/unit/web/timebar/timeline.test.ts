import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPLAY_STEP_MS, REPLAY_STEPS } from '../../../../contract/replayLimits.ts';
import { DAY_MS, floorTo, HOUR_MS, midnight, MINUTE_MS, toRfc3339 } from '../../../../common/regionTime.ts';
import {
  firstMoment,
  groupsOf,
  keptView,
  momentAt,
  momentBefore,
  nearestMoment,
  nextMark,
  pastOf,
  shareOf,
  SPEEDS,
  stepAt,
  stepOfSpeed,
  ticksOf,
  viewOf,
  within,
  zoomFor,
  ZOOMS,
} from '../../../../web/timebar/timeline.ts';

const NOW = midnight(2026, 11, 28) + 9 * HOUR_MS + 7 * MINUTE_MS;
const BEGINNING = midnight(2025, 3, 2);
const past = pastOf({
  scope: '330110',
  from: toRfc3339(BEGINNING),
  to: toRfc3339(NOW),
  beginning: toRfc3339(BEGINNING),
  steps: {
    minute: toRfc3339(NOW - 50 * HOUR_MS),
    '5m': toRfc3339(NOW - 50 * HOUR_MS),
    hour: toRfc3339(midnight(2026, 9, 19)),
    day: toRfc3339(BEGINNING),
  },
  every: 'day',
  marks: [],
  shown: { windows: ['today', 'week', 'month', '30d'], every: 'hour', since: toRfc3339(midnight(2026, 11, 20)) },
});
const moment = fc.integer({ min: BEGINNING + DAY_MS, max: NOW });

describe('moments of a step', () => {
  it('are the last before, and the nearest; days end at 23:59 in today’s facts', () => {
    const ten = midnight(2026, 11, 27) + 10 * HOUR_MS;
    expect(momentBefore(ten + 59 * MINUTE_MS, 'hour', false)).toBe(ten);
    expect(nearestMoment(ten + 31 * MINUTE_MS, 'hour', false)).toBe(ten + HOUR_MS);
    expect(nearestMoment(ten + 29 * MINUTE_MS, 'hour', false)).toBe(ten);
    expect(momentBefore(ten, 'day', false)).toBe(midnight(2026, 11, 27) - MINUTE_MS);
    expect(momentBefore(ten, 'day', true)).toBe(midnight(2026, 11, 27));
    fc.assert(
      fc.property(moment, fc.constantFrom(...REPLAY_STEPS), fc.boolean(), (ms, step, shown) => {
        const before = momentBefore(ms, step, shown);
        expect(before).toBeLessThanOrEqual(ms);
        expect(ms - before).toBeLessThan(REPLAY_STEP_MS[step]);
        expect(momentBefore(before, step, shown)).toBe(before);
        expect(Math.abs(nearestMoment(ms, step, shown) - ms)).toBeLessThanOrEqual(REPLAY_STEP_MS[step] / 2);
      }),
    );
  });

  it('are no finer than what is kept there', () => {
    expect(stepAt(NOW - HOUR_MS, 'minute', past, false)).toBe('minute');
    expect(stepAt(NOW - 51 * HOUR_MS, 'minute', past, false)).toBe('hour');
    expect(stepAt(NOW - 51 * HOUR_MS, '5m', past, false)).toBe('hour');
    expect(stepAt(midnight(2026, 9, 18), '5m', past, false)).toBe('day');
    expect(stepAt(NOW - 51 * HOUR_MS, 'day', past, false)).toBe('day');
    // As it was shown: by the hour, of towns by the day.
    expect(stepAt(NOW - HOUR_MS, 'minute', past, true)).toBe('hour');
    expect(stepAt(NOW, '5m', { ...past, shown: { ...past.shown, every: 'day' } }, true)).toBe('day');
    fc.assert(
      fc.property(moment, fc.constantFrom(...REPLAY_STEPS), (ms, wanted) => {
        const step = stepAt(ms, wanted, past, false);
        expect(ms).toBeGreaterThanOrEqual(past.steps[step]);
        expect(REPLAY_STEP_MS[step]).toBeGreaterThanOrEqual(REPLAY_STEP_MS[wanted]);
      }),
    );
    // A region that began today is known by the minute from its beginning on.
    const young = { ...past, beginning: floorTo(NOW, DAY_MS) };
    young.steps = { minute: young.beginning, '5m': young.beginning, hour: young.beginning, day: young.beginning };
    expect(stepAt(young.beginning, 'minute', young, false)).toBe('minute');
  });

  it('begin with the beginning, and with the first frame that was kept', () => {
    expect(firstMoment(past, 'minute', false)).toBe(BEGINNING + DAY_MS - MINUTE_MS);
    expect(firstMoment(past, 'hour', true)).toBe(past.shown.since);
  });

  it('change twice a second at most, at every speed', () => {
    for (const speed of SPEEDS) expect(REPLAY_STEP_MS[stepOfSpeed(speed)] / speed).toBeGreaterThanOrEqual(500);
  });
});

describe('the view', () => {
  it('shows the position at every zoom, and never more than there is', () => {
    fc.assert(
      fc.property(moment, fc.constantFrom(...ZOOMS), (at, zoom) => {
        const view = viewOf(zoom, at, NOW, BEGINNING);
        expect(view.from).toBeLessThanOrEqual(at);
        expect(view.to).toBeGreaterThanOrEqual(at);
        expect(view.to).toBeLessThanOrEqual(NOW);
        expect(view.from).toBeGreaterThanOrEqual(BEGINNING);
        // It stays while the position is in it.
        expect(keptView(view, zoom, at, NOW + MINUTE_MS, BEGINNING)).toEqual(
          zoom === 'all' ? { from: BEGINNING, to: NOW + MINUTE_MS } : view,
        );
        expect(momentAt(shareOf(at, view), view)).toBeCloseTo(at, -1);
      }),
    );
    expect(keptView({ from: NOW - DAY_MS, to: NOW }, 'day', undefined, NOW + HOUR_MS, BEGINNING).to).toBe(
      NOW + HOUR_MS,
    );
    const far = keptView({ from: NOW - DAY_MS, to: NOW }, 'day', NOW - 9 * DAY_MS, NOW, BEGINNING);
    expect(far).toEqual({ from: NOW - 9.5 * DAY_MS, to: NOW - 8.5 * DAY_MS });
  });

  it('has a scale whose labels have room, from a day to ten years', () => {
    for (const days of [1, 7, 30, 90, 400, 3_650]) {
      for (const least of [0.05, 0.1, 0.3]) {
        const view = { from: NOW - days * DAY_MS, to: NOW };
        const ticks = ticksOf(view, least);
        expect(ticks.length).toBeGreaterThan(0);
        ticks.slice(1).forEach(({ at }, i) => {
          // Months are not all of one length: February may be shorter by a tenth, the end of a month by a day or two.
          expect((at - ticks[i]!.at) / (days * DAY_MS)).toBeGreaterThan(least * 0.39);
        });
      }
    }
    expect(
      ticksOf({ from: midnight(2026, 11, 27), to: midnight(2026, 11, 28) }, 0.2).map(({ label }) => label),
    ).toEqual(['day', 'hour', 'hour', 'hour', 'day']);
  });
});

describe('marks', () => {
  const mark = (hoursAgo: number, count = 1, kind: 'red' | 'supervised' = 'red') => ({
    at: toRfc3339(floorTo(NOW, HOUR_MS) - hoursAgo * HOUR_MS),
    kind,
    count,
  });
  it('that would lie on one another are one, with their sum; kinds stay apart', () => {
    const view = { from: NOW - DAY_MS, to: NOW };
    const groups = groupsOf([mark(30), mark(20, 2), mark(19), mark(19, 4, 'supervised'), mark(5)], view, 0.05);
    expect(groups.map(({ kind, count }) => [kind, count])).toEqual([
      ['red', 3],
      ['supervised', 4],
      ['red', 1],
    ]);
    const sum = (least: number) =>
      groupsOf([mark(20, 2), mark(19), mark(5)], view, least).reduce((n, { count }) => n + count, 0);
    expect([0, 0.02, 0.2, 1].map(sum)).toEqual([4, 4, 4, 4]);
  });
  it('are gone to when all of them has happened', () => {
    const marks = [mark(20), mark(5)];
    const end = (hours: number) => floorTo(NOW, HOUR_MS) - (hours - 1) * HOUR_MS;
    expect(nextMark(marks, HOUR_MS, NOW, -1)).toBe(end(5));
    expect(nextMark(marks, HOUR_MS, end(5), -1)).toBe(end(20));
    expect(nextMark(marks, HOUR_MS, end(20), 1)).toBe(end(5));
    expect(nextMark(marks, HOUR_MS, end(5), 1)).toBeUndefined();
    // The hour that goes on has not ended: its alerts are seen at the last moment there is.
    const latest = NOW - 2 * MINUTE_MS;
    expect(nextMark([mark(0), mark(5)], HOUR_MS, NOW, -1, latest)).toBe(latest);
    expect(nextMark([mark(0), mark(5)], HOUR_MS, latest, -1, latest)).toBe(end(5));
  });
  it('and gaps are cut to the view', () => {
    expect(
      within(
        [
          { from: 0, to: 5 },
          { from: 8, to: 20 },
          { from: 30, to: 40 },
        ],
        { from: 3, to: 10 },
      ),
    ).toEqual([
      { from: 3, to: 5 },
      { from: 8, to: 10 },
    ]);
  });
});

describe('a span that is played in 30 seconds', () => {
  it.each([
    [3 * HOUR_MS, 'day', '5m'],
    [3 * DAY_MS, 'week', 'hour'],
    [20 * DAY_MS, 'month', 'day'],
    [200 * DAY_MS, 'all', 'day'],
  ] as const)('of %s ms has the bar %s and the step %s', (length, zoom, step) => {
    expect(zoomFor(NOW - length, NOW)).toBe(zoom);
    expect(stepOfSpeed(length / 30_000)).toBe(step);
  });
});
