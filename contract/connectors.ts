import { MAX_URL } from './accessLimits.ts';
import { Type, type Static } from 'typebox';
import { closed, codes, RegionCode, Timestamp } from './fields.ts';
import { TIERS } from './codes.ts';
import {
  MAX_GATEWAY_KEY,
  MAX_MESSAGE_HEADERS,
  MAX_TEMPLATE,
  MESSAGE_KINDS,
  MESSAGE_PLATFORM,
  PHONE_PATTERN,
  TIME_OF_DAY_PATTERN,
} from '../common/messages/constants.ts';
import { UNIT_PATTERN } from './region.ts';

/** Connectors to outside platforms (docs/casework.md §4). */

/** `none`: people work here. */
export const CONNECTOR_KINDS = ['webhook', 'file', 'message', 'none'] as const;
export type ConnectorKind = (typeof CONNECTOR_KINDS)[number];

/** What a connector is for: `other:` names a unit of the platform `other`, `message` are the people of the region. */
export const ConnectorPlatform = Type.String({
  pattern: `^(four-platforms|tri-colour|${MESSAGE_PLATFORM}|other:${UNIT_PATTERN.slice(1, -1)})$`,
  maxLength: 80,
});

const Url = Type.String({ minLength: 1, maxLength: MAX_URL });
const Template = Type.Optional(Type.String({ minLength: 1, maxLength: MAX_TEMPLATE }));
const Phone = Type.Optional(Type.String({ pattern: PHONE_PATTERN }));
const TimeOfDay = Type.String({ pattern: TIME_OF_DAY_PATTERN });

/** A gateway for messages to people, without its key: who is sent what, and when, and what the gateway gets of it (`common/messages/constants.ts`). */
export const MessageFieldsSchema = Type.Object(
  {
    kind: Type.Literal('message'),
    url: Url,
    /** Templates, in Chinese: of one entry, of several, and of each of several. */
    text: Template,
    digest: Template,
    line: Template,
    /** Of a report that a schedule has made. */
    report: Template,
    /** Header fields, and the body, of which all texts are templates. */
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: MAX_TEMPLATE }), { maxProperties: MAX_MESSAGE_HEADERS }),
    ),
    body: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    /** All, where they are left out. */
    kinds: Type.Optional(Type.Array(codes(MESSAGE_KINDS), { minItems: 1, uniqueItems: true })),
    tiers: Type.Optional(Type.Array(codes(TIERS), { minItems: 1, uniqueItems: true })),
    /** Of the region's day; what is red goes all the same. */
    quiet: Type.Optional(Type.Object({ from: TimeOfDay, to: TimeOfDay }, closed)),
    /** Numbers of those who belong to no unit; without one they are sent nothing. */
    phones: Type.Optional(Type.Object({ officers: Phone, leaders: Phone }, closed)),
  },
  closed,
);
export type MessageSetting = Static<typeof MessageFieldsSchema>;
/** What the gateway knows us by, `{key}` in templates: told nobody, and in no backup. */
export const GatewayKey = Type.String({ pattern: `^[\\x21-\\x7e]{1,${MAX_GATEWAY_KEY}}$` });

const WebhookSchema = Type.Object({ kind: Type.Literal('webhook'), url: Url }, closed);
const FileKindSchema = Type.Object({ kind: Type.Literal('file') }, closed);
export type ConnectorSetting = Static<typeof WebhookSchema> | Static<typeof FileKindSchema> | MessageSetting;

/** A connector as it is set; without `key`, the key of a gateway stays what it is. */
export const ConnectorSettingSchema = Type.Union([
  WebhookSchema,
  FileKindSchema,
  Type.Object({ ...MessageFieldsSchema.properties, key: Type.Optional(GatewayKey) }, closed),
]);
export type ConnectorGiven = Static<typeof ConnectorSettingSchema>;

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;

/** Deliveries that are kept of an alert. */
export const MAX_DELIVERIES = 20;

/** How an event of an alert came to its platform. */
export const DeliverySchema = Type.Object({
  platform: Type.String(),
  state: codes(DELIVERY_STATES),
  event: Type.String(),
  at: Timestamp,
  tries: Type.Integer(),
  /** What the platform was told is that the alert went elsewhere: no event of the alert. */
  away: Type.Optional(Type.Literal(true)),
  problem: Type.Optional(Type.String()),
});
export type Delivery = Static<typeof DeliverySchema>;

export const ConnectorSchema = Type.Object({
  region: RegionCode,
  platform: Type.String(),
  kind: codes(CONNECTOR_KINDS),
  url: Type.Optional(Type.String()),
  /** Of a gateway for messages: all but its key. */
  message: Type.Optional(MessageFieldsSchema),
  /** Whether there is a key of the gateway. */
  key: Type.Optional(Type.Boolean()),
  /** Folder of the files, below FILES_DIR. */
  folder: Type.Optional(Type.String()),
  /** It sends nothing while it is off: its platform has answered 410, or its secret is not there (a restored backup). */
  on: Type.Boolean(),
  why: Type.Optional(Type.String()),
  by: Type.Optional(Type.String()),
  /** CONNECTORS_FILE says what it is: it is changed there. */
  fixed: Type.Optional(Type.Boolean()),
  since: Type.Optional(Timestamp),
  /** Until then the secret of before signs, too. */
  previousUntil: Type.Optional(Timestamp),
  waiting: Type.Integer(),
  failed: Type.Integer(),
  /** The oldest that waits. */
  oldest: Type.Optional(Timestamp),
  /** What the last try came to, where it failed. */
  problem: Type.Optional(Type.String()),
  /** The failed ones, the oldest first, at most 50. */
  failures: Type.Array(
    Type.Object({ alertId: Type.String(), event: Type.String(), at: Timestamp, problem: Type.String() }),
  ),
});
export type Connector = Static<typeof ConnectorSchema>;

export const ConnectorsSchema = Type.Object({ items: Type.Array(ConnectorSchema) });
export type Connectors = Static<typeof ConnectorsSchema>;

/** A connector as it has been set; the secret is told once, when it is made. */
export const ConnectorSetSchema = Type.Object({ connector: ConnectorSchema, secret: Type.Optional(Type.String()) });
export type ConnectorSet = Static<typeof ConnectorSetSchema>;

/** To whom a test of messages goes. */
export const ConnectorTestRequestSchema = Type.Object({ to: Phone }, closed);

export const ConnectorTestSchema = Type.Object({
  ok: Type.Boolean(),
  ms: Type.Integer(),
  problem: Type.Optional(Type.String()),
});
export type ConnectorTest = Static<typeof ConnectorTestSchema>;
