// Opens connections and closes each at another moment; then nothing is left, and the process ends by itself:
// node closingProcess.mjs REDIS_URL
import { pino } from 'pino';
import { createRedis } from '../../dist/server/platform/redis/connect.js';
import { parseRedisUrl } from '../../dist/server/platform/redis/target.js';

const { target } = parseRedisUrl(process.argv[2]);
const log = pino({ level: 'silent' });
/** From before the first answer to well after the last one. */
const CONNECTING_MS = 400;
const COUNT = 120;

for (let i = 0; i < COUNT; i++) {
  const redis = createRedis(target, { role: i % 2 ? 'commands' : 'blocking', log });
  redis.get('a').catch(() => undefined);
  // The first look at a Cluster's slots belongs to connecting; of the second on, it is kept up.
  let looks = 0;
  if (i % 4 === 3 && target.kind === 'cluster')
    redis.on('refresh', () => {
      if (++looks === 2) redis.disconnect();
    });
  else
    setTimeout(
      () => {
        redis.disconnect();
      },
      (i / COUNT) * CONNECTING_MS,
    );
}
