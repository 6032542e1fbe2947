import { hash } from 'node:crypto';

/**
 * `(source, id)` identifies an event (contract §1). What has been counted is remembered as 96 bits of its SHA-1:
 * 16 characters of base64url, of which Redis keeps 13 in a hash that the first 3 name. That is about 17 bytes an event, and the chance that
 * any two of a thousand million events share a digest is below 10⁻¹¹.
 */
export function digestOf(source: string, id: string): string {
  // The length keeps ("a", "bc") apart from ("ab", "c") whatever characters they hold.
  return hash('sha1', `${source.length}:${source}${id}`, 'base64url').slice(0, 16);
}
