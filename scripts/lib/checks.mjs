import { availableParallelism } from 'node:os';
import { capture } from './run.mjs';

/** Programs that hold all types make much that lives for a moment: with more room for it, they clear it away less often, MiB. */
const ROOM = '--max-semi-space-size=128';

/**
 * Run the programs of a check, as many at a time as there are processors. What one of them prints is printed in one
 * piece when it has ended; one that finds something does not keep the others from running.
 * @param {string[][]} commands arguments of node, the longest first
 * @returns {Promise<boolean>} whether all of them are content
 */
export async function checks(commands) {
  const waiting = [...commands];
  let good = true;
  const lane = async () => {
    for (let command = waiting.shift(); command; command = waiting.shift()) {
      const { code, output } = await capture(process.execPath, [ROOM, ...command]);
      process.stdout.write(output);
      if (code !== 0) good = false;
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), commands.length) }, lane));
  return good;
}
