import type { Feature, Platform } from '../../feature.ts';
import type { Delivery } from '../../../contract/connectors.ts';
import { MESSAGE_PLATFORM } from '../../../common/messages/constants.ts';
import type { RegionPacks } from '../../region/packs.ts';
import { connectorRoutes } from './connectorRoutes.ts';
import { applyConnectorsFile, readConnectorsFile } from './connectorsFile.ts';
import { createConnectorStore } from './connectorStore.ts';
import { Couriers, outboxOf } from './couriers.ts';
import { CONNECTORS_TAG } from './keys.ts';
import type { Recipient, ReportNews } from './messages/gather.ts';
import { createMessageStore } from './messages/messageStore.ts';
import { deliveriesOf } from './outbox.ts';

export interface ConnectorsFeature extends Feature {
  /**
   * Connects a platform of a demonstration, which runs on this machine, unless somebody has connected another.
   * @returns the secret that signs, or undefined where it is not connected
   */
  connectDemonstration(region: string, platform: string, url: string): Promise<string | undefined>;
  /**
   * Tells people of a report that a schedule has made, once for each of them however often this is asked. Units are told by their code;
   * officers and leaders where there is a number of theirs.
   * @returns who is told: nobody where the region has no connector for messages
   */
  tellReport(region: string, to: readonly Recipient[], report: ReportNews): Promise<readonly Recipient[]>;
  /** How the latest events of an alert came to their platforms, newest first. */
  deliveries(region: string, alertId: string): Promise<Delivery[]>;
}

/** Between two counts of what waits, and between two looks at whether demonstrations are played, ms. */
const COUNT_MS = 5_000;

/** Connectors to outside platforms: sent for the regions that this process counts, set up where the process has the role `push`. */
export function connectorsFeature(
  { config, redis, log, metrics, now }: Platform,
  packs: RegionPacks,
  token: (region: string) => string | undefined,
): ConnectorsFeature {
  const store = createConnectorStore(redis);
  const { connectorsFile: file, connectorHosts: hosts } = config;
  const fromFile =
    file === undefined ? undefined : readConnectorsFile(file, (region) => packs.get(region), hosts, now());
  const labels = ['region', 'platform'] as ('region' | 'platform')[];
  const waiting = metrics.gauge('connector_waiting', 'Events that wait for an outside platform.', labels);
  const failed = metrics.gauge(
    'connector_failed',
    'Events that an outside platform has not taken in three days.',
    labels,
  );
  const on = metrics.gauge('connector_on', '1 while the connector of a platform sends, else 0.', labels);
  const delivered = metrics.gauge('connector_delivered', 'Events taken by a platform since the start.', labels);
  /** Connectors of the demonstration that this process has connected since its start, `region platform`. */
  const demonstrations = new Set<string>();
  /** Those that another process plays, as last seen. */
  let playedElsewhere: ReadonlySet<string> = new Set();
  // A process that takes nothing in cannot play one.
  const plays = config.demo && config.roles.has('ingest');
  const couriers = new Couriers({
    redis,
    store,
    token,
    packOf: (region) => packs.get(region),
    // Its platform of the last start is gone, and its port may be somebody else's.
    rests: ({ region, platform, demonstration }) =>
      demonstration === true && !(plays ? demonstrations : playedElsewhere).has(`${region} ${platform}`),
    hosts,
    filesDir: config.filesDir,
    log,
    now,
    onDelivered: (region, platform, events) => delivered.inc({ region, platform }, events),
  });
  const counts = (region: string) => packs.counted().some(({ code }) => code === region);
  /** Says which demonstrations this process plays; or else looks which others do, and removes the connectors of those that are over. */
  async function lookAtDemonstrations(): Promise<void> {
    const played = new Set<string>();
    for (const { region, platform, demonstration } of await store.all()) {
      if (!demonstration || !counts(region)) continue;
      const name = `${region} ${platform}`;
      if (demonstrations.has(name)) await store.sayPlayed(region, platform, 'on');
      if (plays) continue;
      // In a private Redis nobody else can play one.
      const how = config.redis.kind === 'embedded' ? undefined : await store.played(region, platform);
      if (how === 'on') played.add(name);
      if (how !== undefined) continue;
      await store.remove(region, platform);
      log.info({ region, platform }, 'connectors: nobody plays its demonstration any more, and it is removed');
    }
    playedElsewhere = played;
  }
  async function count(): Promise<void> {
    for (const connector of await store.all()) {
      const { region, platform } = connector;
      const size = await outboxOf(redis, region, platform).size();
      waiting.set({ region, platform }, size.waiting);
      failed.set({ region, platform }, size.failed);
      on.set({ region, platform }, connector.off === undefined ? 1 : 0);
    }
  }
  let counting: ReturnType<typeof setInterval> | undefined;
  return {
    name: 'connectors',
    backup: { owns: (tag) => tag === CONNECTORS_TAG },
    routes: config.roles.has('push')
      ? [
          connectorRoutes({
            redis,
            store,
            couriers,
            packOf: (region) => packs.get(region),
            hosts,
            now,
          }),
        ]
      : [],
    async tellReport(region, to, report) {
      const connector = await store.get(region, MESSAGE_PLATFORM);
      if (connector?.setting.kind !== 'message') return [];
      const { phones } = connector.setting;
      const reached = to.filter((one) => 'unit' in one || phones?.[one.role] !== undefined);
      if (reached.length > 0) await createMessageStore(redis, region).tellReport(reached, report);
      return reached;
    },
    deliveries: (region, alertId) => deliveriesOf(redis, region, alertId),
    async connectDemonstration(region, platform, url) {
      const before = await store.get(region, platform);
      if (before && !before.demonstration) return undefined;
      // First: a process without a demonstration removes what nobody plays.
      await store.sayPlayed(region, platform, 'on');
      const current = await store.newSecret(region, platform, now());
      const setting = { kind: 'webhook', url } as const;
      const since = before?.since ?? now();
      const made = { region, platform, setting, since, by: 'demonstration', demonstration: true } as const;
      await store.set({ ...made, mendedAt: now() });
      demonstrations.add(`${region} ${platform}`);
      await couriers.look();
      return current;
    },
    secretFiles: file === undefined ? [] : [file],
    async start() {
      // Without a file nothing is said: other processes may have one.
      if (fromFile) await applyConnectorsFile(store, fromFile, counts, now());
      await lookAtDemonstrations();
      await couriers.start();
      // A store that does not answer is asked again; others tell of it.
      counting = setInterval(() => {
        void count().catch(() => undefined);
        void lookAtDemonstrations().catch(() => undefined);
      }, COUNT_MS);
      counting.unref();
    },
    async stop() {
      clearInterval(counting);
      // It may be started again: what waits for its platform is kept until then.
      const played = [...demonstrations];
      demonstrations.clear();
      for (const name of played) {
        const [region, platform] = name.split(' ') as [string, string];
        await store.sayPlayed(region, platform, 'ended').catch(() => undefined);
      }
      await couriers.stop();
    },
  };
}
