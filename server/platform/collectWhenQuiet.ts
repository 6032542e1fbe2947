import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { BaseLogger } from 'pino';

/**
 * Gives memory back once nothing much happens. V8 clears away when something new wants room: after a busy hour that nobody follows with
 * another, what was needed in it stays until then, a hundred MiB and more (docs/measured/signals.md). One collection takes some tens of
 * milliseconds in which nothing is answered, so it comes when hardly anything is asked, and not again before there has been work.
 */

const LOOK_MS = 10_000;
/** CPU time of this process since the last collection that makes one worth it, ms. */
const WORTH_MS = 15_000;
/** Quiet is a look at the end of which less of a processor was used than this. */
const QUIET_SHARE = 0.05;

/** CPU time used, ms. */
export interface Used {
  sinceCollection: number;
  sinceLook: number;
  /** From the look before until this one, ms. */
  lookMs: number;
}

export const isTimeToCollect = (
  { sinceCollection, sinceLook, lookMs }: Used,
  { worthMs = WORTH_MS, quietShare = QUIET_SHARE } = {},
): boolean => sinceCollection >= worthMs && sinceLook < quietShare * lookMs;

const usedMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** @returns how to stop it */
export function collectWhenQuiet(
  log: BaseLogger,
  { lookMs = LOOK_MS, ...limits }: { lookMs?: number; worthMs?: number; quietShare?: number } = {},
): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let collected = 0;
  let looked = { at: performance.now(), used: usedMs() };
  const timer = setInterval(() => {
    const now = { at: performance.now(), used: usedMs() };
    const used = {
      sinceCollection: now.used - collected,
      sinceLook: now.used - looked.used,
      lookMs: now.at - looked.at,
    };
    looked = now;
    if (!isTimeToCollect(used, limits)) return;
    collect();
    const ms = performance.now() - now.at;
    // What it took itself is no work that makes garbage, and no reason to find the next look busy.
    looked = { at: performance.now(), used: usedMs() };
    collected = looked.used;
    log.debug({ ms: Math.round(ms) }, 'Memory was given back while it is quiet');
  }, lookMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
