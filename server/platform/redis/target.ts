/**
 * Where Redis is: what `REDIS_URL` says (contract §6), parsed into one of four kinds. Parsed by hand rather
 * than with `URL`, so that a password may hold any character but needs no escapes, several hosts may share one
 * address, and no fault ever repeats a secret.
 */

export interface HostPort {
  host: string;
  port: number;
}

/** Encrypted connection; `ca` is the path of a PEM file to trust instead of the system's authorities. */
export interface TlsTarget {
  ca?: string;
}

export interface Credentials {
  username?: string;
  password?: string;
}

/** A Redis that somebody else runs. */
export type RemoteRedis =
  | ({ kind: 'single'; db: number; tls?: TlsTarget } & HostPort & Credentials)
  | ({
      kind: 'sentinel';
      sentinels: HostPort[];
      name: string;
      db: number;
      tls?: TlsTarget;
      sentinelPassword?: string;
    } & Credentials)
  | ({ kind: 'cluster'; nodes: HostPort[]; tls?: TlsTarget } & Credentials);

/** Something that can be connected to. */
export type RedisEndpoint = { kind: 'socket'; path: string } | RemoteRedis;

/** What the configuration says; `embedded` becomes a `socket` once it runs. */
export type RedisTarget = { kind: 'embedded' } | RemoteRedis;

export type ParsedTarget = { ok: true; target: RemoteRedis } | { ok: false; fault: string };

export const REDIS_URL_FORMS =
  'redis://[user:password@]host[:port][/db], rediss://… (TLS, with ?ca=/path/to/ca.pem if need be), ' +
  'redis+sentinel://[password@]host:port,host:port/master-name[/db], ' +
  'or several redis:// nodes of a cluster separated by commas';

class Fault extends Error {}

interface Parts {
  tls: boolean;
  sentinel: boolean;
  credentials: Credentials;
  hosts: HostPort[];
  path: string[];
  query: Map<string, string>;
}

/** An address as it may be shown: user, password and query values are left out. */
export function redactRedisUrl(text: string): string {
  return text
    .split(/,(?=\w[\w+]*:\/\/)/)
    .map((part) => {
      const [, scheme = '', rest = ''] = /^(\w[\w+]*:\/\/)?(.*)$/s.exec(part) ?? [];
      const [address = ''] = rest.slice(rest.lastIndexOf('@') + 1).split(/[?#]/);
      // Without a host in front, what follows a colon is more likely a password than a port.
      const shown = /^[\w.\-[\]:,/]*$/.test(address) && !/^:/.test(address) ? address : '…';
      return `${scheme}${rest.includes('@') ? '…@' : ''}${shown}`;
    })
    .join(',');
}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Fault(`its ${what} holds a % that starts no escape; write % as %25`);
  }
}

/** As redis-cli reads it: a word without a colon is the password. */
function parseCredentials(text: string | undefined): Credentials {
  if (text === undefined || text === '') return {};
  const colon = text.indexOf(':');
  const username = colon > 0 ? decode(text.slice(0, colon), 'user name') : undefined;
  const password = decode(text.slice(colon + 1), 'password');
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

function parseHost(text: string, defaultPort: number): HostPort {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9_](?:[A-Za-z0-9_.-]*)))(?::(.*))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (!host)
    throw new Fault(text === '' ? 'it names no host' : 'a host in it is no name or address (IPv6 goes in [ ])');
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (!Number.isInteger(port) || port < 1 || port > 65535 || match?.[3] === '') {
    throw new Fault(`the port of ${host} is not a number from 1 to 65535`);
  }
  return { host, port };
}

