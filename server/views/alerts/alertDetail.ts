import type { AlertBrief } from '../../../contract/frame.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { AlertDetail, RecordedEvent } from '../../../contract/rest.ts';
import { effectsOf } from '../../alerts/effects.ts';
import { foldAlert, type FoldRules } from '../../alerts/fold.ts';
import { legalTerms } from '../../alerts/legalTerms.ts';
import { isProvisionalEnd } from '../../alerts/stageClock.ts';
import { termsAfter } from '../../alerts/termsAfter.ts';
import { hasTerm, toBrief, toRow } from '../../alerts/row.ts';
import { digestOf } from '../../alerts/eventDigest.ts';
import type { StoredEvent } from '../../alerts/state.ts';

/** Which of an alert's events a detail tells: the latest, or those before a cursor. */
export interface EventPage {
  limit: number;
  cursor?: string | undefined;
}

/** A cursor that names no event of the alert. */
export class UnknownCursor extends Error {
  /** The alert: whoever may not read it is not told that it exists. */
  readonly alert: AlertBrief;
  constructor(cursor: string, alert: AlertBrief) {
    super(`cursor ${cursor} names no event of this alert`);
    this.alert = alert;
  }
}

/**
 * What is known of an alert, from its events in any order, and a page of them; undefined while it is pending (contract §2).
 * @throws UnknownCursor
 */
export function alertDetail(
  region: string,
  rules: FoldRules,
  alertId: string,
  events: StoredEvent[],
  now: number,
  page: EventPage,
): AlertDetail | undefined {
  const state = foldAlert(alertId, events, rules);
  if (!state) return undefined;
  // The fold has put the events in order; reasons and score are those of the raised that gave the facts.
  const first = events.find((event) => event.type === 'wage.alert.raised')!;
  const terms = termsAfter(alertId, events, rules);
  const effects = effectsOf(events);
  const brief = toBrief({ ...toRow(state), region }, now);
  const end = page.cursor === undefined ? events.length : placeOf(events, page.cursor, brief);
  const start = Math.max(0, end - page.limit);
  const recoveriesBefore = Math.max(0, state.recoveries.length - page.limit);
  const detail: AlertDetail = {
    ...brief,
    reasons: first.data.reasons ?? [],
    recoveries: state.recoveries
      .slice(recoveriesBefore)
      .map(({ at, amountFen, workers }) => ({ at: toRfc3339(at), amountFen, workers })),
    conflicts: state.conflicts,
    events: events.slice(start, end).map((event, i): RecordedEvent => ({
      id: event.id,
      source: event.source,
      type: event.type,
      time: toRfc3339(event.time),
      data: event.data,
      ...(terms[start + i] === undefined ? {} : { dueAt: toRfc3339(terms[start + i]!) }),
      ...event.by,
      ...(effects[start + i] ? {} : { effect: false }),
    })),
  };
  if (recoveriesBefore > 0) detail.recoveriesBefore = recoveriesBefore;
  if (start > 0) {
    detail.eventsBefore = start;
    detail.cursor = cursorOf(events[start]!);
  }
  if (state.facts.arrearsDays !== undefined) detail.arrearsDays = state.facts.arrearsDays;
  if (state.facts.rule) detail.rule = state.facts.rule;
  if (first.data.score !== undefined) detail.score = first.data.score;
  if (state.positionOutside) detail.outsideLocation = state.facts.location!;
  if (state.closedAt !== undefined) detail.closedAt = toRfc3339(state.closedAt);
  const legal = rules.clock && legalTerms(events, rules.clock);
  if (legal)
    detail.legal = {
      filedAt: toRfc3339(legal.filedAt),
      settleBy: toRfc3339(legal.settleBy),
      settleExtended: toRfc3339(legal.settleExtended),
      provisional: legal.provisional,
    };
  if (hasTerm(state)) {
    detail.remainingMs = state.dueAt - now;
    if (rules.clock && isProvisionalEnd(rules.clock, state)) detail.dueProvisional = true;
  }
  return detail;
}

/** Names an event, whatever comes in between later. */
function cursorOf({ time, source, id }: StoredEvent): string {
  return `${time}.${digestOf(source, id)}`;
}

/** @throws UnknownCursor */
function placeOf(events: readonly StoredEvent[], cursor: string, alert: AlertBrief): number {
  const time = Number(cursor.slice(0, cursor.indexOf('.')));
  const place = events.findIndex((event) => event.time === time && cursorOf(event) === cursor);
  if (place < 0) throw new UnknownCursor(cursor, alert);
  return place;
}
