import { Type, type Static } from 'typebox';
import { AccessTokenSchema, UnitCodeSchema, WriteGrantSchema } from './access.ts';
import { ACCESS_ROLES, DISPLAY_SCREENS, PERSON_ROLES, TRAIL_VERBS, type TrailVerb } from './roles.ts';
import { MAX_NAME, PAIRING_LENGTH, PAIRING_LETTERS } from './accessLimits.ts';
import { codes, MAX_STRING, Timestamp } from './events.ts';
import { ReportSchema, ScopeSchema } from './protocol.ts';

/** People, tokens, displays and the trail: what an admin sees and does (`/api/v1/access/…`). All for the role `admin`, unless it says otherwise. */

const closed = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: MAX_NAME });
/** Of a person, a token or a display. */
export const IdSchema = Type.String({ pattern: '^[A-Za-z0-9_-]{6,40}$' });

export const PersonSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  role: codes(PERSON_ROLES),
  scope: Type.String(),
  /** The code of the unit of their region that they belong to. */
  unit: Type.Optional(Type.String()),
  /** How they sign in. `invited`: not yet, an invitation is out. `oidc`: role, scope and unit come from there at each sign-in. */
  by: codes(['invited', 'password', 'oidc'] as const),
  disabled: Type.Boolean(),
  createdAt: Timestamp,
  createdBy: Type.String(),
  signedInAt: Type.Optional(Timestamp),
  /** Sessions that are open now. */
  sessions: Type.Integer(),
  /** Their number at kiosks; left out for whoever has no code. */
  clerk: Type.Optional(Type.String()),
});
export type Person = Static<typeof PersonSchema>;
/** `GET /api/v1/access/people` */
export const PeopleSchema = Type.Object({ items: Type.Array(PersonSchema) });
/**
 * `POST /api/v1/access/people`; the answer (201) is `PersonInvitedSchema`. 409 `name`; 400 `scope`, where role and scope do not fit;
 * 400 `unit`, where a handler has none, or it is no unit of that scope.
 */
export const PersonAddSchema = Type.Object(
  { name: Name, role: codes(PERSON_ROLES), scope: ScopeSchema, unit: Type.Optional(UnitCodeSchema) },
  closed,
);
/**
 * `PATCH /api/v1/access/people/{id}`, answered with the person; 409 when it would leave no admin. An empty `unit` takes it away;
 * whoever becomes one of a role that has none loses it.
 */
export const PersonChangeSchema = Type.Partial(
  Type.Object(
    {
      name: Name,
      role: codes(PERSON_ROLES),
      scope: ScopeSchema,
      unit: Type.String({ maxLength: 60 }),
      disabled: Type.Boolean(),
    },
    closed,
  ),
);
/** `POST …/people` and `POST …/people/{id}/invite` (a forgotten password): the code is told this once; the page is `/join#CODE`. */
export const PersonInvitedSchema = Type.Object({
  person: PersonSchema,
  invite: Type.Object({ code: Type.String(), expires: Timestamp }),
});
export type PersonInvited = Static<typeof PersonInvitedSchema>;
// DELETE /api/v1/access/people/{id} → 204. DELETE …/people/{id}/sessions → 204, signs them out everywhere.

export const StoredTokenSchema = Type.Object({
  /** Left out for a token of the access file, which `npm run access` changes, not this page. */
  id: Type.Optional(IdSchema),
  name: Type.String(),
  role: codes(ACCESS_ROLES),
  scope: Type.String(),
  unit: Type.Optional(Type.String()),
  /** What it may write; a token from before there were limits is listed as `trusted`. */
  ...WriteGrantSchema.properties,
  expires: Type.Optional(Timestamp),
  createdAt: Type.Optional(Timestamp),
  createdBy: Type.Optional(Type.String()),
});
export type StoredToken = Static<typeof StoredTokenSchema>;
/** `GET /api/v1/access/tokens` */
export const TokensSchema = Type.Object({ items: Type.Array(StoredTokenSchema) });
/** `POST /api/v1/access/tokens` → 201; 400 `unit`, as for people; 400 `source`, `alerts`, `may` … where what it may write is missing or contradicts itself. */
export const TokenAddSchema = Type.Object(
  {
    name: Name,
    role: AccessTokenSchema.properties.role,
    scope: ScopeSchema,
    unit: Type.Optional(UnitCodeSchema),
    ...WriteGrantSchema.properties,
    expires: Type.Optional(Timestamp),
  },
  closed,
);
export type TokenAdd = Static<typeof TokenAddSchema>;
/** `secret` is what the program sends; told this once. */
export const TokenAddedSchema = Type.Object({ token: StoredTokenSchema, secret: Type.String() });
export type TokenAdded = Static<typeof TokenAddedSchema>;
// DELETE /api/v1/access/tokens/{id} → 204

/** The query of the page that a display shows (`window`, `lang`, `quality` …). */
export const DisplaySettingsSchema = Type.Record(
  Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]{0,30}$' }),
  Type.String({ maxLength: 100 }),
  { maxProperties: 20, additionalProperties: false },
);
const shown = { name: Name, scope: ScopeSchema, screen: codes(DISPLAY_SCREENS), settings: DisplaySettingsSchema };

