import { STRETCH_MS } from '../../contract/liveBriefing.ts';

/** How often the situation of now is read. */
const LIVE_MS = 10_000;
/** After a stretch of the clock has begun, those who follow read within so long, ms: not all at the same moment. */
const SPREAD_MS = 250;

/** When the situation of now is to be read again, ms. @param now by the server's clock, where it is read together with others */
export function untilNext(now: number | undefined): number {
  return now === undefined ? LIVE_MS : STRETCH_MS - (now % STRETCH_MS) + Math.random() * SPREAD_MS;
}
