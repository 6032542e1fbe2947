import { randomUUID } from 'node:crypto';
import type { RegionKeys } from '../../platform/redis/keys.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript, runScriptReplicated } from '../../platform/redis/script.ts';

const scripts = {
  accept: loadScript('server/platform/redis/scripts/accept.lua'),
  lease: loadScript('server/platform/redis/scripts/lease.lua'),
  release: loadScript('server/platform/redis/scripts/release.lua'),
  look: loadScript('server/platform/redis/scripts/look.lua'),
  commit: loadScript('server/platform/redis/scripts/commit.lua'),
  checkpoint: loadScript('server/platform/redis/scripts/checkpoint.lua'),
  seal: loadScript('server/platform/redis/scripts/seal.lua'),
  dropCheckpoint: loadScript('server/platform/redis/scripts/dropCheckpoint.lua'),
  clock: loadScript('server/platform/redis/scripts/clock.lua'),
};

/** An entry of one of our streams: its id, the payload of its field `c` and, in the feed, the id of the entry before. */
export interface StreamEntry {
  id: string;
  payload: string;
  previous: string;
}

export interface Batch {
  token: string;
  from: string;
  to: string;
  counted: number;
  duplicates: number;
  change: string;
  documents: (readonly [alertId: string, document: string])[];
  /** Digests of its events (streams/digest.ts). */
  seen: string[];
}

/** Why a commit was refused. */
export class LeaseLost extends Error {}
export class OffsetMoved extends Error {}
/** The end of the feed was lost in a failover: what was made of it must not be stored. */
export class FeedTakenBack extends Error {}

/** Who writes a checkpoint: its fencing token, and the feed entry that it has seen last, on which everything it writes rests. */
export interface Writer {
  token: string;
  seen: string;
}

/** `position`: feed entry up to which all blobs are complete; `chunks`: how many chunks of the alert table there are. */
export interface Checkpoint {
  position: string;
  chunks: number;
}

/** `change`: newest entry of the feed. */
export interface RegionMeta {
  offset: string;
  accepted: number;
  counted: number;
  duplicates: number;
  change: string;
}

/** All that the program does with the keys of one region in Redis. */
export interface RegionStore {
  readonly keys: RegionKeys;
  /** Appends a chunk to the events; resolves when Redis has it. `backlog`: accepted events not yet counted. */
  accept(chunk: string, count: number): Promise<{ id: string; backlog: number }>;
  /** Takes or renews the lease; the token, or undefined when somebody else has it. */
  lease(held: string | undefined, ttlMs: number, force?: boolean): Promise<string | undefined>;
  release(token: string): Promise<void>;
  /** Takes or renews the turn to compute everything from the documents; the token, or undefined when another process has it. */
  turn(held: string | undefined, ttlMs: number): Promise<string | undefined>;
  turnTaken(): Promise<boolean>;
  endTurn(token: string): Promise<void>;
  meta(): Promise<RegionMeta>;
  look(alertIds: string[], digests: string[]): Promise<{ documents: (string | null)[]; seen: string }>;
  /** Commits a batch; the feed id, or undefined when nothing changed. @throws LeaseLost, OffsetMoved */
  commit(batch: Batch): Promise<string | undefined>;
  /** The oldest entry of a stream after `id`, if any. */
  readEvents(after: string, count: number): Promise<StreamEntry[]>;
  readChanges(after: string, count: number): Promise<StreamEntry[]>;
  /** Id of the oldest event not yet counted. */
  oldestEvent(): Promise<string | undefined>;
  /** Oldest and newest entry still in the feed. */
  changesSpan(): Promise<{ first: string | undefined; last: string | undefined }>;
  documents(alertIds: string[]): Promise<(string | null)[]>;
  /** All documents, in no order; each at least once. */
  scanDocuments(): AsyncIterable<[alertId: string, document: string][]>;
  /** @throws LeaseLost, FeedTakenBack */
  writeBlobs(
    writer: Writer,
    which: 'buckets' | 'table',
    blobs: [id: string, blob: Buffer][],
    gone: string[],
  ): Promise<void>;
  /** @throws LeaseLost, FeedTakenBack */
  seal(writer: Writer, checkpoint: Checkpoint, trimBelow: string): Promise<void>;
  checkpoint(): Promise<Checkpoint | undefined>;
  /** Removes the checkpoint and the feed up to `position`. @throws LeaseLost */
  dropCheckpoint(token: string, position: string): Promise<void>;
  readBlobs(which: 'buckets' | 'table'): AsyncIterable<[id: string, blob: Buffer]>;
  /** Removes every key of the region. */
  wipe(): Promise<void>;
  /** Clock of the Redis that holds this region, epoch ms: the one stream ids are made of. */
  time(): Promise<number>;
}

