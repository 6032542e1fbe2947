import { Type, type Static, type TEnum, type TSchema } from 'typebox';
import { CHANNELS, CRS, INDUSTRIES, PLATFORMS, TIERS, VERDICTS, type EventType } from './codes.ts';
import { DIVISION_PATTERN, REGION_PATTERN, TOWN_PATTERN } from '../common/divisions.ts';

/**
 * Events in: CloudEvents 1.0 in JSON (contract §1).
 *
 * `data` is closed: a field we do not know is a spelling mistake at the source, and dropping it
 * silently would lose what it meant to say. The envelope is open for CloudEvents extension
 * attributes, which the specification allows everyone to add.
 */

/** No string in an event may be longer (contract §1). */
export const MAX_STRING = 500;
/** 10 000 000 000.00 yuan: beyond any wage case, and far inside exact integers when summed. */
export const MAX_FEN = 1_000_000_000_000;
export const MAX_WORKERS = 1_000_000;
export const MAX_ARREARS_DAYS = 36_500;
export const MAX_REASONS = 50;
/** How far in the future an event's `time` may lie, ms (clocks of sources differ). */
export const MAX_FUTURE_MS = 5 * 60_000;
/** The earliest `time`: 2000-01-01T00:00:00Z. */
export const MIN_TIME_MS = Date.UTC(2000, 0, 1);

/** The schema of a vocabulary: its static type is the union of the codes. */
export function codes<T extends string>(values: readonly T[]): TEnum<T[]> {
  return Type.Enum<T[]>([...values]);
}
const Text = Type.String({ minLength: 1, maxLength: MAX_STRING });
const Note = Type.String({ maxLength: MAX_STRING });
/** RFC 3339 with offset; the exact check, calendar included, is `parseRfc3339`. */
export const Timestamp = Type.String({ format: 'date-time', maxLength: 40 });
const Fen = Type.Integer({ minimum: 0, maximum: MAX_FEN, description: 'fen (分)' });
const Workers = Type.Integer({ minimum: 0, maximum: MAX_WORKERS });
const ArrearsDays = Type.Integer({ minimum: 0, maximum: MAX_ARREARS_DAYS });
export const RegionCode = Type.String({ pattern: REGION_PATTERN, description: '6-digit division code' });
export const TownCode = Type.String({ pattern: TOWN_PATTERN, description: '9-digit division code' });
/** An area of a map: a town or, on that of a city or province, a region. */
export const AreaCode = Type.String({ pattern: DIVISION_PATTERN, description: '9- or 6-digit division code' });

const closed = { additionalProperties: false } as const;
const object = <P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, closed);

export const EnterpriseSchema = object({ uscc: Type.Optional(Text), name: Text });
export type Enterprise = Static<typeof EnterpriseSchema>;
export const ProjectSchema = object({ id: Text, name: Text });
export type Project = Static<typeof ProjectSchema>;
/** A position as it may arrive; `crs` defaults to CGCS2000. */
export const PositionSchema = object({
  lng: Type.Number({ minimum: -180, maximum: 180 }),
  lat: Type.Number({ minimum: -90, maximum: 90 }),
  crs: Type.Optional(codes(CRS)),
});
export type Position = Static<typeof PositionSchema>;
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
const optionalFacts = {
  project: Type.Optional(ProjectSchema),
  arrearsDays: Type.Optional(ArrearsDays),
  location: Type.Optional(PositionSchema),
};

export const RaisedData = object({
  ...target,
  ...facts,
  ...optionalFacts,
  score: Type.Optional(Type.Number({ minimum: 0, maximum: 1000 })),
  reasons: Type.Optional(Type.Array(ReasonSchema, { maxItems: MAX_REASONS })),
});
export const AmendedData = object({
  ...target,
  tier: Type.Optional(facts.tier),
  town: Type.Optional(facts.town),
  industry: Type.Optional(facts.industry),
  channel: Type.Optional(facts.channel),
  enterprise: Type.Optional(facts.enterprise),
  workers: Type.Optional(facts.workers),
  amountFen: Type.Optional(facts.amountFen),
  ...optionalFacts,
  reason: Type.Optional(Note),
});
export const DispatchedData = object({
  ...target,
  platform: codes(PLATFORMS),
  unit: Text,
  dueAt: Type.Optional(Timestamp),
});
export const AcceptedData = object({ ...target, unit: Text });
export const HandledData = object({ ...target, outcome: Text, note: Type.Optional(Note) });
export const AuditedData = object({ ...target, verdict: codes(VERDICTS) });
export const ClosedData = object({ ...target, resolution: Type.Optional(Note) });
export const RecoveredData = object({ ...target, amountFen: Fen, workers: Workers });

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
} as const satisfies Record<EventType, TSchema>;
export type EventData = { [T in EventType]: Static<(typeof EVENT_DATA)[T]> };

/** An event of type T as it comes in. */
export type WageEvent<T extends EventType = EventType> = {
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
