import { INDICATOR_KINDS, type IndicatorKind, type RulePack, type VersionChange } from '../../../contract/rulePack.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { encodeEntry } from '../../streams/observations/entry.ts';
import { observationKeys } from '../../streams/observations/keys.ts';
import { ruleKeys } from './keys.ts';
import { activation } from './versions.ts';

const addVersion = loadScript('server/signals/packs/scripts/addVersion.lua');
const activateVersion = loadScript('server/signals/packs/scripts/activate.lua');

/** Every code that any version of the region's pack has known. None is ever removed, and neither kind nor number changes. */
export type KnownIndicators = ReadonlyMap<string, KnownIndicator>;
export interface KnownIndicator {
  number: number;
  kind: IndicatorKind;
  /** Of the newest version that has it. */
  channel: string;
}

/** The rule versions of a region (signals §2, §5). Whoever assesses reads; routes and the demonstration write. */
export interface RuleStore {
  readonly region: string;
  /** The pack of a version; undefined when there is none. */
  pack(version: string): Promise<RulePack | undefined>;
  /** All changes of versions' states, oldest first (versions.ts tells which is in force). */
  log(): Promise<VersionChange[]>;
  /** How many changes there are: whoever keeps what he has read asks this first. */
  changes(): Promise<number>;
  /**
   * For `compilePack`, and for the numbers of observations. A code that is missing here has come with a version made since:
   * read again.
   */
  indicators(): Promise<KnownIndicators>;
  /**
   * Adds a pack without faults, as a draft.
   * @returns `exists` when there is such a version, or the code whose kind another version has otherwise
   */
  add(pack: RulePack, change: Pick<VersionChange, 'by' | 'at' | 'why'>): Promise<'added' | 'exists' | { code: string }>;
  /**
   * Puts a version in force: the engine goes by it from the returned entry of the observations' stream on.
   * @param log on which this was decided
   * @param now epoch ms
   * @returns undefined when the log has grown meanwhile
   */
  activate(
    log: readonly VersionChange[],
    change: Omit<VersionChange, 'state'>,
    now: number,
  ): Promise<string | undefined>;
}

/** @param redis a connection for commands */
export function createRuleStore(redis: RedisClient, region: string): RuleStore {
  const keys = ruleKeys(region);
  const { observations, meta } = observationKeys(region);
  return {
    region,
    async pack(version) {
      const json = await redis.hget(keys.packs, version);
      return json === null ? undefined : (JSON.parse(json) as RulePack);
    },
    async log() {
      const changes = await redis.lrange(keys.log, 0, -1);
      return changes.map((json) => JSON.parse(json) as VersionChange);
    },
    changes: () => redis.llen(keys.log),
    async indicators() {
      const known = await redis.hgetall(keys.indicators);
      return new Map(Object.entries(known).map(([code, text]) => [code, indicatorOf(text)]));
    },
    async add(pack, change) {
      const first: VersionChange = { version: pack.version, state: 'draft', ...change };
      const indicators = Object.entries(pack.indicators).flatMap(([code, { kind, channel }]) => [code, kind, channel]);
      const answer = (await runScript(
        redis,
        addVersion,
        [keys.packs, keys.log, keys.indicators],
        [pack.version, JSON.stringify(pack), JSON.stringify(first), ...indicators],
      )) as string;
      if (answer === '') return 'added';
      return answer === 'exists' ? 'exists' : { code: answer };
    },
    async activate(log, change, now) {
      const record = { type: 'activated', version: change.version, settle: change.settle === true } as const;
      const id = (await runScript(
        redis,
        activateVersion,
        [keys.log, observations, meta],
        [
          log.length,
          encodeEntry({ received: now, records: [record] }),
          ...activation(log, change).map((one) => JSON.stringify(one)),
        ],
      )) as string;
      return id === '' ? undefined : id;
    },
  };
}

function indicatorOf(text: string): KnownIndicator {
  const [number, kind, channel] = text.split(' ') as [string, string, string];
  return { number: Number(number), kind: INDICATOR_KINDS.find((one) => one === kind)!, channel };
}
