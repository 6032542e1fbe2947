import { Type, type Static, type TSchema } from 'typebox';
import { MAX_NAME, MAX_PASSWORD, MAX_PREFIXES } from './accessLimits.ts';
import { ACCESS_ROLES } from './roles.ts';
import { CHANNELS, EVENT_TYPES } from './codes.ts';
import { SpokenPlatformSchema } from './speaksFor.ts';
import { codes, MAX_STRING, Timestamp } from './events.ts';
import { DIVISION_PATTERN } from '../common/divisions.ts';

/** Who may do what: the access file (contract §6), the session of a browser, and invitations. */

/** The code of a unit of the scope's region pack (casework §1). */
export const UnitCodeSchema = Type.String({
  minLength: 1,
  maxLength: 60,
  description: "code of a unit of the scope's region",
});

const list = <S extends TSchema>(items: S, maxItems: number) =>
  Type.Optional(Type.Array(items, { minItems: 1, maxItems, uniqueItems: true }));

/**
 * What an `ingest` token may write in its region (contract §1). It names `source`, `may` and `alerts` or `platform`, or is
 * `trusted`; other roles have none of this.
 */
export const WriteGrantSchema = Type.Object({
  /** The one CloudEvents source that it may write for. */
  source: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_STRING })),
  /** The ids of its alerts begin with one of these; where it speaks for a platform, those of the alerts that it raises. */
  alerts: list(Type.String({ minLength: 1, maxLength: 100 }), MAX_PREFIXES),
  /** The event types that it may send. */
  may: list(codes(EVENT_TYPES), EVENT_TYPES.length),
  /** The channels that it may speak for; every channel, if it names none. */
  channels: list(codes(CHANNELS), CHANNELS.length),
  /**
   * The outside platform that it speaks for: what it sends about any alert of its region is kept, marked with it, and has an effect
   * only where the alert stands dispatched to that platform (contract §2).
   */
  platform: Type.Optional(SpokenPlatformSchema),
  /** The alerts that it raises are dispatched by the program, as the region pack says. */
  dispatch: Type.Optional(Type.Boolean()),
  /** No limits by alert, type and channel. Chosen by hand. */
  trusted: Type.Optional(Type.Boolean()),
});
export type WriteGrant = Static<typeof WriteGrantSchema>;

export const AccessTokenSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    role: codes(ACCESS_ROLES),
    scope: Type.String({ pattern: DIVISION_PATTERN }),
    /** The unit that its bearer belongs to: a `handler` has one, an `officer` or `leader` may. */
    unit: Type.Optional(UnitCodeSchema),
    ...WriteGrantSchema.properties,
    /** Of the token's text as it is sent; the token itself is kept nowhere. */
    hash: Type.String({ pattern: '^sha256:[0-9a-f]{64}$' }),
    expires: Type.Optional(Timestamp),
  },
  { additionalProperties: false },
);
export type AccessToken = Static<typeof AccessTokenSchema>;

export const AccessFileSchema = Type.Object(
  { tokens: Type.Array(AccessTokenSchema, { maxItems: 10_000 }) },
  { additionalProperties: false },
);
export type AccessFile = Static<typeof AccessFileSchema>;

const Name = Type.String({ minLength: 1, maxLength: MAX_NAME });
const Password = Type.String({ minLength: 1, maxLength: MAX_PASSWORD });
const closed = { additionalProperties: false } as const;

/** `POST /api/v1/access/session`: with a token (programs' and screens'), or as a person. */
export const SessionRequestSchema = Type.Union([
  Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9._~+/-]{1,200}=*$' }) }, closed),
  Type.Object({ name: Name, password: Password }, closed),
]);
export type SessionRequest = Static<typeof SessionRequestSchema>;

/**
 * What somebody was let in as; `everybody` while the program is open, without people or an access file. `persona`: somebody of a
 * demonstration, who is made up (casework §5).
 */
export const PRINCIPAL_KINDS = ['person', 'display', 'token', 'everybody', 'persona'] as const;

/** Whom the server takes somebody for. */
export const PrincipalSchema = Type.Object({
  kind: codes(PRINCIPAL_KINDS),
  name: Type.String(),
  role: codes(ACCESS_ROLES),
  /** Left out for `everybody`. */
  scope: Type.Optional(Type.String()),
  /** The code of the unit they belong to; the region's pack has its name. */
  unit: Type.Optional(Type.String()),
  /** When it ends, unless it is renewed (a display's renews itself). */
  expires: Type.Optional(Timestamp),
  /** Of a paired display: the page it is to show, such as `/wall?scope=330110&lang=en`. */
  show: Type.Optional(Type.String()),
  /** Of a person: whether there is a password to change (none with OpenID Connect). */
  password: Type.Optional(Type.Boolean()),
});

/**
 * `GET`, and the answer of `POST /api/v1/access/session`, `/invite` and `/session/password`. Anybody may ask; the answer is
 * never 401.
 */
export const SessionSchema = Type.Object({
  /** Left out for a stranger. */
  principal: Type.Optional(PrincipalSchema),
  /** Nobody needs to sign in: a loopback address, no access file, nobody stored. */
  open: Type.Boolean(),
  /** Whoever acts must choose a persona first: `GET /api/v1/personas` has them. */
  personas: Type.Optional(Type.Boolean()),
  /** The ways to sign in besides a token. */
  signIn: Type.Object({
    password: Type.Boolean(),
    /** `label`: on the button; the button goes to `/api/v1/access/oidc/start?next=/page`. */
    oidc: Type.Optional(Type.Object({ label: Type.String() })),
  }),
});
export type Session = Static<typeof SessionSchema>;

/** `POST /api/v1/access/session/password`, by a person for themselves; ends all their other sessions. */
export const PasswordChangeSchema = Type.Object({ old: Password, new: Password }, closed);

/**
 * The page that a link of an invitation leads to is `/join#CODE` (the code in the fragment, so that it gets into no log).
 * `POST /api/v1/access/invite/look` with `{code}` tells for whom it is, without using it up; 404 when it is used or too old.
 */
export const InviteLookSchema = Type.Object({ code: Type.String({ pattern: '^[A-Za-z0-9_-]{20,60}$' }) }, closed);
export const InviteSchema = Type.Object({
  /** Whose it is; left out where the name is to be chosen (the first admin). */
  name: Type.Optional(Type.String()),
  role: codes(ACCESS_ROLES),
  scope: Type.String(),
  unit: Type.Optional(Type.String()),
  expires: Timestamp,
});
export type Invite = Static<typeof InviteSchema>;
/**
 * `POST /api/v1/access/invite`: takes the invitation up, signs in, answers with the session. 404 `code`; 409 `name` taken;
 * 422 `password` too weak (`detail` says why).
 */
export const InviteAcceptSchema = Type.Object(
  { ...InviteLookSchema.properties, name: Type.Optional(Name), password: Password },
  closed,
);
