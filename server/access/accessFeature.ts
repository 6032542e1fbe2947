import type { Persona } from '../../contract/personas.ts';
import { isLoopback } from '../config.ts';
import type { Feature, Platform } from '../feature.ts';
import { accessBackup } from './accessBackup.ts';
import { SettingError } from '../platform/settings.ts';
import { Directory } from './directory.ts';
import { readFileTokens } from './tokens/fileTokens.ts';
import { unitFault, type Divisions } from './grants.ts';
import { readOidcFile, type OidcFile } from './sessions/oidcFile.ts';
import { displayRoutes } from './displays/displayRoutes.ts';
import { clerkRoutes } from './clerks/clerkRoutes.ts';
import { inviteRoutes } from './people/inviteRoutes.ts';
import { oidcRoutes } from './sessions/oidcRoutes.ts';
import { pairingRoutes } from './displays/pairingRoutes.ts';
import { peopleRoutes } from './people/peopleRoutes.ts';
import { personaRoutes } from './personas/personaRoutes.ts';
import { sessionRoute } from './sessions/sessionRoute.ts';
import { tokenRoutes } from './tokens/tokenRoutes.ts';
import { trailRoute } from './trail/trailRoute.ts';
import { joinLink } from './firstLink.ts';
import { HOST_COOKIES_FIELD } from './records.ts';
import { loadCursorKey } from './store/cursorKey.ts';
import { createAccessServices, type AccessServices } from './services.ts';
import { upgradeTrail } from './trail/upgradeTrail.ts';
import { createAccessStore } from './store/accessStore.ts';
import { fromBeforeLimits, trustedNotice } from './writeGrant.ts';

const SWEEP_MS = 10 * 60_000;

export interface AccessFeature extends Feature {
  readonly services: AccessServices;
  /** A link that makes the first admin, where nobody is there yet who could let people in; undefined where somebody is. */
  firstLink(url: string): Promise<string | undefined>;
}

/**
 * Everything about who is let in, as this process runs it: loads it at the start, and follows it.
 * @param divisions those that are shown here
 * @param personas of a demonstration: whom anybody may be while the program is open
 * @throws SettingError if a file is wrong; at the start, if strangers could reach a program that nobody has been let into
 */
export function accessFeature(
  { config, redis, log, pages, now }: Platform,
  divisions: Divisions,
  personas: readonly Persona[] = [],
): AccessFeature {
  const file = config.accessFile === undefined ? undefined : readFileTokens(config.accessFile, log);
  const oidcFile = config.oidcFile === undefined ? undefined : readOidcFile(config.oidcFile);
  if (oidcFile) checkOidcUnits(config.oidcFile!, oidcFile, divisions);
  const directory = new Directory(createAccessStore(redis), log);
  const loopback = isLoopback(config.host);
  const services = createAccessServices({
    redis,
    directory,
    loopback,
    personas,
    divisions,
    build: pages.build,
    trailDays: config.trailDays,
    now,
    ...(file ? { file } : {}),
    ...(oidcFile ? { oidcFile } : {}),
    ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
  });
  let sweeping: NodeJS.Timeout | undefined;
  return {
    name: 'access',
    backup: accessBackup,
    secretFiles: config.oidcFile === undefined ? [] : [config.oidcFile],
    services,
    routes: [
      sessionRoute,
      personaRoutes,
      clerkRoutes,
      inviteRoutes,
      peopleRoutes,
      tokenRoutes,
      pairingRoutes,
      displayRoutes,
      trailRoute,
      oidcRoutes,
    ].map((route) => route(services)),
    async start() {
      await upgradeTrail(redis);
      services.cursorKey.current = await loadCursorKey(redis);
      await directory.start();
      // From the first start of this version on; what was made before may still come in the old cookie.
      await directory.change(() =>
        directory.field(HOST_COOKIES_FIELD) === undefined
          ? [{ field: HOST_COOKIES_FIELD, to: String(now()) }]
          : undefined,
      );
      const invited = () => directory.list('invite').some(([, { ends }]) => ends > now());
      if (!loopback && !file && !directory.closed && !invited()) throw new SettingError([nobodyYet(config.host)]);
      const before = directory.list('token').filter(([, token]) => fromBeforeLimits(token.role, token));
      const names = before.map(([, { name }]) => name);
      const notice = trustedNotice(names);
      if (notice) log.warn({ tokens: names }, notice);
      sweeping = setInterval(() => {
        services.sessions
          .sweep()
          .catch((error: unknown) =>
            log.warn({ reason: (error as Error).message }, 'access: what has ended could not be cleared away'),
          );
      }, SWEEP_MS);
      sweeping.unref();
    },
    async stop() {
      clearInterval(sweeping);
      file?.stop();
      await directory.stop();
    },
    async firstLink(url) {
      if (file || directory.closed || !loopback) return undefined;
      const { code } = await services.invitations.inviteAdmin(config.region);
      return joinLink(config.publicUrl ?? url, code);
    },
  };
}

function nobodyYet(host: string): string {
  return (
    `HOST is ${JSON.stringify(host)}, but nobody has been let in yet, so anybody who reaches that address could read and write everything: ` +
    'make the first admin with "npm run -s access -- invite", or set ACCESS_FILE, or a loopback HOST such as 127.0.0.1.'
  );
}

/** A unit with a slip in it would let in nobody, and nobody would know why. @throws SettingError */
function checkOidcUnits(path: string, { roles }: OidcFile, divisions: Divisions): void {
  const faults = roles.flatMap(({ role, scope, unit }, i) => {
    const problem = unit === undefined ? undefined : unitFault({ role, scope, unit }, divisions.units(scope));
    return problem === undefined ? [] : [`${path}: /roles/${i}/unit ${problem}.`];
  });
  if (faults.length) throw new SettingError(faults);
}
