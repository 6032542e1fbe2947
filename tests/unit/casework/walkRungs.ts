import type { Rung } from '../../../contract/region.ts';
import { SHIPPED } from '../terms/support.ts';
import { walkTerm } from '../terms/walk.ts';

const MINUTE = 60_000;

/** When each rung comes, minute by minute and day by day: shares of a term by counting its minutes, what is after it by walking days. */
export function walkRungs(stageAt: number, dueAt: number, rungs: readonly Rung[]): Map<string, number> {
  const found = new Map<string, number>();
  const end = Math.max(stageAt, dueAt);
  for (let minute = stageAt; minute <= end; minute += MINUTE) {
    const gone = minute - stageAt;
    for (const { rung, at } of rungs)
      if (at !== undefined && !found.has(rung) && gone >= at * (end - stageAt)) found.set(rung, minute);
  }
  for (const { rung, after } of rungs)
    if (after !== undefined) found.set(rung, walkTerm(new Date(end).toISOString(), after, SHIPPED).dueAt);
  return found;
}
