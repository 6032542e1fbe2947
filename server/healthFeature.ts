import type { Feature, Platform } from './feature.ts';
import { healthRoute } from './platform/http/healthRoute.ts';
import { redisTrouble } from './platform/redis/unreachable.ts';

/** A check that takes longer has failed: whoever asks must hear so before it gives up itself, ms. */
const PATIENCE_MS = 3_000;

/** The checks of one part; that it does not answer, where it does not in time. */
async function inTime(name: string, checks: Promise<Record<string, string> | undefined>) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Record<string, string>>((resolve) => {
    timer = setTimeout(() => resolve({ [name]: `does not answer within ${PATIENCE_MS / 1000} s` }), PATIENCE_MS);
  });
  try {
    return await Promise.race([checks, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `/healthz`, `/readyz` with the checks of all features, and `/metrics`. */
export function healthFeature({ redis, metrics }: Platform, features: readonly Feature[]): Feature {
  const pinged = () => redis.ping().then(() => 'ok', redisTrouble);
  return {
    name: 'health',
    routes: [
      healthRoute({
        metrics,
        async checks() {
          const checks = await Promise.all([
            inTime(
              'redis',
              pinged().then((redis) => ({ redis })),
            ),
            ...features.map((feature) => inTime(feature.name, Promise.resolve(feature.readiness?.()))),
          ]);
          return Object.assign({}, ...checks) as Record<string, string>;
        },
      }),
    ],
  };
}
