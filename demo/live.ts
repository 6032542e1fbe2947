import type { HistoryPlan } from './historyPlan.ts';
import { crisisFacts } from './crisis.ts';
import type { Desk } from './desk.ts';
import { observed } from './facts.ts';
import { feedSchedule, type FeedItem, type ObservedLife } from './feed.ts';
import { noticeSchedule, type Notice } from './notices.ts';
import type { Office } from './people/office.ts';
import { hashText, Random } from './random.ts';
import { Refused, type AnyEvent, type DemoLog, type EventSender } from './sender.ts';
import { sitesOf, whomOf, type Sites, type Watched } from './year.ts';

/** What happens next in the feed: a step of an alert's life, or an observation that raises nothing. */
export type LiveItem = FeedItem | Notice;

/** Both schedules as one, in their order. */
export class LiveSchedule {
  readonly #feed: Generator<FeedItem, never, undefined>;
  #nextFeed: FeedItem;
  #notices: Generator<Notice, never, undefined> | undefined;
  #nextNotice: Notice | undefined;

  /** @param byRules whether new alerts come of observations @param byPeople whether people do the steps */
  constructor(plan: HistoryPlan, after: number, byRules: boolean, byPeople = false) {
    this.#feed = feedSchedule(plan, after, byRules, byPeople);
    this.#nextFeed = this.#feed.next().value;
  }

  /** From a point of the schedule on, sources speak. */
  watch(watched: Watched & { since: number }, after: number): void {
    this.#notices = noticeSchedule(watched, watched.since, after);
    this.#nextNotice = this.#notices.next().value;
  }

  get next(): LiveItem {
    return this.#nextNotice && this.#nextNotice.at < this.#nextFeed.at ? this.#nextNotice : this.#nextFeed;
  }

  /** On to the one after `next`. */
  advance(): void {
    if (this.next === this.#nextFeed) this.#nextFeed = this.#feed.next().value;
    else this.#nextNotice = this.#notices!.next().value;
  }
}

const CRISIS = hashText('live crisis');
/** Events in one request when there is something to catch up with. */
const BATCH = 500;
/** Observations that come later than this are history: the alert that they led to is told as one. */
const LATE_MS = 60_000;

export interface Due {
  item: LiveItem;
  /** When it happens, epoch ms. */
  wall: number;
}

export interface LiveSenderParts {
  plan: HistoryPlan;
  sender: EventSender;
  desk: Desk;
  /** Who does the steps; without them they are told as events. */
  office?: Office | undefined;
  speed: number;
  now: () => number;
  log: DemoLog;
  /** Called when the server has taken events: how many. */
  onTaken: (events: number) => void;
  /** Called when the server has taken everything up to an item, or will not, besides what waits. */
  onSent: (upTo: Due) => Promise<void>;
}

/**
 * Sends what is due, and hands out the alerts that the rules have made of it. A step whose alert is not there yet waits, and
 * holds nothing else up.
 */
export class LiveSender {
  readonly #parts: LiveSenderParts;
  #sites: Sites | undefined;
  #part: AnyEvent[] = [];
  /** Lives whose observations are in the part. */
  #beginning: { life: ObservedLife; at: number }[] = [];
  /** Steps that wait for their alert, by the id that it has in the schedule. */
  readonly #waiting = new Map<string, Due[]>();

  constructor(parts: LiveSenderParts) {
    this.#parts = parts;
  }

  /** From now on observations become alerts. */
  watch({ register }: Watched): void {
    this.#sites = sitesOf(register);
  }

  /** @throws Refused where the demonstration may not write */
  async send(due: readonly Due[]): Promise<void> {
    // Those that wait still enter themselves again: each is asked for once a call.
    const waiting = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const step of waiting) await this.#add(step);
    if (!due.length) await this.#flush();
    for (const [i, one] of due.entries()) {
      await this.#add(one);
      if (this.#part.length >= BATCH || i === due.length - 1) await this.#flush(one);
    }
  }

