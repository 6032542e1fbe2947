import { TERM_STAGES, unitOfPlatform, type AlertEventType, type Tier } from '../../contract/codes.ts';
import { HOUR_MS, parseRfc3339 } from '../../common/regionTime.ts';
import { EXTRA_FACTS, type Covers, type ExtraFact, type OwnFact } from './fields.ts';
import { boundedTerm, NO_TERM } from '../../common/termBounds.ts';
import type { CalendarYear } from '../../contract/calendar.ts';
import type { RegionPack } from '../../contract/region.ts';
import { inBox, type Box } from '../../common/box.ts';
import { normalEnterprise, normalName } from '../../common/identity.ts';
import { stageClockOf, stageTermEnd, type StageClock } from './stageClock.ts';
import type { AlertFacts, AlertState, EventMaker, StoredEvent } from './state.ts';
import { withSupervision } from './supervisedTimes.ts';
import { termStart } from './turn.ts';

/** Default terms of a region, ms by tier (from its pack). */
export type Terms = Partial<Record<Tier, number>>;

/** What the state of an alert depends on besides its events. Plain data: threads are sent it. */
export interface FoldRules {
  /** Where the pack gives no terms by stage. */
  terms: Terms;
  /** Where it does: the one clock (docs/casework.md §3). */
  clock?: StageClock | undefined;
  /** Positions outside are marked; without a box none is. */
  box?: Box | undefined;
}

/** The rules of a region pack. @param calendars of the years that are known */
export function foldRulesOf(
  pack: Pick<RegionPack, 'tiers' | 'box' | 'terms' | 'dayEnds' | 'units'>,
  calendars: readonly CalendarYear[],
): FoldRules {
  const { tiers, box } = pack;
  return {
    terms: Object.fromEntries(tiers.map(({ tier, termHours }) => [tier, Math.round(termHours * HOUR_MS)])),
    clock: stageClockOf(pack, calendars),
    box,
  };
}

/** Contract §2: rank of an event among those of the same time. */
const RANK: Record<AlertEventType, number> = {
  'wage.alert.raised': 0,
  'wage.alert.amended': 0,
  'wage.wages.recovered': 0,
  'wage.alert.dispatched': 1,
  'wage.alert.accepted': 2,
  'wage.alert.handled': 3,
  'wage.alert.audited': 4,
  'wage.alert.closed': 5,
  'wage.case.noted': 6,
  'wage.case.assigned': 6,
  'wage.case.extended': 6,
  'wage.case.urged': 6,
  'wage.case.supervised': 6,
  'wage.case.answered': 6,
};

