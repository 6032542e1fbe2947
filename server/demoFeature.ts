import { join } from 'node:path';
import type { Boundaries } from '../contract/boundaries.ts';
import type { RegionPack } from '../contract/region.ts';
import { isUpper } from '../common/divisions.ts';
import type { AccessControl } from './access/accessControl.ts';
import type { AccessServices } from './access/services.ts';
import type { ConnectorsFeature } from './casework/connectors/connectorsFeature.ts';
import type { Config } from './config.ts';
import type { DemoPlayer } from '../demo/player.ts';
import { demoWorkers, type DemoWorkers } from './demoWorkers.ts';
import type { Feature, Platform } from './feature.ts';
import type { Listening } from './httpFeature.ts';
import { fetchFromItself } from './platform/tls.ts';
import type { RegionPacks } from './region/packs.ts';
import type { RulesFeature } from './signals/packs/rulesFeature.ts';

export interface DemoParts {
  packs: RegionPacks;
  access: Pick<AccessServices, 'access' | 'fictional'>;
  http: Listening;
  connectors: Pick<ConnectorsFeature, 'connectDemonstration'>;
  rules: Pick<RulesFeature, 'indicators' | 'activateByItself'>;
}

/** Plays the demonstrations of all districts into the server's own public API, where the configuration asks for them. */
export function demoFeature({ config, log }: Platform, { packs, access, http, rules, connectors }: DemoParts): Feature {
  const ending = new AbortController();
  const working: DemoWorkers[] = [];
  let playing: Promise<void> | undefined;
  return {
    name: 'demonstration',
    async start() {
      if (!config.demo) return;
      // Only now: with what it needs it is 300 modules.
      const [{ startDemo }, { demoScale }] = await Promise.all([
        import('../demo/player.ts'),
        import('../demo/scale.ts'),
      ]);
      const get = config.tls ? fetchFromItself : fetch;
      playing = playAll(demoPlays(packs, config, demoScale), async ({ pack, ...options }) => {
        const workers = await demoWorkers(pack, options.dataDir, {
          access,
          connectors,
          url: () => http.url(),
          fetch: get,
          log,
        });
        working.push(workers);
        return startDemo({
          url: http.url(),
          pack,
          ...options,
          workers,
          speed: config.demoSpeed,
          log,
          signal: ending.signal,
          fetch: fetchAs(access.access, pack.code, get),
          // Where there are no rules, nobody is watched.
          watch: rules.indicators(pack.code) && {
            scale: config.demoScale,
            activate: () => rules.activateByItself(pack.code),
          },
        });
      }).catch((error: unknown) => {
        // The program goes on without it: whatever came in is there, and what is asked for is answered.
        if (!ending.signal.aborted)
          log.error(
            { err: error },
            `demonstration: it has ended, ${(error as Error).message}; start the program again`,
          );
      });
    },
    stop() {
      ending.abort();
      return Promise.resolve(playing)
        .then(() => Promise.all(working.map((workers) => workers.stop())))
        .then(() => {});
    },
  };
}

/** Every district plays its own history: the one shown first that of the published figures, others a share of it by their size. */
function demoPlays(packs: RegionPacks, { region, dataDir }: Config, demoScale: (pack: RegionPack) => number) {
  return packs.counted().map((pack) => {
    const drawing = packs.boundaries(pack.code);
    return {
      pack,
      // A file each, as each notes its own progress.
      dataDir: pack.code === region ? dataDir : join(dataDir, 'demo', pack.code),
      ...(isUpper(packs.get(region)!) ? { scale: demoScale(pack), seed: Number(pack.code) } : {}),
      boundaries: drawing ? (JSON.parse(drawing.body) as Boundaries) : undefined,
    };
  });
}

/** As the trail names it, in the office's words. */
const DEMO_NAME = '演示数据';

/** Starts one demonstration when the history of the one before is in: a city's at once would hold up everything else. */
async function playAll<T>(plays: readonly T[], start: (play: T) => Promise<DemoPlayer>): Promise<void> {
  const players: DemoPlayer[] = [];
  for (const play of plays) {
    const player = await start(play);
    players.push(player);
    await player.loaded;
  }
  await Promise.all(players.map(({ done }) => done));
}

/** The demonstration comes in by the public API like everybody: it writes as a source, looks as a screen, and reads alerts as an officer. Who works on them: demoWorkers.ts. */
function fetchAs(access: AccessControl, scope: string, get: typeof fetch): typeof fetch {
  const writes = access.mint({ name: DEMO_NAME, role: 'ingest', scope, trusted: true });
  const reads = access.mint({ name: DEMO_NAME, role: 'display', scope });
  const handles = access.mint({ name: DEMO_NAME, role: 'officer', scope });
  return (url, init) => {
    const headers = new Headers(init?.headers);
    const looks = String(url).includes('/api/v1/snapshot') ? reads : handles;
    headers.set('authorization', `Bearer ${init?.method === 'POST' ? writes : looks}`);
    return get(url, { ...init, headers });
  };
}
