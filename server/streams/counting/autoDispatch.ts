import { DESK_SOURCE, ENGINE_SOURCE, OWN_SOURCE } from '../../../contract/alertLimits.ts';
import { TIERS } from '../../../contract/codes.ts';
import { MAX_STRING } from '../../../contract/fields.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { unitFor } from '../../../common/units.ts';
import { digestOf } from '../../alerts/eventDigest.ts';
import { effectsOf } from '../../alerts/effects.ts';
import { applyEvent, compareEvents, hasEffect, startState, type RaisedEvent } from '../../alerts/fold.ts';
import type { AlertState, StoredEvent } from '../../alerts/state.ts';

/** What the program dispatches by itself it writes under this source. */
const DISPATCH_SOURCE = `${OWN_SOURCE}dispatch`;
/** Whose alerts are dispatched without a mark on the event: those of the rules, and those that somebody raises at the desk. */
const DISPATCHED_SOURCES: ReadonlySet<string> = new Set([ENGINE_SOURCE, DESK_SOURCE]);

/** What is older when it is counted is left to people: an import of last year dispatches nothing. */
const YOUNG_MS = 10 * 60_000;

type Dispatched = Extract<StoredEvent, { type: 'wage.alert.dispatched' }>;
type TierAmended = Extract<StoredEvent, { type: 'wage.alert.amended' }>;

export interface AutoDispatchParts {
  pack: Pick<RegionPack, 'units' | 'dispatch'>;
  /** Whether the way in has marked an event: its alert is to be dispatched. */
  marked: (event: StoredEvent) => boolean;
  /** Epoch ms. */
  now: number;
}

/**
 * What the program dispatches of an alert in the commit that counts `added` (docs/casework.md §3, Dispatch by itself): the alert
 * once its `raised` is counted, and again where it is escalated to the tier of another platform.
 *
 * Each is put where it belongs in the order of contract §2, and judged by the events before that place. So it is the same
 * whichever of them came first.
 * @param known counted before
 */
export function autoDispatches(
  alertId: string,
  known: readonly StoredEvent[],
  added: readonly StoredEvent[],
  parts: AutoDispatchParts,
): StoredEvent[] {
  // History is most of what comes at once, and costs nothing here.
  const isNews = (event: StoredEvent) => known.length > 0 || parts.now - event.time < YOUNG_MS;
  if (!parts.pack.dispatch || !added.some((event) => mayDispatch(event) && isNews(event))) return [];
  const life = new Life(alertId, [...known, ...added], parts);
  if (!life.first) return [];
  // What came while nobody knew of the alert counts from now on, too.
  const counted = known.some(isRaised) ? added : life.events.slice();
  if (counted !== added) life.dispatch(life.first);
  for (const event of [...counted].sort(compareEvents)) if (isTierAmended(event)) life.transfer(life.first, event);
  return life.made;
}

/** The events of an alert in order, those made here among them. */
class Life {
  readonly first: RaisedEvent | undefined;
  readonly made: StoredEvent[] = [];
  private readonly alertId: string;
  readonly events: StoredEvent[];
  private readonly parts: AutoDispatchParts;

  constructor(alertId: string, events: StoredEvent[], parts: AutoDispatchParts) {
    this.alertId = alertId;
    this.events = events.sort(compareEvents);
    this.first = events.find(isRaised);
    this.parts = parts;
  }

  dispatch(first: RaisedEvent): void {
    if (!this.dispatches(first) || !this.isYoung(first)) return;
    if (this.isSentAfter(first)) return;
    const id = `${this.alertId}/auto`;
    this.put(id, first.time, this.before(first, dispatched(id, first.time)));
  }

  transfer(first: RaisedEvent, amended: TierAmended): void {
    if (!this.isYoung(amended)) return;
    if (!this.dispatches(first) && !this.parts.marked(amended) && !this.events.some(isOwn)) return;
    const id = this.transferId(amended);
    if (id === undefined) return;
    const place = dispatched(id, amended.time);
    if (this.isSentAfter(place)) return;
    const past = this.before(first, amended);
    if (!hasEffect(past, amended) || !isGraver(amended.data.tier, past.facts.tier)) return;
    const state = this.before(first, place);
    const { stage, platform, facts } = state;
    if (stage !== 'dispatched' && stage !== 'accepted') return;
    if (this.parts.pack.dispatch?.[facts.tier]?.platform !== platform) this.put(id, amended.time, state);
  }

  /** The id of the transfer that an amendment makes; undefined where it has made it. Sources may use each other's ids. */
  private transferId({ source, id, time }: TierAmended): string | undefined {
    const digest = `${this.alertId}/auto/${digestOf(source, id)}`;
    const plain = `${this.alertId}/auto/${id}`;
    const own = this.events.filter(isOwn);
    if (own.some((event) => event.id === digest || (event.id === plain && event.time === time))) return undefined;
    return plain.length > MAX_STRING || own.some((event) => event.id === plain) ? digest : plain;
  }

  /** Whether somebody has dispatched it after a place, be it the platform that it stands dispatched to. */
  private isSentAfter(place: StoredEvent): boolean {
    const effects = effectsOf(this.events);
    return this.events.some(
      (event, i) => effects[i] && event.type === 'wage.alert.dispatched' && compareEvents(event, place) > 0,
    );
  }

  private dispatches(first: RaisedEvent): boolean {
    return DISPATCHED_SOURCES.has(first.source) || this.parts.marked(first);
  }

  private isYoung({ time }: StoredEvent): boolean {
    return this.parts.now - time < YOUNG_MS;
  }

  /** What the events before a place add up to. */
  private before(first: RaisedEvent, place: StoredEvent): AlertState {
    const state = startState(this.alertId, first);
    for (const event of this.events) {
      if (compareEvents(event, place) >= 0) break;
      applyEvent(state, event);
    }
    return state;
  }

  /** Where the pack sends an alert that stands so, unless it leaves that to people. */
  private put(id: string, time: number, { facts: { tier, town } }: AlertState): void {
    const { pack } = this.parts;
    const rule = pack.dispatch?.[tier];
    const unit = unitFor(pack, tier, town);
    if (!rule || !unit || rule.auto === false) return;
    const event = dispatched(id, time, { platform: rule.platform, unit: unit.name['zh-CN'] });
    this.events.push(event);
    this.events.sort(compareEvents);
    this.made.push(event);
  }
}

/** Without `data` it is a place in the order of events. */
function dispatched(id: string, time: number, data: Dispatched['data'] = { platform: 'other', unit: '' }): Dispatched {
  return { type: 'wage.alert.dispatched', time, source: DISPATCH_SOURCE, id, data };
}

const isRaised = (event: StoredEvent): event is RaisedEvent => event.type === 'wage.alert.raised';
const isTierAmended = (event: StoredEvent): event is TierAmended =>
  event.type === 'wage.alert.amended' && event.data.tier !== undefined;
const mayDispatch = (event: StoredEvent) => isRaised(event) || isTierAmended(event);
const isOwn = ({ source }: StoredEvent) => source === DISPATCH_SOURCE;

function isGraver(tier: TierAmended['data']['tier'], than: AlertState['facts']['tier']): boolean {
  return tier !== undefined && TIERS.indexOf(tier) < TIERS.indexOf(than);
}
