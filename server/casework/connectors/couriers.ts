import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Connector, ConnectorSetting, ConnectorTest } from '../../../contract/connectors.ts';
import { MESSAGE_PLATFORM } from '../../../common/messages/constants.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { RegionPack } from '../../../contract/region.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { createDocumentStore } from '../../streams/counting/documentStore.ts';
import { testMessage } from './cloudEvent.ts';
import { signingSecrets, type ConnectorStore, type Secrets, type StoredConnector } from './connectorStore.ts';
import { Courier, type CourierParts } from './courier.ts';
import { FileFerry, write } from './fileFerry.ts';
import { createMessageStore } from './messages/messageStore.ts';
import { Messenger, sendToGateway, testOfMessages } from './messages/messenger.ts';
import { needsKey } from '../../../common/messages/settingFaults.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import type { Message, Outcome } from './outcome.ts';
import { postWebhook, urlFault } from './webhook.ts';

/** Between two looks at what there is to send, ms. */
const PASS_MS = 500;
/** Between two looks at which connectors there are, ms. */
const LOOK_MS = 2_000;
const FAILURES_TOLD = 50;

export interface CouriersParts {
  redis: RedisClient;
  store: ConnectorStore;
  /** The fencing token while this process counts a region: it sends for it then. */
  token: (region: string) => string | undefined;
  packOf: (region: string) => RegionPack | undefined;
  /** Connectors that send nothing yet, and keep what waits. */
  rests?: (connector: StoredConnector) => boolean;
  /** Hosts that webhooks may go to. */
  hosts: readonly string[];
  filesDir: string;
  log: Logger;
  now: () => number;
  onDelivered: (region: string, platform: string, events: number) => void;
}

type Worker = Courier | FileFerry | Messenger;

interface Running {
  /** What it was made of: when that is another, it is made anew. */
  made: string;
  worker: Worker;
  /** A pass that is on its way. */
  passing: Promise<void> | undefined;
}

/** Where the files of a connector go, below FILES_DIR. */
export const folderOf = (region: string, platform: string) => join('connectors', region, platform.replace(':', '-'));

/** Runs the connectors of the regions that this process counts: each by itself, so that a platform that is dead holds up no other. */
export class Couriers {
  private readonly parts: CouriersParts;
  private readonly running = new Map<string, Running>();
  private known: StoredConnector[] = [];
  private readonly timers: ReturnType<typeof setInterval>[] = [];
  private stopped = false;

