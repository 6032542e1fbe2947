import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IngestAnswer } from '../contract/rest.ts';
import { createDeadLetterStore } from '../server/streams/intake/deadLetterStore.ts';
import { encodeChange, type Change } from '../server/aggregations/change.ts';
import { createRegionRuntime } from '../server/situation/regionRuntime.ts';
import { createWorkerHost } from '../server/streams/counting/workerHost.ts';
import { alertCommit, NO_EVENTS } from '../server/streams/counting/alertReducer.ts';
import { streamKeys } from '../server/streams/keys.ts';
import { commitBatch, type Span } from '../server/streams/worker/commit.ts';
import { beginHistory, endHistory } from '../server/streams/rebuilding.ts';
import { wipeRegion } from '../server/streams/wipeRegion.ts';
import { createLetterFiles } from '../server/streams/intake/letterFiles.ts';
import { createDeadLetters } from '../server/streams/intake/deadLetters.ts';
import { createIntake } from '../server/streams/intake/intake.ts';
import { SILENT } from '../server/streams/telemetry.ts';
import { createValidator, everRulesOf } from '../server/streams/intake/validate.ts';
import type { VersionChange } from '../contract/rulePack.ts';
import { parseRfc3339 } from '../common/regionTime.ts';
import { foldRulesOf } from '../server/alerts/fold.ts';
import type { RedisClient } from '../server/platform/redis/connect.ts';
import { endRebuild, wipeEngine } from '../server/signals/engine/engineStore.ts';
import { createEngineWorker } from '../server/signals/engine/engineWorker.ts';
import { engineKeys } from '../server/signals/engine/keys.ts';
import { createRuleStore } from '../server/signals/packs/ruleStore.ts';
import { createObservationStream } from '../server/streams/observations/observationStream.ts';
import { createLease } from '../server/streams/worker/lease.ts';
import { checkExported, readExported } from './exportedFile.ts';
import { openRegion, runTool, whileNothingCounts, type OpenedRegion } from './openRegion.ts';
import { silenceClock, wakeClock } from '../server/casework/clock/clockStore.ts';
import { clockKeys } from '../server/casework/clock/keys.ts';
import { regionRules } from './regionRules.ts';
import { programCalendars } from '../server/calendar/shipped.ts';

/**
 * `npm run rebuild -- --from events.ndjson.gz --yes`: removes all that is kept of the region and builds documents, indexes
 * and cube anew from exported events (plain or gzip NDJSON). A file that cannot take its place removes nothing.
 */
export async function rebuild(region: OpenedRegion, from: string): Promise<IngestAnswer> {
  const { pack, streams, redis, endpoint, log, config } = region;
  // Rules of all versions are kept; what was put in force, and settled with it, is put in force again.
  const rules = createRuleStore(redis, pack.code);
  const indicators = await rules.indicators();
  const validate = createValidator(everRulesOf([pack]), () => (indicators.size ? indicators : undefined));
  // What is there goes only for a file that can take its place.
  await checkExported(from, pack.code, validate);
  await whileNothingCounts(streams.lease, async (token) => {
    // First: a clock that saw its cases gone would forget what it has said of them.
    await whileNothingCounts(createLease(redis, clockKeys(pack.code)), () => silenceClock(redis, pack.code));
    await wipeRegion(redis, pack.code);
    // A running server may count what comes: it dispatches and sends nothing of it either.
    await beginHistory(redis, pack.code);
    await whileNothingCounts(createLease(redis, engineKeys(pack.code)), () => wipeEngine(redis, pack.code));
    // An entry of the feed that follows on nothing: running servers notice it and drop what they show, even if no event comes.
    const nothing = { ...NO_EVENTS, change: encodeChange(NOTHING) };
    await commitBatch(redis, streamKeys(pack.code).lease, alertCommit(pack.code), token, FIRST, nothing);
  });
  const counting = createWorkerHost({
    data: {
      endpoint,
      packs: [pack],
      calendars: programCalendars(),
      // What was dispatched is among the events.
      dispatches: false,
      leaseMs: config.leaseMs,
      logLevel: 'warn',
    },
    telemetry: SILENT,
    log,
  });
  const runtime = createRegionRuntime({
    pack,
    rules: await regionRules(redis),
    redis,
    endpoint,
    log,
    telemetry: SILENT,
    now: () => Date.now(),
    roles: new Set(['worker']),
    token: () => counting.token(pack.code),
  });
  const engine = createEngineWorker({
    redis,
    endpoint,
    region: pack.code,
    rules: foldRulesOf(pack, []),
    observationDays: config.observationDays,
    leaseMs: config.leaseMs,
    decides: false,
    log,
  });
  await activateAgain(redis, await rules.log(), pack.code);
  counting.start();
  engine.start();
  await runtime.start();
  try {
    const intake = createIntake({
      // All of it has been counted before: where the clock was set back since, some lies ahead, and the pack may have had other towns.
      validate: (event, _now, wellFormed) => validate(event, Infinity, wellFormed),
      regions: () => streams,
      deadLetters: createDeadLetters(
        createDeadLetterStore(redis),
        createLetterFiles(join(config.dataDir, 'dead-letters')),
        log,
      ),
      telemetry: SILENT,
      now: () => Date.now(),
      fromExport: true,
    }).request();
    await readExported(from, intake);
    const answer = await intake.finish();
    for (;;) {
      const [events, signals] = await Promise.all([streams.progress.read(), streams.observations.progress()]);
      if (events.counted >= events.accepted && signals.counted >= signals.accepted) break;
      await sleep(50);
    }
    await engine.stop();
    await endHistory(redis, pack.code);
    await endRebuild(redis, pack.code);
    await wakeClock(redis, pack.code);
    return answer;
  } finally {
    await engine.stop();
    await runtime.stop();
    await counting.stop();
  }
}

/** Puts into the stream what was put in force, in order and at its time: nothing is decided meanwhile. */
async function activateAgain(redis: RedisClient, log: readonly VersionChange[], region: string): Promise<void> {
  const stream = createObservationStream(redis, region);
  for (const { version, state, at, settle } of log)
    if (state === 'active')
      await stream.accept({
        received: parseRfc3339(at)!,
        records: [{ type: 'activated', version, settle: settle === true }],
      });
}

const FIRST: Span = { from: ['0-0'], to: ['0-1'] };
const NOTHING: Change = { rows: [], increments: { cells: [], heat: [], paid: [] } };

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { from: { type: 'string' }, yes: { type: 'boolean' } } });
  if (!values.from) throw new Error('Say from which events: npm run rebuild -- --from events.ndjson.gz --yes');
  await stat(values.from).catch(() => {
    throw new Error(`There is no file ${values.from}.`);
  });
  const region = await openRegion('rebuild', true);
  try {
    if (!values.yes) {
      const { counted } = await region.streams.progress.read();
      throw new Error(
        `This removes the ${counted} events kept of region ${region.pack.code} before it reads ${values.from}. Add --yes if that is meant.`,
      );
    }
    const started = performance.now();
    const { accepted, rejectedTotal } = await rebuild(region, values.from);
    process.stdout.write(
      `${accepted} events counted in ${((performance.now() - started) / 1000).toFixed(1)} s, ${rejectedTotal} rejected\n`,
    );
    if (rejectedTotal) process.exitCode = 1;
  } finally {
    await region.close();
  }
}

if (process.argv[1]?.endsWith('rebuild.js')) await runTool(main);
