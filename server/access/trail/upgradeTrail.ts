import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { ACCESS_KEYS as KEYS } from '../store/keys.ts';
import { digestBefore, entriesOf } from './checkTrail.ts';

const chain = loadScript('server/access/trail/scripts/chain.lua');
const switchOver = loadScript('server/access/trail/scripts/switch.lua');

/** Entries of one step: a few milliseconds in Redis. */
const STEP = 500;

/**
 * Copies a trail of the version before into one whose digests cover ids, which is counted: entries and their times stay as
 * they are, and where the chain of then is broken is kept. To be called before anything is appended; it goes on where it
 * was broken off, and several processes may do it at the same time.
 */
export async function upgradeTrail(redis: RedisClient): Promise<void> {
  if ((await redis.exists(KEYS.trailState)) || !(await redis.exists(KEYS.trail))) return;
  let before: string | undefined;
  let last: string | undefined;
  let broken = '';
  for (;;) {
    let step: string[] = [];
    const copy = async () => {
      const keys = [KEYS.trailNext, KEYS.trailNextState, KEYS.trailState];
      const copied = (await runScript(redis, chain, keys, step)) === 1;
      step = [];
      return copied;
    };
    for await (const { id, entry, digest } of entriesOf(redis, '+', last)) {
      if (before !== undefined && !broken && digestBefore(before, entry) !== digest) broken = id;
      before = digest;
      last = id;
      step.push(id, entry);
      if (step.length >= 2 * STEP && !(await copy())) return;
    }
    if (step.length && !(await copy())) return;
    if (!broken && before !== undefined && (await redis.get(KEYS.trailHead)) !== before) broken = last ?? '';
    const keys = [KEYS.trail, KEYS.trailState, KEYS.trailHead, KEYS.trailNext, KEYS.trailNextState, KEYS.records];
    if ((await runScript(redis, switchOver, keys, [broken])) === 1) return;
  }
}
