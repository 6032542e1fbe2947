import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { ACCESS_KEYS as KEYS } from './keys.ts';

const put = loadScript('server/access/store/scripts/put.lua');

/** A field of the records, and what it becomes (undefined: removed). */
export interface Edit {
  field: string;
  to: string | undefined;
}

/** Where a reader of the changes is: the last entry, and its number. */
export interface Position {
  id: string;
  n: number;
}

export interface Changed {
  position: Position;
  fields: Map<string, string | undefined>;
  /** What was only said: commands to displays. */
  signals: string[];
}

/** The records of access in Redis; every process holds them all in memory and follows the changes. */
export interface AccessStore {
  load(): Promise<{ position: Position; records: Map<string, string> }>;
  /** What has changed since; undefined when that is not known (too long ago, another data set): then all is to be loaded. */
  since(position: Position): Promise<Changed | undefined>;
  /**
   * All edits or none.
   * @param known the number of the newest change that the edits were decided on
   * @returns false where there has been a newer one: then nothing was changed
   */
  change(edits: readonly Edit[], known: number): Promise<boolean>;
  signal(text: string): Promise<void>;
}

export function createAccessStore(redis: RedisClient): AccessStore {
  const named = [KEYS.records, KEYS.changes, KEYS.counter];
  const position = async (): Promise<Position> => {
    // The counter first: where the stream is empty, nothing newer than this may be taken for known.
    const n = Number((await redis.get(KEYS.counter)) ?? 0);
    const [last] = await redis.xrevrange(KEYS.changes, '+', '-', 'COUNT', 1);
    return last ? { id: last[0], n: Number(last[1][1]) } : { id: '0-0', n };
  };
  return {
    async load() {
      // The position first: what happens in between is read once more, which changes nothing.
      const at = await position();
      return { position: at, records: new Map(Object.entries(await redis.hgetall(KEYS.records))) };
    },
    async since(from) {
      const [entries, counter] = await Promise.all([
        redis.xrange(KEYS.changes, `(${from.id}`, '+', 'COUNT', 1001),
        redis.get(KEYS.counter),
      ]);
      let { id, n } = from;
      const names = new Set<string>();
      const signals: string[] = [];
      for (const [entryId, [, number, , fields = '', , signal = '']] of entries) {
        if (Number(number) !== n + 1) return undefined;
        id = entryId;
        n++;
        for (const field of fields.split('\n')) if (field) names.add(field);
        if (signal) signals.push(signal);
      }
      if (Number(counter ?? 0) < n) return undefined;
      const values = names.size ? await redis.hmget(KEYS.records, ...names) : [];
      return {
        position: { id, n },
        fields: new Map([...names].map((name, i) => [name, values[i] ?? undefined])),
        signals,
      };
    },
    async change(edits, known) {
      const changes = edits.flatMap(({ field, to }) => [field, to ?? '']);
      return (await runScript(redis, put, named, ['', known, ...changes])) === 1;
    },
    async signal(text) {
      await runScript(redis, put, named, [text, '']);
    },
  };
}
