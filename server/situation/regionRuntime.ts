import type { BaseLogger } from 'pino';
import type { RegionPack } from '../../contract/region.ts';
import { decodeDocument } from '../alerts/document.ts';
import type { RulesBook } from '../region/rulesBook.ts';
import { checkpointParts } from './checkpointParts.ts';
import type { Monitored } from './monitored.ts';
import { createSituationFollower } from './situationFollower.ts';
import { createRedis } from '../platform/redis/connect.ts';
import { streamKeys } from '../streams/keys.ts';
import { openRegionStreams } from '../streams/regionStreams.ts';
import { compareStreamIds, msOfId } from '../streams/streamIds.ts';
import { createStreamReader } from '../streams/streamReader.ts';
import type { RedisClient } from '../platform/redis/connect.ts';
import type { RedisEndpoint } from '../platform/redis/target.ts';
import { Checkpointer } from '../streams/feed/checkpointer.ts';
import type { StreamTelemetry } from '../streams/telemetry.ts';
import type { CountedRegion } from './upperRuntime.ts';

const LAG_POLL_MS = 500;

export interface RegionRuntimeParts {
  pack: RegionPack;
  rules: RulesBook;
  redis: RedisClient;
  endpoint: RedisEndpoint;
  log: BaseLogger;
  telemetry: StreamTelemetry;
  now: () => number;
  roles: ReadonlySet<'ingest' | 'worker' | 'push'>;
  /** The fencing token while this process counts the region (workerHost.ts). */
  token: () => string | undefined;
  /** What is watched in the region; undefined where nobody here knows. */
  monitored?: Monitored | undefined;
}

/** One region as this process shows it: the follower that knows, and the checkpoints of what it knows. */
export interface RegionRuntime extends CountedRegion {
  /** Whether this process can do what its roles ask. */
  ready(): boolean;
  /** Age in ms of the oldest accepted event that the figures here do not include yet. */
  lag(): number;
  /** Loads the situation; resolves when it is complete. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createRegionRuntime(parts: RegionRuntimeParts): RegionRuntime {
  const { pack, rules, redis, endpoint, now, telemetry, log, roles, token, monitored } = parts;
  // Only who shows figures or writes checkpoints of them needs the situation; who only takes events in does not.
  const follows = roles.has('push') || roles.has('worker');
  const streams = openRegionStreams(redis, pack.code);
  const { progress } = streams;
  const follower = createSituationFollower({
    streams,
    pack,
    rules,
    openReader: () =>
      createStreamReader(createRedis(endpoint, { role: 'blocking', log, name: `wagewatch-follower-${pack.code}` }), [
        streamKeys(pack.code).changes,
      ]),
    now,
    log,
    monitored,
  });
  const checkpointer = new Checkpointer({
    store: streams.checkpoint,
    follower,
    partsOf: checkpointParts,
    token,
    log,
    telemetry,
  });

  /** When the lag was last known to be nothing, by this process' clock; undefined while something waits. */
  let waitingSince: number | undefined;
  let polled = performance.now();
  let polling: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** The offset as last read. */
  let furthest = '0-0';
  /** The oldest event that waits, and since when this process knows of it. */
  let oldestSeen: { id: string; at: number } | undefined;

  async function pollLag(): Promise<void> {
    const { position } = follower;
    const [oldest, { change, offset }, time] = await Promise.all([
      progress.oldestEvent(),
      progress.read(),
      progress.time(),
    ]);
    follower.endsAt(change, position);
    // A failover can take counted batches back. They are in the stream again, before where the worker reads: it begins anew.
    const held = token();
    if (compareStreamIds(offset, furthest) < 0 && held !== undefined) {
      log.warn(
        { region: pack.code, offset, before: furthest },
        'worker: counted batches were taken back by a failover, and are counted again',
      );
      await streams.lease.release(held);
    }
    furthest = offset;
    const here = performance.now();
    if (oldest !== oldestSeen?.id) oldestSeen = oldest === undefined ? undefined : { id: oldest, at: here };
    // Ages by the clock that stamped the entries, so that a skew between the machines does not count; should that clock have
    // been set back, by the time for which the entry has been known here.
    const ages: number[] = [];
    if (oldestSeen) ages.push(time - msOfId(oldestSeen.id), here - oldestSeen.at);
    if (compareStreamIds(change, follower.position) > 0) ages.push(time - msOfId(change));
    waitingSince = ages.length ? here - Math.max(0, ...ages) : undefined;
    polled = here;
  }

  return {
    code: pack.code,
    pack,
    view: () => (follower.ready ? follower.situation : undefined),
    ready: () => !follows || follower.ready,
    rules: () => rules(pack),
    onRaised: (listener) => follower.onNews(listener),
    async events(alertId) {
      const [document] = await streams.documents.read([alertId]);
      return document ? decodeDocument(document) : undefined;
    },
    lag() {
      // While Redis does not answer nobody knows what waits: the age of that ignorance is the honest figure.
      const unknown = performance.now() - polled;
      const known = waitingSince === undefined ? 0 : performance.now() - waitingSince;
      return Math.round(Math.max(known, unknown > 4 * LAG_POLL_MS ? unknown : 0));
    },
    async start() {
      if (!follows) return;
      await follower.start();
      checkpointer.start();
      timer = setInterval(() => {
        polling ??= pollLag()
          .catch(() => undefined)
          .finally(() => {
            polling = undefined;
          });
      }, LAG_POLL_MS);
    },
    async stop() {
      clearInterval(timer);
      await polling;
      await checkpointer.stop();
      await follower.stop();
    },
  };
}
