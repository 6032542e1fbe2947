import type { AccessServices } from '../access/services.ts';
import type { Feature, Platform } from '../feature.ts';
import { addressBehind } from '../platform/http/address.ts';
import type { Mask } from '../privacy/mask.ts';
import type { Regions } from '../region/region.ts';
import { createPushMetrics } from './metrics.ts';
import type { LineService } from './screens.ts';
import { serveWall } from './wall.ts';

/** Shows screens what changes, over Socket.IO, where the process has the role `push`. */
export function pushFeature(
  { config, log, metrics, pages, now }: Platform,
  parts: { access: AccessServices; regions: Regions; lag: () => number; mask: Mask; services: readonly LineService[] },
): Feature {
  const { access, displays, displayTokens, trail } = parts.access;
  const counts = createPushMetrics(metrics);
  return {
    name: 'push',
    routes: config.roles.has('push')
      ? [
          async (app) => {
            const wall = serveWall({
              http: app.server,
              access,
              displays,
              displayTokens,
              trail,
              mask: parts.mask,
              strangers: app.strangers,
              addressOf: addressBehind(config.trustedProxies),
              regions: parts.regions,
              now,
              tickMs: config.tickMs,
              build: pages.build,
              metrics: counts,
              services: parts.services,
              log,
              lag: parts.lag,
            });
            // Connections that stay open would keep the server from closing.
            app.addHook('preClose', () => wall.close());
          },
        ]
      : [],
  };
}
