import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AccessToken, type WriteGrant } from '../contract/access.ts';
import { ACCESS_ROLES, TOWN_ROLES, type AccessRole } from '../contract/roles.ts';
import { CHANNELS, EVENT_TYPES, PLATFORMS, type SpokenPlatform } from '../contract/codes.ts';
import { isSpokenPlatform } from '../contract/speaksFor.ts';
import { parseRfc3339 } from '../common/regionTime.ts';
import { SettingError } from '../server/platform/settings.ts';
import { hashToken, mintToken } from '../server/access/secret.ts';
import { changeAccessFile, readAccessFile } from '../server/access/tokens/fileStore.ts';
import { Directory } from '../server/access/directory.ts';
import { createClerkCodes } from '../server/access/clerks/clerkCodes.ts';
import { nameField } from '../server/access/records.ts';
import { createInvitations } from '../server/access/people/invitations.ts';
import { createSessions } from '../server/access/sessions/sessions.ts';
import { joinLink } from '../server/access/firstLink.ts';
import { createAccessStore } from '../server/access/store/accessStore.ts';
import { checkTrail } from '../server/access/trail/checkTrail.ts';
import { platformFault, unitFault } from '../server/access/grants.ts';
import { fromBeforeLimits, grantFault } from '../server/access/writeGrant.ts';
import { openRegion } from './openRegion.ts';
import { PROJECT_ROOT } from '../server/platform/paths.ts';
import { findPack } from '../server/region/packs.ts';
import { isDivisionCode } from '../common/divisions.ts';

const USAGE = `Who may reach the server (SECURITY.md). Tokens of the access file, and the first admin.

  npm run -s access -- add --name NAME --role ROLE --scope CODE [--unit UNIT] [--expires TIME]
                           for ingest: --source SOURCE --alerts PREFIX… --may TYPE… [--channel CHANNEL…], or --trusted;
                           [--platform PLATFORM] (then --alerts only to raise) [--dispatch]
  npm run -s access -- list
  npm run -s access -- revoke --name NAME
  npm run -s access -- code --name NAME [--remove]
  npm run -s access -- invite
  npm run -s access -- trail

"invite" makes a link, good once, for an admin who signs in with name and password: the first of an installation, or
another one where nobody gets in any more. It is kept in the server's Redis (DATA_DIR, REDIS_URL), beside which it may
run; PUBLIC_URL is the address that people know. "code" gives somebody who can sign in a number and a new code for kiosks (docs/kiosk.md),
told this once, or takes them away. "trail" tells whether an entry of the trail was changed or taken out.

  --file     the access file (default: ACCESS_FILE)
  --name     tells one token from another
  --role     ${ACCESS_ROLES.join(', ')}
  --scope    a region (6 digits) or, for ${TOWN_ROLES.join(', ')}, a town (9 digits)
  --unit     the code of a unit of the region's pack: for handler always, for officer and leader where they belong to one
  --source   for ingest: the only CloudEvents source that it may write for
  --alerts   for ingest: with what the ids of its alerts begin; may be given several times
  --may      for ingest: an event type that it may send; may be given several times. One or more of
             ${EVENT_TYPES.join('\n             ')}
  --channel  for ingest: a channel that it may speak for; may be given several times. Without it, every channel
  --platform for ingest: the outside platform that it speaks for, one of ${PLATFORMS.join(', ')},
             or other: and the code of a unit of the region's pack. It may then write about every alert, with effect only on those that were dispatched to it
  --dispatch for ingest: the alerts that it raises are dispatched by the program, as the region pack says
  --trusted  for ingest: without the limits of --alerts, --may and --channel. Only for a hub that you run yourself
  --expires  RFC 3339, such as 2027-01-01T00:00:00+08:00

"add" prints the token once; only its SHA-256 is kept. A running server takes changes up within a second.
`;

class UsageError extends Error {}

function need(value: string | undefined, option: string): string {
  if (!value) throw new UsageError(`${option} is missing`);
  return value;
}

/** A code with a slip in it would make a token that opens nothing. */
function checkScope(role: AccessRole, scope: string, { unit, platform }: { unit?: string; platform?: string }): void {
  if (!isDivisionCode(scope))
    throw new UsageError(`--scope must be the code of a region (6 digits) or a town (9 digits), not ${scope}`);
  const { pack } = findPack(scope.slice(0, 6), {
    assetsDir: join(PROJECT_ROOT, 'assets/geo'),
    dataDir: resolve(process.env.DATA_DIR ?? '.data'),
  });
  if (scope.length === 9 && !pack.towns.some(({ code }) => code === scope))
    throw new UsageError(`--scope ${scope} is no town of region ${pack.code}`);
  const fault = unitFault({ role, scope, unit }, pack.units ?? []);
  if (fault !== undefined) throw new UsageError(`--unit ${fault}`);
  const speaks = platformFault(platform, pack.units ?? []);
  if (speaks !== undefined) throw new UsageError(`--platform ${speaks}`);
}

