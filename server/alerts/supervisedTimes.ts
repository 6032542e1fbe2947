/** Times kept of one alert: far more than there are letters about any, and few enough for a row that travels. */
const KEPT = 60;

/**
 * The times at which an alert was put under supervision, epoch ms, as the text that state and row carry: in base 36, divided by
 * spaces, in the order of contract §2. Of more than 60 the latest ones.
 */
export function withSupervision(times: string | undefined, at: number): string {
  const all = times === undefined ? [] : times.split(' ');
  all.push(at.toString(36));
  return all.slice(-KEPT).join(' ');
}

/** The same times as numbers, epoch ms. */
export function supervisedTimes(times: string | undefined): number[] {
  return times ? times.split(' ').map((time) => Number.parseInt(time, 36)) : [];
}
