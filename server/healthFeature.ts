import type { Feature, Platform } from './feature.ts';
import { healthRoute } from './platform/http/healthRoute.ts';

/** `/healthz`, `/readyz` with the checks of all features, and `/metrics`. */
export function healthFeature({ redis, metrics }: Platform, features: readonly Feature[]): Feature {
  const pinged = () =>
    redis.ping().then(
      () => 'ok',
      (error: Error) => error.message,
    );
  return {
    name: 'health',
    routes: [
      healthRoute({
        metrics,
        async checks() {
          const checks = await Promise.all(features.map(async (feature) => feature.readiness?.()));
          return Object.assign({ redis: await pinged() }, ...checks) as Record<string, string>;
        },
      }),
    ],
  };
}
