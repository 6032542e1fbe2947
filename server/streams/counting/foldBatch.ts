import { decodeDocument, encodeDocument, extendDocument, partsOfDocument } from '../../alerts/document.ts';
import { foldAlert, type FoldRules } from '../../alerts/fold.ts';
import { toRow, type FeedRow } from '../../alerts/row.ts';
import type { AlertState, StoredEvent } from '../../alerts/state.ts';
import { contributesAlike, IncrementSum } from '../../aggregations/contributions.ts';
import type { Increments } from '../../aggregations/increments.ts';
import type { FullMark } from '../fullAlerts.ts';
import type { Accepted } from '../intake/chunk.ts';
import { LONG_EVENTS, LongAlert } from './longAlert.ts';
import { digestOf } from '../../alerts/eventDigest.ts';

/** What the worker knows of an alert. */
export type Known = ShortAlert | LongAlert;

/** An alert's document in the worker's memory: its text, its distinct events in order, and what they add up to. */
export interface ShortAlert {
  document: string;
  events: StoredEvent[];
  state: AlertState | undefined;
}

/** A distinct event of a batch with the digest of its `(source, id)`. */
export interface Candidate {
  alertId: string;
  event: StoredEvent;
  digest: string;
  /** The way in has marked it: its alert is to be dispatched. */
  dispatch?: true;
}

/** The distinct events of a batch, their digests in the same order, and the alerts they are about. */
export interface Candidates {
  /** How many events the batch has, duplicates included. */
  accepted: number;
  list: Candidate[];
  digests: ReadonlySet<string>;
  alerts: ReadonlySet<string>;
  /** Those of them that are to be folded again. */
  refold: ReadonlySet<string>;
  /** Digest of the rules by which all alerts have been folded with this batch; undefined where nothing is said of it. */
  rules: string | undefined;
}

/** An alert whose terms are to be reckoned anew. */
export interface Refold {
  refold: string;
}
/** All alerts have been folded by the rules of this digest (refoldSweep.ts). */
export interface AllFolded {
  rules: string;
}
/** What counting takes: events, and alerts to be folded again. */
export type CountingInput = Accepted | Refold | AllFolded;

/** Of two events of a batch with the same `(source, id)` the first stays. */
export function distinct(batch: readonly CountingInput[]): Candidates {
  const digests = new Set<string>();
  const alerts = new Set<string>();
  const list: Candidate[] = [];
  const refold = new Set<string>();
  let accepted = 0;
  let rules: string | undefined;
  for (const input of batch) {
    if ('rules' in input) {
      rules = input.rules;
      continue;
    }
    if ('refold' in input) {
      refold.add(input.refold);
      alerts.add(input.refold);
      continue;
    }
    accepted++;
    const { alertId, event, dispatch } = input;
    const digest = digestOf(event.source, event.id);
    if (digests.has(digest)) continue;
    digests.add(digest);
    alerts.add(alertId);
    list.push(dispatch ? { alertId, event, digest, dispatch } : { alertId, event, digest });
  }
  return { accepted, list, digests, alerts, refold, rules };
}

/** By alert, in order. */
export function groupByAlert(candidates: readonly Candidate[]): Map<string, StoredEvent[]> {
  const groups = new Map<string, StoredEvent[]>();
  for (const { alertId, event } of candidates) {
    const events = groups.get(alertId);
    if (events) events.push(event);
    else groups.set(alertId, [event]);
  }
  return groups;
}

export interface Folded {
  documents: (readonly [alertId: string, document: string])[];
  /** Parts of long documents, by field. */
  parts: (readonly [field: string, part: string])[];
  rows: FeedRow[];
  increments: Increments;
  known: Map<string, Known>;
  /** Alerts that take no more events. */
  full: FullMark[];
  /** Events that the program has added (autoDispatch.ts). */
  made: StoredEvent[];
}

/** What the program adds to an alert by itself, given what was known of it and what is new. */
export type MakeEvents = (
  alertId: string,
  known: readonly StoredEvent[],
  added: readonly StoredEvent[],
) => readonly StoredEvent[];

/**
 * Folds new events (distinct, not counted before) into their alerts: the documents after, the rows that changed and
 * the increments between before and after. `before` says what is known of an alert so far; long alerts in it are changed.
 * @param refold alerts whose terms are to be reckoned anew, as `rules` are others: they add nothing and their documents stay
 * @param make what is counted with the new events of an alert, as if it had come with them
 */
