import { Type, type Static } from 'typebox';
import { codes, MAX_STRING, Timestamp } from './events.ts';

/** Who may do what: the access file (contract §6) and the session of a browser. */

/**
 * `ingest` writes events of its region, and nothing else; `display` sees figures and masked alerts; `officer` the alerts
 * of its scope in full; `leader` the region in full, read only; `admin` everything, of every region.
 */
export const ACCESS_ROLES = ['ingest', 'display', 'officer', 'leader', 'admin'] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** Those whose scope may be a single town (9 digits); the others' is a region (6 digits). */
export const TOWN_ROLES: readonly AccessRole[] = ['display', 'officer'];

export const AccessTokenSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  role: codes(ACCESS_ROLES),
  scope: Type.String({ pattern: '^[0-9]{6}([0-9]{3})?$' }),
  /** `ingest` only: the one CloudEvents source that it may write for. */
  source: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_STRING })),
  /** Of the token's text as it is sent; the token itself is kept nowhere. */
  hash: Type.String({ pattern: '^sha256:[0-9a-f]{64}$' }),
  expires: Type.Optional(Timestamp),
}, { additionalProperties: false });
export type AccessToken = Static<typeof AccessTokenSchema>;

export const AccessFileSchema = Type.Object({ tokens: Type.Array(AccessTokenSchema, { maxItems: 10_000 }) }, { additionalProperties: false });
export type AccessFile = Static<typeof AccessFileSchema>;

/** `POST /api/v1/session` */
export const SessionRequestSchema = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9._~+/-]{1,200}=*$' }) }, { additionalProperties: false });

/** Whom the server takes somebody for. */
export const SessionSchema = Type.Object({
  name: Type.String(),
  role: codes(ACCESS_ROLES),
  /** Left out where everything is open: without an access file, on a loopback address. */
  scope: Type.Optional(Type.String()),
  expires: Type.Optional(Timestamp),
});
export type Session = Static<typeof SessionSchema>;