interface GrantOptions {
  source?: string | undefined;
  alerts?: string[] | undefined;
  may?: string[] | undefined;
  channel?: string[] | undefined;
  platform?: string | undefined;
  dispatch?: boolean | undefined;
  trusted?: boolean | undefined;
}

function spoken(platform: string): SpokenPlatform {
  if (isSpokenPlatform(platform)) return platform;
  throw new UsageError(
    `--platform must be one of ${PLATFORMS.join(', ')}, or other: and the code of a unit, not ${platform}`,
  );
}

/** What the token may write. @throws UsageError if that is not whole, or not of the vocabularies */
function readGrant(
  role: AccessRole,
  { source, alerts, may, channel, platform, dispatch, trusted }: GrantOptions,
): WriteGrant {
  const known = <T extends string>(option: string, given: readonly string[], all: readonly T[]): T[] =>
    given.map((one) => {
      if (!(all as readonly string[]).includes(one))
        throw new UsageError(`${option} must be one of ${all.join(', ')}, not ${one}`);
      return one as T;
    });
  const grant: WriteGrant = {
    ...(source === undefined ? {} : { source }),
    ...(alerts === undefined ? {} : { alerts }),
    ...(may === undefined ? {} : { may: known('--may', may, EVENT_TYPES) }),
    ...(channel === undefined ? {} : { channels: known('--channel', channel, CHANNELS) }),
    ...(platform === undefined ? {} : { platform: spoken(platform) }),
    ...(dispatch ? { dispatch } : {}),
    ...(trusted ? { trusted } : {}),
  };
  const fault = grantFault(role, grant);
  if (fault) throw new UsageError(`--${fault.field === 'channels' ? 'channel' : fault.field} ${fault.problem}`);
  return grant;
}

/** What a token of the list may write, in one column. */
function grantText(token: AccessToken): string {
  if (token.role !== 'ingest') return '-';
  if (fromBeforeLimits(token.role, token)) return 'trusted (from before limits)';
  const { alerts = [], may = [], channels, platform, dispatch, trusted } = token;
  const parts = trusted
    ? ['trusted']
    : [`alerts ${alerts.join(',') || '-'}`, may.join(','), ...(channels ? [channels.join(',')] : [])];
  if (platform !== undefined) parts.push(`for ${platform}`);
  if (dispatch) parts.push('dispatched by the program');
  return parts.join('; ');
}

