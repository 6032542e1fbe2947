import { setTimeout as sleep } from 'node:timers/promises';
import { isRegionCode } from '../../common/divisions.ts';
import { foldRulesOf } from '../alerts/fold.ts';
import type { Feature, Platform } from '../feature.ts';
import type { RegionPacks } from '../region/packs.ts';
import { msOfId } from '../streams/streamIds.ts';
import { createProgressStore } from '../streams/progress.ts';
import { observationKeys } from '../streams/observations/keys.ts';
import { whileLeased } from '../streams/regionBackup.ts';
import { createThreadHost, type ThreadHost } from '../streams/worker/threadHost.ts';
import { compilePack } from './assess/compilePack.ts';
import type { EngineThreadData, FromEngineThread } from './engine/engineMessages.ts';
import { engineKeys } from './engine/keys.ts';
import { createEngineStore } from './engine/engineStore.ts';
import { wouldRaise } from './engine/trial.ts';
import { createSignalMetrics } from './metrics.ts';
import type { Trial } from './packs/rules.ts';
import { createRuleStore } from './packs/ruleStore.ts';
import { createSubjectsRuntime, type SubjectsRuntime } from './subjects/subjectsRuntime.ts';
import type { Subjects } from './subjects/subjects.ts';

export interface SignalsFeature extends Feature {
  /** What is watched in a region that is counted here; undefined where this process only takes events in, and for other regions. */
  readonly subjects: (region: string) => Subjects | undefined;
  readonly trial: Trial;
}

const LAG_POLL_MS = 1_000;
/**
 * What the engines keep is outside of their heap, and what they leave behind there fits into this. Without limits the thread holds on to 32 MB
 * of young objects and three times of what it needs of old ones. V8 lets a heap with a lower limit grow in smaller steps: no more is
 * meant by 1,024 MB, as the engines of a province need a third of that.
 */
const HEAP = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 1_024 };
/** The engine looks at facts and stages of alerts, and at no term. */
const NO_CALENDARS: readonly never[] = [];
/** How often it is looked whether there is something to watch. */
const LOOK_MS = 1_000;

/**
 * The engine, where the process has the role `worker`, and what is watched, where it has that or `push`. Both begin after the
 * start: nothing of the wall waits for them.
 */
export function signalsFeature(platform: Platform, packs: RegionPacks): SignalsFeature {
  const { config, redis, endpoint, log, metrics, now } = platform;
  const regions = packs.counted();
  const codes = regions.map(({ code }) => code);
  const lags = new Map<string, number>();
  const runtimes = new Map<string, SubjectsRuntime>();
  // Who counts keeps frames as they are shown, and these tell what is watched.
  if (config.roles.has('push') || config.roles.has('worker'))
    for (const region of codes) runtimes.set(region, createSubjectsRuntime({ region, redis, endpoint, log, now }));
  const telemetry = createSignalMetrics(metrics, {
    subjects: () => [...runtimes.values()].map(({ subjects }) => subjects),
    lags: () => lags,
  });
  const data: EngineThreadData = {
    endpoint,
    regions: regions.map((pack) => ({ region: pack.code, rules: foldRulesOf(pack, NO_CALENDARS) })),
    observationDays: config.observationDays,
    leaseMs: config.leaseMs,
    logLevel: config.logLevel,
  };
  const host = config.roles.has('worker')
    ? createThreadHost<FromEngineThread>({
        name: 'signals',
        file: new URL('./engine/engineThread.js', import.meta.url),
        data,
        receive(message) {
          if (message.kind === 'decided') telemetry.decided(message);
        },
        onLease: (region, held) => telemetry.lease(region, held),
        log,
        limits: HEAP,
      })
    : undefined;

  /** Age of the oldest record not yet decided, by the clock that stamped it. */
  async function pollLag(region: string): Promise<void> {
    const [oldest] = await redis.xrange(observationKeys(region).observations, '-', '+', 'COUNT', 1);
    lags.set(
      region,
      oldest ? Math.max(0, (await createProgressStore(redis, region).time()) - msOfId(oldest[0])) / 1000 : 0,
    );
  }
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

  /** Starts the thread once a region has something to watch: until then it would cost memory, and time at each start, for nothing. */
  async function startWhenNeeded(thread: ThreadHost): Promise<void> {
    const keys = codes.map((region) => observationKeys(region).meta);
    while (!stopping.signal.aborted && keys.length > 0) {
      const there = await Promise.all(keys.map((key) => redis.exists(key))).catch((): number[] => []);
      if (stopping.signal.aborted) return;
      if (there.includes(1)) return thread.start();
      await pause(LOOK_MS);
    }
  }
  async function watchLag(): Promise<void> {
    while (!stopping.signal.aborted) {
      for (const region of codes) await pollLag(region).catch(() => undefined);
      await pause(LAG_POLL_MS);
    }
  }
  let watching: Promise<unknown> | undefined;

  return {
    name: 'signals',
    // Its keys are copied with all of the region: nobody may decide meanwhile.
    backup: { owns: isRegionCode, whileQuiet: whileLeased(engineKeys) },
    subjects: (region) => runtimes.get(region)?.subjects,
    trial: {
      async wouldRaise(region, source) {
        const indicators = await createRuleStore(redis, region).indicators();
        const compiled = compilePack(source, { region, indicators });
        if (!compiled.ok) throw new Error(compiled.faults.map(({ path, problem }) => `${path} ${problem}`).join('; '));
        return wouldRaise(createEngineStore(redis, region), compiled.pack, now());
      },
    },
    readiness: () =>
      Object.fromEntries(
        [...runtimes].map(([region, runtime]) => [`signals ${region}`, runtime.ready ? 'ok' : 'still being loaded']),
      ),
    start() {
      for (const runtime of runtimes.values()) runtime.start();
      watching = Promise.all([watchLag(), host && startWhenNeeded(host)]);
    },
    async stop() {
      stopping.abort();
      await watching;
      await Promise.all([host?.stop(), ...[...runtimes.values()].map((runtime) => runtime.stop())]);
    },
  };
}
