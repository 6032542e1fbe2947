import { normalName } from '../../../common/identity.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { observationKeys } from '../../streams/observations/keys.ts';
import { NameIndex, type UsccKey } from '../assess/names.ts';
import { bucketParts, generationOf } from './digests.ts';
import type { EngineStanding } from './standing.ts';
import { engineKeys } from './keys.ts';
import { decodeBlock, type RawObservation } from './rawBlock.ts';
import { SourceBook, type SourceRecord } from './sourceBook.ts';
import { NEVER, type Subject } from './subject.ts';
import { decodeHead, decodeSubject, type SubjectHead } from './subjectCodec.ts';
import { SubjectTable } from './subjectTable.ts';
import { UnknownWord, Words } from './words.ts';

const askScript = loadScript('server/signals/engine/scripts/ask.lua');

/** Subjects read from Redis at once: about 200 KB, so Redis is never held for long. */
const READ_AT_ONCE = 500;

/** What is stored of where the engine stands. */
export interface StoredStanding extends EngineStanding {
  /** All alerts have been read, without a gap since. */
  whole: boolean;
  /** Last entry taken in of the feed of alerts. */
  alerts: string;
  /** Newest entry of the engine's own feed. */
  change: string;
  /** Everything is being built anew from an export: nothing is decided. */
  rebuilding: boolean;
  /** The oldest day of receipt of which observations are kept as they came. */
  rawFrom: number;
}

/** Fields of the state hash that hold offsets. */
export const OFFSETS = { observations: 'offset', alerts: 'alerts' } as const;

/** What the engine keeps in Redis, for whoever reads it. */
export interface EngineStore {
  standing(): Promise<StoredStanding>;
  words(): Promise<Words>;
  sources(): Promise<[name: string, record: SourceRecord][]>;
  /** All subjects, in no order; each at least once. `bytes`: as stored. */
  scan(words: Words): AsyncIterable<{ subject: Subject; bytes: Buffer }[]>;
  /** The same of what they are loaded from, without their observations. */
  scanHeads(words: Words): AsyncIterable<{ head: SubjectHead; bytes: Buffer }[]>;
  read(keys: readonly SubjectKey[], words: Words): Promise<(Subject | undefined)[]>;
  /** Whether digests were seen before, and whose alerts are, by the order of what is asked. */
  ask(day: number, digests: readonly string[], alertIds: readonly string[]): Promise<EngineAnswer>;
  /** Observations as they came, of all days of receipt of which they are kept, oldest first. */
  observations(words: Words): AsyncIterable<RawObservation[]>;
}

export interface EngineAnswer {
  seen: string;
  owners: (SubjectKey | null)[];
}

const BLOCKS_AT_ONCE = 20;

export function createEngineStore(redis: RedisClient, region: string): EngineStore {
  const keys = engineKeys(region);
  /** What is read may have a word that was stored after the words were read: then the rest of them is read. */
  async function withWords<T>(words: Words, decode: () => T): Promise<T> {
    try {
      return decode();
    } catch (error) {
      if (!(error instanceof UnknownWord)) throw error;
      for (const word of await redis.lrange(keys.words, words.size, -1)) words.number(word);
      return decode();
    }
  }
  const decode = (key: SubjectKey, bytes: Buffer, words: Words) =>
    withWords(words, () => decodeSubject(key, bytes, words));
  async function* scan<T>(words: Words, read: (key: SubjectKey, bytes: Buffer) => T): AsyncGenerator<T[]> {
    let cursor = '0';
    do {
      const [next, flat] = await redis.hscanBuffer(keys.subjects, cursor, 'COUNT', READ_AT_ONCE);
      cursor = next.toString();
      const part: T[] = [];
      for (let i = 0; i < flat.length; i += 2) {
        const key = flat[i]!.toString() as SubjectKey;
        part.push(await withWords(words, () => read(key, flat[i + 1]!)));
      }
      if (part.length) yield part;
    } while (cursor !== '0');
  }
  return {
    async standing() {
      const stored = await redis.hgetall(observationKeys(region).meta);
      const number = (field: string, absent: number) => (stored[field] === undefined ? absent : Number(stored[field]));
      return {
        observed: number('observed', 0),
        registered: number('registered', 0),
        duplicates: number('duplicates', 0),
        raised: number('raised', 0),
        escalated: number('escalated', 0),
        version: stored.version ?? '',
        day: number('day', 0),
        number: number('number', 0),
        settledAt: number('settledAt', -Infinity),
        sweep: number('sweep', NEVER),
        whole: stored.whole === '1',
        alerts: stored[OFFSETS.alerts] ?? '0-0',
        change: stored.change ?? '0-0',
        rebuilding: stored.rebuilding === '1',
        rawFrom: number('rawFrom', 0),
      };
    },
    words: async () => new Words(await redis.lrange(keys.words, 0, -1)),
    async sources() {
      const stored = await redis.hgetall(keys.sources);
      return Object.entries(stored).map(([name, record]) => [name, JSON.parse(record) as SourceRecord]);
    },
    scan: (words) => scan(words, (key, bytes) => ({ subject: decodeSubject(key, bytes, words), bytes })),
    scanHeads: (words) => scan(words, (key, bytes) => ({ head: decodeHead(key, bytes, words), bytes })),
    async read(wanted, words) {
      if (!wanted.length) return [];
      const stored = await redis.hmgetBuffer(keys.subjects, ...wanted);
      return Promise.all(
        stored.map((bytes, i) => (bytes === null ? Promise.resolve(undefined) : decode(wanted[i]!, bytes, words))),
      );
    },
    async ask(day, digests, alertIds) {
      const generation = generationOf(day);
      const [seen, owners] = (await runScript(
        redis,
        askScript,
        [keys.alerts],
        [seenPrefix(region, generation), seenPrefix(region, generation - 1), digests.join(''), ...alertIds],
      )) as [string, (SubjectKey | null)[]];
      return { seen, owners };
    },
    async *observations(words) {
      const { rawFrom, day: last } = await this.standing();
      // Receipts are by the clock of whoever took them in, which may be ahead of the engine's by a day.
      for (let day = rawFrom; rawFrom > 0 && day <= last + 1; day++) {
        for (let at = 0; ; at += BLOCKS_AT_ONCE) {
          const blocks = await redis.lrangeBuffer(rawKey(region, day), at, at + BLOCKS_AT_ONCE - 1);
          for (const block of blocks) yield await withWords(words, () => decodeBlock(block, words));
          if (blocks.length < BLOCKS_AT_ONCE) break;
        }
      }
    },
  };
}