async function main(argv: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      file: { type: 'string' },
      name: { type: 'string' },
      role: { type: 'string' },
      scope: { type: 'string' },
      unit: { type: 'string' },
      source: { type: 'string' },
      alerts: { type: 'string', multiple: true },
      may: { type: 'string', multiple: true },
      channel: { type: 'string', multiple: true },
      platform: { type: 'string' },
      dispatch: { type: 'boolean' },
      trusted: { type: 'boolean' },
      expires: { type: 'string' },
      remove: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [verb, ...more] = positionals;
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (more.length > 0) throw new UsageError(`"${more[0]}" is too much`);
  if (verb === 'invite') return invite();
  if (verb === 'trail') return tellTrail();
  if (verb === 'code') return clerkCode(need(values.name, '--name'), values.remove === true);
  const path = resolve(need(values.file ?? (process.env.ACCESS_FILE?.trim() || undefined), '--file (or ACCESS_FILE)'));
  switch (verb) {
    case 'add': {
      const name = need(values.name, '--name');
      const role = need(values.role, '--role') as AccessRole;
      if (!ACCESS_ROLES.includes(role))
        throw new UsageError(`--role must be one of ${ACCESS_ROLES.join(', ')}, not ${role}`);
      const scope = need(values.scope, '--scope');
      checkScope(role, scope, values);
      if (values.expires !== undefined && !(parseRfc3339(values.expires)! > Date.now())) {
        throw new UsageError(
          `--expires must be a time to come such as 2027-01-01T00:00:00+08:00, not ${values.expires}`,
        );
      }
      const token = mintToken();
      const entry: AccessToken = {
        name,
        role,
        scope,
        ...(values.unit === undefined ? {} : { unit: values.unit }),
        ...readGrant(role, values),
        hash: hashToken(token),
      };
      if (values.expires !== undefined) entry.expires = values.expires;
      await changeAccessFile(path, ({ tokens }) => {
        if (tokens.some((other) => other.name === name))
          throw new UsageError(`there is a token named ${name} already: revoke it first, or choose another name`);
        return { tokens: [...tokens, entry] };
      });
      process.stderr.write('The token, shown this once:\n');
      process.stdout.write(`${token}\n`);
      return;
    }
    case 'list': {
      const { tokens } = await readAccessFile(path);
      for (const token of tokens) {
        const { name, role, scope, unit, source, expires } = token;
        const ended = expires !== undefined && parseRfc3339(expires)! <= Date.now();
        const columns = [
          name,
          role,
          unit === undefined ? scope : `${scope} ${unit}`,
          source ?? '-',
          expires ?? 'no end',
          grantText(token),
        ];
        process.stdout.write(`${[...columns, ...(ended ? ['EXPIRED'] : [])].join('\t')}\n`);
      }
      return;
    }
    case 'revoke': {
      const name = need(values.name, '--name');
      await changeAccessFile(path, ({ tokens }) => {
        const left = tokens.filter((token) => token.name !== name);
        if (left.length === tokens.length) throw new UsageError(`there is no token named ${name}`);
        return { tokens: left };
      });
      process.stderr.write(`${name} is out.\n`);
      return;
    }
    default:
      throw new UsageError(
        verb === undefined
          ? 'say what to do: add, list, revoke, code, invite or trail'
          : `"${verb}" is not add, list, revoke, code, invite or trail`,
      );
  }
}

/** As the server's own first link, but wherever it listens. */
async function invite(): Promise<void> {
  // It may come before the first start of the server.
  const region = await openRegion('access', true);
  try {
    const { config, redis, log, pack } = region;
    const now = () => Date.now();
    const directory = new Directory(createAccessStore(redis), log);
    await directory.start();
    const invitations = createInvitations({ directory, now, sessions: createSessions(directory, now) });
    const { code } = await invitations.inviteAdmin(pack.code);
    await directory.stop();
    const host = config.host.includes(':') ? `[${config.host}]` : config.host;
    process.stderr.write('A link good once, for three days; who opens it becomes an admin:\n');
    process.stdout.write(
      `${joinLink(config.publicUrl ?? `${config.tls ? 'https' : 'http'}://${host}:${config.port}`, code)}\n`,
    );
  } finally {
    await region.close();
  }
}

/** A number and a code by which somebody signs in at kiosks; written as a line of both, apart by a tab. */
async function clerkCode(name: string, remove: boolean): Promise<void> {
  const region = await openRegion('access');
  try {
    const { redis, log } = region;
    const directory = new Directory(createAccessStore(redis), log);
    await directory.start();
    try {
      const id = directory.field(nameField('person', name));
      if (id === undefined) throw new UsageError(`there is nobody named ${name} who can sign in`);
      // Whoever runs this holds the machine: nobody's rights are asked for.
      const codes = createClerkCodes(
        directory,
        (_by, plan) => directory.change(plan),
        () => Date.now(),
      );
      if (remove) {
        await codes.remove(id, undefined);
        process.stderr.write(`${name} signs in at no kiosk any more.\n`);
        return;
      }
      const { number, code } = await codes.set(id, undefined, undefined, 'tool');
      process.stderr.write('Number and code for kiosks, shown this once:\n');
      process.stdout.write(`${number}\t${code}\n`);
    } finally {
      await directory.stop();
    }
  } finally {
    await region.close();
  }
}

async function tellTrail(): Promise<void> {
  const region = await openRegion('access');
  try {
    const { entries, trimmed, brokenAt } = await checkTrail(region.redis);
    const before = trimmed > 0 ? ` ${trimmed} before them went because of their age (TRAIL_DAYS).` : '';
    process.stdout.write(
      brokenAt === undefined
        ? `${entries} entries, each following from the one before.${before}\n`
        : `The trail was changed at or before ${brokenAt}.\n`,
    );
    if (brokenAt !== undefined) process.exitCode = 1;
  } finally {
    await region.close();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const misused = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(misused ? `${message}\n\n${USAGE}` : `${message}\n`);
  process.exitCode = misused || error instanceof SettingError ? 2 : 1;
}
