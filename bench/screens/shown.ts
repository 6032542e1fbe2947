import { setTimeout as sleep } from 'node:timers/promises';
import { ms } from '../measure.ts';
import type { ClientReport } from './client.ts';
import type { Fleet } from './fleet.ts';
import { sendAtPace, type Place } from './pace.ts';

export interface PaceOptions {
  fleet: Fleet;
  screens: number;
  /** The URL that takes events. */
  ingest: string;
  rate: number;
  seconds: number;
  places?: readonly Place[];
  /** The figure of raised alerts before the first event. */
  base: number;
  /** CPU so far of what is measured, seconds. */
  cpu: () => number;
  /** What comes after the last event is waited for so long, ms. */
  afterMs: number;
}

export interface Shown {
  /** For each alert on each screen, how long from accepted to shown, as text. */
  p50: string;
  p99: string;
  /** Of all alerts on all screens, the share that was shown in time. */
  share: number;
  /** Alerts that were accepted. */
  accepted: number;
  /** How long sending took, s, and the share of a core used meanwhile, %. */
  elapsed: number;
  cpu: number;
  report: ClientReport;
}

/** Sends events at a steady pace, and tells when they came to the screens. */
export async function shownAtPace({
  fleet,
  screens,
  ingest,
  rate,
  seconds,
  places,
  base,
  cpu,
  afterMs,
}: PaceOptions): Promise<Shown> {
  fleet.measure(true);
  const before = cpu();
  const started = performance.now();
  const acceptedAt = await sendAtPace(ingest, rate, seconds, places);
  const elapsed = (performance.now() - started) / 1000;
  const used = (cpu() - before) / elapsed;
  await sleep(afterMs);
  const report = await fleet.report();
  const counts = delaysOf(report, acceptedAt, base);
  const shown = [...counts.values()].reduce((sum, n) => sum + n, 0);
  return {
    p50: ms(quantile(counts, 0.5)),
    p99: ms(quantile(counts, 0.99)),
    share: shown / (acceptedAt.length * screens),
    accepted: acceptedAt.length,
    elapsed,
    cpu: used * 100,
    report,
  };
}

/** What is to be said where not everything was shown. */
export const notShown = ({ share }: Shown, afterMs: number): string =>
  share < 0.999 ? `; ${((1 - share) * 100).toFixed(1)} % not shown within ${afterMs / 1000} s of the last event` : '';

/**
 * How long from accepted to shown, of each alert on each screen, as counts by whole ms.
 * @param base the figure before the first of them
 */
export function delaysOf(
  { tracks }: Pick<ClientReport, 'tracks'>,
  acceptedAt: readonly number[],
  base: number,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (const track of tracks) {
    let shown = 0;
    for (let i = 0; i < track.length; i += 2) {
      const upTo = Math.min(track[i]! - base, acceptedAt.length);
      for (; shown < upTo; shown++) {
        // A patch may come before the sender has its answer.
        const delay = Math.max(0, Math.round(track[i + 1]! - acceptedAt[shown]!));
        counts.set(delay, (counts.get(delay) ?? 0) + 1);
      }
    }
  }
  return counts;
}

export function quantile(counts: Map<number, number>, q: number): number {
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  let seen = 0;
  for (const delay of [...counts.keys()].sort((a, b) => a - b)) {
    seen += counts.get(delay)!;
    if (seen >= q * total) return delay;
  }
  return NaN;
}
