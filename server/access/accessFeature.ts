import { isLoopback } from '../config.ts';
import type { Feature, Platform } from '../feature.ts';
import { createAccessControl } from './accessControl.ts';
import { SettingError } from '../platform/settings.ts';
import { Directory } from './directory.ts';
import { createDisplays } from './displays/displays.ts';
import { readFileTokens } from './tokens/fileTokens.ts';
import { createOidc } from './sessions/oidc.ts';
import { readOidcFile } from './sessions/oidcFile.ts';
import { createPeople } from './people/people.ts';
import { displayRoutes } from './displays/displayRoutes.ts';
import { inviteRoutes } from './people/inviteRoutes.ts';
import { oidcRoutes } from './sessions/oidcRoutes.ts';
import { pairingRoutes } from './displays/pairingRoutes.ts';
import { peopleRoutes } from './people/peopleRoutes.ts';
import { sessionRoute } from './sessions/sessionRoute.ts';
import { tokenRoutes } from './tokens/tokenRoutes.ts';
import { trailRoute } from './trail/trailRoute.ts';
import type { AccessServices } from './services.ts';
import { createSessions } from './sessions/sessions.ts';
import { createAccessStore } from './store/accessStore.ts';
import { createShortStore } from './store/shortStore.ts';
import { createTrailStore } from './trail/trailStore.ts';
import { createThrottle } from './sessions/throttle.ts';
import { createTokens } from './tokens/tokens.ts';
import { createTrail } from './trail/trail.ts';
import { fromBeforeLimits, trustedNotice } from './writeGrant.ts';

const SWEEP_MS = 10 * 60_000;

export interface AccessFeature extends Feature {
  readonly services: AccessServices;
  /** A link that makes the first admin, where nobody is there yet who could let people in; undefined where somebody is. */
  firstLink(url: string): Promise<string | undefined>;
}

/**
 * Everything about who is let in, as this process runs it: loads it at the start, and follows it.
 * @param knownScope whether a division is shown here
 * @throws SettingError if a file is wrong; at the start, if strangers could reach a program that nobody has been let into
 */
export function accessFeature(
  { config, redis, log, pages, now }: Platform,
  knownScope: (scope: string) => boolean,
): AccessFeature {
  const file = config.accessFile === undefined ? undefined : readFileTokens(config.accessFile, log);
  const oidcFile = config.oidcFile === undefined ? undefined : readOidcFile(config.oidcFile);
  const directory = new Directory(createAccessStore(redis), log);
  const loopback = isLoopback(config.host);
  const short = createShortStore(redis);
  const throttle = createThrottle(short);
  const sessions = createSessions(directory, now);
  const people = createPeople({
    directory,
    sessions,
    throttle,
    knownScope,
    now,
    otherAdmin: () =>
      file?.list().some(({ role, expires }) => role === 'admin' && (expires === undefined || expires > now())) ?? false,
  });
  const displays = createDisplays({ directory, short, throttle, knownScope, build: pages.build, now });
  const services: AccessServices = {
    access: createAccessControl({
      directory,
      loopback,
      now,
      onRenewed: (id, hash) => displays.used(id, hash),
      ...(file ? { file } : {}),
    }),
    directory,
    people,
    sessions,
    displays,
    throttle,
    now,
    tokens: createTokens({ directory, sessions, knownScope, now, ...(file ? { file } : {}) }),
    trail: createTrail(createTrailStore(redis), config.trailDays),
    ...(oidcFile ? { oidc: createOidc({ file: oidcFile, publicUrl: config.publicUrl!, short, people }) } : {}),
  };
  let sweeping: NodeJS.Timeout | undefined;
  return {
    name: 'access',
    services,
    routes: [
      sessionRoute,
      inviteRoutes,
      peopleRoutes,
      tokenRoutes,
      pairingRoutes,
      displayRoutes,
      trailRoute,
      oidcRoutes,
    ].map((route) => route(services)),
    async start() {
      await directory.start();
      const invited = () => directory.list('invite').some(([, { ends }]) => ends > now());
      if (!loopback && !file && !directory.closed && !invited()) throw new SettingError([nobodyYet(config.host)]);
      const before = directory.list('token').filter(([, token]) => fromBeforeLimits(token.role, token));
      const names = before.map(([, { name }]) => name);
      const notice = trustedNotice(names);
      if (notice) log.warn({ tokens: names }, notice);
      sweeping = setInterval(() => {
        sessions
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
      const { code } = await people.inviteAdmin(config.region);
      return joinLink(config.publicUrl ?? url, code);
    },
  };
}

/** Where an invitation is taken up. The code is in the fragment, which browsers send to nobody. */
export function joinLink(url: string, code: string): string {
  return `${url}/join#${code}`;
}

function nobodyYet(host: string): string {
  return (
    `HOST is ${JSON.stringify(host)}, but nobody has been let in yet, so anybody who reaches that address could read and write everything: ` +
    'make the first admin with "npm run -s access -- invite", or set ACCESS_FILE, or a loopback HOST such as 127.0.0.1.'
  );
}
