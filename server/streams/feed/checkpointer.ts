import type { Log, StreamTelemetry } from '../telemetry.ts';
import { LeaseLost } from '../worker/lease.ts';
import { FeedTakenBack, type BlobKind, type CheckpointStore, type Writer } from './checkpointStore.ts';

const CHECK_MS = 1_000;
/** A checkpoint is due so long after the last, if anything changed … */
const EVERY_MS = 15_000;
/** … or after so much feed, which a restart would have to replay and Redis has to hold. */
const EVERY_CHARACTERS = 96 * 1024 * 1024;
/** It may take a tenth of the time at most. */
const REST = 9;
/** Bytes written in one step: Redis is held for about a millisecond. */
const PART_BYTES = 512 * 1024;

/** A part of a situation as blobs: which differ from what is stored, and how to write them. */
export interface BlobSource {
  /** Ids of blobs to be written, in the order in which to write them. */
  dirty(): string[];
  /** Ids of stored blobs that are to go. */
  gone(): string[];
  /** The blob, or undefined when there is none of that id any more. */
  encode(id: string): Buffer | undefined;
  /** It is stored as it was when it was encoded, or gone. */
  markClean(id: string): void;
}

/** A situation as a checkpoint sees it. */
export interface CheckpointParts extends Record<BlobKind, BlobSource> {
  /** How many chunks of the alert table there are. */
  chunks: number;
}

/** What is known of the follower whose situation is written. */
export interface FollowerView<State> {
  readonly situation: State;
  readonly position: string;
  readonly applied: number;
  readonly ready: boolean;
}

export interface CheckpointerParts<State> {
  store: CheckpointStore;
  follower: FollowerView<State>;
  partsOf: (situation: State) => CheckpointParts;
  /** The fencing token while this process holds the lease: only then may it write. */
  token: () => string | undefined;
  log: Log;
  telemetry: StreamTelemetry;
}

/**
 * Writes what has changed of the situation to Redis now and then, so that a start reads that and the short rest of the
 * feed, and the feed can be trimmed. Losing a checkpoint loses nothing: documents and feed are committed without it.
 */
export class Checkpointer<State> {
  private readonly parts: CheckpointerParts<State>;
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private lastAt = performance.now();
  private lastMs = 0;
  private lastApplied = 0;
  private sealed: string | undefined;

  constructor(parts: CheckpointerParts<State>) {
    this.parts = parts;
  }

  start(): void {
    this.timer = setInterval(() => {
      const since = performance.now() - this.lastAt;
      const grown = this.parts.follower.applied - this.lastApplied;
      if (grown === 0 || since < this.lastMs * REST) return;
      if (since >= EVERY_MS || grown >= EVERY_CHARACTERS) void this.write();
    }, CHECK_MS);
  }

  /** Stops, after a last checkpoint if this process still may write one. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
    if (this.parts.follower.applied !== this.lastApplied) await this.write();
  }

  /** Writes a checkpoint now, unless another worker holds the lease. */
  write(): Promise<void> {
    this.working ??= this.run().finally(() => {
      this.working = undefined;
    });
    return this.working;
  }

  private async run(): Promise<void> {
    const { store, follower, log, telemetry } = this.parts;
    const token = this.parts.token();
    if (token === undefined || !follower.ready) return;
    const started = performance.now();
    const { situation, position } = follower;
    // Buckets go on changing while they are written: each part rests on what has been seen by then.
    const writer = () => {
      if (follower.situation !== situation) throw new FeedTakenBack('the situation was read anew meanwhile');
      return { token, seen: follower.position };
    };
    this.lastApplied = follower.applied;
    try {
      const { chunks, table, buckets } = this.parts.partsOf(situation);
      const blobs =
        (await this.writeDirty(writer, 'table', table)) + (await this.writeDirty(writer, 'buckets', buckets));
      await store.seal(writer(), { position, chunks }, this.sealed ?? '');
      this.sealed = position;
      this.lastMs = performance.now() - started;
      telemetry.checkpoint(this.lastMs, blobs);
    } catch (error) {
      if (error instanceof LeaseLost) log.warn({}, 'checkpoint: left to the worker that holds the lease now');
      else if (error instanceof FeedTakenBack) log.warn({ reason: error.message }, 'checkpoint: not written');
      else log.error({ error }, 'checkpoint: failed, and is tried again');
    } finally {
      this.lastAt = performance.now();
    }
  }

  /** Writes in parts; what is written is clean, unless it has changed again meanwhile. */
  private async writeDirty(writer: () => Writer, kind: BlobKind, source: BlobSource): Promise<number> {
    const { store } = this.parts;
    const gone = source.gone();
    if (gone.length) {
      await store.writeBlobs(writer(), kind, [], gone);
      for (const id of gone) source.markClean(id);
    }
    let part: [string, Buffer][] = [];
    let bytes = 0;
    const flush = async () => {
      await store.writeBlobs(writer(), kind, part, []);
      for (const [id] of part) source.markClean(id);
      part = [];
      bytes = 0;
    };
    const dirty = source.dirty();
    for (const id of dirty) {
      const blob = source.encode(id);
      if (!blob) continue;
      part.push([id, blob]);
      bytes += blob.length;
      if (bytes >= PART_BYTES) await flush();
    }
    if (part.length) await flush();
    return dirty.length;
  }
}