export function foldBatch(
  fresh: ReadonlyMap<string, StoredEvent[]>,
  before: ReadonlyMap<string, Known>,
  rules: FoldRules,
  refold: Iterable<string> = [],
  make?: MakeEvents,
): Folded {
  const sum = new IncrementSum();
  const folded: Folded = {
    documents: [],
    parts: [],
    rows: [],
    increments: { cells: [], heat: [], paid: [] },
    known: new Map(),
    full: [],
    made: [],
  };
  for (const [alertId, came] of fresh) {
    const last = before.get(alertId);
    const made = make?.(alertId, last?.events ?? [], came);
    const added = made?.length ? [...came, ...made] : came;
    if (made) folded.made.push(...made);
    if (last instanceof LongAlert || added.length + (last?.events.length ?? 0) > LONG_EVENTS) {
      foldLong(last instanceof LongAlert ? last : longFrom(alertId, last, rules), added, rules, sum, folded);
      continue;
    }
    const events = last ? [...last.events, ...added] : added;
    const state = foldAlert(alertId, events, rules);
    if (last?.state) sum.add(last.state, -1);
    if (state) {
      sum.add(state, 1);
      folded.rows.push(toRow(state));
    }
    const document =
      last && follows(events, last.events)
        ? extendDocument(last.document, events.slice(last.events.length))
        : encodeDocument(events);
    folded.documents.push([alertId, document]);
    folded.known.set(alertId, { document, events, state });
  }
  folded.increments = sum.take();
  for (const alertId of refold) {
    const known = before.get(alertId);
    if (known && !fresh.has(alertId)) foldAgain(alertId, known, rules, folded);
  }
  return folded;
}

/**
 * The row of an alert nothing of which is new but the rules. One that is closed has no term; its row may still lack when it was
 * supervised, as versions before FOLD_VERSION 2 did not tell.
 */
function foldAgain(alertId: string, known: Known, rules: FoldRules, folded: Folded): void {
  if (known instanceof LongAlert) {
    const { after, kept } = known.add([], rules);
    folded.known.set(alertId, known);
    if (!after || (after.stage === 'closed' && after.supervisions === undefined)) return;
    const row: FeedRow = toRow({ ...after, recoveries: NO_RECOVERIES });
    row.recoveredFen = known.fold.recoveredFen;
    if (kept > 0) row.kept = kept;
    folded.rows.push(row);
    return;
  }
  const state = foldAlert(alertId, known.events, rules);
  folded.known.set(alertId, { ...known, state });
  if (state && (state.stage !== 'closed' || state.supervisions !== undefined)) folded.rows.push(toRow(state));
}

const NO_RECOVERIES: AlertState['recoveries'] = [];

/** The same for an alert with very many events: only what they change is gone through. */
function foldLong(
  long: LongAlert,
  added: readonly StoredEvent[],
  rules: FoldRules,
  sum: IncrementSum,
  folded: Folded,
): void {
  const { alertId } = long;
  const { before, after, kept, recoveries, moved } = long.add(added, rules);
  if (moved) {
    if (before) sum.add(before, -1);
    if (after) sum.add(after, 1);
  } else if (before && after && contributesAlike(before, after)) {
    // The recoveries before are the same in both: without them the difference is the same.
    sum.add({ ...before, recoveries: NO_RECOVERIES }, -1);
    sum.add({ ...after, recoveries }, 1);
  } else {
    if (before) sum.add({ ...before, recoveries: long.fold.recoveries.slice(0, kept) }, -1);
    if (after) sum.add(after, 1);
  }
  if (after) {
    // A pending alert has no row yet, so none of its recoveries are known there.
    const whole = moved || !before;
    const row: FeedRow = toRow({ ...after, recoveries: whole ? long.fold.recoveries : recoveries });
    row.recoveredFen = long.fold.recoveredFen;
    if (!whole && kept > 0) row.kept = kept;
    folded.rows.push(row);
  }
  const { head, parts } = long.write(added);
  if (head !== undefined) folded.documents.push([alertId, head]);
  folded.parts.push(...parts);
  folded.full.push(...long.takeMarks());
  folded.known.set(alertId, long);
}

/** A long alert of what has been known of a short one, whose document is written anew. */
function longFrom(alertId: string, short: ShortAlert | undefined, rules: FoldRules): LongAlert {
  const long = new LongAlert(alertId, rules);
  if (short) long.add(short.events, rules);
  return long;
}

/** Whether the events, in order, begin with those known before, so that only later ones were added. */
function follows(events: readonly StoredEvent[], before: readonly StoredEvent[]): boolean {
  return before.length > 0 && events[before.length - 1] === before[before.length - 1];
}

export function knownFrom(alertId: string, document: string, rules: FoldRules): Known {
  const events = decodeDocument(document);
  const parts = partsOfDocument(document);
  if (parts !== undefined || events.length > LONG_EVENTS) {
    const long = new LongAlert(alertId, rules, parts);
    long.add(events, rules);
    return long;
  }
  return { document, events, state: foldAlert(alertId, events, rules) };
}