function split(text: string): Parts {
  const match = /^([a-z+]+):\/\/(.*)$/s.exec(text);
  const scheme = match?.[1];
  if (!match || !scheme || !/^rediss?(\+sentinel)?$/.test(scheme)) {
    throw new Fault('it does not start with redis://, rediss:// or redis+sentinel://');
  }
  let rest = match[2] ?? '';
  const query = new Map<string, string>();
  const ask = rest.indexOf('?', rest.search(/@[^@?]*(\?[^@]*)?$/) + 1);
  if (ask >= 0) {
    for (const pair of rest.slice(ask + 1).split('&')) {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      query.set(name, decode(value, `parameter ${name}`));
    }
    rest = rest.slice(0, ask);
  }
  const at = rest.lastIndexOf('@');
  const [hosts = '', ...path] = rest.slice(at + 1).split('/');
  const sentinel = scheme.endsWith('+sentinel');
  return {
    tls: scheme.startsWith('rediss'),
    sentinel,
    credentials: parseCredentials(at < 0 ? undefined : rest.slice(0, at)),
    hosts: hosts.split(',').map((host) => parseHost(host, sentinel ? 26379 : 6379)),
    path: path.filter((part) => part !== ''),
    query,
  };
}

function parseDb(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,6}$/.test(text)) throw new Fault('its database is not a number from 0');
  return Number(text);
}

function parseTls(parts: Parts): TlsTarget | undefined {
  const allowed = [...(parts.tls ? ['ca'] : []), ...(parts.sentinel ? ['sentinelPassword'] : [])];
  for (const name of parts.query.keys()) {
    if (allowed.includes(name)) continue;
    if (name === 'ca') throw new Fault('ca only goes with rediss://, the encrypted form');
    throw new Fault(`it has a parameter "${name}", which means nothing here`);
  }
  if (!parts.tls) return undefined;
  const ca = parts.query.get('ca');
  if (ca === '') throw new Fault('its ca names no file');
  return ca === undefined ? {} : { ca };
}

function one(parts: Parts): RemoteRedis {
  const tls = parseTls(parts);
  const common = { ...parts.credentials, ...(tls ? { tls } : {}) };
  if (parts.sentinel) {
    const [name, db, more] = parts.path;
    if (!name) throw new Fault('it names no master (redis+sentinel://host:port/master-name)');
    if (more !== undefined) throw new Fault('it has more than a master name and a database after the hosts');
    const sentinelPassword = parts.query.get('sentinelPassword');
    return {
      kind: 'sentinel',
      sentinels: parts.hosts,
      name: decode(name, 'master name'),
      db: parseDb(db),
      ...common,
      ...(sentinelPassword ? { sentinelPassword } : {}),
    };
  }
  const [first, second] = parts.hosts;
  if (!first || second) throw new Fault('each node of a cluster needs its own redis:// in front');
  if (parts.path.length > 1) throw new Fault('it has more than a database after the host');
  return { kind: 'single', ...first, db: parseDb(parts.path[0]), ...common };
}

function cluster(all: RemoteRedis[]): RemoteRedis {
  const nodes = all.map((node) => {
    if (node.kind !== 'single') throw new Fault('the nodes of a cluster are written redis:// or rediss://');
    return node;
  });
  const first = nodes[0]!;
  for (const node of nodes) {
    if (node.db !== 0) throw new Fault('a cluster has no databases, so nothing may follow the port');
    const same =
      node.username === first.username &&
      node.password === first.password &&
      (node.tls === undefined) === (first.tls === undefined) &&
      node.tls?.ca === first.tls?.ca;
    if (!same) throw new Fault('all nodes of a cluster must have the same user, password and encryption');
  }
  return {
    kind: 'cluster',
    nodes: nodes.map(({ host, port }) => ({ host, port })),
    ...(first.username ? { username: first.username } : {}),
    ...(first.password ? { password: first.password } : {}),
    ...(first.tls ? { tls: first.tls } : {}),
  };
}

/**
 * The target that a `REDIS_URL` names.
 * @returns the target, or the end of a sentence ("…, but it names no host"), free of secrets
 */
export function parseRedisUrl(text: string): ParsedTarget {
  try {
    const all = text.split(/,(?=[a-z+]+:\/\/)/).map((part) => one(split(part)));
    return { ok: true, target: all.length === 1 ? all[0]! : cluster(all) };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error.message };
    throw error;
  }
}
