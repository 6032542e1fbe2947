import { DESK_SOURCE } from '../../../contract/alertLimits.ts';
import type { GivenAction } from '../../../contract/casework.ts';
import type { AlertEventType, CaseAction } from '../../../contract/codes.ts';
import type { Attachment } from '../../../contract/events.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { AlertState } from '../../alerts/state.ts';

/** What an action becomes (docs/casework.md §2). */
const BECOMES: Record<CaseAction, AlertEventType> = {
  raise: 'wage.alert.raised',
  dispatch: 'wage.alert.dispatched',
  transfer: 'wage.alert.dispatched',
  accept: 'wage.alert.accepted',
  handle: 'wage.alert.handled',
  recover: 'wage.wages.recovered',
  audit: 'wage.alert.audited',
  close: 'wage.alert.closed',
  reopen: 'wage.alert.dispatched',
  amend: 'wage.alert.amended',
  note: 'wage.case.noted',
  attach: 'wage.case.noted',
  assign: 'wage.case.assigned',
  extend: 'wage.case.extended',
  urge: 'wage.case.urged',
  supervise: 'wage.case.supervised',
  answer: 'wage.case.answered',
};

/** What is known of an event besides what its action carries. */
export interface EventFrame {
  /** Of the event. */
  id: string;
  alertId: string;
  region: string;
  /** Who acts; `person`: whether that is somebody who can be named as one who works on an alert. */
  actor: { id: string; isPerson: boolean };
  /** The files that it names, as they are kept here. */
  attachments?: readonly Attachment[];
  /** Epoch ms. */
  now: number;
}

/**
 * The event that an action becomes, as `intake.submit` takes it.
 * @param alert as it is; undefined for one that is raised
 */
export function toEvent(given: GivenAction, alert: AlertState | undefined, frame: EventFrame): object {
  const { id, alertId, region, actor, attachments = [], now } = frame;
  return {
    specversion: '1.0',
    id,
    source: DESK_SOURCE,
    type: BECOMES[given.action],
    // After all that has happened to it, so that what is done now holds.
    time: toRfc3339(Math.max(now, alert ? alert.changedAt + 1 : 0)),
    actor: actor.id,
    data: { alertId, region, ...dataOf(given, alert, actor), ...(attachments.length ? { attachments } : {}) },
  };
}

function dataOf({ action, fields }: GivenAction, alert: AlertState | undefined, actor: EventFrame['actor']): object {
  switch (action) {
    case 'accept': {
      const person = fields.person ?? (actor.isPerson ? actor.id : undefined);
      return { unit: fields.unit ?? alert!.unit, ...(person === undefined ? {} : { person }) };
    }
    case 'assign':
      return { unit: alert!.unit, person: fields.person };
    case 'reopen': {
      const { why, platform = alert!.platform, unit = alert!.unit, dueAt } = fields;
      return { platform, unit, note: why, ...(dueAt === undefined ? {} : { dueAt }) };
    }
    case 'attach':
      return { text: fields.text ?? '' };
    case 'note':
      return { text: fields.text };
    case 'handle': {
      const { outcome, note } = fields;
      return { outcome, ...(note === undefined ? {} : { note }) };
    }
    default:
      return fields;
  }
}
