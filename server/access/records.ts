import { createHash, randomBytes } from 'node:crypto';
import type { WriteGrant } from '../../contract/access.ts';
import type { AccessRole } from '../../contract/roles.ts';

/**
 * What is stored of access, as JSON in the fields `kind:id` of one hash. Times in epoch ms. Of tokens, sessions and
 * invitations only digests are kept, of passwords only what scrypt makes of them.
 */
export interface PersonRecord {
  name: string;
  role: AccessRole;
  scope: string;
  /** The code of a unit of the scope's region. */
  unit?: string;
  /** As passwords.ts writes it. */
  password?: string;
  /** Who signs in by OpenID Connect. */
  oidc?: { issuer: string; subject: string };
  disabled?: true;
  /** How they sign in at kiosks: a number, and a code as passwords.ts writes it. */
  clerk?: { number: string; code: string; at: number };
  createdAt: number;
  createdBy: string;
  signedInAt?: number;
}
export interface TokenRecord extends WriteGrant {
  name: string;
  role: AccessRole;
  scope: string;
  unit?: string;
  expires?: number;
  hash: string;
  createdAt: number;
  createdBy: string;
}
export interface DisplayRecord {
  name: string;
  scope: string;
  /** One of DISPLAY_SCREENS, or a screen of another version. */
  screen: string;
  settings: Record<string, string>;
  /** Newest last: while a renewed one has not been used, the one before still holds. */
  tokens: { hash: string; issued: number; ends: number }[];
  createdAt: number;
  createdBy: string;
}
/** Of a person or, where somebody signed in with a token, of that: then `token` is its credential (principal.ts). */
export interface SessionRecord {
  person?: string;
  token?: string;
  hash: string;
  at: number;
  ends: number;
  from: string;
}
/** Good once: for a person who is there already, or (without) for the first admin, who chooses a name. */
export interface InviteRecord {
  hash: string;
  ends: number;
  person?: string;
  role: AccessRole;
  scope: string;
  unit?: string;
}

export interface Records {
  person: PersonRecord;
  token: TokenRecord;
  display: DisplayRecord;
  session: SessionRecord;
  invite: InviteRecord;
}
export type RecordKind = keyof Records;
export const RECORD_KINDS: readonly RecordKind[] = ['person', 'token', 'display', 'session', 'invite'];

/** Set for good once there is an admin: from then on the program is not open any more, even if all people are removed. */
export const CLOSED_FIELD = 'state:closed';

/** Since when sessions over TLS are kept in a cookie with `__Host-`, epoch ms: those before may come in the old one. */
export const HOST_COOKIES_FIELD = 'state:host-cookies';

export const newId = (): string => randomBytes(9).toString('base64url');

/** The field that makes a name one's alone: people type names in any case and width of letters. */
export function nameField(kind: RecordKind, name: string): string {
  return `name:${kind}:${createHash('sha256').update(plainName(name)).digest('base64url')}`;
}

export function plainName(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** The field that makes a clerk's number at kiosks one's alone. */
export const clerkField = (number: string): string => `clerk:${number}`;
