import { randomBytes } from 'node:crypto';
import type { ConnectorSetting } from '../../../contract/connectors.ts';
import { MESSAGE_PLATFORM } from '../../../common/messages/constants.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { DAY_MS } from '../../../common/regionTime.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { countingKeys } from '../../streams/counting/keys.ts';
import { hasCasework } from '../clock/hasCasework.ts';
import { createMessageStore } from './messages/messageStore.ts';
import { deliveryKeys, PLAYED_KEY, SECRETS_KEY, SETTINGS_KEY } from './keys.ts';

const replace = loadScript('server/casework/connectors/scripts/replace.lua');

/** So long after a secret was changed the one before signs, too. */
export const BOTH_SECRETS_MS = DAY_MS;

/** For so long whoever plays a demonstration is taken to do so after it has last said that, ms: a start takes less. */
const PLAYED_MS = 60_000;

/** Whether somebody plays the demonstration of a connector: `ended` where they have been stopped, and may be started again. */
export type Played = 'on' | 'ended';

/** A connector as it is kept. */
export interface StoredConnector {
  region: string;
  platform: string;
  setting: ConnectorSetting;
  /** Epoch ms. */
  since: number;
  by: string;
  /** When it was last set, or given a secret, epoch ms: what waits is tried at once then. */
  mendedAt?: number;
  /** It sends nothing: why. */
  off?: string;
  /** CONNECTORS_FILE says what it is. */
  fixed?: true;
  /** A demonstration has made it, for its own platform on this machine: it goes when there is no demonstration any more. */
  demonstration?: true;
}

export interface Secrets {
  current: string;
  previous?: string;
  /** Epoch ms: until then the previous one signs, too. */
  previousUntil?: number;
  /** What the gateway of messages knows us by. */
  key?: string;
}

export interface ConnectorStore {
  all(): Promise<StoredConnector[]>;
  get(region: string, platform: string): Promise<StoredConnector | undefined>;
  /** Sets it, and has events put into its outbox from now on. */
  set(connector: StoredConnector): Promise<void>;
  /** Removes it, its secret, and what it has not sent. */
  remove(region: string, platform: string): Promise<void>;
  /**
   * It sends nothing from now on, and keeps what waits.
   * @param connector as it was read
   * @returns false where somebody has set or removed it since: then it stays what it is
   */
  switchOff(connector: StoredConnector, why: string): Promise<boolean>;
  /** Writes one in place of another as it was read. @returns false where somebody has set or removed it since: then nothing is written */
  replace(before: StoredConnector, after: StoredConnector): Promise<boolean>;
  /** CONNECTORS_FILE does not name it any more: it is switched off as above, and whoever may set connectors sets it again or removes it. */
  letGo(connector: StoredConnector): Promise<boolean>;
  secrets(region: string, platform: string): Promise<Secrets | undefined>;
  /** Whether its demonstration is played; undefined where nobody has said so for a minute. */
  played(region: string, platform: string): Promise<Played | undefined>;
  /** To be said again within a minute. */
  sayPlayed(region: string, platform: string, played: Played): Promise<void>;
  putSecrets(region: string, platform: string, secrets: Secrets): Promise<void>;
  /** The key of a gateway, beside the secret that signs; undefined takes it away. */
  putKey(region: string, platform: string, key: string | undefined): Promise<void>;
  /** Makes a secret; the one before signs for a day yet. @returns the new one */
  newSecret(region: string, platform: string, now: number): Promise<string>;
}

const fieldOf = (region: string, platform: string) => `${region} ${platform}`;