  /** The first in the schedule of the steps that wait: what is noted as done must not reach it. */
  get firstWaiting(): Due | undefined {
    return [...this.#waiting.values()].flat().sort((a, b) => a.item.at - b.item.at)[0];
  }

  async #add(one: Due): Promise<void> {
    // It may send the part, and begin another.
    const events = await this.#eventsOf(one);
    this.#part.push(...events);
  }

  async #eventsOf({ item, wall }: Due): Promise<AnyEvent[]> {
    const time = Math.floor(wall);
    if ('events' in item) return item.events(time);
    const { desk, speed, now, plan } = this.#parts;
    const { life, step } = item;
    const termScale = Math.max(1, speed);
    // What happened while the server was away is told; people act now.
    const acts = step > 0 && this.#parts.office !== undefined && item.task !== undefined && now() - wall < LATE_MS;
    if (item.extra && !acts) return [];
    if (!life) {
      if (!acts) return [item.event(time, termScale)];
      if (!(await this.#acted(item, item.alertId))) this.#wait({ item, wall });
      return [];
    }
    if (step === 0) {
      if (this.#sites && now() - wall < LATE_MS) {
        this.#beginning.push({ life, at: time });
        const { pack, seed } = plan.world;
        const whom = whomOf(life, this.#sites);
        return crisisFacts(life.crisis, new Random(seed, CRISIS, life.k)).map((fact, n) =>
          observed(pack.code, whom, fact, `L${life.k}-${n}`, time),
        );
      }
      desk.raised(life, item.alertId, time);
      return [item.event(time, termScale)];
    }
    if (this.#beginning.some((begun) => begun.life === life)) await this.#flush();
    const known = this.#waiting.has(item.alertId) ? 'later' : await desk.alertOf({ ...item, life });
    if (known === 'later') {
      this.#wait({ item, wall });
      return [];
    }
    if (acts) {
      if (known && !(await this.#acted(item, known.alertId))) this.#wait({ item, wall });
      else if (item.task!.step.type === 'wage.alert.closed') desk.forget(life);
      return [];
    }
    // Rules take a moment; at high speed the next step is due before.
    const event = known
      ? item.event(Math.max(time, known.raisedAt + step), termScale, known.alertId)
      : item.event(time, termScale);
    if (event.type === 'wage.alert.closed') desk.forget(life);
    if (!known) return [];
    if (!known.dispatched) return [event];
    // Who it was sent to takes it; what has been dispatched is not dispatched again.
    if (event.type === 'wage.alert.dispatched') return [];
    if (event.type === 'wage.alert.accepted') event.data.unit = (await desk.unitOf(known.alertId)) ?? event.data.unit;
    return [event];
  }

  #wait(due: Due): void {
    const { alertId } = due.item as FeedItem;
    this.#waiting.set(alertId, [...(this.#waiting.get(alertId) ?? []), due]);
  }

  /** Whether somebody has done a step, or nobody needs to; what was said of the alert before must be known by then. */
  async #acted({ task, alertId: own }: FeedItem, alertId: string): Promise<boolean> {
    if (this.#waiting.has(own)) return false;
    if (this.#part.length) await this.#flush();
    return (await this.#parts.office!.act(task!, alertId)) === 'done';
  }

  /** @param upTo what is done with it, where all before is */
  async #flush(upTo?: Due): Promise<void> {
    const { sender, log, desk, onTaken, onSent } = this.#parts;
    const events = this.#part;
    const beginning = this.#beginning;
    this.#part = [];
    this.#beginning = [];
    if (events.length) {
      try {
        onTaken(await sender.send(events));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        log.error({ err: error, events: events.length }, `demonstration: ${error.message}`);
        if (error.status === 401 || error.status === 403) throw error;
      }
    }
    for (const { life: begun, at } of beginning) desk.observed(begun, at);
    if (upTo) await onSent(upTo);
  }
}
