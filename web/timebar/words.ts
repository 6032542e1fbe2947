import { dateWithWeekday, hourMinute } from '../i18n/format.ts';
import type { Lang } from '../i18n/lang.ts';

/** `2026-11-27 周五 14:00`: the instant whose figures are on show. */
export const instantText = (at: number, lang: Lang): string => `${dateWithWeekday(at, lang)} ${hourMinute(at)}`;
