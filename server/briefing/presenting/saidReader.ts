import { setTimeout as sleep } from 'node:timers/promises';
import type { BaseLogger } from 'pino';
import type { RedisClient } from '../../platform/redis/connect.ts';
import type { StreamReader } from '../../streams/streamReader.ts';
import { SAID, type Said } from './presentationStore.ts';

const BLOCK_MS = 5_000;
const AT_ONCE = 500;
/** After a failure, ms. */
const AGAIN_MS = 200;

/** Reads what all processes say of presentations, from the first time that somebody here wants to hear it. */
export interface SaidReader {
  /** Resolves once nothing is missed any more. @throws while Redis does not answer */
  start(): Promise<void>;
  stop(): void;
}

export function createSaidReader(parts: {
  redis: RedisClient;
  openReader: () => StreamReader;
  hear: (said: Said) => void;
  log: Pick<BaseLogger, 'warn'>;
}): SaidReader {
  const { redis, openReader, hear, log } = parts;
  let starting: Promise<void> | undefined;
  let reader: StreamReader | undefined;
  let stopped = false;

  async function follow(from: string): Promise<void> {
    let after = from;
    while (!stopped) {
      try {
        const [entries = []] = await reader!.read([after], AT_ONCE, BLOCK_MS);
        for (const { id, payload } of entries) {
          after = id;
          hear(JSON.parse(payload) as Said);
        }
      } catch (error) {
        if (stopped) return;
        log.warn({ error }, 'briefings: what is said of presentations cannot be read, once more');
        await sleep(AGAIN_MS);
      }
    }
  }
  async function begin(): Promise<void> {
    const [last] = await redis.xrevrange(SAID, '+', '-', 'COUNT', 1);
    if (stopped) return;
    reader = openReader();
    void follow(last?.[0] ?? '0-0');
  }

  return {
    start() {
      starting ??= begin().catch((error: unknown) => {
        starting = undefined;
        throw error;
      });
      return starting;
    },
    stop() {
      stopped = true;
      reader?.close();
    },
  };
}
