import type { StreamTelemetry } from '../telemetry.ts';
import type { AlertLimits, Passage } from './alertLimits.ts';
import { CHUNK_EVENTS, encodeChunk, type Accepted } from './chunk.ts';
import type { EventStream } from './eventStream.ts';
import type { ObservationRecord, RegistrationRecord } from '../observations/entry.ts';
import type { ObservationStream } from '../observations/observationStream.ts';
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
  observations: ObservationStream;
  /** Refuses events of alerts that are full; without it nothing is refused. */
  limits?: AlertLimits;
}

/** A valid event on its way to its region's stream. */
export interface Outgoing extends Accepted {
  /** It is sent however many events its alert has. */
  free?: boolean;
}

/** The streams of a region that events go into: those of alerts, and registrations and observations. */
export type StreamName = 'events' | 'observations';
/** An entry that was written. */
export interface LastEntry {
  region: string;
  stream: StreamName;
  id: string;
}
type Signal = RegistrationRecord | ObservationRecord;

/** Registrations and observations on their way. */
interface Signals {
  records: Signal[];
  /** When they were received, if not now: those of an export (epoch ms). */
  received: number | undefined;
}

const isFree = ({ free }: Outgoing) => free === true;

/** What a sender needs. `refuse` is called for an event whose alert takes no more events. */
export interface ChunkSenderParts<T extends Outgoing> {
  regions: (region: string) => IntakeRegion;
  telemetry: StreamTelemetry;
  refuse: (event: T, problem: string) => void;
  now: () => number;
}

/** Puts valid events into chunks, and the chunks into the streams of their regions. */
export class ChunkSender<T extends Outgoing> {
  /** Events that Redis certainly has. */
  durable = 0;
  /** By region and stream: the last entry that was written for this sender. */
  private readonly written = new Map<string, LastEntry>();
  private readonly parts: ChunkSenderParts<T>;
  private readonly pending = new Map<string, T[]>();
  private readonly signals = new Map<string, Signals>();
  private readonly inFlight = new Set<Promise<void>>();
  private crowded: Omit<LastEntry, 'id'> | undefined;
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

  /** @param received when it was received, if not now (epoch ms): an entry has one such time for all */
  addSignal(region: string, record: Signal, received?: number): void {
    let gathered = this.signals.get(region);
    if (!gathered) this.signals.set(region, (gathered = { records: [], received }));
    if (gathered.received !== received && gathered.records.length) this.sendSignals(region, gathered);
    gathered.received = received;
    if (gathered.records.push(record) >= CHUNK_EVENTS) this.sendSignals(region, gathered);
  }

  /** The last entry of each stream that was written to. */
  get lastEntries(): LastEntry[] {
    return [...this.written.values()];
  }

  /** Resolves when more may be added (backpressure). Errors of Redis come out here or at `flush`. */
  async ready(): Promise<void> {
    while (this.inFlight.size >= IN_FLIGHT) await Promise.race(this.inFlight);
    if (this.failure !== undefined) throw this.failure;
    while (this.crowded !== undefined) {
      const { progress, observations } = this.parts.regions(this.crowded.region);
      const { accepted, counted } = await (this.crowded.stream === 'events'
        ? progress.read()
        : observations.progress());
      if (accepted - counted < MAX_BACKLOG / 2) this.crowded = undefined;
      else await new Promise((resolve) => setTimeout(resolve, BACKLOG_POLL_MS));
    }
  }

  /** Sends what is at hand and resolves when everything is in the streams. */
  async flush(): Promise<void> {
    for (const [region, chunk] of this.pending) if (chunk.length) this.send(region, chunk);
    for (const [region, gathered] of this.signals) if (gathered.records.length) this.sendSignals(region, gathered);
    await Promise.all([...this.inFlight]);
    if (this.failure !== undefined) throw this.failure;
  }

  private send(region: string, chunk: T[]): void {
    this.pending.set(region, []);
    this.track(this.write(region, chunk));
  }

  private sendSignals(region: string, gathered: Signals): void {
    const { records, received = this.parts.now() } = gathered;
    gathered.records = [];
    const { length } = records;
    this.track(
      this.parts
        .regions(region)
        .observations.accept({ received, records })
        .then(({ id, backlog }) => this.wrote({ region, stream: 'observations', id }, length, backlog)),
    );
  }

  private track(writing: Promise<void>): void {
    const sending: Promise<void> = writing
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
    this.wrote({ region, stream: 'events', id }, count, standing.backlog);
  }

  private wrote(entry: LastEntry, count: number, backlog: number): void {
    this.durable += count;
    this.parts.telemetry.accepted(count);
    const { region, stream, id } = entry;
    const key = `${region} ${stream}`;
    const last = this.written.get(key);
    if (!last || compareStreamIds(id, last.id) > 0) this.written.set(key, entry);
    if (backlog > MAX_BACKLOG) this.crowded = { region, stream };
  }
}
