import { msOfId } from '../../streams/streamIds.ts';
import { MAX_DELIVERIES, type Delivery } from '../../../contract/connectors.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { decodeOutgoing } from '../../streams/counting/outgoing.ts';
import { countingKeys } from '../../streams/counting/keys.ts';
import { messageOf } from './cloudEvent.ts';
import { deliveryKeys } from './keys.ts';
import type { Message } from './outcome.ts';

/** How often an entry has been tried. Times in epoch ms. */
export interface Tries {
  n: number;
  first: number;
  /** The last of them. Left out by versions that did not know of mending. */
  last?: number;
  next: number;
  problem: string;
}

export interface Waiting {
  /** Of the stream: when it was put there, and in which order. */
  entry: string;
  message: Message;
  tries?: Tries;
}

export interface Failure {
  alertId: string;
  event: string;
  /** Epoch ms. */
  at: number;
  problem: string;
  /** The entry as it was. */
  text: string;
}

/** What a platform is still to be sent, and what it has been. */
export interface Outbox {
  /** At most `count` after an entry, in order. */
  read(after: string, count: number): Promise<Waiting[]>;
  size(): Promise<{ waiting: number; failed: number; oldest?: number }>;
  delivered(waiting: readonly Waiting[], now: number): Promise<void>;
  tried(waiting: Waiting, tries: Tries, now: number): Promise<void>;
  /** It is not tried any more. */
  failed(waiting: Waiting, tries: Tries, now: number): Promise<void>;
  /** The oldest of them, in the order in which they were put there. */
  failures(count: number): Promise<Failure[]>;
  /** Puts the failed ones back, behind what waits: all, or those that tell of an alert. @returns how many */
  again(alertId?: string): Promise<number>;
}

/** An entry such that strings are in the order of entries. */
const placeOf = (entry: string) =>
  entry
    .split('-')
    .map((part) => part.padStart(20, '0'))
    .join('-');
/** Failures that are put back in one go: thousands would keep all else waiting. */
const AGAIN_AT_ONCE = 100;
/** Events of which a platform's taking is noted in one go. */
const SETTLED_AT_ONCE = 100;
const settleScript = loadScript('server/casework/connectors/scripts/settle.lua');

/**
 * The outbox of a connector.
 * @param read what an entry of it is
 * @param tells whether an alert is told how its events came there
 */
export function createOutbox(
  redis: RedisClient,
  region: string,
  platform: string,
  read = (text: string): Message => messageOf(region, decodeOutgoing(text)),
  tells = true,
): Outbox {
  const stream = countingKeys(region).outbox + platform;
  const keys = deliveryKeys(region);
  const triesKey = keys.tries + platform;
  const failedKey = keys.failed + platform;
  const orderKey = keys.failedOrder + platform;
  /** What tries of some entries have come to. */
  interface Settled {
    waiting: Waiting;
    state: Delivery['state'];
    tries?: Tries;
    /** Of one that has failed. */
    failure?: Failure;
  }
  const settle = async (settled: readonly Settled[], now: number) => {
    const args: (string | number)[] = [MAX_DELIVERIES];
    for (const { waiting, state, tries, failure } of settled) {
      const { entry, message, tries: before } = waiting;
      const delivery: Delivery = {
        platform,
        state,
        event: message.id,
        at: toRfc3339(now),
        tries: tries?.n ?? (before?.n ?? 0) + 1,
        ...(message.away ? { away: true } : {}),
        ...(tries ? { problem: tries.problem } : {}),
      };
      args.push(
        entry,
        state === 'waiting' ? JSON.stringify(tries) : '',
        failure ? placeOf(entry) : '',
        failure ? JSON.stringify(failure) : '',
        tells ? message.alertId : '',
        platform,
        JSON.stringify(delivery),
      );
    }
    await runScript(redis, settleScript, [stream, triesKey, keys.deliveries, failedKey, orderKey], args);
  };
  const textOf = async (entry: string) => (await redis.xrange(stream, entry, entry))[0]?.[1][1];
  /** At most `count` failures in order, the first at rank `from`; one that is put back meanwhile is left out. */
  const failuresFrom = async (from: number, count: number) => {
    const places = await redis.zrange(orderKey, from, String(from + count - 1));
    const texts = places.length ? await redis.hmget(failedKey, ...places) : [];
    return places.flatMap((place, i) => (texts[i] ? [{ place, failure: JSON.parse(texts[i]) as Failure }] : []));
  };
  /** A message may tell of several alerts; it is found by each, and by how it is called itself. */
  const tellsOf = ({ alertId, text }: Failure, wanted: string) =>
    alertId === wanted || read(text).alerts?.includes(wanted) === true;
  return {
    async read(after, count) {
      const entries = await redis.xrange(stream, `(${after}`, '+', 'COUNT', count);
      if (!entries.length) return [];
      const tries = await redis.hmget(triesKey, ...entries.map(([id]) => id));
      return entries.map(([entry, fields], i): Waiting => {
        const message = read(fields[1]!);
        const text = tries[i];
        return text ? { entry, message, tries: JSON.parse(text) as Tries } : { entry, message };
      });
    },
    async size() {
      const [waiting, failed, first] = await Promise.all([
        redis.xlen(stream),
        redis.zcard(orderKey),
        redis.xrange(stream, '-', '+', 'COUNT', 1),
      ]);
      return { waiting, failed, ...(first[0] ? { oldest: msOfId(first[0][0]) } : {}) };
    },
    async delivered(waiting, now) {
      for (let at = 0; at < waiting.length; at += SETTLED_AT_ONCE)
        await settle(
          waiting.slice(at, at + SETTLED_AT_ONCE).map((one) => ({ waiting: one, state: 'delivered' })),
          now,
        );
    },
    tried: (waiting, tries, now) => settle([{ waiting, state: 'waiting', tries }], now),
    async failed(waiting, tries, now) {
      const text = await textOf(waiting.entry);
      if (text === undefined) return;
      const { id, alertId } = waiting.message;
      const failure: Failure = { alertId, event: id, at: now, problem: tries.problem, text };
      await settle([{ waiting, state: 'failed', tries, failure }], now);
    },
    failures: async (count) => (await failuresFrom(0, count)).map(({ failure }) => failure),
    async again(alertId) {
      // What fails anew meanwhile stands behind these, and is left.
      let left = await redis.zcard(orderKey);
      let from = 0;
      let n = 0;
      while (left > 0) {
        const page = await failuresFrom(from, Math.min(left, AGAIN_AT_ONCE));
        if (!page.length) break;
        left -= page.length;
        const back = page.filter(({ failure }) => alertId === undefined || tellsOf(failure, alertId));
        from += page.length - back.length;
        if (!back.length) continue;
        const places = back.map(({ place }) => place);
        const multi = redis.multi();
        for (const { failure } of back) multi.xadd(stream, '*', 'e', failure.text);
        await multi
          .hdel(failedKey, ...places)
          .zrem(orderKey, ...places)
          .exec();
        n += back.length;
      }
      return n;
    },
  };
}

/** How the latest events of an alert came to their platforms, newest first; none where nothing has been sent. */
export async function deliveriesOf(redis: RedisClient, region: string, alertId: string): Promise<Delivery[]> {
  const text = await redis.hget(deliveryKeys(region).deliveries, alertId);
  const kept = text === null ? [] : (JSON.parse(text) as Delivery | Delivery[]);
  // Earlier versions kept the last one alone.
  return Array.isArray(kept) ? kept : [kept];
}
