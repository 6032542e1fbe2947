import { areaOf } from '../../common/divisions.ts';
import { DAY_MS, floorTo, parseRfc3339, startOfMonth, startOfWeek, startOfYear } from '../../common/regionTime.ts';
import type { BriefingContent } from '../../contract/briefings.ts';
import type { WindowName } from '../../contract/codes.ts';
import type { AlertBrief } from '../../contract/frame.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import { count, money, monthDay } from '../i18n/format.ts';
import type { Lang } from '../i18n/lang.ts';
import { isOwed } from '../shell/owed.ts';

/** Names and periods as the pages of a briefing say them. Pure. */

/** The text of a key; where it counts something, `n` says which of its forms fits. */
export type Say = (key: string, values: Record<string, string>, n?: number) => string;

/** `1 worker`, `2 workers`: for texts that count more than one thing. */
export const counted = (what: 'workers' | 'employers' | 'sites', n: number, t: Say): string =>
  t(`briefing.counts.${what}`, { n: count(n) }, n);

/** A region by its own name; a town by its own. */
export function scopeName(pack: RegionAnswer, scope: string, lang: Lang): string {
  return scope === pack.code ? pack.name[lang] : (areaOf(pack, scope)?.name[lang] ?? scope);
}

const STARTS: Partial<Record<WindowName, (ms: number) => number>> = {
  today: (ms) => floorTo(ms, DAY_MS),
  week: startOfWeek,
  month: startOfMonth,
  year: startOfYear,
};

/** `本周（11-23 至 11-28）`; of a rolling window its name alone. */
export function periodText(
  { window }: Pick<BriefingContent, 'window'>,
  at: number,
  lang: Lang,
  t: (key: string, values?: Record<string, string>) => string,
): string {
  const name = t(`codes.windows.${window}`);
  const start = STARTS[window]?.(at);
  if (start === undefined) return name;
  const [from, to] = [monthDay(start, lang), monthDay(at, lang)];
  return from === to ? t('briefing.periodDay', { name, day: to }) : t('briefing.period', { name, from, to });
}

/** How many are owed how much; of a mere warning, that it is one. */
export function owedText(brief: AlertBrief, lang: Lang, t: Say): string {
  return isOwed(brief)
    ? t('briefing.cases.owed', { n: count(brief.workers), amount: money(brief.amountFen, lang) }, brief.workers)
    : t('briefing.cases.warning', {});
}

/** A day of the outlook, epoch ms of its midnight. */
export const midnightOf = (day: string): number => parseRfc3339(`${day}T00:00:00+08:00`)!;
