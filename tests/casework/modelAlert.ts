import type { Tier } from '../../contract/codes.ts';
import type { Attachment } from '../../contract/events.ts';
import { programCalendars } from '../../server/calendar/shipped.ts';
import type { AlertState, StoredEvent } from '../../server/alerts/state.ts';
import { oracleEvents, oracleFold, type OracleRules } from '../unit/alerts/foldOracle.ts';
import type { Standing } from './law.ts';
import { PACK, unitMeant } from './people.ts';

/** An alert of the model: the events that may be there, and what they add up to by contract §2 and casework.md §3. */

const RULES: OracleRules = {
  terms: {},
  clock: {
    terms: PACK.terms as Record<string, Record<string, string>>,
    calendars: programCalendars(),
    dayEnds: PACK.dayEnds ?? '24:00',
    units: Object.fromEntries(PACK.units!.map(({ code, name }) => [code, name['zh-CN']])),
  },
};
const YOUNG_MS = 10 * 60_000;
const GRAVEST: readonly Tier[] = ['red', 'orange', 'yellow', 'blue'];
export const DISPATCH = 'urn:wagewatch:dispatch';
export const CLOCK = 'urn:wagewatch:clock';

export const keyOf = ({ source, id }: { source: string; id: string }) => JSON.stringify([source, id]);

export class ModelAlert {
  readonly id: string;
  /** Whether the program dispatches it by itself. */
  readonly auto: boolean;
  /** In the order in which they came. */
  readonly events: StoredEvent[];
  /** What was uploaded and may be named, by digest. */
  readonly files = new Map<string, Attachment>();
  /** Which of them an event names: they stay. */
  readonly named = new Set<string>();

  constructor(id: string, auto: boolean, raised: StoredEvent) {
    this.id = id;
    this.auto = auto;
    this.events = [raised];
  }

  get state(): AlertState {
    return oracleFold(this.id, this.events, RULES)!;
  }

  /** Keys of the events that have an effect. */
  get effective(): Set<string> {
    return new Set(oracleEvents(this.events).map(keyOf));
  }

  get standing(): Standing {
    const effective = oracleEvents(this.events);
    const life = effective.filter(({ type }) => type.startsWith('wage.alert.') && type !== 'wage.alert.amended');
    const isOther = ({ type }: StoredEvent) => type !== 'wage.alert.dispatched' && type !== 'wage.alert.accepted';
    const other = life.findLastIndex(isOther);
    const sent = ({ type }: StoredEvent) => type === 'wage.alert.dispatched';
    const round = life.slice(other + 1).filter(sent);
    // An audit has sent it back to whoever had it.
    const event = life[other];
    const returned = event?.type === 'wage.alert.audited' && event.data.verdict === 'returned';
    const before = returned ? life.slice(0, other).filter(sent).slice(-1) : [];
    return {
      state: this.state,
      handledBy: effective.findLast(({ type }) => type === 'wage.alert.handled')?.by?.actor,
      extensions: effective.filter(({ type }) => type === 'wage.case.extended').length,
      hadBefore: [...before, ...round].slice(0, -1).map(({ data }) => data as { platform: string; unit: string }),
      files: new Map(this.files),
    };
  }

  /** Time has gone by: what was not named may have been removed. */
  forgetFiles(): void {
    for (const digest of this.files.keys()) if (!this.named.has(digest)) this.files.delete(digest);
  }

  add(event: StoredEvent): void {
    this.events.push(event);
  }

  /**
   * What the program dispatches once `added` is counted (casework.md §3, Dispatch by itself): its id, and where to.
   * @param now epoch ms
   */
  dispatchedAfter(
    added: StoredEvent,
    now: number,
  ): { id: string; time: number; platform: string; unit: string } | undefined {
    if (!this.auto || now - added.time >= YOUNG_MS) return undefined;
    if (added.type !== 'wage.alert.raised' && (added.type !== 'wage.alert.amended' || !added.data.tier))
      return undefined;
    const isRaised = added.type === 'wage.alert.raised';
    const id = isRaised ? `${this.id}/auto` : `${this.id}/auto/${added.id}`;
    const place = { type: 'wage.alert.dispatched', time: added.time, source: DISPATCH, id, data: {} } as StoredEvent;
    // Where the place lies among the events, whoever sent them.
    const order = oracleEvents([...this.events, place].map((event) => ({ ...event, by: {} })));
    const at = order.findIndex((event) => keyOf(event) === keyOf(place));
    const lies = (event: StoredEvent) => order.findIndex((one) => keyOf(one) === keyOf(event));
    const sentSince = oracleEvents(this.events).some(
      (event) => event.type === 'wage.alert.dispatched' && lies(event) > at,
    );
    if (sentSince) return undefined;
    const foldOf = (events: StoredEvent[]) => oracleFold(this.id, events, RULES);
    const before = foldOf(this.events.filter((event) => lies(event) < at));
    // What lies before its raised has no stage that it could be transferred from.
    if (!before) return undefined;
    const { stage, platform, facts } = before;
    const rule = PACK.dispatch![facts.tier]!;
    if (!isRaised) {
      const earlier = foldOf(this.events.filter((event) => lies(event) < lies(added)))!.facts.tier;
      if (GRAVEST.indexOf(added.data.tier!) >= GRAVEST.indexOf(earlier)) return undefined;
      if (stage !== 'dispatched' && stage !== 'accepted') return undefined;
      if (rule.platform === platform) return undefined;
    }
    const there = PACK.units!.filter((unit) => unit.platform === rule.platform && unit.kind === rule.unit);
    const unit = there.find(({ towns }) => towns?.includes(facts.town)) ?? there.find(({ towns }) => !towns);
    return unit && { id, time: added.time, platform: rule.platform, unit: unit.code };
  }

  /** Whether the clock may have urged so: it was past the term of the stage that the id names, as things stood at some time. */
  isDueUrge({ id, time, data }: StoredEvent): boolean {
    if ((data as { rung?: string }).rung !== 'past') return false;
    for (let known = this.events.length; known > 0; known--) {
      const state = oracleFold(this.id, this.events.slice(0, known), RULES);
      if (state && id === `${this.id}/${state.stageEvent}/past` && state.stage !== 'closed' && time > state.dueAt)
        return true;
    }
    return false;
  }
}

/** Whether a dispatch is where the model would have it. */
export const isSentTo = (event: StoredEvent, { platform, unit }: { platform: string; unit: string }) =>
  event.type === 'wage.alert.dispatched' && event.data.platform === platform && unitMeant(event.data.unit) === unit;
