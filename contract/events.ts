import { Type, type Static, type TSchema } from 'typebox';
import {
  CHANNELS,
  INDUSTRIES,
  PLATFORMS,
  SUPERVISION_LEVELS,
  TIERS,
  VERDICTS,
  type AlertEventType,
  type EventType,
} from './codes.ts';
import { AlertRuleSchema, ObservedData, RegisteredData } from './signals.ts';
import {
  ArrearsDays,
  codes,
  EnterpriseSchema,
  Fen,
  MAX_NOTE,
  MAX_REASONS,
  MAX_STRING,
  Note,
  object,
  PositionSchema,
  ProjectSchema,
  RegionCode,
  Text,
  Timestamp,
  TownCode,
  Workers,
} from './fields.ts';
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, MAX_FILE_NAME } from './attachmentLimits.ts';

export {
  AreaCode,
  codes,
  EnterpriseSchema,
  MAX_ARREARS_DAYS,
  MAX_FEN,
  MAX_FUTURE_MS,
  MAX_REASONS,
  MAX_STRING,
  MAX_WORKERS,
  MIN_TIME_MS,
  PositionSchema,
  ProjectSchema,
  RegionCode,
  Timestamp,
  TownCode,
  type Enterprise,
  type Position,
  type Project,
} from './fields.ts';

/**
 * Events in: CloudEvents 1.0 in JSON (contract §1).
 *
 * `data` is closed: a field we do not know is a spelling mistake at the source, and dropping it
 * silently would lose what it meant to say. The envelope is open for CloudEvents extension
 * attributes, which the specification allows everyone to add.
 */

export const ReasonSchema = object({
  channel: codes(CHANNELS),
  text: Note,
  weight: Type.Optional(Type.Number({ minimum: -1000, maximum: 1000 })),
});
export type Reason = Static<typeof ReasonSchema>;

const target = { alertId: Text, region: RegionCode };
const facts = {
  tier: codes(TIERS),
  town: TownCode,
  industry: codes(INDUSTRIES),
  channel: codes(CHANNELS),
  enterprise: EnterpriseSchema,
  workers: Workers,
  amountFen: Fen,
};
const details = {
  project: Type.Optional(ProjectSchema),
  arrearsDays: Type.Optional(ArrearsDays),
  location: Type.Optional(PositionSchema),
};
const optionalFacts = {
  ...details,
  /** Of an alert that rules have raised or made graver (signals §4). */
  rule: Type.Optional(AlertRuleSchema),
};

const reasons = Type.Optional(Type.Array(ReasonSchema, { maxItems: MAX_REASONS }));
const amended = {
  tier: Type.Optional(facts.tier),
  town: Type.Optional(facts.town),
  industry: Type.Optional(facts.industry),
  channel: Type.Optional(facts.channel),
  enterprise: Type.Optional(facts.enterprise),
  workers: Type.Optional(facts.workers),
  amountFen: Type.Optional(facts.amountFen),
};
/** What somebody may say who raises an alert by hand, and who amends one. */
export const RAISED_BY_HAND = { ...facts, ...details, reasons };
export const AMENDED_BY_HAND = { ...amended, ...details };

export const RaisedData = object({
  ...target,
  ...facts,
  ...optionalFacts,
  score: Type.Optional(Type.Number({ minimum: 0, maximum: 1000 })),
  reasons,
});
export const AmendedData = object({
  ...target,
  ...amended,
  ...optionalFacts,
  reason: Type.Optional(Note),
});
/** A file that belongs to a case (contract §1); the event names it, the file itself is kept apart. */
export const AttachmentSchema = object({
  digest: Type.String({ pattern: '^sha256:[0-9a-f]{64}$' }),
  name: Type.String({ minLength: 1, maxLength: MAX_FILE_NAME }),
  type: Type.String({ minLength: 1, maxLength: 100 }),
  bytes: Type.Integer({ minimum: 0, maximum: MAX_ATTACHMENT_BYTES }),
});
export type Attachment = Static<typeof AttachmentSchema>;
const attachments = Type.Optional(Type.Array(AttachmentSchema, { maxItems: MAX_ATTACHMENTS }));