  constructor(parts: CouriersParts) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    await this.look();
    this.timers.push(
      setInterval(() => void this.look(), LOOK_MS),
      setInterval(() => this.passAll(), PASS_MS),
    );
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.timers.forEach(clearInterval);
    for (const { worker } of this.running.values()) worker.stop();
    for (const { passing } of this.running.values()) await passing;
  }

  /** Asks which connectors there are; a store that does not answer is asked again. */
  async look(): Promise<void> {
    try {
      this.known = await this.parts.store.all();
      this.passAll();
    } catch (error) {
      this.parts.log.warn({ err: error }, 'connectors: they could not be read, and are asked for again');
    }
  }

  /** How a connector stands. */
  async standing(connector: StoredConnector): Promise<Connector> {
    const { redis, store, now } = this.parts;
    const { region, platform, setting, since, by, off, fixed } = connector;
    const outbox = outboxOf(redis, region, platform);
    const [size, failures, secrets] = await Promise.all([
      outbox.size(),
      outbox.failures(FAILURES_TOLD),
      store.secrets(region, platform),
    ]);
    const why = off ?? missing(setting, secrets);
    const problem = this.running.get(`${region} ${platform}`)?.worker.problem;
    const { previousUntil } = secrets ?? {};
    return {
      region,
      platform,
      kind: setting.kind,
      ...(setting.kind === 'file' ? { folder: folderOf(region, platform) } : { url: setting.url }),
      ...(setting.kind === 'message' ? { message: setting, key: secrets?.key !== undefined } : {}),
      on: why === undefined,
      ...(why === undefined ? {} : { why }),
      by,
      ...(fixed ? { fixed } : {}),
      since: toRfc3339(since),
      ...(previousUntil !== undefined && previousUntil > now() ? { previousUntil: toRfc3339(previousUntil) } : {}),
      waiting: size.waiting,
      failed: size.failed,
      ...(size.oldest === undefined ? {} : { oldest: toRfc3339(size.oldest) }),
      ...(problem === undefined ? {} : { problem }),
      failures: failures.map(({ alertId, event, at, problem: why }) => ({
        alertId,
        event,
        at: toRfc3339(at),
        problem: why,
      })),
    };
  }

  /**
   * Sends an event of no alert the very way that the others go.
   * @param to of a message: the number that it goes to
   */
  async test(connector: StoredConnector, to?: string): Promise<ConnectorTest> {
    const { now, filesDir } = this.parts;
    const { region, platform, setting } = connector;
    const message =
      setting.kind === 'message' ? testOfMessages(this.packOf(region), now()) : testMessage(region, platform, now());
    const started = performance.now();
    const took = () => Math.round(performance.now() - started);
    if (setting.kind === 'file') {
      try {
        await write(join(filesDir, folderOf(region, platform)), message.id, [message], now());
        return { ok: true, ms: took() };
      } catch (error) {
        return { ok: false, ms: took(), problem: (error as Error).message };
      }
    }
    const outcome = await this.send(connector, message, to);
    return outcome.kind === 'delivered'
      ? { ok: true, ms: took() }
      : { ok: false, ms: took(), problem: outcome.problem };
  }

  private packOf(region: string): RegionPack {
    const pack = this.parts.packOf(region);
    if (!pack) throw new Error(`region ${region} is not watched here`);
    return pack;
  }

  /** @param number in place of the recipient's of a message */
  private async send(connector: StoredConnector, message: Message, number?: string): Promise<Outcome> {
    const { redis, store, hosts, now } = this.parts;
    const { region, platform, setting, demonstration } = connector;
    if (setting.kind === 'file') throw new Error(`${platform} of ${region} is sent files`);
    const { url } = setting;
    // The setting may have been made by a process with other hosts.
    const fault = urlFault(url, demonstration ? ['127.0.0.1'] : hosts);
    if (fault !== undefined) return { kind: 'down', problem: `its address ${fault}` };
    const secrets = await store.secrets(region, platform);
    const lacks = missing(setting, secrets);
    if (!secrets || lacks !== undefined) return { kind: 'down', problem: lacks! };
    const signing = signingSecrets(secrets, now());
    if (setting.kind === 'webhook') return postWebhook(url, message, signing);
    const by = {
      setting,
      pack: this.packOf(region),
      documents: createDocumentStore(redis, region),
      key: secrets.key,
      now: now(),
    };
    return sendToGateway(message, by, signing, number);
  }

  private passAll(): void {
    if (this.stopped) return;
    const due = new Set<string>();
    for (const connector of this.known) {
      const { region, platform, off } = connector;
      if (off !== undefined || this.parts.token(region) === undefined || this.parts.rests?.(connector)) continue;
      const key = `${region} ${platform}`;
      due.add(key);
      const made = JSON.stringify(connector);
      let running = this.running.get(key);
      if (running?.made !== made) {
        running?.worker.stop();
        running = { made, worker: this.make(connector), passing: undefined };
        this.running.set(key, running);
      }
      this.pass(running, key);
    }
    for (const [key, { worker }] of this.running)
      if (!due.has(key)) {
        worker.stop();
        this.running.delete(key);
      }
  }

  private pass(running: Running, key: string): void {
    running.passing ??= running.worker
      .pass()
      .catch((error: unknown) => {
        this.parts.log.warn({ err: error, connector: key }, 'connectors: a pass failed, and is made again');
      })
      .finally(() => {
        running.passing = undefined;
      });
  }

  private make(connector: StoredConnector): Worker {
    const { redis, store, filesDir, now, onDelivered, log } = this.parts;
    const { region, platform, setting } = connector;
    const outbox = outboxOf(redis, region, platform);
    if (setting.kind === 'file')
      return new FileFerry({
        outbox,
        folder: join(filesDir, folderOf(region, platform)),
        now,
        onDelivered: (events) => onDelivered(region, platform, events),
      });
    const parts: Omit<CourierParts, 'outbox'> = {
      now,
      mendedAt: connector.mendedAt,
      send: (message) => this.send(connector, message),
      onDelivered: () => onDelivered(region, platform, 1),
      onGone: async (problem) => {
        const isOff = await store.switchOff(connector, problem);
        if (isOff) log.warn({ region, platform }, `connectors: switched off, as ${problem}`);
        await this.look();
        return isOff;
      },
    };
    if (setting.kind === 'message')
      return new Messenger({ ...parts, setting, store: createMessageStore(redis, region) });
    return new Courier({ ...parts, outbox });
  }
}

/** What a connector cannot send without. */
function missing(setting: ConnectorSetting, secrets: Secrets | undefined): string | undefined {
  if (setting.kind !== 'file' && !secrets) return 'its secret is not here: give it a new one';
  if (setting.kind === 'message' && needsKey(setting) && secrets?.key === undefined)
    return 'its key is not here: give it anew';
  return undefined;
}

/** The outbox of a connector; of messages, with what waits to become one. */
export const outboxOf = (redis: RedisClient, region: string, platform: string): Outbox =>
  platform === MESSAGE_PLATFORM ? createMessageStore(redis, region).outbox : createOutbox(redis, region, platform);
