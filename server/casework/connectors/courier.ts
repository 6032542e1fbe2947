import { DAY_MS, HOUR_MS } from '../../../common/regionTime.ts';
import type { Outbox, Tries, Waiting } from './outbox.ts';
import type { Message, Outcome } from './outcome.ts';

const [SECOND, MINUTE] = [1_000, 60_000];
/** How long after each try in vain the next one comes, ms: from 5 s to 10 h, over three days. */
export const WAITS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR_MS,
  5 * HOUR_MS,
  ...Array.from({ length: 6 }, () => 10 * HOUR_MS),
];
/** Whatever was tried first longer ago and is in vain again has failed: what waited while nobody sent it has its tries before it. */
const OLDEST_MS = 3 * DAY_MS;
/** A platform that takes nothing is asked again after 5 s, later after a minute, with one event. */
const LONGEST_REST_MS = MINUTE;
/** Lanes, of one alert or recipient each, that are sent at the same time. */
const AT_ONCE = 4;
const PAGE = 200;
/** Heads of alerts that a pass takes. */
const IN_PASS = 100;
/** The outbox is gone through at least so often, ms: one restored from a backup may hold entries older than those seen. */
const LONGEST_IDLE_MS = MINUTE;

export interface CourierParts {
  outbox: Outbox;
  send: (message: Message) => Promise<Outcome>;
  /** The platform wants nothing any more. @returns whether it has been switched off: not where somebody has set it anew meanwhile */
  onGone: (problem: string) => Promise<boolean>;
  onDelivered?: () => void;
  now: () => number;
  /** When its connector was last set or mended, epoch ms: tries before that say nothing about it as it is now, and are forgotten. */
  mendedAt?: number | undefined;
  /** Until when a message must wait at a moment, whatever has come of it, epoch ms; 0 where it need not. */
  notBefore?: (message: Message, at: number) => number;
  /** In place of `WAITS`. */
  waits?: readonly number[];
}

/**
 * Sends what waits for one platform: at least once, and of each alert in order. An alert whose event is refused waits for it, the others go on;
 * while the platform takes nothing, one event at a time tries whether it does again.
 */
export class Courier {
  /** What the last try has come to, where it was in vain. */
  problem: string | undefined;
  private readonly parts: CourierParts;
  private restsUntil = 0;
  private down = 0;
  private stopped = false;
  /** Of the entries up to `newest` none is due before `until`, epoch ms: a pass need not go through them all again. */
  private idle: { until: number; newest: string } | undefined;

  constructor(parts: CourierParts) {
    this.parts = parts;
  }

  /** Nothing more is begun. */
  stop(): void {
    this.stopped = true;
  }

  /** Sends what is due. */
  async pass(): Promise<void> {
    const { now } = this.parts;
    if (this.stopped || now() < this.restsUntil) return;
    const due = await this.due();
    const lanes = this.down ? due.slice(0, 1) : due;
    let at = 0;
    const lane = async () => {
      while (at < lanes.length && !this.stopped && now() >= this.restsUntil) await this.sendAll(lanes[at++]!);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }

  /** What waits of each alert whose first is due, in order. */
  private async due(): Promise<Waiting[][]> {
    const { outbox, now } = this.parts;
    if (await this.nothingNew()) return [];
    const at = now();
    const alerts = new Map<string, Waiting[]>();
    let after = '0-0';
    let due = 0;
    while (due < IN_PASS) {
      const page = await outbox.read(after, PAGE);
      for (const waiting of page) {
        const { alertId, lane = alertId } = waiting.message;
        const before = alerts.get(lane);
        if (before) before.push(waiting);
        else alerts.set(lane, [waiting]);
        if (!before && this.nextOf(waiting) <= at) due++;
      }
      after = page.at(-1)?.entry ?? after;
      if (page.length < PAGE) break;
    }
    const heads = [...alerts.values()];
    const until = heads.reduce((least, [first]) => Math.min(least, this.nextOf(first!)), at + LONGEST_IDLE_MS);
    this.idle = due ? undefined : { until, newest: after };
    return heads.filter(([first]) => this.nextOf(first!) <= at);
  }

  private async nothingNew(): Promise<boolean> {
    const { idle } = this;
    if (!idle || this.parts.now() >= idle.until) return false;
    return (await this.parts.outbox.read(idle.newest, 1)).length === 0;
  }

  private async sendAll(waiting: readonly Waiting[]): Promise<void> {
    for (const one of waiting) if (this.stopped || !(await this.sendOne(one))) return;
  }

  /** @returns whether the next of its alert may go at once */
  private async sendOne(waiting: Waiting): Promise<boolean> {
    const { outbox, send, onGone, onDelivered, notBefore, now } = this.parts;
    if (notBefore && notBefore(waiting.message, now()) > 0) return false;
    const outcome = await send(waiting.message);
    if (outcome.kind === 'delivered') {
      this.down = 0;
      this.problem = undefined;
      await outbox.delivered([waiting], now());
      onDelivered?.();
      return true;
    }
    this.problem = outcome.problem;
    if (outcome.kind === 'gone') {
      // Till then the others wait. Should it fail, it is asked again.
      this.rest(undefined);
      if (await onGone(outcome.problem)) this.stop();
      return false;
    }
    if (outcome.kind === 'refused') this.down = 0;
    else this.rest(outcome.retryAfterMs);
    await this.inVain(waiting, outcome.problem);
    return false;
  }

  private rest(retryAfterMs: number | undefined): void {
    const first = this.waits[0]!;
    const pause = Math.min(first * 2 ** this.down, LONGEST_REST_MS);
    this.down = Math.min(this.down + 1, 10);
    this.restsUntil = this.parts.now() + Math.max(pause, retryAfterMs ?? 0);
  }

  private async inVain(waiting: Waiting, problem: string): Promise<void> {
    const { outbox, now } = this.parts;
    const at = now();
    const before = this.triesOf(waiting);
    const n = (before?.n ?? 0) + 1;
    const wait = this.waits[n - 1];
    const first = before?.first ?? at;
    const tries: Tries = { n, first, last: at, next: at + (wait ?? 0), problem };
    if (wait === undefined || at - first > OLDEST_MS) {
      // The next of its alert goes in the next pass, unless the platform takes nothing.
      await outbox.failed(waiting, tries, at);
      return;
    }
    tries.next = Math.max(tries.next, this.restsUntil);
    await outbox.tried(waiting, tries, at);
  }

  private triesOf({ tries }: Waiting): Tries | undefined {
    return tries && (tries.last ?? 0) >= (this.parts.mendedAt ?? 0) ? tries : undefined;
  }

  /** When an entry may be tried, epoch ms; 0 where it has not been. */
  private nextOf(waiting: Waiting): number {
    const { notBefore, now } = this.parts;
    const next = this.triesOf(waiting)?.next ?? 0;
    return notBefore ? Math.max(next, notBefore(waiting.message, now())) : next;
  }

  private get waits(): readonly number[] {
    return this.parts.waits ?? WAITS;
  }
}
