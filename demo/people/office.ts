import { hashText } from '../random.ts';
import { unitOf } from '../../common/units.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import type { Clock } from '../clock.ts';
import { Refused, type DemoLog } from '../sender.ts';
import { deedFor, type Deed, type Task } from './deed.ts';
import type { DemoPerson } from './staff.ts';

/** The other side of the demonstration: an outside platform that has taken alerts. */
export interface OtherSide {
  /** Which one it is. */
  platform: string;
  /** The event by which it has an alert, its dispatch or the audit that has sent it back; undefined where it has none. */
  holds(alertId: string): string | undefined;
  act(alertId: string, action: 'accepted' | 'handled', outcome?: string): Promise<void>;
}

export interface OfficeParts {
  pack: RegionPack;
  people: readonly DemoPerson[];
  /** A JSON answer of the server to somebody, or undefined if it has none for this path. */
  read: (path: string) => Promise<unknown>;
  /** Posts as somebody. @throws Refused */
  post: (who: DemoPerson, path: string, body: object) => Promise<unknown>;
  other?: OtherSide | undefined;
  clock: Clock;
  signal: AbortSignal;
  log: DemoLog;
}

/** Deeds for one step at most: what comes before it, and itself. */
const MOST_DEEDS = 6;
/** An alert that has changed meanwhile is looked at again so often. */
const MOST_TRIES = 3;
/** So long a platform may take to get a dispatch, and what it has reported to be counted. */
const PLATFORM_MS = 30_000;
const POLL_MS = 200;
const POLLS = 25;

/**
 * The people of the demonstration at work: each step of an alert's life is done by whoever must do it, as anybody would do it, by the
 * public interface. What the other side has taken it does itself.
 */
export class Office {
  readonly #parts: OfficeParts;

  constructor(parts: OfficeParts) {
    this.#parts = parts;
  }

  /** Does a step. `later`: the alert is not there yet, or on its way to the platform; asked again, it goes on where it was. */
  async act(task: Task, alertId: string): Promise<'done' | 'later'> {
    const { pack, log, clock } = this.#parts;
    let tries = 0;
    for (let n = 0; n < MOST_DEEDS;) {
      const alert = await this.#look(alertId);
      if (!alert) return 'later';
      const deed = deedFor(task, alert, pack, clock.now());
      if (!deed) return 'done';
      const way = this.#wayOf(deed, alert);
      if (way === 'later') return 'later';
      try {
        if (way === 'platform') {
          if (!(await this.#byPlatform(deed, alert, task))) return 'later';
        } else await this.#byPerson(deed, alert);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        // Somebody else was quicker.
        if (error.status === 409 && ++tries < MOST_TRIES) continue;
        log.warn({ alertId, action: deed.given.action, problem: error.message }, 'demonstration: a step was refused');
        return 'done';
      }
      if (!deed.before) return 'done';
      n++;
    }
    return 'done';
  }

  async #look(alertId: string): Promise<AlertDetail | undefined> {
    const path = `/api/v1/alerts/${encodeURIComponent(alertId)}?scope=${this.#parts.pack.code}`;
    return (await this.#parts.read(path)) as AlertDetail | undefined;
  }

  /** Accepting and handling are the platform's where it has the alert; on its way there it waits for a while. */
  #wayOf({ given: { action } }: Deed, alert: AlertDetail): 'people' | 'platform' | 'later' {
    const { other, clock } = this.#parts;
    if (!other || alert.platform !== other.platform || (action !== 'accept' && action !== 'handle')) return 'people';
    const dispatch = alert.events.findLast(
      ({ type, data }) =>
        type === 'wage.alert.dispatched' ||
        (type === 'wage.alert.audited' && (data as { verdict?: string }).verdict === 'returned'),
    );
    if (dispatch && other.holds(alert.alertId) === dispatch.id) return 'platform';
    const { delivery } = alert;
    const onItsWay = delivery?.state === 'waiting' && delivery.tries === 0 && delivery.event === dispatch?.id;
    const justSent = dispatch !== undefined && clock.now() - Date.parse(dispatch.time) < PLATFORM_MS;
    return onItsWay && justSent ? 'later' : 'people';
  }

  /** @returns whether the platform has reported it */
  async #byPlatform({ given }: Deed, alert: AlertDetail, { outcome }: Task): Promise<boolean> {
    const { other, clock, signal, log } = this.#parts;
    try {
      await other!.act(alert.alertId, given.action === 'accept' ? 'accepted' : 'handled', outcome);
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ alertId: alert.alertId, problem: (error as Error).message }, 'demonstration: a report did not arrive');
      return false;
    }
    // It is counted in a moment: the next step begins from there.
    for (let n = 0; n < POLLS; n++) {
      await clock.sleep(POLL_MS, signal);
      if ((await this.#look(alert.alertId))?.eventsTotal !== alert.eventsTotal) break;
    }
    return true;
  }

  async #byPerson(deed: Deed, alert: AlertDetail): Promise<void> {
    const { pack, post } = this.#parts;
    const { alertId, stage, eventsTotal } = alert;
    const path = `/api/v1/alerts/${encodeURIComponent(alertId)}/actions?scope=${pack.code}`;
    const { action, fields } = deed.given;
    await post(this.#whoFor(deed, alert), path, { action, expect: { stage, events: eventsTotal }, ...fields });
  }

  /** The handler of the unit that has it; an officer where there is none. Who handled it does not audit it. */
  #whoFor({ who, given }: Deed, alert: AlertDetail): DemoPerson {
    const { people, pack } = this.#parts;
    const unit = unitOf(pack, alert.unit)?.code;
    const able = people.filter(({ role, unit: own }) => role === who && (role !== 'handler' || own === unit));
    const officers = people.filter(({ role }) => role === 'officer');
    const choice = able.length ? able : officers;
    const handled = alert.events.findLast(({ type }) => type === 'wage.alert.handled')?.actor;
    const fit = given.action === 'audit' ? choice.filter(({ id }) => id !== handled) : choice;
    return fit[hashText(alert.alertId) % fit.length]!;
  }
}
