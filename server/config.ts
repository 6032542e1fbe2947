import { accessSync, constants, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { parseRedisUrl, redactRedisUrl, REDIS_URL_FORMS, type RedisTarget } from './platform/redis/target.ts';

export { isLoopback } from './platform/http/address.ts';

/**
 * Configuration: the environment as one typed, checked object (contract §6). Every fault is found and told at
 * once, so that nobody has to start the program five times to learn of five mistakes.
 */

/** What a process does: takes events in, counts them, shows them. */
export const ROLES = ['ingest', 'worker', 'push'] as const;
export type Role = (typeof ROLES)[number];

/** `industry`: 某建筑企业; `ends`: first and last character. */
export const MASK_NAMES = ['industry', 'ends'] as const;
export type MaskNames = (typeof MASK_NAMES)[number];

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config {
  /** Address to listen on: an IP address or a host name. */
  host: string;
  /** TCP port; 0 lets the system choose a free one. */
  port: number;
  redis: RedisTarget;
  /** Absolute path; not made here. */
  dataDir: string;
  /** Where features keep files: absolute path; not made here. Several processes share one. */
  filesDir: string;
  /** The region that is shown where none is asked for: code of a region pack, six digits. */
  region: string;
  /** All regions that this process serves; those within a city or province come with it. */
  regions: readonly string[];
  /** Load the demonstration history once and play a live feed. */
  demo: boolean;
  /** How many times faster than life the demonstration's feed runs. */
  demoSpeed: number;
  /** Share of the published numbers of employers and sites that the demonstration watches. */
  demoScale: number;
  /** Absolute path of the access file; without one, and without anybody stored, only a loopback host is allowed (main.ts). */
  accessFile?: string;
  /** Absolute path of the file that says how to sign in by OpenID Connect. */
  oidcFile?: string;
  /** The address of this program as people's browsers know it, for links; without it, the one it listens on. */
  publicUrl?: string;
  /** Absolute paths of certificate and key, both or neither: HTTPS. */
  tls?: { cert: string; key: string };
  /** Whose word on the sender is believed: how many proxies there are, or their addresses. */
  trustedProxies?: number | string[];
  /** Days for which the trail is kept. */
  trailDays: number;
  /** Days for which observations are kept as they came. */
  observationDays: number;
  /** How displays are shown enterprises' names. */
  maskNames: MaskNames;
  /** Displays are shown no figures over fewer alerts; 0: all figures. */
  minFigure: number;
  /** Patches are coalesced to one in so many ms. */
  tickMs: number;
  /** Absolute path of the file that says which outside platforms have connectors. */
  connectorsFile?: string;
  /** Hosts that webhooks of connectors may go to, each as `name` or `name:port`. */
  connectorHosts: readonly string[];
  roles: ReadonlySet<Role>;
  /** A worker that no longer renews its lease loses the region after so many ms. */
  leaseMs: number;
  /** So many replicas of Redis must have an event before it is told accepted; 0: the master alone. */
  acceptReplicas: number;
  logLevel: LogLevel;
}

export type Loaded = { ok: true; config: Config } | { ok: false; faults: string[] };
export type Environment = Readonly<Record<string, string | undefined>>;

function isHostName(host: string): boolean {
  const labels = host.split('.');
  // An all-number last label is a mistyped IP address: no top-level domain is a number.
  return (
    host.length <= 253 &&
    labels.every((label) => /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label)) &&
    !/^\d+$/.test(labels.at(-1)!)
  );
}

/** Why `path` is no file that can be read, or undefined. */
function unreadable(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return 'is not a file';
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : 'cannot be read by this user';
  }
}

/** Reads variables one by one, and collects one sentence for each fault. */
class Reader {
  readonly faults: string[] = [];
  /** What was read and had a value. */
  readonly given = new Map<string, string>();
  private readonly env: Environment;

  constructor(env: Environment) {
    this.env = env;
  }

  /** The value, trimmed; an empty one counts as not given, as compose files and systemd pass those. */
  text(name: string): string | undefined {
    const value = this.env[name]?.trim() || undefined;
    if (value !== undefined) this.given.set(name, value);
    return value;
  }

  fault(name: string, value: string, rule: string): void {
    const short = value.length > 80 ? `${value.slice(0, 77)}…` : value;
    this.faults.push(`${name} is ${JSON.stringify(short)}, but ${rule}.`);
  }

