import { daysOf, isOfDays } from '../../common/report/spans.ts';
import { isoDate, parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';

/** How pages write the span of a report: `2026-10-01 – 2026-10-31`; with hours where it does not begin and end at midnight. */
export function spanWords(from: string, to: string): string {
  const span = { from: parseRfc3339(from)!, to: parseRfc3339(to)! };
  if (!isOfDays(span)) return `${minuteWords(from)} – ${minuteWords(to)}`;
  const { first, last } = daysOf(span);
  return first === last ? isoDate(first) : `${isoDate(first)} – ${isoDate(last)}`;
}

/** `2026-10-01 08:30`, region's time. */
export function minuteWords(at: string): string {
  return toRfc3339(parseRfc3339(at)!).slice(0, 16).replace('T', ' ');
}
