import { expect, it } from 'vitest';
import type { Changes } from '../../../../contract/briefingChanges.ts';
import { i18n } from '../../../../web/i18n/index.ts';
import type { Lang } from '../../../../web/i18n/lang.ts';
import '../../../../web/i18n/parts/briefing.ts';
import { sinceFinding } from '../../../../web/briefing/sinceFinding.ts';
import type { Say } from '../../../../web/briefing/words.ts';

const t: Say = (key, values) => i18n.global.t(key, values);
const NOW = Date.parse('2026-11-28T09:00:00+08:00');
const say = (lang: Lang, then: string, open: Changes['open'], red: number, late: number | undefined) => {
  i18n.global.locale.value = lang;
  const changes = { open, red, ...(late === undefined ? {} : { late }) } as Changes;
  return sinceFinding(changes, { then: Date.parse(then), now: NOW }, lang, t);
};
const FRIDAY = '2026-11-27T17:20:00+08:00';

it.each<[zh: string, en: string, then: string, open: Changes['open'], red: number, late: number | undefined]>([
  [
    '周五以来：在办 77→65 件，新增红色 5 件，新增超期 3 件',
    'Since Fri: open 77→65, 5 new red, 3 newly overdue',
    FRIDAY,
    { then: 77, now: 65 },
    5,
    3,
  ],
  [
    '周五以来：在办 1 件未变，新增红色 1 件，新增超期 1 件',
    'Since Fri: 1 open as before, 1 new red, 1 newly overdue',
    FRIDAY,
    { then: 1, now: 1 },
    1,
    1,
  ],
  [
    '08:10 以来：没有在办预警，没有新增红色，没有新增超期',
    'Since 08:10: none open, no new red, none newly overdue',
    '2026-11-28T08:10:00+08:00',
    { then: 0, now: 0 },
    0,
    0,
  ],
  // Who was late is not known; and a weekday of the week before would be mistaken for that of this one.
  [
    '11-21 以来：在办 3→4 件，没有新增红色',
    'Since 21 Nov: open 3→4, no new red',
    '2026-11-21T08:10:00+08:00',
    { then: 3, now: 4 },
    0,
    undefined,
  ],
])('%s', (zh, en, ...rest) => {
  expect(say('zh-CN', ...rest)).toBe(zh);
  expect(say('en', ...rest)).toBe(en);
});