  number(name: string, fallback: number, min: number, max: number, what: 'a whole number' | 'a number'): number {
    const text = this.text(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    const shape = what === 'a whole number' ? /^\d{1,15}$/ : /^\d{1,15}(\.\d{1,9})?$/;
    if (shape.test(text) && value >= min && value <= max) return value;
    this.fault(name, text, `it must be ${what} from ${min} to ${max}`);
    return fallback;
  }

  choice<T extends string>(name: string, fallback: T, choices: readonly T[]): T {
    const text = this.text(name);
    const found = choices.find((choice) => choice === text);
    if (text !== undefined && found === undefined) {
      this.fault(name, text, `it must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`);
    }
    return found ?? fallback;
  }
}

function readHost(read: Reader): string {
  const text = read.text('HOST');
  if (text === undefined) return '127.0.0.1';
  if (isIP(text) === 0 && !isHostName(text)) {
    read.fault('HOST', text, 'it must be an IP address such as 127.0.0.1 or ::1, or a host name');
    return '127.0.0.1';
  }
  return text;
}

function readRedis(read: Reader): RedisTarget {
  const text = read.text('REDIS_URL');
  if (text === undefined) return { kind: 'embedded' };
  const parsed = parseRedisUrl(text);
  if (!parsed.ok) {
    read.fault('REDIS_URL', redactRedisUrl(text), `${parsed.fault}; allowed are ${REDIS_URL_FORMS}`);
    return { kind: 'embedded' };
  }
  const ca = parsed.target.tls?.ca;
  const why = ca === undefined ? undefined : unreadable(ca);
  if (why) read.fault('REDIS_URL', redactRedisUrl(text), `the certificate file that its ca names (${ca}) ${why}`);
  return parsed.target;
}

function readRoles(read: Reader): Set<Role> {
  const text = read.text('ROLES');
  if (text === undefined) return new Set(ROLES);
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const known = names.filter((name): name is Role => (ROLES as readonly string[]).includes(name));
  if (known.length === 0 || known.length < names.length) {
    read.fault('ROLES', text, `it must be one or more of ${ROLES.join(', ')}, separated by commas`);
  }
  return new Set(known);
}

function readRegions(read: Reader): { region: string; regions: string[] } {
  const isCode = (text: string) => /^[1-9]\d{5}$/.test(text);
  const text = read.text('REGION');
  if (text !== undefined && !isCode(text))
    read.fault('REGION', text, 'it must be the six-digit division code of a region pack, such as 330110');
  const list = read.text('REGIONS');
  const codes =
    list
      ?.split(',')
      .map((code) => code.trim())
      .filter(Boolean) ?? [];
  if (list !== undefined && (codes.length === 0 || !codes.every(isCode))) {
    read.fault(
      'REGIONS',
      list,
      'it must be six-digit division codes of region packs, separated by commas, such as 330102,330110',
    );
  }
  const region = text ?? codes[0] ?? '330110';
  return { region, regions: [...new Set([region, ...codes])] };
}

/** A file that must be there, as an absolute path. */
function readFilePath(read: Reader, name: string, what: string): string | undefined {
  const text = read.text(name);
  if (text === undefined) return undefined;
  const path = resolve(text);
  const why = unreadable(path);
  if (why) read.fault(name, text, `${path} ${why}; it must be ${what}`);
  return path;
}

function readTls(read: Reader): Config['tls'] {
  const cert = readFilePath(read, 'TLS_CERT', 'a file with the certificate and those between it and the root (PEM)');
  const key = readFilePath(read, 'TLS_KEY', 'a file with the private key of TLS_CERT (PEM)');
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert !== undefined) read.fault('TLS_CERT', cert, 'TLS_KEY is missing: give both or neither');
  if (key !== undefined) read.fault('TLS_KEY', key, 'TLS_CERT is missing: give both or neither');
  return undefined;
}

function readTrustedProxies(read: Reader): Config['trustedProxies'] {
  const text = read.text('TRUSTED_PROXIES');
  if (text === undefined) return undefined;
  if (/^\d$/.test(text)) return Number(text) || undefined;
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const isAddress = (part: string) => {
    const [address = '', bits, ...more] = part.split('/');
    const family = isIP(address);
    return (
      family !== 0 &&
      more.length === 0 &&
      (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))
    );
  };
  if (!parts.length || !parts.every(isAddress)) {
    read.fault(
      'TRUSTED_PROXIES',
      text,
      'it must be how many proxies a request comes through (1 to 9), or their addresses such as 127.0.0.1,10.0.0.0/8',
    );
    return undefined;
  }
  return parts;
}