/** The order of contract §2: `(time, rank, source, id)`, strings by code unit. */
export function compareEvents(a: StoredEvent, b: StoredEvent): number {
  if (a.time !== b.time) return a.time - b.time;
  const rank = RANK[a.type] - RANK[b.type];
  if (rank !== 0) return rank;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/**
 * The state of an alert from its distinct events, in any order (contract §2), by the rules of its region. `undefined` while no
 * `raised` is among them: the alert is pending and contributes nothing.
 *
 * Must not mutate the events; `events` itself is sorted in place, which changes nothing that counts.
 */
export function foldAlert(alertId: string, events: StoredEvent[], rules: FoldRules): AlertState | undefined {
  if (events.length > 1) events.sort(compareEvents);
  const first = events.find((event) => event.type === 'wage.alert.raised');
  if (!first) return undefined;
  const state = startState(alertId, first);
  for (const event of events) applyEvent(state, event);
  return finishState(state, events[events.length - 1]!.time, rules);
}

/** A `raised`: with it an alert begins to count. */
export type RaisedEvent = Extract<StoredEvent, { type: 'wage.alert.raised' }>;

/** A state that some events have not been applied to; its `dueAt` is not reckoned yet. */
export type UnfinishedState = AlertState;

/** The state before any event is applied; all are to be applied in order, the first `raised` among them. */
export function startState(alertId: string, first: RaisedEvent): UnfinishedState {
  const { data } = first;
  const facts: AlertFacts = {
    tier: data.tier,
    town: data.town,
    industry: data.industry,
    channel: data.channel,
    enterprise: normalEnterprise(data.enterprise),
    workers: data.workers,
    amountFen: data.amountFen,
  };
  if (data.project) facts.project = data.project;
  if (data.location) facts.location = data.location;
  setExtra(facts, data);

  return {
    alertId,
    facts,
    raisedAt: first.time,
    stage: 'raised',
    stageAt: first.time,
    stageEvent: first.id,
    stageSource: first.source,
    termFrom: first.time,
    recoveries: [],
    dueAt: NO_TERM,
    namedDueAt: NaN,
    changedAt: first.time,
    // The first is none.
    conflicts: -1,
  };
}

/** Applies the next event in order. */
export function applyEvent(state: UnfinishedState, event: StoredEvent): void {
  if (!hasEffect(state, event)) return;
  switch (event.type) {
    case 'wage.alert.raised':
      // Lifecycle events order by time, so a raised that comes after later stages puts the stage back to the start.
      enter(state, 'raised', event);
      delete state.turn;
      state.conflicts++;
      break;
    case 'wage.alert.amended':
      amend(state.facts, event.data);
      break;
    case 'wage.alert.dispatched':
      enter(state, 'dispatched', event);
      state.platform = event.data.platform;
      state.unit = event.data.unit;
      delete state.person;
      beginTurn(state, NaN);
      nameTerm(state, event.data.dueAt);
      break;
    case 'wage.alert.accepted':
      enter(state, 'accepted', event);
      // What had no turn was never sent to anybody, or is done again after it was handled.
      if (!state.turn) beginTurn(state, event.time);
      else if (Number.isNaN(state.turn.handlingAt)) state.turn = { ...state.turn, handlingAt: event.time };
      setPerson(state, event.data.person);
      break;
    case 'wage.alert.handled':
      enter(state, 'handled', event);
      delete state.turn;
      break;
    case 'wage.alert.audited':
      if (event.data.verdict === 'returned') {
        enter(state, 'dispatched', event);
        state.returned = true;
        delete state.turn;
        beginTurn(state, event.time);
        beginAnew(state);
      } else {
        enter(state, 'audited', event);
        delete state.turn;
        state.verdict = event.data.verdict;
        state.verdictAt = event.time;
      }
      break;
    case 'wage.alert.closed':
      enter(state, 'closed', event);
      delete state.turn;
      state.closedAt = event.time;
      // What brings it back begins the handling anew.
      beginAnew(state);
      break;
    case 'wage.wages.recovered':
      state.recoveries.push({ at: event.time, amountFen: event.data.amountFen, workers: event.data.workers });
      break;
    case 'wage.case.assigned':
      setPerson(state, event.data.person);
      break;
    case 'wage.case.extended':
      nameTerm(state, event.data.dueAt);
      break;
    case 'wage.case.supervised':
      state.supervised = true;
      state.supervisions = withSupervision(state.supervisions, event.time);
      break;
    case 'wage.case.answered':
      delete state.supervised;
      break;
    case 'wage.case.noted':
    case 'wage.case.urged':
      break;
  }
}

/** Where an alert stands dispatched. */
export type Stands = Pick<AlertState, 'platform' | 'unit'>;

/**
 * Contract §2: what an outside platform sends has an effect only where the alert stands dispatched to it. What it raises itself is
 * no answer to a dispatch.
 */
export function hasEffect(stands: Stands, { type, by }: StoredEvent): boolean {
  return by?.platform === undefined || type === 'wage.alert.raised' || standsWith(stands, by);
}

function standsWith({ platform, unit = '' }: Stands, by: EventMaker): boolean {
  if (by.platform === platform) return true;
  const code = unitOfPlatform(by.platform!);
  if (code === undefined || platform !== 'other') return false;
  const name = normalName(unit);
  return name === code || (by.platformname !== undefined && name === normalName(by.platformname));
}

function enter(state: UnfinishedState, stage: AlertState['stage'], { time, source, id }: StoredEvent): void {
  state.stage = stage;
  state.stageAt = time;
  state.stageEvent = id;
  state.stageSource = source;
  if (state.returned) delete state.returned;
}

/** Whoever the alert is with now has it from now on. @param handlingAt since when they work on it, NaN before */
function beginTurn(state: UnfinishedState, handlingAt: number): void {
  const { platform, unit, turn, stageAt } = state;
  state.turn = {
    sentAt: stageAt,
    handlingAt,
    ...(platform === undefined ? {} : { platform }),
    ...(unit === undefined ? {} : { unit, name: normalName(unit) }),
    ...(turn === undefined ? {} : { before: turn }),
  };
}

/** A term named so far is that of a handling that is over. */
function beginAnew(state: UnfinishedState): void {
  if (!Number.isNaN(state.namedDueAt)) state.namedBefore = true;
}

function setPerson(state: UnfinishedState, person: string | undefined): void {
  if (person === undefined) delete state.person;
  else state.person = person;
}

function nameTerm(state: UnfinishedState, dueAt: string | undefined): void {
  const at = dueAt === undefined ? undefined : namedTerm(dueAt);
  if (at === undefined) return;
  state.namedDueAt = at;
  if (state.namedBefore) delete state.namedBefore;
}

/** The state once all events are applied. @param changedAt time of the last of them */
export function finishState(state: UnfinishedState, changedAt: number, rules: FoldRules): AlertState {
  state.changedAt = changedAt;
  if (state.stage !== 'closed') delete state.closedAt;
  else if (state.supervised) delete state.supervised;
  state.termFrom = state.stageAt;
  state.dueAt = termEndOf(state, rules);
  // Nothing is applied to it any more.
  if (state.turn) delete state.turn;
  const { location } = state.facts;
  if (rules.box && location && !inBox(rules.box, location)) state.positionOutside = true;
  return state;
}

/** When the term that runs ends, epoch ms; `NO_TERM` where none does. */
export function termEndOf(state: UnfinishedState, { clock, terms }: FoldRules): number {
  if (!clock) return termWithoutClock(state, terms);
  const { turn, stageAt } = state;
  const { from, takenUp } = turn ? termStart(turn, state, clock) : { from: stageAt, takenUp: false };
  state.termFrom = from;
  if (takenUp && !state.returned) state.takenUp = true;
  else if (state.takenUp) delete state.takenUp;
  return stageTermEnd(clock, state);
}

/** Contract §2: a term runs until the alert is handled. */
function termWithoutClock({ stage, raisedAt, namedDueAt, facts }: AlertState, terms: Terms): number {
  if (!(TERM_STAGES as readonly string[]).includes(stage)) return NO_TERM;
  return Number.isNaN(namedDueAt) ? raisedAt + (terms[facts.tier] ?? 0) : namedDueAt;
}

/** A term as an event names it, epoch ms. */
function namedTerm(text: string): number | undefined {
  const at = parseRfc3339(text);
  return at === undefined ? undefined : boundedTerm(at);
}

type Amendment = Extract<StoredEvent, { type: 'wage.alert.amended' }>['data'];

/** The facts that the fold names by hand: all that are `own`. */
export type FoldedFacts = Covers<
  OwnFact,
  'tier' | 'town' | 'industry' | 'channel' | 'enterprise' | 'project' | 'workers' | 'amountFen' | 'location'
>;

/** Sets the other facts that an event carries. */
function setExtra(facts: Partial<Pick<AlertFacts, ExtraFact>>, data: Partial<Pick<AlertFacts, ExtraFact>>): void {
  for (const name of EXTRA_FACTS) setFact(facts, data, name);
}
function setFact<F extends ExtraFact>(
  facts: Partial<Pick<AlertFacts, F>>,
  data: Partial<Pick<AlertFacts, F>>,
  name: F,
): void {
  const value = data[name];
  if (value !== undefined) facts[name] = value;
}

/** Sets the fields that the amendment carries. Written out: a loop over keys would cost the fold a third of its speed. */
function amend(facts: AlertFacts, data: Amendment): void {
  if (data.tier !== undefined) facts.tier = data.tier;
  if (data.town !== undefined) facts.town = data.town;
  if (data.industry !== undefined) facts.industry = data.industry;
  if (data.channel !== undefined) facts.channel = data.channel;
  if (data.enterprise !== undefined) facts.enterprise = normalEnterprise(data.enterprise);
  if (data.project !== undefined) facts.project = data.project;
  if (data.workers !== undefined) facts.workers = data.workers;
  if (data.amountFen !== undefined) facts.amountFen = data.amountFen;
  if (data.location !== undefined) facts.location = data.location;
  setExtra(facts, data);
}
