import { createHash } from 'node:crypto';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { CLOSED_FIELD } from '../records.ts';
import { ACCESS_KEYS as KEYS } from '../store/keys.ts';

/** Entries read at once. */
const PART = 1_000;

export interface TrailCheck {
  /** Those that are there. */
  entries: number;
  /** Those that are not there any more because of their age. */
  trimmed: number;
  /** The first entry that is not as it was written, or whose neighbours before it are not; undefined when all are. */
  brokenAt: string | undefined;
}

/**
 * Follows the trail from its beginning (or from the last entry that went because of its age) to its end, and counts.
 * A trail of the version before, which the server has not copied yet, is checked by the rules of then.
 */
export async function checkTrail(redis: RedisClient): Promise<TrailCheck> {
  const state = await redis.hgetall(KEYS.trailState);
  if (!state['head']) return checkBefore(redis);
  const { head, last, count = '0', trimmed = '0', anchorDigest = '', anchor, broken } = state;
  let digest = anchorDigest;
  let entries = 0;
  let at = 'the beginning';
  for await (const entry of entriesOf(redis, last!)) {
    digest = createHash('sha1').update(`${digest}\n${entry.id}\n${entry.entry}`).digest('hex');
    at = entry.id;
    if (digest !== entry.digest) {
      // What went because of its age meanwhile leaves another beginning.
      if ((await redis.hget(KEYS.trailState, 'anchor')) !== (anchor ?? null)) return checkTrail(redis);
      return { entries, trimmed: Number(trimmed), brokenAt: at };
    }
    entries++;
  }
  const whole = digest === head && entries === Number(count) - Number(trimmed);
  const brokenAt = broken ?? (whole ? undefined : at === last ? 'the end' : `what followed ${at}`);
  return { entries, trimmed: Number(trimmed), brokenAt };
}

/** By the rules of the version before: digests without ids; nothing was counted, and the first entry is taken as it is. */
export async function checkBefore(redis: RedisClient): Promise<TrailCheck> {
  let digest: string | undefined;
  let entries = 0;
  for await (const entry of entriesOf(redis, '+')) {
    if (digest !== undefined && digestBefore(digest, entry.entry) !== entry.digest)
      return { entries, trimmed: 0, brokenAt: entry.id };
    digest = entry.digest;
    entries++;
  }
  const [head, marked, closed] = await Promise.all([
    redis.get(KEYS.trailHead),
    redis.hexists(KEYS.records, 'state:trail'),
    redis.hexists(KEYS.records, CLOSED_FIELD),
  ]);
  // Whoever was let in is on it: where somebody was, and where there was a state, both cannot be gone by themselves.
  const gone = marked === 1 || (closed === 1 && entries === 0) || (entries === 0 && head !== null);
  return { entries, trimmed: 0, brokenAt: gone || (digest !== undefined && head !== digest) ? 'the end' : undefined };
}

export function digestBefore(digest: string, entry: string): string {
  return createHash('sha1')
    .update(digest + entry)
    .digest('hex');
}

export interface ChainedEntry {
  id: string;
  entry: string;
  digest: string;
}

/** The entries in order, up to and with `last`. */
export async function* entriesOf(redis: RedisClient, last: string, after?: string): AsyncGenerator<ChainedEntry> {
  for (let start = after === undefined ? '-' : `(${after}`; ;) {
    const part = await redis.xrange(KEYS.trail, start, last, 'COUNT', PART);
    for (const [id, [, entry = '', , digest = '']] of part) {
      yield { id, entry, digest };
      start = `(${id}`;
    }
    if (part.length < PART) return;
  }
}
