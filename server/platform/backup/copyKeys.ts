import type { RedisClient } from '../redis/connect.ts';
import { mastersOf } from '../redis/nodes.ts';
import type { Command } from './commands.ts';
import { tagOf, type BackupKeys } from './keys.ts';

/** Keys that are looked at in one go. */
const AT_ONCE = 200;
/** A hash of more fields is read in parts. */
const LARGE_HASH = 1_000;
/** Bytes of values in one command. */
const COMMAND_BYTES = 1024 * 1024;
const ENTRIES_AT_ONCE = 50;

/** The names of all keys with a hash tag, by the tag. */
export async function keysByTag(redis: RedisClient): Promise<Map<string, string[]>> {
  const found = new Map<string, Set<string>>();
  for (const node of mastersOf(redis)) {
    let cursor = '0';
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', '{*', 'COUNT', 2_000);
      cursor = next;
      for (const key of keys) {
        const tag = tagOf(key);
        if (tag === undefined) continue;
        const known = found.get(tag);
        if (known) known.add(key);
        else found.set(tag, new Set([key]));
      }
    } while (cursor !== '0');
  }
  return new Map([...found].sort().map(([tag, keys]) => [tag, [...keys].sort()]));
}

/**
 * The keys of one hash tag as the commands that make them again.
 * @param keys their names
 * @param parts those features that keep keys of the tag: what each needs read at one moment is
 */
export async function* copyTag(
  redis: RedisClient,
  tag: string,
  keys: readonly string[],
  parts: readonly BackupKeys[],
): AsyncGenerator<Command> {
  const done = new Set<string>();
  for (const part of parts) {
    for await (const [key, command] of copyTogether(redis, part.together?.(tag) ?? {})) {
      done.add(key);
      yield command;
    }
  }
  const others = keys.filter((key) => !done.has(key));
  for (let i = 0; i < others.length; i += AT_ONCE) yield* copyBatch(redis, others.slice(i, i + AT_ONCE));
}

type Reply = Buffer | number | string | null | Reply[];

/** Several commands to the keys of one tag: in one go, or at one moment. Undefined for those that failed. */
async function ask(redis: RedisClient, commands: Command[], atomic = false): Promise<(Reply | undefined)[]> {
  if (!commands.length) return [];
  const queue = atomic ? redis.multi() : redis.pipeline();
  for (const [name, ...args] of commands) queue.callBuffer(name as string, ...args);
  const results = await queue.exec();
  if (!results) throw new Error('Redis has not answered');
  return results.map(([error, reply]) => (error ? undefined : (reply as Reply)));
}

async function one(redis: RedisClient, ...[name, ...args]: Command): Promise<Reply> {
  return (await redis.callBuffer(name as string, ...args)) as Reply;
}

async function* copyTogether(
  redis: RedisClient,
  { hashes = [], strings = [], streams = [] }: ReturnType<NonNullable<BackupKeys['together']>>,
): AsyncGenerator<[key: string, command: Command]> {
  const replies = await ask(
    redis,
    [
      ...hashes.map((key): Command => ['HGETALL', key]),
      ...strings.map((key): Command => ['GET', key]),
      ...streams.map((key): Command => ['XINFO', 'STREAM', key]),
    ],
    true,
  );
  for (const [i, key] of hashes.entries())
    for (const command of hashCommands(key, (replies[i] ?? []) as Buffer[])) yield [key, command];
  for (const [i, key] of strings.entries()) {
    const value = replies[hashes.length + i];
    if (Buffer.isBuffer(value)) yield [key, ['SET', key, value]];
  }
  for (const [i, key] of streams.entries()) {
    const info = replies[hashes.length + strings.length + i];
    // One that is not there, or not yet.
    if (!Array.isArray(info)) continue;
    for await (const command of streamCommands(redis, key, lastIdOf(info))) yield [key, command];
  }
}

