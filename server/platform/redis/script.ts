import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'ioredis';
import type { RedisClient } from './connect.ts';
import { PROJECT_ROOT } from '../paths.ts';

/** A Lua script; its head comment says what it takes and returns. */
export interface Script {
  lua: string;
  sha: string;
}

/** @param path of the script from the root of the project: `server/streams/intake/scripts/accept.lua` */
export function loadScript(path: string): Script {
  return composeScript([path]);
}

/** One script of several files, one after the other: a body between a head and a foot that others share. */
export function composeScript(paths: readonly string[]): Script {
  const lua = paths.map((path) => readFileSync(join(PROJECT_ROOT, path), 'utf8')).join('\n');
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** Arguments at the end that are as Redis is sent them already: bulk strings of RESP, one after the other. */
export interface ScriptTail {
  count: number;
  /** Good until the script has been answered. */
  bytes: Buffer;
}

/**
 * Runs a script by its digest; the server is sent the text only when it does not have it (first use, restart, failover).
 * @param tail arguments after `args`
 */
export async function runScript(
  redis: RedisClient,
  script: Script,
  keys: string[],
  args: (string | number | Buffer)[],
  tail?: ScriptTail,
): Promise<unknown> {
  const run = async (command: 'evalsha' | 'eval', text: string) => {
    if (!tail?.count) return redis[command](text, keys.length, ...keys, ...args);
    const made = new TailedCommand(command, [text, keys.length, ...keys, ...args], tail);
    // What sends it answers by the promise of the command, but for a failure of its own.
    void redis.sendCommand(made);
    return made.promise as Promise<unknown>;
  };
  try {
    return await run('evalsha', script.sha);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
    return run('eval', script.lua);
  }
}

/** A command whose last arguments are written already: as arguments, thousands of them would cost as much as what they are for. */
class TailedCommand extends Command {
  private readonly tail: ScriptTail;

  constructor(name: string, args: (string | number | Buffer)[], tail: ScriptTail) {
    super(name, args, { replyEncoding: 'utf8' });
    this.tail = tail;
  }

  override toWritable(socket: object): Buffer {
    const head = super.toWritable(socket);
    const bytes = typeof head === 'string' ? Buffer.from(head) : head;
    // It begins with how many there are.
    const count = Buffer.from(`*${1 + this.args.length + this.tail.count}`);
    return Buffer.concat([count, bytes.subarray(bytes.indexOf('\r')), this.tail.bytes]);
  }
}

/**
 * Runs a script and waits until `replicas` replicas have what it wrote, or `timeoutMs` is over: both on one connection in
 * one go, because `WAIT` speaks of what its own connection wrote. It holds the connection meanwhile.
 * @returns the script's answer, and how many replicas have confirmed it
 */
export async function runScriptReplicated(
  redis: RedisClient,
  script: Script,
  keys: string[],
  args: (string | number | Buffer)[],
  { replicas, timeoutMs }: { replicas: number; timeoutMs: number },
): Promise<{ answer: unknown; replicas: number }> {
  const run = async (text: 'evalsha' | 'eval') => {
    const results = await redis
      .pipeline()
      [text](text === 'eval' ? script.lua : script.sha, keys.length, ...keys, ...args)
      .wait(replicas, timeoutMs)
      .exec();
    const [written, confirmed] = results ?? [];
    // What a redirection did is not known to have been written on this connection: then neither count is worth anything.
    const error = written?.[0] ?? confirmed?.[0];
    if (error) throw error;
    return { answer: written?.[1], replicas: Number(confirmed?.[1]) };
  };
  try {
    return await run('evalsha');
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
    return run('eval');
  }
}
