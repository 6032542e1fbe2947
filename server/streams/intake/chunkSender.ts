import type { StreamTelemetry } from '../telemetry.ts';
import type { AlertLimits, Passage } from './alertLimits.ts';
import { CHUNK_EVENTS, encodeChunk, type Accepted } from './chunk.ts';
import type { EventStream } from './eventStream.ts';
import type { ProgressStore } from '../progress.ts';
import { compareStreamIds } from '../streamIds.ts';

/** Chunks of one sender that may be on their way to Redis at the same time. */
const IN_FLIGHT = 4;
/** A sender waits while so many accepted events of a region are not yet counted: a fast file must not fill Redis. */
const MAX_BACKLOG = 100_000;
const BACKLOG_POLL_MS = 20;

/** What the intake needs of a region. */
export interface IntakeRegion {
  events: EventStream;
  progress: Pick<ProgressStore, 'read'>;
  /** Refuses events of alerts that are full; without it nothing is refused. */
  limits?: AlertLimits;
}

/** A valid event on its way to its region's stream. */
export interface Outgoing extends Accepted {
  /** It is sent however many events its alert has. */
  free?: boolean;
}

const isFree = ({ free }: Outgoing) => free === true;

/** What a sender needs. `refuse` is called for an event whose alert takes no more events. */
export interface ChunkSenderParts<T extends Outgoing> {
  regions: (region: string) => IntakeRegion;
  telemetry: StreamTelemetry;
  refuse: (event: T, problem: string) => void;
}

/** Puts valid events into chunks, and the chunks into the streams of their regions. */
export class ChunkSender<T extends Outgoing> {
  /** Events that Redis certainly has. */
  durable = 0;
  /** By region: the last entry that was written for this sender. */
  readonly lastEntries = new Map<string, string>();
  private readonly parts: ChunkSenderParts<T>;
  private readonly pending = new Map<string, T[]>();
  private readonly inFlight = new Set<Promise<void>>();
  private crowded: string | undefined;
  private failure: Error | undefined;

  constructor(parts: ChunkSenderParts<T>) {
    this.parts = parts;
  }

  add(region: string, event: T): void {
    let chunk = this.pending.get(region);
    if (!chunk) this.pending.set(region, (chunk = []));
    chunk.push(event);
    if (chunk.length >= CHUNK_EVENTS) this.send(region, chunk);
  }

  /** Resolves when more may be added (backpressure). Errors of Redis come out here or at `flush`. */
  async ready(): Promise<void> {
    while (this.inFlight.size >= IN_FLIGHT) await Promise.race(this.inFlight);
    if (this.failure !== undefined) throw this.failure;
    while (this.crowded !== undefined) {
      const { accepted, counted } = await this.parts.regions(this.crowded).progress.read();
      if (accepted - counted < MAX_BACKLOG / 2) this.crowded = undefined;
      else await new Promise((resolve) => setTimeout(resolve, BACKLOG_POLL_MS));
    }
  }

  /** Sends what is at hand and resolves when everything is in the streams. */
  async flush(): Promise<void> {
    for (const [region, chunk] of this.pending) if (chunk.length) this.send(region, chunk);
    await Promise.all([...this.inFlight]);
    if (this.failure !== undefined) throw this.failure;
  }

  private send(region: string, chunk: T[]): void {
    this.pending.set(region, []);
    const sending: Promise<void> = this.write(region, chunk)
      .catch((error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.inFlight.delete(sending));
    this.inFlight.add(sending);
  }

  private async write(region: string, chunk: T[]): Promise<void> {
    const { limits } = this.parts.regions(region);
    if (!limits) return this.deliver(region, encodeChunk(chunk), chunk.length);
    const { admitted, refused, passage } = await limits.admit(chunk, isFree);
    for (const { event, problem } of refused) this.parts.refuse(event, problem);
    if (!admitted.length) return passage.failed();
    return this.deliver(region, encodeChunk(admitted), admitted.length, passage);
  }

  /** Apart from `write`, so that nothing holds the events and their texts any more while Redis writes to its disk. */
  private async deliver(region: string, payload: string, count: number, passage?: Passage): Promise<void> {
    const { events } = this.parts.regions(region);
    const { id, standing } = await events.accept(payload, count).catch((error: unknown) => {
      passage?.failed();
      throw error;
    });
    passage?.written(id, standing);
    this.durable += count;
    this.parts.telemetry.accepted(count);
    const last = this.lastEntries.get(region);
    if (last === undefined || compareStreamIds(id, last) > 0) this.lastEntries.set(region, id);
    if (standing.backlog > MAX_BACKLOG) this.crowded = region;
  }
}
