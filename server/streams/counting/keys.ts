import { declareRegionKeys } from '../../platform/redis/keys.ts';

export const countingKeys = declareRegionKeys('streams/counting', {
  /** Hash of the parts of long documents (scripts/documentParts.lua). */
  parts: 'parts',
  /** Prefix of the hashes that hold the digests of all counted (source, id); the bucket number follows. */
  seen: 'seen:',
});
