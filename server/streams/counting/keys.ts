import { declareRegionKeys } from '../../platform/redis/keys.ts';

export const countingKeys = declareRegionKeys('streams/counting', {
  /** Hash of the parts of long documents (scripts/documentParts.lua). */
  parts: 'parts',
  /** Prefix of the hashes that hold the digests of all counted (source, id); the bucket number follows. */
  seen: 'seen:',
  /** Hash of the outside platforms that have a connector, each with the moment at which it got it, epoch ms. */
  connected: 'connected',
  /** Prefix of the streams of what is to be sent to a platform; its name follows. Field `e`: an entry (outgoing.ts). */
  outbox: 'outbox:',
});
