import { STAGES, type Stage } from '../../contract/codes.ts';
import { DESK_SOURCE } from '../../contract/alertLimits.ts';
import type { Attachment } from '../../contract/events.ts';
import { parseRfc3339 } from '../../common/regionTime.ts';
import type { AlertDetail, RecordedEvent } from '../../contract/rest.ts';

/** The closed loop of an alert as a time line (screens.md: 触发 → 交派 → 受理 → 处置 → 审核 → 办结). Pure. */

/** What people do about a case beside its stages. */
export type CaseStep = 'noted' | 'assigned' | 'extended' | 'urged' | 'supervised' | 'answered';

export interface LoopStep {
  /** The step, or `returned`: an audit that sent it back. */
  step: Stage | CaseStep | 'returned';
  state: 'done' | 'now' | 'pending';
  /** Epoch ms; absent while it has not happened. */
  at?: number;
  /** Of a stage: since the stage before it, ms. */
  tookMs?: number;
  /** Past the term in force at that moment by so much, ms; only for steps a term runs to. */
  lateMs?: number;
  /** The term in force from here on, epoch ms; at the steps that set one. */
  dueAt?: number;
  /** What the event says, in its own words and codes. */
  platform?: string;
  unit?: string;
  outcome?: string;
  note?: string;
  verdict?: string;
  level?: string;
  /** Ids of who did it, and of who is to work on it. */
  actor?: string;
  person?: string;
  /** The files that came with it; `here`: whether they can be downloaded. */
  files?: readonly (Attachment & { here: boolean })[];
}

const CASE_STEP_OF: Record<string, CaseStep> = {
  'wage.case.noted': 'noted',
  'wage.case.assigned': 'assigned',
  'wage.case.extended': 'extended',
  'wage.case.urged': 'urged',
  'wage.case.supervised': 'supervised',
  'wage.case.answered': 'answered',
};
const STEP_OF: Record<string, Stage> = {
  'wage.alert.raised': 'raised',
  'wage.alert.dispatched': 'dispatched',
  'wage.alert.accepted': 'accepted',
  'wage.alert.handled': 'handled',
  'wage.alert.audited': 'audited',
  'wage.alert.closed': 'closed',
};
const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);
/** The data of an event, whose shape its schema has checked at the door. */
const dataOf = ({ data }: RecordedEvent) => data as Readonly<Record<string, unknown>>;
const instant = (value: unknown) => (typeof value === 'string' ? parseRfc3339(value) : undefined);

/** What has happened, in the order of the events, then what is still to come. */
export function loopOf(detail: Pick<AlertDetail, 'events' | 'stage'>): LoopStep[] {
  const steps: LoopStep[] = [];
  let due: number | undefined;
  let before: number | undefined;
  let raised = false;
  for (const event of detail.events) {
    if (event.effect === false) continue;
    const beside = CASE_STEP_OF[event.type];
    if (beside) {
      const step: LoopStep = { step: beside, state: 'done', at: parseRfc3339(event.time) ?? 0 };
      say(step, event);
      // An extension moves the term; a supervision may name one of its own.
      const moved = instant(event.dueAt);
      if (moved !== undefined) due = moved;
      const told = moved ?? instant(dataOf(event).dueAt);
      if (told !== undefined) step.dueAt = told;
      steps.push(step);
      continue;
    }
    const stage = STEP_OF[event.type];
    // An amendment may move the term without being a step.
    if (!stage) due = instant(event.dueAt) ?? due;
    // Only the first raised counts; what came again is a conflict, not a step.
    if (!stage || (stage === 'raised' && raised)) continue;
    const at = parseRfc3339(event.time) ?? 0;
    const step: LoopStep = { step: stage, state: 'done', at };
    if (before !== undefined) step.tookMs = at - before;
    before = at;
    if (stage === 'raised') {
      raised = true;
    } else if (due !== undefined && at > due) step.lateMs = at - due;
    say(step, event);
    const term = instant(event.dueAt);
    if (term !== undefined) step.dueAt = due = term;
    else if (stage === 'handled' || stage === 'audited' || stage === 'closed') due = undefined;
    if (stage === 'audited' && dataOf(event).verdict === 'returned') step.step = 'returned';
    steps.push(step);
  }
  // A late event may stand before an earlier stage's: what is to come goes by the stage as it is.
  const next = STAGES.indexOf(detail.stage) + 1;
  STAGES.slice(next).forEach((stage, i) => {
    const step: LoopStep = { step: stage, state: i === 0 ? 'now' : 'pending' };
    steps.push(step);
  });
  return steps;
}

function say(step: LoopStep, event: RecordedEvent): void {
  const data = dataOf(event);
  for (const key of ['platform', 'unit', 'outcome', 'note', 'verdict', 'level', 'person'] as const) {
    const value = text(data[key]);
    if (value !== undefined) step[key] = value;
  }
  const words = text(data.resolution) ?? text(data.text) ?? text(data.reason);
  if (words !== undefined) step.note = words;
  if (event.actor !== undefined) step.actor = event.actor;
  const files = data.attachments as readonly Attachment[] | undefined;
  if (files?.length) step.files = files.map((file) => ({ ...file, here: event.source === DESK_SOURCE }));
}

/** An event that changed nothing: the alert was not dispatched to its platform then. */
export interface VoidEvent {
  /** Epoch ms. */
  at: number;
  type: RecordedEvent['type'];
  platform?: RecordedEvent['platform'];
}

/** The events without effect, in order: they are no steps. */
export function voidEventsOf(events: readonly RecordedEvent[]): VoidEvent[] {
  return events
    .filter(({ effect }) => effect === false)
    .map(({ type, time, platform }) => ({ at: parseRfc3339(time) ?? 0, type, ...(platform ? { platform } : {}) }));
}

/** A change of one field by an amendment; `before` is what stood there. */
export interface FieldChange {
  field: string;
  before?: unknown;
  after: unknown;
}
export interface Amendment {
  at: number;
  /** Who: the source of the event. */
  source: string;
  reason?: string;
  changes: FieldChange[];
}
export const AMENDED_FIELDS = [
  'tier',
  'town',
  'industry',
  'channel',
  'workers',
  'amountFen',
  'arrearsDays',
  'enterprise',
  'project',
  'location',
] as const;

/** Each amendment with who, why, and what it changed from what. */
export function amendmentsOf(events: readonly RecordedEvent[]): Amendment[] {
  const facts: Record<string, unknown> = {};
  const first = events.find(({ type }) => type === 'wage.alert.raised');
  if (first)
    for (const field of AMENDED_FIELDS) if (dataOf(first)[field] !== undefined) facts[field] = dataOf(first)[field];
  const amendments: Amendment[] = [];
  for (const event of events) {
    const { type, time, source } = event;
    if (type !== 'wage.alert.amended' || event.effect === false) continue;
    const values = dataOf(event);
    const changes: FieldChange[] = [];
    for (const field of AMENDED_FIELDS) {
      const after = values[field];
      if (after === undefined) continue;
      changes.push(facts[field] === undefined ? { field, after } : { field, before: facts[field], after });
      facts[field] = after;
    }
    const amendment: Amendment = { at: parseRfc3339(time) ?? 0, source, changes };
    const reason = text(values.reason);
    if (reason !== undefined) amendment.reason = reason;
    amendments.push(amendment);
  }
  return amendments;
}
