import { MAX_URL } from './accessLimits.ts';
import { Type, type Static } from 'typebox';
import { closed, codes, RegionCode, Timestamp } from './fields.ts';
import { UNIT_PATTERN } from './region.ts';

/** Connectors to outside platforms (docs/casework.md §4). */

/** `none`: people work here. */
export const CONNECTOR_KINDS = ['webhook', 'file', 'none'] as const;
export type ConnectorKind = (typeof CONNECTOR_KINDS)[number];

/** What a connector is for: `other:` names a unit of the platform `other`. */
export const ConnectorPlatform = Type.String({
  pattern: `^(four-platforms|tri-colour|other:${UNIT_PATTERN.slice(1, -1)})$`,
  maxLength: 80,
});

export const ConnectorSettingSchema = Type.Union([
  Type.Object({ kind: Type.Literal('webhook'), url: Type.String({ minLength: 1, maxLength: MAX_URL }) }, closed),
  Type.Object({ kind: Type.Literal('file') }, closed),
]);
export type ConnectorSetting = Static<typeof ConnectorSettingSchema>;

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;

/** How the last event of an alert came to its platform. */
export const DeliverySchema = Type.Object({
  platform: Type.String(),
  state: codes(DELIVERY_STATES),
  event: Type.String(),
  at: Timestamp,
  tries: Type.Integer(),
  problem: Type.Optional(Type.String()),
});
export type Delivery = Static<typeof DeliverySchema>;

export const ConnectorSchema = Type.Object({
  region: RegionCode,
  platform: Type.String(),
  kind: codes(CONNECTOR_KINDS),
  url: Type.Optional(Type.String()),
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

export const ConnectorTestSchema = Type.Object({
  ok: Type.Boolean(),
  ms: Type.Integer(),
  problem: Type.Optional(Type.String()),
});
export type ConnectorTest = Static<typeof ConnectorTestSchema>;
