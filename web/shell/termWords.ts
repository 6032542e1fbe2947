import { termLeft } from '../../common/termLeft.ts';
import { term } from '../i18n/format.ts';
import type { Lang } from '../i18n/lang.ts';

/**
 * What is said of a running term, the same wherever it is said: whether it is over, and how long it still runs or has been over,
 * to the minute that has begun.
 * @param dueAt epoch ms
 * @param now the server's clock, epoch ms
 */
export function termWords(dueAt: number, now: number, lang: Lang): { late: boolean; time: string } {
  return { late: dueAt < now, time: term(termLeft(dueAt, now), lang) };
}