export const rawKey = (region: string, day: number): string => `${engineKeys(region).raw}${day}`;
export const seenPrefix = (region: string, generation: number): string => `${engineKeys(region).seen}${generation}:`;

/** Everything of a region that the engine keeps in memory, as it was stored. */
export interface LoadedEngine {
  words: Words;
  table: SubjectTable;
  names: NameIndex;
  sources: SourceBook;
  standing: StoredStanding;
  /** Those with a tier: it may not have been decided about them. */
  withTier: SubjectKey[];
}

export async function loadEngine(store: EngineStore): Promise<LoadedEngine> {
  const [standing, words, sources] = await Promise.all([store.standing(), store.words(), store.sources()]);
  const table = new SubjectTable(words);
  const names = new NameIndex(table.keys);
  const withTier: SubjectKey[] = [];
  for await (const part of store.scanHeads(words)) {
    for (const { head, bytes } of part) {
      table.load(head.key, bytes, head);
      nameOwner(names, head);
      if (head.found?.tier !== undefined) withTier.push(head.key);
    }
    // A second thread would not notice; a tool that loads in its only one should go on answering.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { words, table, names, sources: new SourceBook(sources), standing, withTier };
}

/** Tells an index whose name a registered employer has. */
export function nameOwner(names: NameIndex, { key, registration }: Pick<Subject, 'key' | 'registration'>): void {
  if (!registration || !key.startsWith('U:')) return;
  const name = normalName(registration.name);
  if (registration.active && name !== '') names.set(key as UsccKey, `N:${name}`);
}

/**
 * Removes all that is kept of a region's observations and subjects, but not the engine's lease; rule versions are kept elsewhere.
 * From then on nothing is decided until `endRebuild`, also when whoever builds it anew is killed.
 */
export async function wipeEngine(redis: RedisClient, region: string): Promise<void> {
  const { subjects, words, alerts, sources, changes } = engineKeys(region);
  const { observations, meta } = observationKeys(region);
  const { rawFrom, day } = await createEngineStore(redis, region).standing();
  await redis.multi().unlink(meta).hset(meta, 'rebuilding', 1).exec();
  await redis.unlink(observations, subjects, words, alerts, sources, changes);
  if (rawFrom > 0)
    for (let from = rawFrom; from <= day + 1; from += READ_AT_ONCE)
      await redis.unlink(
        ...Array.from({ length: Math.min(READ_AT_ONCE, day + 2 - from) }, (_, i) => rawKey(region, from + i)),
      );
  const generation = generationOf(day);
  for (const prefix of [seenPrefix(region, generation), seenPrefix(region, generation - 1)])
    for (const part of bucketParts()) await redis.unlink(...part.map((bucket) => prefix + bucket));
}

/** Everything has been built anew: the next engine reads all alerts from their documents, and decides. */
export async function endRebuild(redis: RedisClient, region: string): Promise<void> {
  await redis.hdel(observationKeys(region).meta, 'rebuilding', 'whole');
}
