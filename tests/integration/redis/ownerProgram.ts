/**
 * A program of its own that owns a data directory, to be killed by tests. It prints one line: what it started,
 * or why it did not; SIGTERM ends it in good order.
 * Usage: node program.mjs DATA_DIR (tests/support/bundle.ts makes program.mjs of it)
 */
import { pino } from 'pino';
import { startEmbeddedRedis } from '../../../server/platform/redis/embedded.ts';

try {
  const redis = await startEmbeddedRedis({ dataDir: process.argv[2]!, log: pino({ level: 'silent' }) });
  process.once('SIGTERM', () => void redis.stop());
  console.log(JSON.stringify({ redisPid: redis.pid, socketPath: redis.socketPath }));
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error).message }));
}
