import type { IngestAnswer, Rejection } from '../../../contract/rest.ts';
import type { RegionStore } from '../store/regionStore.ts';
import { CHUNK_EVENTS, encodeChunk, type Accepted } from './chunk.ts';
import type { DeadLetters, RejectedEvent } from './deadLetters.ts';
import type { StreamTelemetry } from '../telemetry.ts';
import { namedOf, type Validator } from './validate.ts';

/** Of the rejected, the answer lists so many (contract §1). */
const LISTED = 100;
/** Chunks of one request that may be on their way to Redis at the same time. */
const IN_FLIGHT = 4;
/** A stream waits while so many accepted events are not yet counted: a fast file must not fill Redis. */
const MAX_BACKLOG = 100_000;
const BACKLOG_POLL_MS = 20;
const LETTERS_AT_ONCE = 200;

export interface IntakeParts {
  validate: Validator;
  store: (region: string) => RegionStore;
  deadLetters: DeadLetters;
  telemetry: StreamTelemetry;
  now: () => number;
}

/** Takes the events of one request, in order. */
export interface IntakeRequest {
  /** An event; `text` is what is kept of it should it be rejected. */
  take(event: unknown, text: () => string): void;
  /** Something that is no event at all, or an `event` that the sender may not write. */
  refuse(text: string, problem: string, event?: unknown): void;
  /** Resolves when more may be taken (backpressure). Errors of Redis come out here or at `finish`. */
  ready(): Promise<void>;
  /** Resolves once everything taken is in the stream or kept as a dead letter (invariant 1). */
  finish(): Promise<IngestAnswer>;
  /** What has certainly been accepted so far. */
  readonly durable: number;
}

export function createIntake(parts: IntakeParts): () => IntakeRequest {
  return () => new Request(parts);
}

class Request implements IntakeRequest {
  durable = 0;
  private index = 0;
  private readonly parts: IntakeParts;
  private readonly pending = new Map<string, Accepted[]>();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly listed: Rejection[] = [];
  private rejectedTotal = 0;
  private letters: RejectedEvent[] = [];
  private crowded: string | undefined;
  private failure: unknown;

  constructor(parts: IntakeParts) {
    this.parts = parts;
  }

  take(event: unknown, text: () => string): void {
    const result = this.parts.validate(event, this.parts.now());
    if (!result.ok) {
      this.reject(text(), result.problem, result.id, result.source);
      return;
    }
    this.index++;
    let chunk = this.pending.get(result.region);
    if (!chunk) this.pending.set(result.region, (chunk = []));
    chunk.push(result.accepted);
    if (chunk.length >= CHUNK_EVENTS) this.send(result.region, chunk);
  }

  refuse(text: string, problem: string, event?: unknown): void {
    const { id, source } = namedOf(event);
    this.reject(text, problem, id, source);
  }

  async ready(): Promise<void> {
    while (this.inFlight.size >= IN_FLIGHT) await Promise.race(this.inFlight);
    if (this.failure !== undefined) throw this.failure;
    if (this.letters.length >= LETTERS_AT_ONCE) await this.keepLetters();
    while (this.crowded !== undefined) {
      const { accepted, counted } = await this.parts.store(this.crowded).meta();
      if (accepted - counted < MAX_BACKLOG / 2) this.crowded = undefined;
      else await new Promise((resolve) => setTimeout(resolve, BACKLOG_POLL_MS));
    }
  }

  async finish(): Promise<IngestAnswer> {
    for (const [region, chunk] of this.pending) if (chunk.length) this.send(region, chunk);
    await Promise.all([...this.inFlight]);
    await this.keepLetters();
    if (this.failure !== undefined) throw this.failure;
    return { accepted: this.durable, rejected: this.listed, rejectedTotal: this.rejectedTotal };
  }

  private send(region: string, chunk: Accepted[]): void {
    this.pending.set(region, []);
    const { store, telemetry } = this.parts;
    const sending: Promise<void> = store(region)
      .accept(encodeChunk(chunk), chunk.length)
      .then(({ backlog }) => {
        this.durable += chunk.length;
        telemetry.accepted(chunk.length);
        if (backlog > MAX_BACKLOG) this.crowded = region;
      })
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => this.inFlight.delete(sending));
    this.inFlight.add(sending);
  }

  private reject(text: string, problem: string, id?: string, source?: string): void {
    const rejection: Rejection = { index: this.index++, problem };
    if (id !== undefined) rejection.id = id;
    if (this.listed.length < LISTED) this.listed.push(rejection);
    this.rejectedTotal++;
    const letter: RejectedEvent = { text, problem };
    if (id !== undefined) letter.id = id;
    if (source !== undefined) letter.source = source;
    this.letters.push(letter);
  }

  private async keepLetters(): Promise<void> {
    if (!this.letters.length) return;
    const letters = this.letters;
    this.letters = [];
    await this.parts.deadLetters.keep(letters, this.parts.now());
    this.parts.telemetry.rejected(letters.length);
  }
}