export const DispatchedData = object({
  ...target,
  platform: codes(PLATFORMS),
  unit: Text,
  dueAt: Type.Optional(Timestamp),
  note: Type.Optional(Note),
});
/** The id of a person, never a name. */
export const PersonId = Type.String({ minLength: 1, maxLength: 100 });
export const AcceptedData = object({ ...target, unit: Text, person: Type.Optional(PersonId) });
export const HandledData = object({ ...target, outcome: Text, note: Type.Optional(Note), attachments });
export const AuditedData = object({ ...target, verdict: codes(VERDICTS), note: Type.Optional(Note) });
export const ClosedData = object({ ...target, resolution: Type.Optional(Note) });
export const RecoveredData = object({ ...target, amountFen: Fen, workers: Workers });

/** What people do about a case beside its stages (contract §1). */
export const NotedData = object({ ...target, text: Type.String({ maxLength: MAX_NOTE }), attachments });
export const AssignedData = object({ ...target, unit: Text, person: Type.Optional(PersonId) });
export const ExtendedData = object({ ...target, dueAt: Timestamp, reason: Text });
export const UrgedData = object({ ...target, text: Type.Optional(Note), rung: Type.Optional(Text) });
export const SupervisedData = object({
  ...target,
  level: codes(SUPERVISION_LEVELS),
  text: Text,
  dueAt: Type.Optional(Timestamp),
  /** Of the letter (督办单). */
  number: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
});
export const AnsweredData = object({ ...target, text: Text });

/** The `data` schema of every event type. */
export const EVENT_DATA = {
  'wage.alert.raised': RaisedData,
  'wage.alert.amended': AmendedData,
  'wage.alert.dispatched': DispatchedData,
  'wage.alert.accepted': AcceptedData,
  'wage.alert.handled': HandledData,
  'wage.alert.audited': AuditedData,
  'wage.alert.closed': ClosedData,
  'wage.wages.recovered': RecoveredData,
  'wage.case.noted': NotedData,
  'wage.case.assigned': AssignedData,
  'wage.case.extended': ExtendedData,
  'wage.case.urged': UrgedData,
  'wage.case.supervised': SupervisedData,
  'wage.case.answered': AnsweredData,
  'wage.subject.registered': RegisteredData,
  'wage.signal.observed': ObservedData,
} as const satisfies Record<EventType, TSchema>;
export type EventData = { [T in EventType]: Static<(typeof EVENT_DATA)[T]> };

/** An event of type T as it comes in; of an alert where T is not given. */
export type WageEvent<T extends EventType = AlertEventType> = {
  [K in T]: {
    specversion: '1.0';
    id: string;
    source: string;
    type: K;
    time: string;
    data: EventData[K];
  };
}[T];

/** Values of CloudEvents extension attributes (CloudEvents 1.0 §3.1): scalars. */
const Extension = Type.Union([Type.String({ maxLength: MAX_STRING }), Type.Number(), Type.Boolean()]);

const attributes = {
  specversion: Type.Literal('1.0'),
  id: Text,
  source: Text,
  time: Timestamp,
  subject: Type.Optional(Text),
  /** In any case of letters, with any parameters (RFC 9110 §8.3.1). */
  datacontenttype: Type.Optional(
    Type.String({
      pattern: '^[Aa][Pp][Pp][Ll][Ii][Cc][Aa][Tt][Ii][Oo][Nn]/[Jj][Ss][Oo][Nn][ \\t]*(;.*)?$',
      maxLength: MAX_STRING,
    }),
  ),
  dataschema: Type.Optional(Text),
};
/** Attributes that CloudEvents itself defines; any other is an extension. */
export const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set([...Object.keys(attributes), 'type', 'data']);
/** Those that no event can be without. */
export const REQUIRED_ATTRIBUTES: ReadonlySet<string> = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'data',
]);
/** CloudEvents 1.0: names of extension attributes are lower-case letters and digits. */
export const EXTENSION_NAME = /^[a-z0-9]+$/;

/** The envelope of one event type with its `data`. Names of extensions are checked apart, with `EXTENSION_NAME`. */
export function envelope<T extends EventType>(type: T) {
  return Type.Object(
    { ...attributes, type: Type.Literal(type), data: EVENT_DATA[type] },
    { title: type, additionalProperties: Extension },
  );
}
