import { parseArgs } from 'node:util';
import { createRedis } from '../../server/platform/redis/connect.ts';
import { createSituationFollower } from '../../server/situation/situationFollower.ts';
import { streamKeys } from '../../server/streams/keys.ts';
import { isHistory, UNFINISHED_REBUILD } from '../../server/streams/rebuilding.ts';
import { createStreamReader } from '../../server/streams/streamReader.ts';
import { engineKeys } from '../../server/signals/engine/keys.ts';
import { createLease } from '../../server/streams/worker/lease.ts';
import { openRegion, runTool, whileNothingCounts, type OpenedRegion } from '../openRegion.ts';
import { regionRules } from '../regionRules.ts';
import { verifySignals, type SignalsVerdict } from './verifySignals.ts';
import { verifyRegion, type Verdict } from './verifyRegion.ts';

/** Loads the situation as a server would, and compares it with the documents while nothing is counted. */
export async function verify({ streams, pack, redis, endpoint, log }: OpenedRegion): Promise<Verdict> {
  const rules = await regionRules(redis);
  return whileNothingCounts(streams.lease, async () => {
    const follower = createSituationFollower({
      streams,
      pack,
      rules,
      log,
      now: () => Date.now(),
      openReader: () =>
        createStreamReader(createRedis(endpoint, { role: 'blocking', log, name: 'wagewatch-verify' }), [
          streamKeys(pack.code).changes,
        ]),
    });
    await follower.start();
    try {
      return await verifyRegion(streams.documents, pack, rules(pack), follower.situation, Date.now());
    } finally {
      await follower.stop();
    }
  });
}

/** Compares what the engine has stored with what it is made of, while neither it nor counting runs. */
async function verifyWatched({ streams, redis, pack }: OpenedRegion): Promise<SignalsVerdict> {
  const engine = createLease(redis, engineKeys(pack.code));
  return whileNothingCounts(streams.lease, () =>
    whileNothingCounts(engine, async () => {
      const { change } = await streams.progress.read();
      return verifySignals(redis, pack, streams.documents, change);
    }),
  );
}

async function main(): Promise<void> {
  // It takes none: one that is given by mistake must not pass for one that was heeded.
  parseArgs({ options: {} });
  const region = await openRegion('verify');
  try {
    const started = performance.now();
    const verdict = await verify(region);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const watched = await verifyWatched(region);
    verdict.differences.push(...watched.differences);
    // What is there may well agree with itself.
    if (await isHistory(region.redis, region.pack.code)) verdict.differences.push(UNFINISHED_REBUILD);
    process.stdout.write(
      `Region ${region.pack.code}: ${verdict.alerts} alerts (${verdict.pending} more without their raised), ${verdict.events} events, ${verdict.frames} frames compared in ${seconds} s\n`,
    );
    if (watched.subjects)
      process.stdout.write(
        `${watched.subjects} subjects and ${watched.observations} observations, ${watched.assessed} assessments compared${watched.waiting ? `; the engine has still to look at ${watched.waiting}` : ''}\n`,
      );
    for (const difference of verdict.differences) process.stdout.write(`  ${difference}\n`);
    process.stdout.write(
      verdict.differences.length ? `${verdict.differences.length} differences\n` : 'No difference.\n',
    );
    if (verdict.differences.length) process.exitCode = 1;
  } finally {
    await region.close();
  }
}

if (process.argv[1]?.endsWith('verify.js')) await runTool(main);
