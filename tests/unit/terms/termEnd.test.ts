import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRfc3339, toRfc3339 } from '../../../common/regionTime.ts';
import { MAX_TERM, parseTerm, type Term } from '../../../common/terms/term.ts';
import { DAY_ENDS_PATTERN, termEnd } from '../../../common/terms/termEnd.ts';
import { everyDate, SHIPPED, shippedWorkdays } from './support.ts';
import { walkTerm } from './walk.ts';

const workdays = shippedWorkdays();
const termOf = (text: string): Term => {
  const parsed = parseTerm(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.term;
};
const end = (from: string, term: string, dayEnds?: string) => {
  const { dueAt, provisional } = termEnd(parseRfc3339(from)!, termOf(term), workdays, dayEnds);
  return { dueAt: toRfc3339(dueAt), provisional };
};

describe('a term as text', () => {
  it.each([
    ['30m', 30, 'm'],
    ['2h', 2, 'h'],
    ['3d', 3, 'd'],
    ['3wd', 3, 'wd'],
    ['1wd', 1, 'wd'],
    ['3650d', 3650, 'd'],
  ])('%s is read, and written the same', (text, count, unit) => {
    expect(parseTerm(text)).toEqual({ ok: true, term: { count, unit } });
    expect(`${termOf(text).count}${termOf(text).unit}`).toBe(text);
  });
  it.each([
    ['0wd', 'at least 1'],
    ['0m', 'at least 1'],
    ['3651wd', 'at most 3650'],
    ['999999d', 'at most 3650'],
    ['99999999999999999999999d', 'at most 3650'],
    ['1.5h', 'whole'],
    ['1,5h', 'whole'],
    ['-1d', 'without a sign'],
    ['+1d', 'without a sign'],
    ['03d', 'not begin with 0'],
    ['wd', 'a number is missing'],
    ['', 'write 30m'],
    ['3', 'write 30m'],
    ['3w', 'write 30m'],
    ['3WD', 'write 30m'],
    ['3 wd', 'write 30m'],
    [' 3wd', 'write 30m'],
    ['3wd ', 'write 30m'],
    ['3wd\n', 'write 30m'],
    ['３wd', 'write 30m'],
    ['1e3d', 'write 30m'],
    ['3个工作日', 'write 30m'],
    [`${'9'.repeat(100)}x`, 'write 30m'],
  ])('%j is refused with a reason', (text, reason) => {
    const parsed = parseTerm(text);
    expect(parsed.ok ? '' : parsed.problem).toContain(reason);
    expect(parsed.ok ? '' : parsed.problem.length).toBeLessThan(200);
  });
});

/**
 * From the law, reckoned by hand with the notices beside it. An end at 24:00 is the midnight with which the next day begins.
 */
const LAW: [law: string, from: string, term: string, dueAt: string][] = [
  // 民法典 201 (1): the day itself does not count.
  ['Civil Code 201: a Tuesday', '2026-03-03T16:20:00+08:00', '1wd', '2026-03-05T00:00:00+08:00'],
  ['Civil Code 201: the first minute of a day', '2026-03-03T00:00:00+08:00', '1d', '2026-03-05T00:00:00+08:00'],
  ['Civil Code 201: the last moment of a day', '2026-03-03T23:59:59.999+08:00', '1d', '2026-03-05T00:00:00+08:00'],
  // 民法典 201 (2): hours begin at once, and holidays do not stop them.
  ['Civil Code 201: hours', '2026-09-30T23:30:00+08:00', '2h', '2026-10-01T01:30:00+08:00'],
  ['Civil Code 201: minutes', '2026-12-31T23:45:00+08:00', '30m', '2027-01-01T00:15:00+08:00'],
  // 民法典 203 (1): 3 October 2026 is a day off; the holiday ends on the 7th.
  ['Civil Code 203: the last day is a holiday', '2026-09-18T09:00:00+08:00', '15d', '2026-10-09T00:00:00+08:00'],
  ['Civil Code 203: the last day is a Saturday', '2026-03-11T09:00:00+08:00', '3d', '2026-03-17T00:00:00+08:00'],
  ['Civil Code 203: the last day is a make-up Sunday', '2026-09-17T09:00:00+08:00', '3d', '2026-09-21T00:00:00+08:00'],
  [
    'Civil Code 203: holidays within do not lengthen it',
    '2026-09-24T09:00:00+08:00',
    '15d',
    '2026-10-10T00:00:00+08:00',
  ],
  // 劳动保障监察条例 17: within 60 working days of the filing, 30 more with leave.
  ['Inspection 17: 60 working days', '2026-01-05T10:00:00+08:00', '60wd', '2026-04-04T00:00:00+08:00'],
  ['Inspection 17: with 30 more', '2026-01-05T10:00:00+08:00', '90wd', '2026-05-21T00:00:00+08:00'],
  // 关于实施《劳动保障监察条例》若干规定 18: taken up within 5 working days; 20 September 2026, a Sunday, is one.
  ['Provisions 18: 5 working days', '2026-09-18T15:00:00+08:00', '5wd', '2026-09-25T00:00:00+08:00'],
  // 信访工作条例 34: 60 days; the 60th is 2 October.
  ['Petitions 34: 60 days', '2026-08-03T11:00:00+08:00', '60d', '2026-10-09T00:00:00+08:00'],
  // 信访工作条例 22: passed on within 15 days.
  ['Petitions 22: 15 days', '2026-06-01T08:00:00+08:00', '15d', '2026-06-17T00:00:00+08:00'],
  // 劳动争议调解仲裁法 43: 45 days; the 45th is 20 February, within the Spring Festival (15 to 23 February).
  ['Arbitration 43: 45 days', '2026-01-06T09:00:00+08:00', '45d', '2026-02-25T00:00:00+08:00'],
  // 国办发明电〔2020〕1号: 1 and 2 February 2020 became days off.
  ['Spring Festival 2020', '2020-01-23T17:00:00+08:00', '1wd', '2020-02-04T00:00:00+08:00'],
  // A make-up Saturday is a working day like others.
  ['9 May 2026', '2026-05-08T17:00:00+08:00', '1wd', '2026-05-10T00:00:00+08:00'],
  // From a day off it is the next working day.
  ['from a holiday', '2026-10-01T10:00:00+08:00', '1wd', '2026-10-09T00:00:00+08:00'],
  // The day is that of the region: 20:00 UTC is the next day in Hangzhou.
  ['from elsewhere', '2026-03-03T20:00:00Z', '1wd', '2026-03-06T00:00:00+08:00'],
];

describe('the end of a term', () => {
  it.each(LAW)('%s: %s + %s', (_law, from, term, dueAt) => {
    expect(end(from, term)).toEqual({ dueAt, provisional: false });
  });

  it('is where business hours end, if an office has them (Civil Code 203, second paragraph)', () => {
    expect(end('2026-03-03T16:20:00+08:00', '1wd', '17:30').dueAt).toBe('2026-03-04T17:30:00+08:00');
    // Also after hours the day itself is that which does not count.
    expect(end('2026-03-03T18:00:00+08:00', '1wd', '17:30').dueAt).toBe('2026-03-04T17:30:00+08:00');
    expect(end('2026-09-18T09:00:00+08:00', '15d', '17:00').dueAt).toBe('2026-10-08T17:00:00+08:00');
    expect(end('2026-03-03T18:00:00+08:00', '2h', '17:30').dueAt).toBe('2026-03-03T20:00:00+08:00');
    for (const [text, fits] of [
      ['24:00', true],
      ['00:01', true],
      ['00:00', false],
      ['24:30', false],
      ['7:30', false],
      ['17:60', false],
    ] as const)
      expect(new RegExp(DAY_ENDS_PATTERN).test(text), text).toBe(fits);
  });

  it.each([
    ['2026-12-30T09:00:00+08:00', '1wd', '2027-01-01T00:00:00+08:00', false],
    ['2026-12-31T09:00:00+08:00', '1wd', '2027-01-02T00:00:00+08:00', true],
    ['2026-12-30T09:00:00+08:00', '3wd', '2027-01-05T00:00:00+08:00', true],
    ['2026-12-28T09:00:00+08:00', '3d', '2027-01-01T00:00:00+08:00', false],
    ['2026-12-28T09:00:00+08:00', '4d', '2027-01-02T00:00:00+08:00', true],
    ['2026-12-31T23:00:00+08:00', '2h', '2027-01-01T01:00:00+08:00', false],
    ['2017-12-29T09:00:00+08:00', '1wd', '2018-01-03T00:00:00+08:00', true],
    ['2017-12-31T09:00:00+08:00', '1wd', '2018-01-03T00:00:00+08:00', false],
  ])('is provisional where it rests on a year that is not there: %s + %s', (from, term, dueAt, provisional) => {
    expect(end(from, term)).toEqual({ dueAt, provisional });
  });

  it('is what going from day to day gives: every day of 2018 to 2026, ten terms, two ends of a day', () => {
    const terms = ['30m', '2h', '1d', '3d', '15d', '60d', '1wd', '5wd', '15wd', '60wd'];
    const hours = ['00:00:00', '09:30:00', '23:59:59'];
    const wrong: string[] = [];
    everyDate().forEach((date, i) => {
      for (const [j, term] of terms.entries()) {
        const from = `${date}T${hours[(i + j) % hours.length]!}+08:00`;
        const dayEnds = (i + j) % 2 ? '24:00' : '17:30';
        const ours = termEnd(parseRfc3339(from)!, termOf(term), workdays, dayEnds);
        const walked = walkTerm(from, term, SHIPPED, dayEnds);
        if (ours.dueAt !== walked.dueAt || ours.provisional !== walked.provisional) wrong.push(`${from} + ${term}`);
      }
    });
    expect(wrong).toEqual([]);
  });

  it('is that in every year, of any term', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2040, 0) }),
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom('m', 'h', 'd', 'wd'),
        (from, n, unit) => {
          const ours = termEnd(from, termOf(`${n}${unit}`), workdays);
          expect(ours).toEqual(walkTerm(new Date(from).toISOString(), `${n}${unit}`, SHIPPED));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never comes before a shorter one, however long', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2018, 0), max: Date.UTC(2090, 0) }),
        fc.integer({ min: 1, max: MAX_TERM - 1 }),
        fc.constantFrom('d' as const, 'wd' as const),
        (from, count, unit) => {
          const [short, long] = [count, count + 1].map((n) => termEnd(from, { count: n, unit }, workdays));
          expect(long!.dueAt).toBeGreaterThanOrEqual(short!.dueAt);
          if (unit === 'wd') expect(long!.dueAt).toBeGreaterThan(short!.dueAt);
          // Once it rests on a year that is not there, a longer one does so, too.
          expect(long!.provisional || !short!.provisional).toBe(true);
        },
      ),
    );
  });
});