/** Fewer replicas than wanted have confirmed an accepted chunk in time: it may be counted, but a failover could lose it. */
export class ReplicasMissing extends Error {}

/** How sure an accepted chunk is to be before it is told accepted: `wait` on a connection of its own, as it holds it. */
export interface AcceptSurely {
  redis: RedisClient;
  replicas: number;
  timeoutMs: number;
}

/**
 * @param redis a connection for commands (never a blocking one)
 * @param surely if given, a chunk counts as accepted only when so many replicas have it
 */
export function createRegionStore(redis: RedisClient, keys: RegionKeys, surely?: AcceptSurely): RegionStore {
  const hashOf = (which: 'buckets' | 'table') => (which === 'buckets' ? keys.buckets : keys.table);
  const checkWritten = (answer: unknown) => {
    if (answer === -1) throw new LeaseLost(`lease of ${keys.region} is lost`);
    if (answer === -2) throw new FeedTakenBack(`the feed of ${keys.region} no longer holds what this process has seen`);
  };
  return {
    keys,
    async accept(chunk, count) {
      const named = [keys.events, keys.meta];
      if (!surely) {
        const [id, backlog] = (await runScript(redis, scripts.accept, named, [chunk, count])) as [string, number];
        return { id, backlog };
      }
      const { answer, replicas } = await runScriptReplicated(
        surely.redis,
        scripts.accept,
        named,
        [chunk, count],
        surely,
      );
      if (replicas < surely.replicas)
        throw new ReplicasMissing(
          `${replicas} of the ${surely.replicas} replicas wanted confirmed the events within ${surely.timeoutMs} ms`,
        );
      const [id, backlog] = answer as [string, number];
      return { id, backlog };
    },
    async lease(held, ttlMs, force = false) {
      const token = await runScript(
        redis,
        scripts.lease,
        [keys.lease, keys.fence],
        [held ?? '', ttlMs, force ? '1' : '0', randomUUID().slice(0, 8)],
      );
      return token === '' ? undefined : String(token);
    },
    async release(token) {
      await runScript(redis, scripts.release, [keys.lease], [token]);
    },
    async turn(held, ttlMs) {
      const token = await runScript(
        redis,
        scripts.lease,
        [keys.turn, keys.fence],
        [held ?? '', ttlMs, '0', randomUUID().slice(0, 8)],
      );
      return token === '' ? undefined : String(token);
    },
    turnTaken: async () => (await redis.exists(keys.turn)) === 1,
    async endTurn(token) {
      await runScript(redis, scripts.release, [keys.turn], [token]);
    },
    async meta() {
      const [offset, accepted, counted, duplicates, change] = await redis.hmget(
        keys.meta,
        'offset',
        'accepted',
        'counted',
        'duplicates',
        'change',
      );
      return {
        offset: offset ?? '0-0',
        accepted: Number(accepted ?? 0),
        counted: Number(counted ?? 0),
        duplicates: Number(duplicates ?? 0),
        change: change ?? '0-0',
      };
    },
    async look(alertIds, digests) {
      // Digests go in one piece: two arguments for each event cost more, here and in Redis, than all else in the message.
      const [documents, seen] = (await runScript(
        redis,
        scripts.look,
        [keys.alerts],
        [keys.seen, digests.join(''), ...alertIds],
      )) as [(string | null)[], string];
      return { documents, seen };
    },
    async commit(batch) {
      const args: (string | number)[] = [
        batch.token,
        batch.from,
        batch.to,
        nextId(batch.to),
        batch.counted,
        batch.duplicates,
        batch.change,
        keys.seen,
        batch.seen.join(''),
      ];
      for (const [alertId, document] of batch.documents) args.push(alertId, document);
      const answer = await runScript(
        redis,
        scripts.commit,
        [keys.lease, keys.meta, keys.alerts, keys.changes, keys.events],
        args,
      );
      if (answer === -1) throw new LeaseLost(`lease of ${keys.region} is lost`);
      if (answer === -2) throw new OffsetMoved(`offset of ${keys.region} is no longer ${batch.from}`);
      return answer === '' ? undefined : String(answer);
    },
    readEvents: async (after, count) => entriesOf(await redis.xrange(keys.events, `(${after}`, '+', 'COUNT', count)),
    readChanges: async (after, count) => entriesOf(await redis.xrange(keys.changes, `(${after}`, '+', 'COUNT', count)),
    async oldestEvent() {
      return (await redis.xrange(keys.events, '-', '+', 'COUNT', 1))[0]?.[0];
    },
    async changesSpan() {
      const [first, last] = await Promise.all([
        redis.xrange(keys.changes, '-', '+', 'COUNT', 1),
        redis.xrevrange(keys.changes, '+', '-', 'COUNT', 1),
      ]);
      return { first: first[0]?.[0], last: last[0]?.[0] };
    },
    async documents(alertIds) {
      return alertIds.length ? redis.hmget(keys.alerts, ...alertIds) : [];
    },
    async *scanDocuments() {
      let cursor = '0';
      do {
        const [next, flat] = await redis.hscan(keys.alerts, cursor, 'COUNT', 500);
        cursor = next;
        const part: [string, string][] = [];
        for (let i = 0; i < flat.length; i += 2) part.push([flat[i]!, flat[i + 1]!]);
        if (part.length) yield part;
      } while (cursor !== '0');
    },
    async writeBlobs({ token, seen }, which, blobs, gone) {
      const args: (string | number | Buffer)[] = [token, seen, gone.length, ...gone];
      for (const [id, blob] of blobs) args.push(id, blob);
      checkWritten(
        await runScript(redis, scripts.checkpoint, [keys.lease, hashOf(which), keys.meta, keys.changes], args),
      );
    },
    async seal({ token, seen }, { position, chunks }, trimBelow) {
      const named = [keys.lease, keys.checkpoint, keys.changes, keys.meta];
      checkWritten(await runScript(redis, scripts.seal, named, [token, seen, `${position} ${chunks}`, trimBelow]));
    },
    async dropCheckpoint(token, position) {
      const named = [keys.lease, keys.checkpoint, keys.buckets, keys.table, keys.changes];
      const answer = await runScript(redis, scripts.dropCheckpoint, named, [token, nextId(position)]);
      if (answer === -1) throw new LeaseLost(`lease of ${keys.region} is lost`);
    },
    async checkpoint() {
      const [position, chunks] = ((await redis.get(keys.checkpoint)) ?? '').split(' ');
      return position ? { position, chunks: Number(chunks ?? 0) } : undefined;
    },
    async *readBlobs(which) {
      const ids = await redis.hkeys(hashOf(which));
      // Chunks follow each other; of buckets any order will do.
      if (which === 'table') ids.sort((a, b) => Number(a) - Number(b));
      // A few hundred at a time keeps each answer in the low megabytes, so Redis is never held for long.
      for (let i = 0; i < ids.length; i += 64) {
        const part = ids.slice(i, i + 64);
        const blobs = await redis.hmgetBuffer(hashOf(which), ...part);
        for (let j = 0; j < part.length; j++) {
          const blob = blobs[j];
          if (blob) yield [part[j]!, blob];
        }
      }
    },
    async wipe() {
      const named = [keys.events, keys.changes, keys.alerts, keys.meta, keys.buckets, keys.table, keys.checkpoint];
      await redis.unlink(...named);
      // Buckets of digests are named by three characters of base64url: asking for each is bounded, a SCAN of all regions is not.
      for (const first of BASE64URL) {
        await redis.unlink(
          ...[...BASE64URL].flatMap((second) => [...BASE64URL].map((third) => keys.seen + first + second + third)),
        );
      }
    },
    async time() {
      // By way of a key of the region: in a cluster, another node's clock may differ.
      const [seconds, micros] = (await runScript(redis, scripts.clock, [keys.meta], [])) as [string, string];
      return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    },
  };
}

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The smallest stream id after `id`. */
export function nextId(id: string): string {
  const dash = id.indexOf('-');
  return `${id.slice(0, dash)}-${BigInt(id.slice(dash + 1)) + 1n}`;
}

/** Orders two stream ids. */
export function compareIds(a: string, b: string): number {
  const [aMs, aSeq] = a.split('-').map(Number) as [number, number];
  const [bMs, bSeq] = b.split('-').map(Number) as [number, number];
  return aMs - bMs || aSeq - bSeq;
}

/** Milliseconds of a stream id: when Redis took the entry. */
export function msOfId(id: string): number {
  return Number(id.slice(0, id.indexOf('-')));
}

export function entriesOf(answer: [id: string, fields: string[]][]): StreamEntry[] {
  return answer.map(([id, fields]) => ({ id, payload: fields[1] ?? '', previous: fields[3] ?? '' }));
}
