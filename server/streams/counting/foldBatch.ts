import { decodeDocument, encodeDocument, extendDocument } from '../../alerts/document.ts';
import { foldAlert, type FoldRules } from '../../alerts/fold.ts';
import { toRow, type AlertRow } from '../../alerts/row.ts';
import type { AlertState, StoredEvent } from '../../alerts/state.ts';
import { IncrementSum } from '../../aggregations/contributions.ts';
import type { Increments } from '../../aggregations/increments.ts';
import { MAX_EVENTS_OF_SOURCE } from '../../../contract/alertLimits.ts';
import { marksOf, type FullMark } from '../fullAlerts.ts';
import type { Accepted } from '../intake/chunk.ts';
import { digestOf } from '../../alerts/eventDigest.ts';

/** An alert's document in the worker's memory: its text, its distinct events in order, and what they add up to. */
export interface Known {
  document: string;
  events: StoredEvent[];
  state: AlertState | undefined;
}

/** A distinct event of a batch with the digest of its `(source, id)`. */
export interface Candidate {
  alertId: string;
  event: StoredEvent;
  digest: string;
}

/** The distinct events of a batch, their digests in the same order, and the alerts they are about. */
export interface Candidates {
  list: Candidate[];
  digests: ReadonlySet<string>;
  alerts: ReadonlySet<string>;
}

/** Of two events of a batch with the same `(source, id)` the first stays. */
export function distinct(batch: readonly Accepted[]): Candidates {
  const digests = new Set<string>();
  const alerts = new Set<string>();
  const list: Candidate[] = [];
  for (const { alertId, event } of batch) {
    const digest = digestOf(event.source, event.id);
    if (digests.has(digest)) continue;
    digests.add(digest);
    alerts.add(alertId);
    list.push({ alertId, event, digest });
  }
  return { list, digests, alerts };
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
  rows: AlertRow[];
  increments: Increments;
  known: Map<string, Known>;
  /** Alerts that take no more events. */
  full: FullMark[];
}

/**
 * Folds new events (distinct, not counted before) into their alerts: the documents after, the rows that changed and
 * the increments between before and after. Pure; `before` says what is known of an alert so far.
 */
export function foldBatch(
  fresh: ReadonlyMap<string, StoredEvent[]>,
  before: ReadonlyMap<string, Known>,
  rules: FoldRules,
): Folded {
  const sum = new IncrementSum();
  const folded: Folded = {
    documents: [],
    rows: [],
    increments: { cells: [], heat: [], paid: [] },
    known: new Map(),
    full: [],
  };
  for (const [alertId, added] of fresh) {
    const last = before.get(alertId);
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
    if (events.length >= MAX_EVENTS_OF_SOURCE) folded.full.push(...marksOf(alertId, countBySource(events)));
  }
  folded.increments = sum.take();
  return folded;
}

function countBySource(events: readonly StoredEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { source } of events) counts.set(source, (counts.get(source) ?? 0) + 1);
  return counts;
}

/** Whether the events, in order, begin with those known before, so that only later ones were added. */
function follows(events: readonly StoredEvent[], before: readonly StoredEvent[]): boolean {
  return before.length > 0 && events[before.length - 1] === before[before.length - 1];
}

export function knownFrom(alertId: string, document: string, rules: FoldRules): Known {
  const events = decodeDocument(document);
  return { document, events, state: foldAlert(alertId, events, rules) };
}
