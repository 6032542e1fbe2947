import { expect, it } from 'vitest';
import { CALENDAR_FAULTS } from '../../../../contract/calendar.ts';
import { calendarHref, makeUpText, placeText, spanText } from '../../../../web/admin/calendarWords.ts';
import { messages } from '../i18n/texts.ts';

it('tells days off and make-up work days as both languages do', () => {
  const spring = { name: '春节', from: '2026-02-15', to: '2026-02-23' };
  expect(spanText(spring, 'zh-CN')).toBe('春节 02-15 至 02-23');
  expect(spanText(spring, 'en')).toBe('春节 15 Feb – 23 Feb');
  expect(spanText({ ...spring, to: spring.from }, 'zh-CN')).toBe('春节 02-15');
  expect(makeUpText('2026-01-04', 'zh-CN')).toBe('01-04 周日');
  expect(makeUpText('2026-01-04', 'en')).toBe('Sun 4 Jan');
});

it('names a place in a file as one who reads JSON does', () => {
  expect(['', '/year', '/off/3/to', '/notices/0', '/a~1b~0c'].map(placeText)).toEqual([
    '',
    'year',
    'off[3].to',
    'notices[0]',
    'a/b~c',
  ]);
});

it('gives a calendar as a file to be saved, in any script', async () => {
  const calendar = {
    year: 2026,
    notices: [],
    off: [{ name: '元旦 #1', from: '2026-01-01', to: '2026-01-01' }],
    work: [],
  };
  expect(await (await fetch(calendarHref(calendar))).json()).toEqual(calendar);
});

it('has words for every fault, in both languages', () => {
  for (const { calendar } of Object.values(messages))
    expect(Object.keys(calendar.faults).sort()).toEqual([...CALENDAR_FAULTS].sort());
});
