import { hash } from 'node:crypto';
import type { SeenDigest } from '../redis/regionStore.ts';

/**
 * `(source, id)` identifies an event (contract §1). What has been counted is remembered as 96 bits of its SHA-1:
 * 3 characters of base64url name the bucket, 13 are kept in it. That is about 17 bytes an event, and the chance that
 * any two of a thousand million events share a digest is below 10⁻¹¹.
 */
export function digestOf(source: string, id: string): SeenDigest {
  // The length keeps ("a", "bc") apart from ("ab", "c") whatever characters they hold.
  const digest = hash('sha1', `${source.length}:${source}${id}`, 'base64url');
  return [digest.slice(0, 3), digest.slice(3, 16)];
}
