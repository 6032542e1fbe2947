import { randomBytes } from 'node:crypto';
import type { RedisClient } from '../platform/redis/connect.ts';
import { createAccessControl, type AccessControl } from './accessControl.ts';
import type { Persona } from '../../contract/personas.ts';
import { createChangeBy } from './changeBy.ts';
import { createClerkCodes, type ClerkCodes } from './clerks/clerkCodes.ts';
import { createClerks, type Clerks } from './clerks/clerks.ts';
import type { Directory } from './directory.ts';
import { createDisplays, type Displays } from './displays/displays.ts';
import { createDisplayTokens, type DisplayTokens } from './displays/displayTokens.ts';
import type { Divisions } from './grants.ts';
import type { Member } from './member.ts';
import { createPersonaBook, type PersonaBook } from './personas/personas.ts';
import { createPairings, type Pairings } from './displays/pairings.ts';
import { createInvitations, type Invitations } from './people/invitations.ts';
import { createPeople, type People } from './people/people.ts';
import { createOidc, type Oidc } from './sessions/oidc.ts';
import type { OidcFile } from './sessions/oidcFile.ts';
import { createSessions, type Sessions } from './sessions/sessions.ts';
import { createSignIn, type SignIn } from './sessions/signIn.ts';
import { createThrottle, type Throttle } from './sessions/throttle.ts';
import { createShortStore } from './store/shortStore.ts';
import type { FileTokens } from './tokens/fileTokens.ts';
import { createTokens, type Tokens } from './tokens/tokens.ts';
import { createTrail, type Trail } from './trail/trail.ts';
import { createTrailStore } from './trail/trailStore.ts';

/** All that the routes of access are made from. */
export interface AccessServices {
  access: AccessControl;
  directory: Directory;
  people: People;
  invitations: Invitations;
  signIn: SignIn;
  sessions: Sessions;
  tokens: Tokens;
  displays: Displays;
  displayTokens: DisplayTokens;
  pairings: Pairings;
  throttle: Throttle;
  trail: Trail;
  oidc?: Oidc;
  personas: PersonaBook;
  clerks: Clerks;
  clerkCodes: ClerkCodes;
  /** Those who work in a demonstration, by id: they are made up, and nobody can sign in as one. */
  fictional: Map<string, Member>;
  /** What cursors are signed with; of this process alone until the shared one has been loaded. */
  cursorKey: { current: Buffer };
  now: () => number;
}

export interface AccessServicesParts {
  redis: RedisClient;
  directory: Directory;
  /** The access file, if there is one. */
  file?: FileTokens;
  oidcFile?: OidcFile;
  /** The address of this program as people's browsers know it. */
  publicUrl?: string;
  /** Whether only this machine can reach the program. */
  loopback: boolean;
  /** Whom anybody may be while the program is open. */
  personas?: readonly Persona[];
  divisions: Divisions;
  /** What tells one release of the pages from another. */
  build: string;
  trailDays: number;
  now: () => number;
}

/** Makes them; reads and writes nothing yet. */
export function createAccessServices(parts: AccessServicesParts): AccessServices {
  const { redis, directory, file, oidcFile, publicUrl, loopback, divisions, build, trailDays, now } = parts;
  const short = createShortStore(redis);
  const throttle = createThrottle(short);
  const sessions = createSessions(directory, now);
  const displayTokens = createDisplayTokens(directory, now);
  const personas = createPersonaBook(parts.personas ?? []);
  const clerks = createClerks(directory, short, now);
  const access = createAccessControl({
    personas,
    clerks,
    directory,
    loopback,
    now,
    onRenewed: (id, hash) => displayTokens.used(id, hash),
    ...(file ? { file } : {}),
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
  const changeBy = createChangeBy(directory, access);
  const invitations = createInvitations({ directory, sessions, now });
  // One that ends by the clock would one day leave nobody who could let anybody in.
  const otherAdmin = () => file?.list().some(({ role, expires }) => role === 'admin' && expires === undefined) ?? false;
  const displays = createDisplays({ directory, changeBy, short, divisions, build, now });
  const signIn = createSignIn({ directory, changeBy, sessions, throttle, divisions, now });
  return {
    access,
    directory,
    people: createPeople({ directory, changeBy, sessions, invitations, divisions, otherAdmin, now }),
    invitations,
    signIn,
    sessions,
    tokens: createTokens({ directory, changeBy, sessions, divisions, now, ...(file ? { file } : {}) }),
    displays,
    displayTokens,
    pairings: createPairings({
      directory,
      changeBy,
      displays,
      tokens: displayTokens,
      short,
      throttle,
      divisions,
      now,
    }),
    throttle,
    trail: createTrail(createTrailStore(redis), trailDays),
    ...(oidcFile ? { oidc: createOidc({ file: oidcFile, publicUrl: publicUrl!, short, signIn }) } : {}),
    personas,
    clerks,
    clerkCodes: createClerkCodes(directory, changeBy, now),
    fictional: new Map(),
    cursorKey: { current: randomBytes(32) },
    now,
  };
}