function readConnectorHosts(read: Reader): string[] {
  const text = read.text('CONNECTOR_HOSTS');
  if (text === undefined) return [];
  const hosts = text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter(Boolean);
  const isAllowed = (host: string) => {
    const [, name, port] = /^(\[[0-9a-f:]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(host) ?? [];
    if (name === undefined || (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))) return false;
    return name.startsWith('[') ? isIP(name.slice(1, -1)) === 6 : isIP(name) === 4 || isHostName(name);
  };
  if (hosts.length && hosts.every(isAllowed)) return hosts;
  read.fault(
    'CONNECTOR_HOSTS',
    text,
    'it must be the hosts that connectors may send to, separated by commas, such as platform.example.cn or 10.2.3.4:8443',
  );
  return [];
}

function readPublicUrl(read: Reader): string | undefined {
  const text = read.text('PUBLIC_URL');
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username)
    return url.origin;
  read.fault(
    'PUBLIC_URL',
    text,
    'it must be the address of this program without a path, such as https://wall.example.cn',
  );
  return undefined;
}

/**
 * The configuration that the environment asks for.
 * @param env variables by name; those of contract §6 are read, others are ignored
 * @returns the configuration, or one sentence for each fault (variable, value, what is allowed; no secrets)
 */
export function loadConfig(env: Environment): Loaded {
  return readConfig(new Reader(env));
}

/** The variables that are given, by name, as they are written to a backup: addresses without users and passwords. */
export function givenSettings(env: Environment): Record<string, string> {
  const read = new Reader(env);
  readConfig(read);
  return Object.fromEntries(
    [...read.given].sort().map(([name, value]) => [name, name === 'REDIS_URL' ? redactRedisUrl(value) : value]),
  );
}

function readConfig(read: Reader): Loaded {
  const host = readHost(read);
  const accessFile = readFilePath(read, 'ACCESS_FILE', 'a file of tokens, roles and scopes');
  const oidcFile = readFilePath(read, 'OIDC_FILE', 'a file that says how to sign in by OpenID Connect');
  const connectorsFile = readFilePath(read, 'CONNECTORS_FILE', 'a file of connectors to outside platforms');
  const publicUrl = readPublicUrl(read);
  if (oidcFile !== undefined && read.text('PUBLIC_URL') === undefined) {
    read.fault('OIDC_FILE', oidcFile, 'PUBLIC_URL is missing: the provider must know where to send people back to');
  }
  const tls = readTls(read);
  const trustedProxies = readTrustedProxies(read);
  const given = read.text('REDIS_URL') !== undefined || read.text('DATA_DIR') !== undefined;
  const dataDir = read.text('DATA_DIR') ?? '.data';
  const filesDir = read.text('FILES_DIR') ?? join(dataDir, 'files');
  if (dataDir.includes('\0')) read.fault('DATA_DIR', dataDir, 'it must be a path');
  if (filesDir.includes('\0') && !dataDir.includes('\0')) read.fault('FILES_DIR', filesDir, 'it must be a path');
  const config: Config = {
    host,
    port: read.number('PORT', 8080, 0, 65535, 'a whole number'),
    redis: readRedis(read),
    dataDir: resolve(dataDir),
    filesDir: resolve(filesDir),
    ...readRegions(read),
    roles: readRoles(read),
    connectorHosts: readConnectorHosts(read),
    leaseMs: read.number('LEASE_MS', 4_000, 200, 60_000, 'a whole number'),
    demo: read.choice('DEMO', given ? 'off' : 'on', ['on', 'off']) === 'on',
    demoSpeed: read.number('DEMO_SPEED', 1, 0.01, 1_000, 'a number'),
    demoScale: read.number('DEMO_SCALE', 1, 0.001, 1, 'a number'),
    ...(accessFile === undefined ? {} : { accessFile }),
    ...(oidcFile === undefined ? {} : { oidcFile }),
    ...(connectorsFile === undefined ? {} : { connectorsFile }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(tls === undefined ? {} : { tls }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    // The Cybersecurity Law of the PRC, article 21: logs are kept for at least six months.
    trailDays: read.number('TRAIL_DAYS', 365, 1, 3_650, 'a whole number'),
    // Rules look back 366 days at most, and what they need is kept for 400 in any case (signals §3).
    observationDays: read.number('OBSERVATION_DAYS', 400, 400, 3_650, 'a whole number'),
    maskNames: read.choice('MASK_NAMES', 'industry', MASK_NAMES),
    minFigure: read.number('MIN_FIGURE', 0, 0, 100, 'a whole number'),
    tickMs: read.number('TICK_MS', 250, 20, 10_000, 'a whole number'),
    acceptReplicas: read.number('ACCEPT_REPLICAS', 0, 0, 5, 'a whole number'),
    logLevel: read.choice('LOG_LEVEL', 'info', LOG_LEVELS),
  };
  if (config.acceptReplicas > 0 && config.redis.kind === 'embedded' && read.text('REDIS_URL') === undefined) {
    read.fault(
      'ACCEPT_REPLICAS',
      String(config.acceptReplicas),
      'the embedded Redis has no replicas: set REDIS_URL, or leave it at 0',
    );
  }
  return read.faults.length === 0 ? { ok: true, config } : { ok: false, faults: read.faults };
}