export const PairingCodeSchema = Type.String({ pattern: `^[${PAIRING_LETTERS}]{${PAIRING_LENGTH}}$` });
/**
 * `POST /api/v1/access/pairings`, by anybody (no body): 201. `secret` is sent back in the header `x-pairing-secret`.
 * 429 with `Retry-After` when there are too many.
 */
export const PairingSchema = Type.Object({
  code: PairingCodeSchema,
  secret: Type.String(),
  expires: Timestamp,
  /** ms from now: the screen's clock may be wrong. */ lastsMs: Type.Integer(),
});
export type Pairing = Static<typeof PairingSchema>;
/** `GET /api/v1/access/pairings/mine`, with the secret, every PAIRING_POLL_MS. `paired`: the answer sets the cookie; go to `show`. 404: too late, begin anew. */
export const PairingStateSchema = Type.Object({
  state: codes(['pending', 'paired'] as const),
  show: Type.Optional(Type.String()),
});
export type PairingState = Static<typeof PairingStateSchema>;
/** `GET /api/v1/access/pairings/{code}`: the screen that waits under a code (in any case of letters); 404. */
export const PairingWaitingSchema = Type.Object({
  code: Type.String(),
  at: Timestamp,
  from: Type.String({ description: 'address' }),
  agent: Type.String(),
  expires: Timestamp,
});
export type PairingWaiting = Static<typeof PairingWaitingSchema>;
/** `POST /api/v1/access/pairings/{code}` → 201 with the display. A kiosk's scope is a town. 404 `code`; 409 `name`; 400 `scope`. */
export const PairSchema = Type.Object({ ...shown, settings: Type.Optional(DisplaySettingsSchema) }, closed);
export type Pair = Static<typeof PairSchema>;

export const DisplaySchema = Type.Object({
  id: IdSchema,
  ...shown,
  /** Path and query of what it shows. */
  show: Type.String(),
  /** The screen it was paired to, where this version has no such screen: it shows the wall, which says so. */
  absentScreen: Type.Optional(Type.String()),
  online: Type.Boolean(),
  /** Since when it is online or, offline, when it was last heard; left out before the first time. */
  since: Type.Optional(Timestamp),
  from: Type.Optional(Type.String({ description: 'address' })),
  /** What it last told of itself, and when. */
  report: Type.Optional(Type.Object({ ...ReportSchema.properties, at: Timestamp })),
  /** Its build is not that of the server. */
  outdated: Type.Optional(Type.Boolean()),
  createdAt: Timestamp,
  createdBy: Type.String(),
  /** When its token ends, were it not renewed. Left out while the screen has not fetched it. */
  expires: Type.Optional(Timestamp),
});
export type Display = Static<typeof DisplaySchema>;
/** `GET /api/v1/access/displays`; one: `GET …/displays/{id}` */
export const DisplaysSchema = Type.Object({ items: Type.Array(DisplaySchema) });
/** `PATCH /api/v1/access/displays/{id}`, answered with the display; the screen follows at once. */
export const DisplayChangeSchema = Type.Partial(Type.Object(shown, closed));
export type DisplayChange = Static<typeof DisplayChangeSchema>;
// DELETE …/displays/{id} → 204. POST …/displays/{id}/reload, …/identify → 202 (409 when it is offline).

const TrailVerbSchema = Type.Unsafe<TrailVerb>(
  Type.String({ pattern: '^[a-z][A-Za-z]{1,30}[.][a-z][A-Za-z]{1,30}$', description: TRAIL_VERBS.join(', ') }),
);
export const TrailEntrySchema = Type.Object({
  id: Type.String(),
  at: Timestamp,
  /** Who did it: name, kind, role as they were then; a stranger has `kind` alone. */
  who: Type.Object({ name: Type.Optional(Type.String()), kind: Type.String(), role: Type.Optional(Type.String()) }),
  from: Type.String({ description: 'address' }),
  /** A verb of roles.ts, or one of another release. */
  what: TrailVerbSchema,
  /** Alert id, enterprise, name of a person … */
  target: Type.Optional(Type.String()),
  /** Filters, changed fields; never a secret. */
  detail: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type TrailEntry = Static<typeof TrailEntrySchema>;
/** `GET /api/v1/access/trail`, newest first. `who` and `target`: part of it, in any case of letters. */
export const TrailQuerySchema = Type.Object(
  {
    from: Type.Optional(Timestamp),
    to: Type.Optional(Timestamp),
    who: Type.Optional(Type.String({ maxLength: MAX_NAME })),
    what: Type.Optional(Type.Array(TrailVerbSchema, { maxItems: 50 })),
    target: Type.Optional(Type.String({ maxLength: MAX_STRING })),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  closed,
);
export type TrailQuery = Static<typeof TrailQuerySchema>;
/** `cursor`: there may be more; a page can be short, or empty, and still have one. `days`: how long it is kept. */
export const TrailSchema = Type.Object({
  items: Type.Array(TrailEntrySchema),
  cursor: Type.Optional(Type.String()),
  days: Type.Integer(),
});
export type Trail = Static<typeof TrailSchema>;
