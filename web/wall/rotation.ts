import type { Frame } from '../../contract/frame.ts';
import type { RegionAnswer } from '../../contract/rest.ts';

/** Each stop of the round takes so long, and a hand on the screen stops the round for so long (screens.md, "Rotation"). */
export const STOP_MS = 15_000;
export const REST_MS = 60_000;

/** The stops of a round: the region, then every town with open red or orange alerts, by code; a frame of one town has one. */
export function stopsOf(frame: Frame | undefined, pack: RegionAnswer | undefined): string[] {
  if (!frame || !pack) return [];
  if (frame.scope !== pack.code) return [frame.scope];
  const grave = pack.towns
    .map((town) => town.code)
    .filter((code) => {
      const tiers = frame.byTown[code]?.tiers;
      return tiers !== undefined && (tiers.red ?? 0) + (tiers.orange ?? 0) > 0;
    });
  return [pack.code, ...grave.sort()];
}

/**
 * Where the round is at a moment of the server's clock. A function of the clock alone, so that all screens
 * of one wall turn in step without knowing of each other.
 */
export function stopAt(nowMs: number, stops: readonly string[]): string | undefined {
  return stops.length === 0 ? undefined : stops[Math.floor(nowMs / STOP_MS) % stops.length];
}

/** Share of its stop that the round has behind it, 0…1, at a moment of the server's clock; by whole seconds, as clocks go. */
export function progressAt(nowMs: number): number {
  return (Math.floor((nowMs % STOP_MS) / 1_000) + 1) / (STOP_MS / 1_000);
}

/** Whether the round goes on: rotation is wanted, and nobody took over within the last minute. */
export function rotates(wanted: boolean, nowMs: number, touchedAt: number): boolean {
  return wanted && nowMs - touchedAt >= REST_MS;
}
