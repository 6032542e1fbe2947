import { isWorkday as oracle } from 'chinese-days';
import { describe, expect, it } from 'vitest';
import { CALENDAR_FAULTS, type CalendarYear } from '../../../contract/calendar.ts';
import { missingYears } from '../../../common/terms/missingYears.ts';
import { Workdays } from '../../../common/terms/workdays.ts';
import { parseRfc3339 } from '../../../common/regionTime.ts';
import { checkCalendar, checkCalendarText } from '../../../server/calendar/checkCalendar.ts';
import { everyDate, FIRST_YEAR, LAST_YEAR, SHIPPED, shippedWorkdays, worksOn } from './support.ts';

describe('the shipped calendars', () => {
  it('say of every day of 2018 to 2026 what chinese-days says', () => {
    const workdays = shippedWorkdays();
    const dates = everyDate();
    expect(dates.length).toBe(3287);
    expect(dates.filter((date) => worksOn(workdays, date) !== oracle(date))).toEqual([]);
  });

  it('are there for each of these years, each with its notice', () => {
    expect(SHIPPED.map(({ year }) => year)).toEqual(
      Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => FIRST_YEAR + i),
    );
    for (const { year, notices } of SHIPPED) {
      expect(notices[0]!.title).toBe(`国务院办公厅关于${year}年部分节假日安排的通知`);
      for (const { number, url } of notices) {
        expect(number).toMatch(/^国办发明电〔20\d\d〕\d+号$/);
        expect(url).toMatch(/^https:\/\/www\.gov\.cn\/zhengce\/zhengceku\//);
      }
    }
  });

  it('know of the days that a later notice changed', () => {
    const workdays = shippedWorkdays();
    const works = (date: string) => worksOn(workdays, date);
    // 国办发明电〔2020〕1号: the Spring Festival of 2020 to 2 February; 1 February was to be a make-up day before.
    expect(['2020-01-31', '2020-02-01', '2020-02-02', '2020-02-03'].map(works)).toEqual([false, false, false, true]);
    // 国办发明电〔2019〕3号: Labour Day of 2019, one day before.
    expect(['2019-04-28', '2019-05-02', '2019-05-03', '2019-05-05'].map(works)).toEqual([true, false, false, true]);
    // 国办发明电〔2018〕15号, that of 2019: the last days of 2018.
    expect(['2018-12-29', '2018-12-31'].map(works)).toEqual([true, false]);
  });
});

describe('a year that is not there', () => {
  it('is Monday to Friday', () => {
    const workdays = shippedWorkdays();
    expect(workdays.knows(2027)).toBe(false);
    for (const date of everyDate(2027, 2028)) {
      const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
      expect(worksOn(workdays, date), date).toBe(weekday !== 0 && weekday !== 6);
    }
    // Having been asked for makes it no more known.
    expect(workdays.knows(2027)).toBe(false);
  });

  it.each([
    ['2026-11-30T23:59:59.999+08:00', []],
    ['2026-12-01T00:00:00+08:00', [2027]],
    ['2026-12-31T23:59:59+08:00', [2027]],
    ['2027-01-01T00:00:00+08:00', [2027]],
    ['2027-12-01T00:00:00+08:00', [2027, 2028]],
  ])('is missed from 1 December of the year before on: %s', (now, years) => {
    expect(missingYears(shippedWorkdays(), parseRfc3339(now)!)).toEqual(years);
  });
  it('is missed no more when it is there', () => {
    const workdays = new Workdays([...SHIPPED, { year: 2027, off: [], work: [] }]);
    expect(missingYears(workdays, parseRfc3339('2026-12-24T00:00:00+08:00')!)).toEqual([]);
  });
});

const of2026 = SHIPPED.find(({ year }) => year === 2026)!;
const changed = (change: (calendar: CalendarYear) => void) => {
  const calendar = structuredClone(of2026);
  change(calendar);
  return calendar;
};

/** Sixty weekdays, none of which can be a make-up day. */
const WORKED = everyDate(2026, 2026)
  .filter((date) => worksOn(shippedWorkdays(), date) && ![0, 6].includes(new Date(date).getUTCDay()))
  .slice(0, 60);

