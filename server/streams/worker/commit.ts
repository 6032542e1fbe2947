import type { RedisClient } from '../../platform/redis/connect.ts';
import { composeScript, runScript, type Script } from '../../platform/redis/script.ts';
import { nextId } from '../streamIds.ts';
import { LeaseLost } from './lease.ts';
import type { Reducer } from './reducer.ts';

const HEAD = 'server/streams/worker/scripts/commitHead.lua';
const FOOT = 'server/streams/worker/scripts/commitFoot.lua';

/** A batch started from offsets that are no longer the current ones: somebody else has committed. */
export class OffsetMoved extends Error {}

/** The commit script of a reducer. @param path of its body; `commitHead.lua` tells what the body may use */
export function commitScript(path: string): Script {
  return composeScript([HEAD, path, FOOT]);
}

/** What a commit is of, by input. */
export interface Span {
  from: readonly string[];
  to: readonly string[];
}

/**
 * Commits a batch: what the body of the reducer's script writes, and the offsets, in one step.
 * @returns the body's answer
 * @throws LeaseLost, OffsetMoved
 */
export async function commitBatch<Folded>(
  redis: RedisClient,
  leaseKey: string,
  reducer: Pick<
    Reducer<never, never, Folded>,
    'name' | 'inputs' | 'stateKey' | 'script' | 'keys' | 'commitArguments' | 'commitTail'
  >,
  token: string,
  { from, to }: Span,
  folded: Folded,
): Promise<unknown> {
  const keys = [leaseKey, reducer.stateKey];
  const args: (string | number | Buffer)[] = [token, reducer.inputs.length];
  reducer.inputs.forEach(({ stream, offsetField, trim }, i) => {
    keys.push(stream);
    args.push(offsetField, from[i]!, to[i]!, trim ? nextId(to[i]!) : '');
  });
  for (const key of reducer.keys) keys.push(key);
  for (const argument of reducer.commitArguments(folded)) args.push(argument);
  const answer = await runScript(redis, reducer.script, keys, args, reducer.commitTail?.(folded));
  if (answer === -1) throw new LeaseLost(`lease of ${reducer.name} is lost`);
  if (answer === -2) throw new OffsetMoved(`offset of ${reducer.name} is no longer ${from.join(', ')}`);
  return answer;
}
