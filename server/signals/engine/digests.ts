import { digestOf } from '../../alerts/eventDigest.ts';

/**
 * Repeats of observations are told by a digest of `(source, id)` for at least 35 days (signals §3). Digests are kept in
 * generations of 35 days: a repeat is looked for in this one and the one before, and older ones go as a whole.
 */
export const GENERATION_DAYS = 35;

export const generationOf = (day: number): number => Math.floor(day / GENERATION_DAYS);

/**
 * The bucket in which a digest is kept (3 characters), and the digest in it (14). 32,768 buckets keep a few million digests in
 * small hashes, which take about 20 bytes each.
 */
export function bucketedDigest(source: string, id: string): string {
  const digest = digestOf(source, id);
  return digest.slice(0, 2) + EIGHTH[digest.charCodeAt(2) & 7] + digest.slice(2);
}
export const DIGEST_LENGTH = 17;
const EIGHTH = 'abcdefgh';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Names of all buckets, in as many parts as there are first characters. */
export function bucketParts(): string[][] {
  return [...BASE64URL].map((first) =>
    [...BASE64URL].flatMap((second) => [...EIGHTH].map((eighth) => first + second + eighth)),
  );
}
