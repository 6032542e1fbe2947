import { randomBytes } from 'node:crypto';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { ACCESS_KEYS as KEYS } from './keys.ts';

/** What all processes sign cursors with; made once, so that pages follow each other across a restart. */
export async function loadCursorKey(redis: RedisClient): Promise<Buffer> {
  await redis.set(KEYS.cursorKey, randomBytes(32).toString('base64url'), 'NX');
  return Buffer.from((await redis.get(KEYS.cursorKey))!, 'base64url');
}
