import { alertKey } from '../../../common/alertRef.ts';
import type { AlertBrief } from '../../../contract/frame.ts';

/** A card is forward for so long (screens.md, "A red alert"). */
export const CARD_MS = 10_000;
/** A list shows so many alerts at once, and each page of it for so long. */
export const LIST_ROWS = 24;
export const PAGE_MS = 6_000;
/** Alerts raised longer ago are history being loaded, not news. */
export const NEWS_MS = 24 * 3_600_000;
/** Alerts remembered (by `alertKey`), so that a notice told twice rings once. */
const REMEMBERED = 1_000;
/** Alerts kept while they wait; whoever raises more at once is testing, and has them counted. */
export const MOST_WAITING = 500;

export interface SingleCard {
  kind: 'single';
  brief: AlertBrief;
  since: number;
}
/** All that came together, each of them named. */
export interface SummaryCard {
  kind: 'summary';
  briefs: AlertBrief[];
  /** Those beyond `MOST_WAITING` are in here alone. */
  count: number;
  workers: number;
  amountFen: number;
  since: number;
}
export type Card = SingleCard | SummaryCard;

/** Pages of a card. */
export const pagesOf = (card: Card): number => (card.kind === 'single' ? 1 : Math.ceil(card.briefs.length / LIST_ROWS));
/** How long a card stands: ten seconds, and longer only where it takes longer to show all of it. */
export const cardMs = (card: Card): number => Math.max(CARD_MS, pagesOf(card) > 1 ? pagesOf(card) * PAGE_MS : 0);
/** The page of a card that is on show, from 0. */
export const pageAt = (card: Card, nowMs: number): number =>
  Math.min(pagesOf(card) - 1, Math.max(0, Math.floor((nowMs - card.since) / PAGE_MS)));

/**
 * Red alerts on their way to the front of the screen, one card at a time: one alert, or a list of all that wait. Bounded.
 * Times are the server's clock, epoch ms.
 */
export class AlarmQueue {
  current: Card | undefined;
  private waiting: AlertBrief[] = [];
  private more = { count: 0, workers: 0, amountFen: 0 };
  private readonly seen = new Set<string>();

  /** Takes newly raised alerts; only red ones that are news and not told before count. Returns how many did. */
  push(briefs: readonly AlertBrief[], nowMs: number, raisedAt: (brief: AlertBrief) => number): number {
    const fresh = briefs.filter(
      (brief) => brief.tier === 'red' && nowMs - raisedAt(brief) < NEWS_MS && !this.seen.has(alertKey(brief)),
    );
    for (const brief of fresh) {
      this.seen.add(alertKey(brief));
      if (this.waiting.length < MOST_WAITING) {
        this.waiting.push(brief);
      } else {
        this.more.count++;
        this.more.workers += brief.workers;
        this.more.amountFen += brief.amountFen;
      }
    }
    while (this.seen.size > REMEMBERED) this.seen.delete(this.seen.values().next().value!);
    return fresh.length;
  }

  /** Puts one alert forward at somebody's wish, before all others. */
  show(brief: AlertBrief, nowMs: number): void {
    this.current = { kind: 'single', brief, since: nowMs };
  }

  /** Moves on when the card in front has had its time. Returns a card that has just come forward. */
  advance(nowMs: number): Card | undefined {
    if (this.current && nowMs - this.current.since < cardMs(this.current)) return undefined;
    this.current = this.next(nowMs);
    return this.current;
  }

  /** Puts the card away, by hand. */
  dismiss(): void {
    this.current = undefined;
  }

  get size(): number {
    return this.waiting.length + this.more.count;
  }

  private next(nowMs: number): Card | undefined {
    if (this.size <= 1) {
      const brief = this.waiting.shift();
      return brief && { kind: 'single', brief, since: nowMs };
    }
    const briefs = this.waiting;
    const card: SummaryCard = {
      kind: 'summary',
      briefs,
      since: nowMs,
      count: this.size,
      workers: briefs.reduce((sum, brief) => sum + brief.workers, this.more.workers),
      amountFen: briefs.reduce((sum, brief) => sum + brief.amountFen, this.more.amountFen),
    };
    this.waiting = [];
    this.more = { count: 0, workers: 0, amountFen: 0 };
    return card;
  }
}
