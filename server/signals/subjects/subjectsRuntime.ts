import { setTimeout as sleep } from 'node:timers/promises';
import type { BaseLogger } from 'pino';
import { createRedis, type RedisClient } from '../../platform/redis/connect.ts';
import type { RedisEndpoint } from '../../platform/redis/target.ts';
import { Follower } from '../../streams/feed/follower.ts';
import { createStreamReader } from '../../streams/streamReader.ts';
import { createEngineStore } from '../engine/engineStore.ts';
import { engineKeys } from '../engine/keys.ts';
import { createRuleStore } from '../packs/ruleStore.ts';
import { bookSource } from './loadBook.ts';
import { createSubjects, type Subjects } from './subjects.ts';

const AGAIN_MS = 1_000;

/** What is watched in one region, as this process shows it. */
export interface SubjectsRuntime {
  readonly subjects: Subjects;
  readonly ready: boolean;
  /** Loads in the background, as often as it takes, then follows. */
  start(): void;
  stop(): Promise<void>;
}

export function createSubjectsRuntime(parts: {
  region: string;
  redis: RedisClient;
  endpoint: RedisEndpoint;
  log: BaseLogger;
  now: () => number;
}): SubjectsRuntime {
  const { region, redis, endpoint, log, now } = parts;
  const store = createEngineStore(redis, region);
  const follower = new Follower({
    region,
    what: 'subjects',
    source: bookSource(store),
    openReader: () =>
      createStreamReader(createRedis(endpoint, { role: 'blocking', log, name: `wagewatch-subjects-${region}` }), [
        engineKeys(region).changes,
      ]),
    now,
    log,
  });
  const subjects = createSubjects({
    region,
    book: () => (follower.ready ? follower.situation : undefined),
    store,
    rules: createRuleStore(redis, region),
    now,
  });
  const stopping = new AbortController();
  let starting: Promise<void> | undefined;

  async function load(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await follower.start();
        await subjects.readPack();
        return;
      } catch (error) {
        log.error({ region, error }, 'signals: what is watched could not be loaded, once more');
        await sleep(AGAIN_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }
  // Which pack is in force decides which sources are late: it is read as soon as the engine goes by another one.
  follower.onNews(() => {
    subjects.readPack().catch((error: unknown) => log.warn({ region, error }, 'signals: the rules could not be read'));
  });
  return {
    subjects,
    get ready() {
      return follower.ready;
    },
    start() {
      starting = load();
    },
    async stop() {
      stopping.abort();
      await starting;
      await follower.stop();
    },
  };
}
