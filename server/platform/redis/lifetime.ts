import { Cluster, type Redis } from 'ioredis';

/** Pause before attempt `times` (from 1), ms. */
type Pause = (times: number) => number;

const SLOTS_REFRESH_MS = 2_000;

/**
 * Has a connection live until it is asked to end, and then end wholly. ioredis 6 falls short of it:
 *
 * - It ends for good when a connection is given up at the moment at which another is being made (seen with Sentinels,
 *   in a failover). An end that nobody asked for begins anew.
 * - Closed while a Cluster's slots are being looked up, its interval starts again, for ever: a tool never ends, and a
 *   server gathers timers. So the interval is kept here.
 * - Closed once more after it has ended, it waits for two seconds for the end of what has ended, and the process or thread with it.
 *   So nothing is done then.
 * - Closed while it connects by way of Sentinels, it opens connections to all of them afterwards, which nobody closes.
 *   So it is closed once more when it has connected.
 */
export function liveUntilAsked(redis: Redis | Cluster, pause: Pause): void {
  let asked = false;
  let attempts = 0;
  const refresh =
    redis instanceof Cluster
      ? setInterval(() => {
          if (redis.status === 'ready') redis.refreshSlotsCache();
        }, SLOTS_REFRESH_MS).unref()
      : undefined;
  const ending = () => {
    asked = true;
    clearInterval(refresh);
  };
  const disconnect = redis.disconnect.bind(redis);
  redis.disconnect = (reconnect = false) => {
    if (!reconnect) {
      if (asked && redis.status === 'end') return;
      ending();
      if (redis.status === 'connecting')
        redis.once('connect', () => {
          disconnect();
        });
    }
    disconnect(reconnect);
  };
  const quit = redis.quit.bind(redis);
  redis.quit = (...args: Parameters<typeof quit>) => {
    ending();
    return quit(...args);
  };
  redis.on('ready', () => {
    attempts = 0;
  });
  redis.on('end', () => {
    if (asked) return;
    setTimeout(() => {
      // Why it fails is told by the error event, and the next end tries again.
      if (!asked && redis.status === 'end') redis.connect().catch(() => undefined);
    }, pause(++attempts));
  });
}
