import type { IngestAnswer, Rejection } from '../../../contract/rest.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { StreamTelemetry } from '../telemetry.ts';
import type { Accepted } from './chunk.ts';
import { ChunkSender, type IntakeRegion } from './chunkSender.ts';
import type { Cut, DeadLetters, RejectedEvent } from './deadLetters.ts';
import { makerOf, markOf, outsideRefusal, receivedOf, type Sender, type ValidEvent } from './outside.ts';
import { namedOf, type Validator } from './validate.ts';

/** Of the rejected, the answer lists so many (contract §1). */
const LISTED = 100;
/** When so many have been rejected and none accepted, the sender is told instead of heard on. */
const MOST_IN_VAIN = 10_000;
const LETTERS_AT_ONCE = 200;
/** Their texts are held until they are kept: no more of them than this, in characters. */
const LETTER_TEXT_AT_ONCE = 1024 * 1024;

/** What taking events in needs. */
export interface IntakeParts {
  validate: Validator;
  regions: (region: string) => IntakeRegion;
  deadLetters: DeadLetters;
  telemetry: StreamTelemetry;
  now: () => number;
  /** What a region's pack calls a unit (zh-CN), by its code; needed where senders speak for units. */
  unitName?: (region: string, code: string) => string | undefined;
  /**
   * Requests bring an export of this program (`npm run rebuild`): what is the program's own is taken, and observations keep
   * the time at which they were received.
   */
  fromExport?: boolean;
}

/** A text, or what makes it when it is wanted. */
export type Kept = string | (() => string);

/** As a text of its own: one that is a part of a longer one would hold all of that. */
export const keptText = (kept: Kept): string => (typeof kept === 'string' ? Buffer.from(kept).toString() : kept());

/** Takes the events of one request from outside, in order. */
export interface IntakeRequest {
  /**
   * An event; `text` is what is kept of it should it be rejected.
   * @param wellFormed whether it is known that none of its strings holds a lone surrogate
   */
  take(event: unknown, text: Kept, wellFormed?: boolean): void;
  /** Something that is no event at all, or an `event` that the sender may not write. */
  refuse(text: string | Cut, problem: string, event?: unknown): void;
  /** Resolves when more may be taken (backpressure). Errors of Redis come out here or at `finish`. */
  ready(): Promise<void>;
  /** Resolves once everything taken is in the stream or kept as a dead letter (invariant 1). */
  finish(): Promise<IngestAnswer>;
  /** What has certainly been accepted so far. */
  readonly durable: number;
}

/** Opens a request from outside: what it rejects becomes dead letters. */
export function openRequest(parts: IntakeParts, from: Sender): IntakeRequest {
  return new OutsideRequest(parts, from);
}

/** A valid event from outside, with what is kept of it if its alert takes no more. */
interface OutsideEvent extends Accepted {
  index: number;
  text: Kept;
}

class OutsideRequest implements IntakeRequest {
  private readonly parts: IntakeParts;
  private readonly from: Sender;
  private readonly sender: ChunkSender<OutsideEvent>;
  private index = 0;
  private readonly listed: Rejection[] = [];
  private rejectedTotal = 0;
  private letters: RejectedEvent[] = [];
  private letterText = 0;

  constructor(parts: IntakeParts, from: Sender) {
    this.parts = parts;
    this.from = from;
    this.sender = new ChunkSender<OutsideEvent>({
      regions: parts.regions,
      telemetry: parts.telemetry,
      now: parts.now,
      refuse: ({ index, text, event }, problem) => this.reject(index, keptText(text), problem, event.id, event.source),
    });
  }

  get durable(): number {
    return this.sender.durable;
  }

  take(event: unknown, text: Kept, wellFormed = false): void {
    const result = this.parts.validate(event, this.parts.now(), wellFormed);
    if (!result.ok) {
      this.reject(this.index++, keptText(text), result.problem, result.id, result.source);
      return;
    }
    const { fromExport } = this.parts;
    const foreign = fromExport ? undefined : outsideRefusal(event as ValidEvent);
    if (foreign !== undefined) return this.refuse(keptText(text), foreign, event);
    if ('signal' in result) {
      this.index++;
      return this.sender.addSignal(result.region, result.signal, fromExport ? receivedOf(event) : undefined);
    }
    const { platform, dispatch } = this.from;
    const maker = fromExport
      ? makerOf(event)
      : platform && markOf(platform, (code) => this.parts.unitName?.(result.region, code));
    if (typeof maker === 'string') return this.refuse(keptText(text), maker, event);
    const { alertId, event: stored } = result.accepted;
    if (maker) stored.by = maker;
    const outgoing: OutsideEvent = { alertId, event: stored, index: this.index++, text };
    if (dispatch && stored.type === 'wage.alert.raised') outgoing.dispatch = true;
    this.sender.add(result.region, outgoing);
  }

  refuse(text: string | Cut, problem: string, event?: unknown): void {
    const { id, source } = namedOf(event);
    this.reject(this.index++, text, problem, id, source);
  }

  async ready(): Promise<void> {
    if (this.letters.length >= LETTERS_AT_ONCE || this.letterText >= LETTER_TEXT_AT_ONCE) await this.keepLetters();
    await this.sender.ready();
    if (this.rejectedTotal >= MOST_IN_VAIN && this.rejectedTotal === this.index)
      throw new HttpProblem(422, 'No event to accept', `none of the first ${this.rejectedTotal} was an event`);
  }

  async finish(): Promise<IngestAnswer> {
    // What was rejected is kept also when the store of events fails.
    const [sent] = await Promise.allSettled([this.sender.flush()]);
    await this.keepLetters();
    if (sent.status === 'rejected') throw sent.reason;
    this.keepFirst();
    return { accepted: this.durable, rejected: this.listed, rejectedTotal: this.rejectedTotal };
  }

  private reject(index: number, text: string | Cut, problem: string, id?: string, source?: string): void {
    const rejection: Rejection = { index, problem };
    if (id !== undefined) rejection.id = id;
    // What is refused for its number comes later than what follows it: the first are known at the end.
    if (this.listed.push(rejection) >= 2 * LISTED) this.keepFirst();
    this.rejectedTotal++;
    const letter: RejectedEvent = { text, problem, from: this.from };
    if (id !== undefined) letter.id = id;
    if (source !== undefined) letter.source = source;
    this.letters.push(letter);
    this.letterText += (typeof text === 'string' ? text : text.beginning).length;
  }

  private keepFirst(): void {
    this.listed.sort((a, b) => a.index - b.index);
    this.listed.length = Math.min(this.listed.length, LISTED);
  }

  private async keepLetters(): Promise<void> {
    if (!this.letters.length) return;
    const letters = this.letters;
    this.letters = [];
    this.letterText = 0;
    await this.parts.deadLetters.keep(letters, this.parts.now());
    this.parts.telemetry.rejected(letters.length);
  }
}
