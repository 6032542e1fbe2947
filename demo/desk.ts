import { ENGINE_ALERTS } from '../contract/alertLimits.ts';
import type { AlertBrief } from '../contract/frame.ts';
import type { AlertList } from '../contract/rest.ts';
import { parseRfc3339 } from '../common/regionTime.ts';
import type { FeedItem, ObservedLife } from './feed.ts';

/** Whose alert the steps of an observed life are about; undefined where none has come of it. */
export interface Known {
  alertId: string;
  /** Epoch ms. */
  raisedAt: number;
  /** The program has dispatched it by itself: nobody needs to. */
  dispatched?: true;
}

/** So long an alert may take to come of observations. */
const LONGEST_MS = 5_000;
const AGAIN_MS = 250;

export interface DeskParts {
  region: string;
  /** A JSON answer of the server, or undefined if it has none for this path. */
  read: (path: string) => Promise<unknown>;
  now: () => number;
}

/**
 * Where alerts are handed out: it knows which alert has come of which life of the feed. What it does not know, after a
 * restart, it looks up, as people do.
 */
export class Desk {
  readonly #parts: DeskParts;
  readonly #known = new Map<number, Known | undefined>();
  /** Lives whose observations have been sent: when they were made, and sent (epoch ms). */
  readonly #observed = new Map<number, { at: number; sent: number }>();
  /** When to look again (epoch ms). */
  readonly #again = new Map<number, number>();
  readonly #taken = new Set<string>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** The observations of a life are on their way. @param at when they were made, epoch ms */
  observed({ k }: ObservedLife, at: number): void {
    this.#observed.set(k, { at, sent: this.#parts.now() });
  }

  /** A life began as an alert that was raised without the rules. */
  raised({ k }: ObservedLife, alertId: string, raisedAt: number): void {
    this.#keep(k, { alertId, raisedAt });
  }

  /**
   * The alert that a life is about. `later`: none yet, ask again; undefined: none has come of it, and there is nothing to
   * handle.
   */
  async alertOf({ life, alertId }: FeedItem & { life: ObservedLife }): Promise<Known | 'later' | undefined> {
    const { k } = life;
    if (this.#known.has(k)) return this.#known.get(k);
    const now = this.#parts.now();
    if (now < (this.#again.get(k) ?? 0)) return 'later';
    const begun = this.#observed.get(k);
    const found = await this.#lookUp(life, alertId, begun?.at);
    if (!found && begun && now - begun.sent < LONGEST_MS) {
      this.#again.set(k, now + AGAIN_MS);
      return 'later';
    }
    this.#keep(k, found);
    return found;
  }

  /** The unit that an alert is dispatched to now; undefined for none. */
  async unitOf(alertId: string): Promise<string | undefined> {
    const { items } = await this.#list({ q: alertId, limit: '200' });
    return items.find((item) => item.alertId === alertId)?.unit;
  }

  /** The last step of a life is over. */
  forget({ k }: ObservedLife): void {
    const known = this.#known.get(k);
    if (known) this.#taken.delete(known.alertId);
    this.#known.delete(k);
  }

  /** All that are open, first raised first. */
  async open(): Promise<AlertBrief[]> {
    const found: AlertBrief[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#list({ open: 'true', limit: '200', ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return found.sort((a, b) => (a.raisedAt < b.raisedAt ? -1 : a.raisedAt > b.raisedAt ? 1 : 0));
  }

  #keep(k: number, known: Known | undefined): void {
    this.#again.delete(k);
    this.#observed.delete(k);
    this.#known.set(k, known);
    if (known) this.#taken.add(known.alertId);
  }

  async #lookUp(life: ObservedLife, ownId: string, madeAt: number | undefined): Promise<Known | undefined> {
    const { enterprise, project } = life;
    const { items } = await this.#list({ uscc: enterprise.uscc ?? enterprise.name, open: 'true', limit: '200' });
    const found = items.find(
      ({ alertId, project: its, raisedAt }) =>
        alertId === ownId ||
        (its?.id === project?.id &&
          alertId.startsWith(ENGINE_ALERTS) &&
          !this.#taken.has(alertId) &&
          // An alert that was there before has come of something else.
          (madeAt === undefined || parseRfc3339(raisedAt)! >= madeAt - LONGEST_MS)),
    );
    if (!found) return undefined;
    const known: Known = { alertId: found.alertId, raisedAt: parseRfc3339(found.raisedAt)! };
    if (found.platform !== undefined && found.alertId.startsWith(ENGINE_ALERTS)) known.dispatched = true;
    return known;
  }

  async #list(filter: Record<string, string>): Promise<AlertList> {
    const query = new URLSearchParams({ scope: this.#parts.region, ...filter });
    const answer = (await this.#parts.read(`/api/v1/alerts?${query}`)) as AlertList | undefined;
    return answer ?? { total: 0, items: [] };
  }
}
