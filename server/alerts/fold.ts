import type { AlertEventType, Tier } from '../../contract/codes.ts';
import { HOUR_MS, parseRfc3339 } from '../../common/regionTime.ts';
import { EXTRA_FACTS, type Covers, type ExtraFact, type OwnFact } from './fields.ts';
import { boundedTerm } from '../../common/termBounds.ts';
import type { RegionPack } from '../../contract/region.ts';
import { inBox, type Box } from '../../common/box.ts';
import { normalEnterprise } from '../../common/identity.ts';
import type { AlertFacts, AlertState, StoredEvent } from './state.ts';

/** Default terms of a region, ms by tier (from its pack). */
export type Terms = Partial<Record<Tier, number>>;

/** What the state of an alert depends on besides its events. */
export interface FoldRules {
  terms: Terms;
  /** Positions outside are marked; without a box none is. */
  box?: Box | undefined;
}

/** The rules of a region pack. */
export function foldRulesOf({ tiers, box }: Pick<RegionPack, 'tiers' | 'box'>): FoldRules {
  return {
    terms: Object.fromEntries(tiers.map(({ tier, termHours }) => [tier, Math.round(termHours * HOUR_MS)])),
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

/** A state that some events have not been applied to: no term named yet is NaN. */
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
    recoveries: [],
    dueAt: NaN,
    changedAt: first.time,
    // The first is none.
    conflicts: -1,
  };
}

/** Applies the next event in order. */
export function applyEvent(state: UnfinishedState, event: StoredEvent): void {
  switch (event.type) {
    case 'wage.alert.raised':
      // Lifecycle events order by time, so a raised that comes after later stages puts the stage back to the start.
      state.stage = 'raised';
      state.conflicts++;
      break;
    case 'wage.alert.amended':
      amend(state.facts, event.data);
      break;
    case 'wage.alert.dispatched':
      state.stage = 'dispatched';
      state.platform = event.data.platform;
      state.unit = event.data.unit;
      if (event.data.dueAt !== undefined) state.dueAt = namedTerm(event.data.dueAt) ?? state.dueAt;
      break;
    case 'wage.alert.accepted':
      state.stage = 'accepted';
      break;
    case 'wage.alert.handled':
      state.stage = 'handled';
      break;
    case 'wage.alert.audited':
      if (event.data.verdict === 'returned') {
        state.stage = 'dispatched';
      } else {
        state.stage = 'audited';
        state.verdict = event.data.verdict;
        state.verdictAt = event.time;
      }
      break;
    case 'wage.alert.closed':
      state.stage = 'closed';
      state.closedAt = event.time;
      break;
    case 'wage.wages.recovered':
      state.recoveries.push({ at: event.time, amountFen: event.data.amountFen, workers: event.data.workers });
      break;
  }
}

/** The state once all events are applied. @param changedAt time of the last of them */
export function finishState(state: UnfinishedState, changedAt: number, { terms, box }: FoldRules): AlertState {
  state.changedAt = changedAt;
  if (state.stage !== 'closed') delete state.closedAt;
  if (Number.isNaN(state.dueAt)) state.dueAt = state.raisedAt + (terms[state.facts.tier] ?? 0);
  if (box && state.facts.location && !inBox(box, state.facts.location)) state.positionOutside = true;
  return state;
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
