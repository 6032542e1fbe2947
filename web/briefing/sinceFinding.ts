import { DAY_MS, floorTo } from '../../common/regionTime.ts';
import type { Changes } from '../../contract/briefingChanges.ts';
import { count, dateWithWeekday, hourMinute, monthDay } from '../i18n/format.ts';
import type { Lang } from '../i18n/lang.ts';
import type { Say } from './words.ts';

const WEEK_DAYS = 7;

/** The time of a moment of the same day, the weekday of one within the week, else the day; what ends with a figure stands apart from Chinese. Pure. */
function sinceWhen(then: number, now: number, lang: Lang): string {
  const days = (floorTo(now, DAY_MS) - floorTo(then, DAY_MS)) / DAY_MS;
  if (days > 0 && days < WEEK_DAYS) return dateWithWeekday(then, lang).split(' ')[lang === 'en' ? 0 : 1]!;
  const figures = days === 0 ? hourMinute(then) : monthDay(then, lang);
  return lang === 'en' ? figures : `${figures} `;
}

/** What came of a span, in one line: how many are open, how many red ones came, how many became late. Pure. */
export function changesTold({ open, red, late }: Changes, t: Say): string {
  const openForm = open.now === open.then ? (open.now === 0 ? 'None' : 'Same') : '';
  const came = (key: 'red' | 'late', n: number) => t(`briefing.since.${key}${n === 0 ? 'None' : ''}`, { n: count(n) });
  return [
    t(`briefing.since.open${openForm}`, { then: count(open.then), now: count(open.now) }),
    came('red', red),
    ...(late === undefined ? [] : [came('late', late)]),
  ].join(t('briefing.since.and', {}));
}

/**
 * The same of the time since somebody looked. Pure.
 * @param then when they looked, epoch ms @param now the moment of the situation
 */
export const sinceFinding = (
  changes: Changes,
  { then, now }: { then: number; now: number },
  lang: Lang,
  t: Say,
): string => t('briefing.since.finding', { when: sinceWhen(then, now, lang), told: changesTold(changes, t) });
