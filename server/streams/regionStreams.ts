import type { RedisClient } from '../platform/redis/connect.ts';
import { createDocumentStore, type DocumentStore } from './counting/documentStore.ts';
import { readEntries, type StreamEntry } from './entries.ts';
import { createCheckpointStore, type CheckpointStore } from './feed/checkpointStore.ts';
import { feedKeys } from './feed/keys.ts';
import { createEventStream, type EventStream, type ReplicaAck } from './intake/eventStream.ts';
import { streamKeys } from './keys.ts';
import { createObservationStream, type ObservationStream } from './observations/observationStream.ts';
import { createProgressStore, type ProgressStore } from './progress.ts';
import { createLease, type Lease } from './worker/lease.ts';

/** What is kept of one region in Redis, by who uses it. */
export interface RegionStreams {
  readonly region: string;
  readonly events: EventStream;
  readonly progress: ProgressStore;
  readonly observations: ObservationStream;
  readonly documents: DocumentStore;
  readonly checkpoint: CheckpointStore;
  /** The oldest accepted events after `after` that are not yet counted. */
  readEvents(after: string, count: number): Promise<StreamEntry[]>;
  /** The oldest entries of the change feed after `after`. */
  readChanges(after: string, count: number): Promise<StreamEntry[]>;
  /** Under which counting commits, and checkpoints are written. */
  readonly lease: Lease;
  /** Held by the process that computes everything from the documents. */
  readonly rebuildLock: Lease;
}

/**
 * @param redis a connection for commands (never a blocking one)
 * @param replicaAck if given, events count as accepted only when so many replicas have them
 */
export function openRegionStreams(redis: RedisClient, region: string, replicaAck?: ReplicaAck): RegionStreams {
  const keys = streamKeys(region);
  return {
    region,
    events: createEventStream(redis, region, replicaAck),
    progress: createProgressStore(redis, region),
    observations: createObservationStream(redis, region, replicaAck),
    documents: createDocumentStore(redis, region),
    checkpoint: createCheckpointStore(redis, region),
    readEvents: (after, count) => readEntries(redis, keys.events, after, count),
    readChanges: (after, count) => readEntries(redis, keys.changes, after, count),
    lease: createLease(redis, keys),
    rebuildLock: createLease(redis, { lease: feedKeys(region).rebuildLock, fence: keys.fence }),
  };
}
