import { describe, expect, it } from 'vitest';
import { coveredOf, lastPeriod, periodOf, previousOf, yearBefore, type Span } from '../../../../common/report/spans.ts';
import { parseRfc3339, toRfc3339 } from '../../../../common/regionTime.ts';

const at = (text: string) => parseRfc3339(`${text.length === 10 ? `${text}T00:00` : text}:00+08:00`)!;
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });
const whole = (from: string, to: string) => ({ ...span(from, to), whole: true });
const told = (one: Span | undefined) =>
  one && [toRfc3339(one.from).slice(0, 16), toRfc3339(one.to).slice(0, 16)].map((text) => text.replace(/T00:00$/, ''));

describe('spans of reports', () => {
  it('are the periods of the calendar', () => {
    const now = at('2026-11-28T09:20');
    expect(told(periodOf('weekly', now))).toEqual(['2026-11-23', '2026-11-30']);
    expect(told(periodOf('quarterly', now))).toEqual(['2026-10-01', '2027-01-01']);
    expect(told(lastPeriod('monthly', now))).toEqual(['2026-10-01', '2026-11-01']);
    expect(told(lastPeriod('quarterly', at('2026-01-01')))).toEqual(['2025-10-01', '2026-01-01']);
    expect(told(lastPeriod('yearly', now))).toEqual(['2025-01-01', '2026-01-01']);
  });

  it('end at the last midnight while a period goes on, on its first day at the last full hour', () => {
    const now = at('2026-11-28T09:20');
    expect(coveredOf('monthly', periodOf('monthly', now), now)).toEqual({
      ...span('2026-11-01', '2026-11-28'),
      whole: false,
    });
    expect(told(coveredOf('daily', periodOf('daily', now), now))).toEqual(['2026-11-28', '2026-11-28T09:00']);
    const first = at('2026-11-01T10:59');
    expect(told(coveredOf('monthly', periodOf('monthly', first), first))).toEqual(['2026-11-01', '2026-11-01T10:00']);
    const soon = at('2026-11-28T00:20');
    expect(coveredOf('daily', periodOf('daily', soon), soon)).toBeUndefined();
  });

  it('are compared with the span before, by the same elapsed part', () => {
    expect(told(previousOf('monthly', whole('2026-03-01', '2026-04-01')))).toEqual(['2026-02-01', '2026-03-01']);
    expect(told(previousOf('monthly', { ...span('2026-03-01', '2026-03-31'), whole: false }))).toEqual([
      '2026-02-01',
      '2026-03-01',
    ]);
    expect(told(previousOf('monthly', { ...span('2026-11-01', '2026-11-28'), whole: false }))).toEqual([
      '2026-10-01',
      '2026-10-28',
    ]);
    expect(told(previousOf('daily', { ...span('2026-11-28', '2026-11-28T09:00'), whole: false }))).toEqual([
      '2026-11-27',
      '2026-11-27T09:00',
    ]);
    expect(told(previousOf('daily', whole('2026-11-27', '2026-11-30')))).toEqual(['2026-11-24', '2026-11-27']);
    // Two weeks, as of one nothing was reported in holidays.
    expect(told(previousOf('weekly', whole('2026-09-21', '2026-10-05')))).toEqual(['2026-09-07', '2026-09-21']);
    expect(told(previousOf('weekly', whole('2026-09-21', '2026-09-28')))).toEqual(['2026-09-14', '2026-09-21']);
    expect(told(previousOf('special', whole('2026-11-03', '2026-11-08')))).toEqual(['2026-10-29', '2026-11-03']);
    expect(previousOf('yearly', whole('2025-01-01', '2026-01-01'))).toBeUndefined();
  });

  it('are compared with a year before', () => {
    expect(told(yearBefore('weekly', span('2026-11-23', '2026-11-30')))).toEqual(['2025-11-24', '2025-12-01']);
    expect(told(yearBefore('monthly', span('2028-02-01', '2028-03-01')))).toEqual(['2027-02-01', '2027-03-01']);
    expect(told(yearBefore('daily', span('2028-02-29', '2028-03-01')))).toEqual(['2027-02-28', '2027-03-01']);
    expect(told(yearBefore('daily', span('2026-11-28', '2026-11-28T09:00')))).toEqual([
      '2025-11-28',
      '2025-11-28T09:00',
    ]);
  });
});
