import { isDeepStrictEqual } from 'node:util';
import type { WageEvent } from '../../contract/events.ts';
import type { Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import { programCalendars } from '../../server/calendar/shipped.ts';
import type { StoredEvent } from '../../server/alerts/state.ts';
import { toWgs84 } from '../../server/streams/intake/position.ts';
import { NaiveFrame } from '../../tools/verify/figures.ts';
import { differences } from '../../tools/verify/differences.ts';
import { oracleFold } from '../unit/alerts/foldOracle.ts';
import { momentOf } from './rules.ts';

/**
 * What has been accepted, and what must be shown of it: folded by the second reading of contract §2 and added up the
 * slow way, neither of which shares anything with the program.
 */
export class Ledger {
  /** Accepted events, repeats included. */
  accepted = 0;
  private readonly pack: RegionPack;
  private readonly events = new Map<string, { alertId: string; stored: StoredEvent }>();
  private readonly texts = new Map<string, string>();

  constructor(pack: RegionPack) {
    this.pack = pack;
  }

  get distinct(): number {
    return this.events.size;
  }

  /**
   * Whether these events can be sent without doubt about what counts: (source, id) with two different contents counts
   * whichever comes first, which nobody outside can know.
   */
  unambiguous(events: readonly WageEvent[]): boolean {
    const mine = new Map<string, string>();
    return events.every((event) => {
      const key = keyOf(event),
        text = JSON.stringify(event);
      const before = this.texts.get(key) ?? mine.get(key);
      mine.set(key, text);
      return before === undefined || before === text;
    });
  }

  /** @param events that have been sent and must be accepted */
  add(events: readonly WageEvent[]): void {
    for (const event of events) {
      const key = keyOf(event);
      this.accepted++;
      if (this.texts.has(key)) continue;
      this.texts.set(key, JSON.stringify(event));
      const data: object = {
        ...event.data,
        ...('location' in event.data && event.data.location ? { location: toWgs84(event.data.location) } : {}),
      };
      const stored = {
        type: event.type,
        time: momentOf(event.time)!,
        source: event.source,
        id: event.id,
        data,
      } as StoredEvent;
      this.events.set(key, { alertId: event.data.alertId, stored });
    }
  }

  /** Where a frame is not what the accepted events add up to, in all its figures but `latest`. */
  faults(frame: Frame): string[] {
    const { pack } = this;
    const now = Date.parse(frame.at);
    const naive = new NaiveFrame(pack, frame.scope, frame.window, now);
    const terms = Object.fromEntries(pack.tiers.map(({ tier, termHours }) => [tier, termHours * 3_600_000]));
    const clock = pack.terms && {
      terms: pack.terms,
      calendars: programCalendars(),
      dayEnds: pack.dayEnds ?? '24:00',
      units: Object.fromEntries((pack.units ?? []).map(({ code, name }) => [code, name['zh-CN']])),
    };
    const rules = { terms, ...(clock ? { clock } : {}), ...(pack.box ? { box: pack.box } : {}) };
    const byAlert = new Map<string, StoredEvent[]>();
    for (const { alertId, stored } of this.events.values()) {
      const list = byAlert.get(alertId);
      if (list) list.push(stored);
      else byAlert.set(alertId, [stored]);
    }
    for (const [alertId, events] of byAlert) {
      const state = oracleFold(alertId, events, rules);
      if (state && (frame.scope === pack.code || state.facts.town === frame.scope)) naive.take(state);
    }
    const expected = naive.figures();
    const shown = Object.fromEntries(Object.keys(expected).map((name) => [name, frame[name as keyof Frame]]));
    return isDeepStrictEqual(expected, shown) ? [] : differences(expected, shown);
  }
}

const keyOf = ({ source, id }: WageEvent) => JSON.stringify([source, id]);
