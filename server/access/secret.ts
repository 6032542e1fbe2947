import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits; the prefix lets people and secret scanners tell what it is. */
export function mintToken(): string {
  return `ww_${randomBytes(32).toString('base64url')}`;
}

/**
 * What is kept of a token. A plain SHA-256 is enough: 256 random bits cannot be guessed, so there is nothing
 * for salt and stretching to slow down.
 */
export function hashToken(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex')}`;
}

/** Another secret of the same strength: `ws` a session, `wi` an invitation, `wd` a display's token, `wp` a pairing, `wc` a clerk at a kiosk. */
export function mintSecret(kind: 'ws' | 'wi' | 'wd' | 'wp' | 'wc'): string {
  return `${kind}_${randomBytes(32).toString('base64url')}`;
}
