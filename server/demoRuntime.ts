import { join } from 'node:path';
import type { BaseLogger } from 'pino';
import type { Boundaries } from '../contract/boundaries.ts';
import { isUpper } from '../common/divisions.ts';
import type { RegionPack } from '../contract/region.ts';
import type { AccessControl } from './access/accessControl.ts';
import type { Config } from './config.ts';
import { startDemo, type DemoPlayer } from '../demo/player.ts';
import { demoScale } from '../demo/scale.ts';
import type { RegionPacks } from './region/packs.ts';

export interface DemoParts {
  packs: RegionPacks;
  config: Pick<Config, 'region' | 'dataDir' | 'demoSpeed'>;
  /** The districts that are counted here: each has a demonstration of its own. */
  counted: readonly RegionPack[];
  access: AccessControl;
  /** Where this very server listens. */
  url: string;
  get: typeof fetch;
  log: BaseLogger;
}

/** Plays the demonstrations of all districts into the server's own public API, until they are stopped. */
export function startDemos({ packs, config, counted, access, url, get, log }: DemoParts): { stop(): Promise<void> } {
  const ending = new AbortController();
  const playing = playAll(demoPlays(packs, config, counted), ({ pack, ...options }) =>
    startDemo({
      url,
      pack,
      ...options,
      speed: config.demoSpeed,
      log,
      signal: ending.signal,
      fetch: fetchAs(access, pack.code, get),
    }),
  );
  return {
    stop() {
      ending.abort();
      return playing;
    },
  };
}

/** Every district plays its own history: the one shown first that of the published figures, others a share of it by their size. */
function demoPlays(packs: RegionPacks, { region, dataDir }: DemoParts['config'], all: readonly RegionPack[]) {
  return all.map((pack) => {
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

/** Starts one demonstration when the history of the one before is in: a city's at once would hold up everything else. */
async function playAll<T>(plays: readonly T[], start: (play: T) => DemoPlayer): Promise<void> {
  const players: DemoPlayer[] = [];
  for (const play of plays) {
    const player = start(play);
    players.push(player);
    await player.loaded;
  }
  await Promise.all(players.map(({ done }) => done));
}

/** The demonstration comes in by the public API like everybody: it writes as a source, and looks as a screen. */
function fetchAs(access: AccessControl, scope: string, get: typeof fetch): typeof fetch {
  const writes = access.mint({ name: 'demonstration', role: 'ingest', scope, trusted: true });
  const reads = access.mint({ name: 'demonstration', role: 'display', scope });
  return (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${init?.method === 'POST' ? writes : reads}`);
    return get(url, { ...init, headers });
  };
}