async function* copyBatch(redis: RedisClient, keys: readonly string[]): AsyncGenerator<Command> {
  const facts = await ask(
    redis,
    keys.flatMap((key): Command[] => [
      ['TYPE', key],
      ['PTTL', key],
      ['HLEN', key],
    ]),
  );
  const known = keys.map((key, i) => ({
    key,
    type: String(facts[3 * i]),
    leftMs: Number(facts[3 * i + 1]),
    fields: Number(facts[3 * i + 2] ?? 0),
  }));
  const small = known.filter(({ type, fields }) => type === 'hash' && fields <= LARGE_HASH);
  const values = await ask(
    redis,
    small.map(({ key }): Command => ['HGETALL', key]),
  );
  for (const [i, { key }] of small.entries()) yield* hashCommands(key, (values[i] ?? []) as Buffer[]);
  for (const { key, type, fields } of known) {
    if (type === 'hash' && fields > LARGE_HASH) yield* largeHash(redis, key);
    else if (type !== 'hash') yield* otherType(redis, key, type);
  }
  for (const { key, leftMs } of known) if (leftMs > 0) yield ['PEXPIREAT', key, String(Date.now() + leftMs)];
}

async function* largeHash(redis: RedisClient, key: string): AsyncGenerator<Command> {
  let cursor = '0';
  do {
    const [next, flat] = (await one(redis, 'HSCAN', key, cursor, 'COUNT', '500')) as [Buffer, Buffer[]];
    cursor = String(next);
    yield* hashCommands(key, flat);
  } while (cursor !== '0');
}

async function* otherType(redis: RedisClient, key: string, type: string): AsyncGenerator<Command> {
  switch (type) {
    case 'none':
      return;
    case 'string': {
      const value = await one(redis, 'GET', key);
      if (Buffer.isBuffer(value)) yield ['SET', key, value];
      return;
    }
    case 'zset': {
      for (let from = 0; ; from += AT_ONCE) {
        const args: Command = ['ZRANGE', key, String(from), String(from + AT_ONCE - 1), 'WITHSCORES'];
        // In pairs by RESP 3, one after the other by RESP 2.
        const flat = ((await one(redis, ...args)) as Buffer[][]).flat();
        if (!flat.length) return;
        const swapped: Buffer[] = [];
        for (let i = 0; i < flat.length; i += 2) swapped.push(flat[i + 1]!, flat[i]!);
        yield ['ZADD', key, ...swapped];
      }
    }
    case 'stream': {
      const info = (await one(redis, 'XINFO', 'STREAM', key)) as Reply[];
      yield* streamCommands(redis, key, lastIdOf(info));
      return;
    }
    case 'set':
      yield ['SADD', key, ...((await one(redis, 'SMEMBERS', key)) as Buffer[])];
      return;
    case 'list':
      yield ['RPUSH', key, ...((await one(redis, 'LRANGE', key, '0', '-1')) as Buffer[])];
      return;
    default:
      throw new Error(`${key} is a ${type}, which a backup does not know: tell whoever looks after this program`);
  }
}

function* hashCommands(key: string, flat: readonly Buffer[]): Iterable<Command> {
  let part: Buffer[] = [];
  let bytes = 0;
  for (let i = 0; i < flat.length; i += 2) {
    part.push(flat[i]!, flat[i + 1]!);
    bytes += flat[i]!.length + flat[i + 1]!.length;
    if (bytes < COMMAND_BYTES) continue;
    yield ['HSET', key, ...part];
    part = [];
    bytes = 0;
  }
  if (part.length) yield ['HSET', key, ...part];
}

/** The entries of a stream up to `last`. It goes on after `last`, whether that entry is still there or not. */
async function* streamCommands(redis: RedisClient, key: string, last: string): AsyncGenerator<Command> {
  let after = '';
  for (;;) {
    const from = after === '' ? '-' : `(${after}`;
    const entries = (await one(redis, 'XRANGE', key, from, last, 'COUNT', String(ENTRIES_AT_ONCE))) as [
      Buffer,
      Buffer[],
    ][];
    for (const [id, fields] of entries) yield ['XADD', key, id, ...fields];
    if (!entries.length) break;
    after = String(entries.at(-1)![0]);
  }
  // 0-0 is the id of a stream that never had an entry, and cannot be added.
  if (after === last || last === '0-0') return;
  yield ['XADD', key, last, 'removed', ''];
  yield ['XDEL', key, last];
}

function lastIdOf(info: readonly Reply[]): string {
  const at = info.findIndex((field) => String(field) === 'last-generated-id');
  return String(info[at + 1]);
}