export function createConnectorStore(redis: RedisClient): ConnectorStore {
  const read = (text: string | null) => (text === null ? undefined : (JSON.parse(text) as StoredConnector));
  const write = (connector: StoredConnector) =>
    redis.hset(SETTINGS_KEY, fieldOf(connector.region, connector.platform), JSON.stringify(connector));
  const exchange = async (before: StoredConnector, after: StoredConnector) => {
    const field = fieldOf(before.region, before.platform);
    return (
      (await runScript(redis, replace, [SETTINGS_KEY], [field, JSON.stringify(before), JSON.stringify(after)])) === 1
    );
  };
  const secretsOf = async (region: string, platform: string) => {
    const text = await redis.hget(SECRETS_KEY, fieldOf(region, platform));
    return text === null ? undefined : (JSON.parse(text) as Secrets);
  };
  return {
    all: async () => (await redis.hvals(SETTINGS_KEY)).map((text) => read(text)!),
    get: async (region, platform) => read(await redis.hget(SETTINGS_KEY, fieldOf(region, platform))),
    async set(connector) {
      const { region, platform } = connector;
      if (platform === MESSAGE_PLATFORM) {
        await createMessageStore(redis, region).begin();
        await write(connector);
        return;
      }
      await write(connector);
      // Since when stays what it was where there was one: what waits is news all the same.
      await redis.hsetnx(countingKeys(region).connected, platform, connector.since);
    },
    async remove(region, platform) {
      const { connected, outbox } = countingKeys(region);
      await redis.hdel(connected, platform);
      await redis.hdel(SETTINGS_KEY, fieldOf(region, platform));
      await redis.hdel(SECRETS_KEY, fieldOf(region, platform));
      if (platform === MESSAGE_PLATFORM) await createMessageStore(redis, region).forget();
      const { tries, failed, failedOrder } = deliveryKeys(region);
      await redis.unlink(outbox + platform, tries + platform, failed + platform, failedOrder + platform);
    },
    replace: exchange,
    switchOff: (connector, why) => exchange(connector, { ...connector, off: why }),
    letGo(connector) {
      const after: StoredConnector = { ...connector, off: 'CONNECTORS_FILE does not name it any more' };
      delete after.fixed;
      return exchange(connector, after);
    },
    secrets: secretsOf,
    played: async (region, platform) =>
      ((await redis.get(PLAYED_KEY + fieldOf(region, platform))) as Played) ?? undefined,
    async sayPlayed(region, platform, played) {
      await redis.set(PLAYED_KEY + fieldOf(region, platform), played, 'PX', PLAYED_MS);
    },
    async putSecrets(region, platform, secrets) {
      await redis.hset(SECRETS_KEY, fieldOf(region, platform), JSON.stringify(secrets));
    },
    async putKey(region, platform, key) {
      const secrets: Secrets = { ...(await secretsOf(region, platform))! };
      if (key === undefined) delete secrets.key;
      else secrets.key = key;
      await redis.hset(SECRETS_KEY, fieldOf(region, platform), JSON.stringify(secrets));
    },
    async newSecret(region, platform, now) {
      const before = await secretsOf(region, platform);
      const current = `whsec_${randomBytes(24).toString('base64')}`;
      const secrets: Secrets = { current };
      if (before) Object.assign(secrets, { previous: before.current, previousUntil: now + BOTH_SECRETS_MS });
      if (before?.key !== undefined) secrets.key = before.key;
      await redis.hset(SECRETS_KEY, fieldOf(region, platform), JSON.stringify(secrets));
      return current;
    },
  };
}

/** Those that sign now. */
export function signingSecrets({ current, previous, previousUntil }: Secrets, now: number): string[] {
  return previous !== undefined && previousUntil !== undefined && now < previousUntil ? [current, previous] : [current];
}

/** What a region can have connectors for: its platforms and, where the clock watches its terms, messages to its people. */
export function connectorsOf(pack: RegionPack): string[] {
  return [...platformsOf(pack), ...(hasCasework(pack) ? [MESSAGE_PLATFORM] : [])];
}

/** To which platforms a region's alerts may be dispatched; of the others, each unit is one of its own. */
function platformsOf({ tiers, units = [] }: RegionPack): string[] {
  const own = units.filter(({ platform }) => platform === 'other').map(({ code }) => `other:${code}`);
  const named = [...tiers, ...units].map(({ platform }) => platform).filter((platform) => platform !== 'other');
  return [...new Set<string>(named), ...own];
}
