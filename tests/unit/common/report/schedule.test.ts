import { describe, expect, it } from 'vitest';
import { parseRfc3339, toRfc3339 } from '../../../../common/regionTime.ts';
import { dueAfter, rhythmFault, scheduledSpan, type Rhythm } from '../../../../common/report/schedule.ts';
import { Workdays } from '../../../../common/terms/workdays.ts';

/** A year with the National Day holiday, and two days of work made up for it. */
const WORKDAYS = new Workdays([
  {
    year: 2026,
    off: [{ name: '国庆节', from: '2026-10-01', to: '2026-10-08' }],
    work: ['2026-09-27', '2026-10-10'],
  },
]);
const at = (text: string) => parseRfc3339(`${text}:00+08:00`)!;
type Kind = Parameters<typeof dueAfter>[0]['kind'];
const dues = (rhythm: Rhythm, after: string, count: number, kind: Kind = 'daily') => {
  const found: string[] = [];
  for (let now = at(after); found.length < count;) {
    now = dueAfter({ kind, ...rhythm }, now, WORKDAYS).at;
    found.push(toRfc3339(now).slice(0, 16));
  }
  return found;
};

describe('schedules of reports', () => {
  it('go by working days: no holiday, and the days of work made up', () => {
    expect(dues({ rhythm: 'workday', time: '08:30' }, '2026-09-25T08:30', 5)).toEqual([
      '2026-09-27T08:30',
      '2026-09-28T08:30',
      '2026-09-29T08:30',
      '2026-09-30T08:30',
      '2026-10-09T08:30',
    ]);
    expect(dues({ rhythm: 'workday', time: '08:30' }, '2026-09-28T08:29', 1)).toEqual(['2026-09-28T08:30']);
  });

  it('let a weekday that is none of work give way, and do not fall on one day twice', () => {
    expect(dues({ rhythm: 'weekly', weekday: 1, time: '09:00' }, '2026-09-27T12:00', 4)).toEqual([
      '2026-09-28T09:00',
      '2026-10-09T09:00',
      '2026-10-12T09:00',
      '2026-10-19T09:00',
    ]);
  });

  it('fall on the n-th working day of a month', () => {
    expect(dues({ rhythm: 'monthly', nth: 1, time: '08:00' }, '2026-09-01T08:00', 3)).toEqual([
      '2026-10-09T08:00',
      '2026-11-02T08:00',
      '2026-12-01T08:00',
    ]);
    const schedule = { kind: 'monthly', rhythm: 'monthly', nth: 1, time: '08:00' } as const;
    expect(dueAfter(schedule, at('2027-03-01T09:00'), WORKDAYS).provisional).toBe(true);
  });

  it('report each period once, whatever comes oftener', () => {
    const monthly: Rhythm = { rhythm: 'monthly', nth: 2, time: '08:00' };
    expect(dues(monthly, '2026-07-02T08:00', 3, 'quarterly')).toEqual([
      '2026-10-10T08:00',
      '2027-01-04T08:00',
      '2027-04-02T08:00',
    ]);
    expect(dues(monthly, '2026-07-02T08:00', 2, 'yearly')).toEqual(['2027-01-04T08:00', '2028-01-04T08:00']);
    const workday: Rhythm = { rhythm: 'workday', time: '08:00' };
    expect(dues(workday, '2026-09-21T08:00', 3, 'weekly')).toEqual([
      '2026-09-28T08:00',
      '2026-10-09T08:00',
      '2026-10-12T08:00',
    ]);
    expect(dues(workday, '2026-09-01T08:00', 2, 'monthly')).toEqual(['2026-10-09T08:00', '2026-11-02T08:00']);
  });

  it('cover each day once: of a working day all since the one before, else the last period', () => {
    const span = (kind: 'daily' | 'weekly' | 'monthly', rhythm: Rhythm['rhythm'], due: string, weekday = 1) => {
      const { from, to } = scheduledSpan({ kind, rhythm, weekday, time: '08:30' }, at(due), WORKDAYS);
      return [from, to].map((ms) => toRfc3339(ms).slice(0, 10));
    };
    expect(span('daily', 'workday', '2026-10-09T08:30')).toEqual(['2026-09-30', '2026-10-09']);
    expect(span('daily', 'workday', '2026-10-10T08:30')).toEqual(['2026-10-09', '2026-10-10']);
    expect(span('weekly', 'weekly', '2026-10-09T08:30')).toEqual(['2026-09-28', '2026-10-05']);
    expect(span('monthly', 'monthly', '2026-10-09T08:30')).toEqual(['2026-09-01', '2026-10-01']);
    // The week from the 28th on has working days yet; a made-up one may stand in a week of its own.
    expect(span('weekly', 'workday', '2026-10-09T08:30')).toEqual(['2026-09-28', '2026-10-05']);
    // Two Fridays give way to one day: no week is left out.
    expect(dues({ rhythm: 'weekly', weekday: 5, time: '08:30' }, '2026-09-25T08:30', 2, 'weekly')).toEqual([
      '2026-10-09T08:30',
      '2026-10-16T08:30',
    ]);
    expect(span('weekly', 'weekly', '2026-09-25T08:30', 5)).toEqual(['2026-09-14', '2026-09-21']);
    expect(span('weekly', 'weekly', '2026-10-09T08:30', 5)).toEqual(['2026-09-21', '2026-10-05']);
    expect(span('weekly', 'weekly', '2026-10-16T08:30', 5)).toEqual(['2026-10-05', '2026-10-12']);
  });

  it('are told what they lack', () => {
    expect(rhythmFault({ rhythm: 'weekly', time: '08:00' })).toBe('weekday');
    expect(rhythmFault({ rhythm: 'workday', weekday: 2, time: '08:00' })).toBe('weekday');
    expect(rhythmFault({ rhythm: 'monthly', time: '08:00' })).toBe('nth');
    expect(rhythmFault({ rhythm: 'workday', time: '08:00' })).toBeUndefined();
  });
});