/** What a refusal must say: its code, and the path at which it is. */
const REFUSED: [what: string, calendar: unknown, code: (typeof CALENDAR_FAULTS)[number], path: string][] = [
  ['a list', [], 'form', ''],
  ['nothing', undefined, 'form', ''],
  ['a file without make-up days', { ...of2026, work: undefined }, 'missing', '/work'],
  ['a field that is not known', { ...of2026, holidays: [] }, 'unknown', '/holidays'],
  ['a year in words', { ...of2026, year: '2026年' }, 'form', '/year'],
  ['a year beyond terms', { ...of2026, year: 2101 }, 'form', '/year'],
  ['no notice', { ...of2026, notices: [] }, 'form', '/notices'],
  ['a notice without number', changed((c) => void (c.notices[0]!.number = '无')), 'form', '/notices/0/number'],
  ['a date in words', changed((c) => void (c.work[0] = '1月4日')), 'form', '/work/0'],
  ['a day that there is not', changed((c) => void c.work.push('2026-02-30')), 'noDate', '/work/6'],
  ['two years in one file', changed((c) => void (c.off[6]!.to = '2027-01-03')), 'otherYear', '/off/6/to'],
  ['a make-up day of the next year', changed((c) => void c.work.push('2027-01-02')), 'otherYear', '/work/6'],
  ['the days of another year', { ...of2026, year: 2027 }, 'otherYear', '/off/0/from'],
  ['days off that end before they begin', changed((c) => void (c.off[1]!.to = '2026-02-14')), 'backwards', '/off/1/to'],
  ['two months off', changed((c) => void (c.off[1]!.to = '2026-04-03')), 'long', '/off/1'],
  [
    'a day off twice',
    changed((c) => void c.off.push({ name: '元旦', from: '2026-01-03', to: '2026-01-03' })),
    'twice',
    '/off/7',
  ],
  ['a make-up day twice', changed((c) => void c.work.push('2026-10-10')), 'twice', '/work/6'],
  ['a day off that is a make-up day', changed((c) => void c.work.push('2026-10-03')), 'offAndWork', '/work/6'],
  ['a make-up day on a weekday', changed((c) => void c.work.push('2026-03-04')), 'weekday', '/work/6'],
  [
    'the notice of another year',
    changed((c) => void (c.notices[0]!.title = '国务院办公厅关于2025年部分节假日安排的通知')),
    'noticeYear',
    '/notices',
  ],
  [
    'a number of another year',
    changed((c) => void (c.notices[0]!.number = '国办发明电〔2024〕7号')),
    'noticeNumber',
    '/notices/0/number',
  ],
  ['a notice of no date', changed((c) => void (c.notices[0]!.date = '2025-11-31')), 'noDate', '/notices/0/date'],
  ['a year without National Day', changed((c) => void c.off.pop()), 'statutory', '/off'],
  ['a field with a slash', { ...of2026, 'a/b~c': [] }, 'unknown', '/a~1b~0c'],
  ['more faults than are told', changed((c) => void (c.work = WORKED.slice(0, 51))), 'more', ''],
];

describe('a calendar from a file', () => {
  it.each(REFUSED)('is refused: %s', (_what, calendar, code, path) => {
    const checked = checkCalendar(calendar);
    expect(checked.ok ? [] : checked.faults.map((fault) => [fault.code, fault.path])).toContainEqual([code, path]);
  });
  it('is refused in every way that there is a word for', () => {
    const text = checkCalendarText('{"year": 2026,');
    expect(text).toMatchObject({ ok: false, faults: [{ code: 'json', path: '' }] });
    expect(new Set(['json', ...REFUSED.map(([, , code]) => code)])).toEqual(new Set(CALENDAR_FAULTS));
  });
  it('is told all faults at once, each as a sentence', () => {
    const checked = checkCalendar(changed((c) => c.work.push('2026-03-04', '2026-10-10')));
    expect(checked.ok ? [] : checked.faults).toEqual([
      {
        path: '/work/6',
        code: 'weekday',
        given: '2026-03-04',
        problem: '2026-03-04 is a Wednesday, a working day in any case: make-up work days are Saturdays and Sundays',
      },
      { path: '/work/7', code: 'twice', given: '2026-10-10', problem: '2026-10-10 is there twice' },
    ]);
  });
  it('is told at most 50, and how many more there are', () => {
    const faultsOf = (work: string[]) => {
      const checked = checkCalendar({ ...of2026, work });
      return checked.ok ? [] : checked.faults;
    };
    expect(faultsOf(WORKED.slice(0, 50)).map(({ code }) => code)).toEqual(Array(50).fill('weekday'));
    expect(faultsOf(WORKED)).toHaveLength(51);
    expect(faultsOf(WORKED).at(-1)).toEqual({ path: '', code: 'more', given: '10', problem: 'has 10 further faults' });
    // Of the form, too.
    expect(faultsOf(Array.from({ length: 60 }, () => 'x')).at(-1)).toMatchObject({ code: 'more', given: '10' });
  });
  it('is not told of days that are missing because of a span that is wrong', () => {
    const checked = checkCalendar(changed((c) => void (c.off[6]!.to = '2027-10-07')));
    expect(checked.ok ? [] : checked.faults.map(({ code }) => code)).toEqual(['otherYear']);
  });
  it('may begin with a byte order mark', () => {
    expect(checkCalendarText(`\uFEFF${JSON.stringify(of2026)}`)).toEqual({ ok: true, calendar: of2026 });
  });
});
