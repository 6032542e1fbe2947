import { join } from 'node:path';
import type { Platform as PlatformCode } from '../contract/codes.ts';
import type { RegionPack } from '../contract/region.ts';
import type { AccessServices } from './access/services.ts';
import type { ConnectorsFeature } from './casework/connectors/connectorsFeature.ts';
import type { Workers } from '../demo/player.ts';
import type { Logger } from 'pino';

/** Which outside platform the demonstration has a stand-in for; what goes elsewhere people handle here. */
const OTHER: PlatformCode = 'four-platforms';

export interface WorkerParts {
  access: Pick<AccessServices, 'access' | 'fictional'>;
  connectors: Pick<ConnectorsFeature, 'connectDemonstration'>;
  url: () => string;
  fetch: typeof fetch;
  log: Logger;
}

/** Those who handle the alerts of one district's demonstration, and whom they handle them with. */
export interface DemoWorkers extends Workers {
  stop(): Promise<void>;
}

/** Lets the people of a demonstration in, each in their own name, and starts the other side's platform. @param dir where that keeps its cases */
export async function demoWorkers(pack: RegionPack, dir: string, parts: WorkerParts): Promise<DemoWorkers> {
  const [{ staffOf }, { demoTexts }] = await Promise.all([
    import('../demo/people/staff.ts'),
    import('../demo/scenario.ts'),
  ]);
  const { access, fetch: get } = parts;
  const people = staffOf(pack, demoTexts());
  const tokens = new Map<string, string>();
  for (const person of people) {
    access.fictional.set(person.id, person);
    tokens.set(person.id, access.access.mintFor(person));
  }
  const bearing =
    (token: string): typeof fetch =>
    (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set('authorization', `Bearer ${token}`);
      return get(url, { ...init, headers });
    };
  const raises = access.access.mint({
    name: 'demonstration',
    role: 'ingest',
    scope: pack.code,
    trusted: true,
    dispatch: true,
  });
  const platform = await startOther(pack, dir, parts).catch((error: unknown) => {
    // People do its work.
    parts.log.warn({ err: error, region: pack.code }, `demonstration: no ${OTHER}, ${(error as Error).message}`);
    return undefined;
  });
  return {
    people,
    as: ({ id }) => bearing(tokens.get(id)!),
    raises: bearing(raises),
    other: platform && {
      platform: OTHER,
      holds(alertId) {
        const held = platform.book.cases.get(alertId);
        return held && held.state !== 'closed' && held.state !== 'transferred' ? held.standsBy : undefined;
      },
      act: (alertId, action, outcome) => platform.act(alertId, action, outcome),
    },
    stop: async () => platform?.close(),
  };
}

/** The reference platform on a port of its own; undefined where the region sends nothing there, or somebody has connected another. */
async function startOther(pack: RegionPack, dir: string, { access, connectors, url, fetch: get, log }: WorkerParts) {
  if (!pack.units || !Object.values(pack.dispatch ?? {}).some(({ platform }) => platform === OTHER)) return undefined;
  const { startPlatform } = await import('../demo/platform/referencePlatform.ts');
  const source = `urn:demo:${pack.code}:${OTHER}`;
  const token = access.access.mint({
    name: 'demonstration platform',
    role: 'ingest',
    scope: pack.code,
    source,
    platform: OTHER,
    may: ['wage.alert.accepted', 'wage.alert.handled'],
  });
  const keep = join(dir, 'demo-platform.json');
  const platform = await startPlatform({ port: 0, secrets: [], server: url(), token, source, keep, fetch: get });
  let secret: string | undefined;
  try {
    secret = await connectors.connectDemonstration(pack.code, OTHER, `${platform.url}/deliveries`);
  } finally {
    // Nobody else would: whoever asked for it gets none.
    if (secret === undefined) await platform.close();
  }
  if (secret === undefined) return undefined;
  platform.setSecrets([secret]);
  log.info({ region: pack.code, url: platform.url }, `demonstration: ${OTHER} has a page of its own`);
  return platform;
}
