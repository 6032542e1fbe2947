import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isLoopback, loadConfig, type Config } from '../../server/config.ts';
import type { RedisTarget } from '../../server/platform/redis/target.ts';

const dir = mkdtempSync(join(tmpdir(), 'config-'));
const access = join(dir, 'access.json');
const ca = join(dir, 'ca.pem');
writeFileSync(access, '{}');
writeFileSync(ca, 'certificate');
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const DEFAULTS: Config = {
  host: '127.0.0.1',
  port: 8080,
  redis: { kind: 'embedded' },
  dataDir: resolve('.data'),
  filesDir: resolve('.data/files'),
  region: '330110',
  regions: ['330110'],
  demo: true,
  demoSpeed: 1,
  demoScale: 1,
  tickMs: 250,
  roles: new Set(['ingest', 'worker', 'push']),
  leaseMs: 4_000,
  acceptReplicas: 0,
  logLevel: 'info',
  trailDays: 365,
  observationDays: 400,
  maskNames: 'industry',
  minFigure: 0,
  connectorHosts: [],
};
const single = (more: Partial<Extract<RedisTarget, { kind: 'single' }>> = {}): RedisTarget => ({
  kind: 'single',
  host: 'redis.example',
  port: 6379,
  db: 0,
  ...more,
});

type Env = Record<string, string>;

const good: [name: string, env: Env, expected: Partial<Config>][] = [
  ['nothing at all', {}, {}],
  [
    'empty values, as compose files pass them',
    { HOST: '', PORT: ' ', REDIS_URL: '', DATA_DIR: '', DEMO: '', ACCESS_FILE: '' },
    {},
  ],
  ['another port', { PORT: '9000' }, { port: 9000 }],
  ['any free port', { PORT: '0' }, { port: 0 }],
  ['spaces around a value', { PORT: ' 81 ' }, { port: 81 }],
  ['localhost', { HOST: 'localhost' }, { host: 'localhost' }],
  ['another loopback address', { HOST: '127.8.9.10' }, { host: '127.8.9.10' }],
  ['IPv6 loopback', { HOST: '::1' }, { host: '::1' }],
  [
    'every interface with an access file',
    { HOST: '0.0.0.0', ACCESS_FILE: access },
    { host: '0.0.0.0', accessFile: access },
  ],
  ['every interface, where people may be stored', { HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
  [
    'proxies by address',
    { TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,::1' },
    { trustedProxies: ['127.0.0.1', '10.0.0.0/8', '::1'] },
  ],
  ['a file of connectors', { CONNECTORS_FILE: access }, { connectorsFile: access }],
  [
    'hosts of connectors',
    { CONNECTOR_HOSTS: 'Platform.example.cn, 10.2.3.4:8443,[::1]:90' },
    { connectorHosts: ['platform.example.cn', '10.2.3.4:8443', '[::1]:90'] },
  ],
  ['one proxy', { TRUSTED_PROXIES: '1' }, { trustedProxies: 1 }],
  ['an address for people', { PUBLIC_URL: 'https://wall.example.cn/' }, { publicUrl: 'https://wall.example.cn' }],
  ['HTTPS', { TLS_CERT: access, TLS_KEY: access }, { tls: { cert: access, key: access } }],
  [
    'a host name with an access file',
    { HOST: 'wall.example.cn', ACCESS_FILE: access },
    { host: 'wall.example.cn', accessFile: access },
  ],
  [
    'a data directory, and so no demonstration',
    { DATA_DIR: '/var/lib/wagewatch' },
    { dataDir: '/var/lib/wagewatch', filesDir: '/var/lib/wagewatch/files', demo: false },
  ],
  [
    'a relative data directory',
    { DATA_DIR: 'x/../y' },
    { dataDir: resolve('y'), filesDir: resolve('y/files'), demo: false },
  ],
  ['a data directory with the demonstration', { DATA_DIR: '/d', DEMO: 'on' }, { dataDir: '/d', filesDir: '/d/files' }],
  ['files on a mount that several processes share', { FILES_DIR: '/mnt/files' }, { filesDir: '/mnt/files' }],
  ['a relative folder of files', { FILES_DIR: 'x/../f' }, { filesDir: resolve('f') }],
  ['no demonstration', { DEMO: 'off' }, { demo: false }],
  ['a faster demonstration', { DEMO_SPEED: '12.5' }, { demoSpeed: 12.5 }],
  ['a smaller demonstration', { DEMO_SCALE: '0.05' }, { demoScale: 0.05 }],
  ['another region', { REGION: '370102' }, { region: '370102', regions: ['370102'] }],
  ['several regions', { REGIONS: '330102, 330110' }, { region: '330102', regions: ['330102', '330110'] }],
  ['a city first', { REGION: '330100', REGIONS: '330110' }, { region: '330100', regions: ['330100', '330110'] }],
  ['slower ticks', { TICK_MS: '1000' }, { tickMs: 1000 }],
  ['a process that only counts', { ROLES: 'worker', LEASE_MS: '1000' }, { roles: new Set(['worker']), leaseMs: 1000 }],
  ['two roles', { ROLES: ' ingest , push ' }, { roles: new Set(['ingest', 'push']) }],
  [
    'replicas that must confirm',
    { REDIS_URL: 'redis://redis.example', ACCEPT_REPLICAS: '1' },
    { redis: single(), demo: false, acceptReplicas: 1 },
  ],
  ['more in the log', { LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
  ['a single Redis', { REDIS_URL: 'redis://redis.example' }, { redis: single(), demo: false }],
  [
    'port and database',
    { REDIS_URL: 'redis://redis.example:7000/3' },
    { redis: single({ port: 7000, db: 3 }), demo: false },
  ],
  [
    'an IPv6 Redis',
    { REDIS_URL: 'redis://[fd00::7]:7000' },
    { redis: single({ host: 'fd00::7', port: 7000 }), demo: false },
  ],
  [
    'a password without a user',
    { REDIS_URL: 'redis://:secret@redis.example' },
    { redis: single({ password: 'secret' }), demo: false },
  ],
  [
    'a bare password, as redis-cli takes it',
    { REDIS_URL: 'redis://secret@redis.example' },
    { redis: single({ password: 'secret' }), demo: false },
  ],
  [
    'a user and a password',
    { REDIS_URL: 'redis://wage:secret@redis.example' },
    { redis: single({ username: 'wage', password: 'secret' }), demo: false },
  ],
  [
    'an escaped password',
    { REDIS_URL: 'redis://:%40%2F%25@redis.example' },
    { redis: single({ password: '@/%' }), demo: false },
  ],
  [
    'an unescaped one',
    { REDIS_URL: 'redis://:a@b/c#d?e,f@redis.example' },
    { redis: single({ password: 'a@b/c#d?e,f' }), demo: false },
  ],
  ['TLS', { REDIS_URL: 'rediss://redis.example:6380' }, { redis: single({ port: 6380, tls: {} }), demo: false }],
  [
    'TLS with its own authority',
    { REDIS_URL: `rediss://:s@redis.example/1?ca=${ca}` },
    { redis: single({ db: 1, password: 's', tls: { ca } }), demo: false },
  ],
  [
    'Sentinels',
    { REDIS_URL: 'redis+sentinel://a:26379,b/mymaster' },
    {
      redis: {
        kind: 'sentinel',
        sentinels: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 26379 },
        ],
        name: 'mymaster',
        db: 0,
      },
      demo: false,
    },
  ],
  [
    'Sentinels with passwords and a database',
    { REDIS_URL: 'redis+sentinel://secret@a:1/m/2?sentinelPassword=other' },
    {
      redis: {
        kind: 'sentinel',
        sentinels: [{ host: 'a', port: 1 }],
        name: 'm',
        db: 2,
        password: 'secret',
        sentinelPassword: 'other',
      },
      demo: false,
    },
  ],
  [
    'Sentinels over TLS',
    { REDIS_URL: 'rediss+sentinel://a:1/m' },
    { redis: { kind: 'sentinel', sentinels: [{ host: 'a', port: 1 }], name: 'm', db: 0, tls: {} }, demo: false },
  ],
  [
    'a cluster',
    { REDIS_URL: 'redis://a:1,redis://b:2,redis://c' },
    {
      redis: {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
          { host: 'c', port: 6379 },
        ],
      },
      demo: false,
    },
  ],
  [
    'a cluster with a password',
    { REDIS_URL: 'redis://:x@a:1,redis://:x@b:2' },
    {
      redis: {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
        password: 'x',
      },
      demo: false,
    },
  ],
];

const bad: [name: string, env: Env, sentences: RegExp[]][] = [
  ['a port in words', { PORT: 'http' }, [/^PORT is "http", but it must be a whole number from 0 to 65535\.$/]],
  ['a port too high', { PORT: '65536' }, [/^PORT is "65536"/]],
  ['a region in words', { REGIONS: '330110,Yuhang' }, [/^REGIONS is "330110,Yuhang", but it must be six-digit/]],
  ['a negative port', { PORT: '-1' }, [/^PORT is "-1"/]],
  ['a port with a fraction', { PORT: '80.5' }, [/^PORT is "80.5"/]],
  ['a hexadecimal port', { PORT: '0x50' }, [/^PORT is "0x50"/]],
  ['a port with an exponent', { PORT: '8e3' }, [/^PORT is "8e3"/]],
  ['an address written wrong', { HOST: '127.0.0.256' }, [/^HOST is "127\.0\.0\.256", but it must be an IP address/]],
  ['a short address', { HOST: '127.1' }, [/^HOST is "127\.1", but it must be an IP address/]],
  ['a host with a port', { HOST: 'localhost:80' }, [/^HOST is "localhost:80", but it must be an IP address/]],
  ['a URL for a host', { HOST: 'http://a' }, [/^HOST is "http:\/\/a", but it must be/]],
  ['no such access file', { ACCESS_FILE: join(dir, 'none') }, [/^ACCESS_FILE is ".*none", but .*none does not exist;/]],
  ['a directory for an access file', { ACCESS_FILE: dir }, [/^ACCESS_FILE is .* is not a file;/]],
  [
    'a missing access file is no way round the loopback',
    { HOST: '0.0.0.0', ACCESS_FILE: '/none' },
    [/^ACCESS_FILE is "\/none"/],
  ],
  ['a certificate without its key', { TLS_CERT: access }, [/^TLS_CERT is ".*", but TLS_KEY is missing/]],
  ['no such key', { TLS_CERT: access, TLS_KEY: '/none' }, [/^TLS_KEY is "\/none", but \/none does not exist/]],
  [
    'a provider without an address to come back to',
    { OIDC_FILE: access },
    [/^OIDC_FILE is ".*", but PUBLIC_URL is missing/],
  ],
  [
    'an address with a path',
    { PUBLIC_URL: 'https://a.example/wall' },
    [/^PUBLIC_URL is "https:\/\/a\.example\/wall", but it must be the address of this program without a path/],
  ],
  ['a host that is an address', { CONNECTOR_HOSTS: 'http://a.cn' }, [/^CONNECTOR_HOSTS is "http:\/\/a\.cn"/]],
  ['a port that is none', { CONNECTOR_HOSTS: 'a.cn:70000' }, [/^CONNECTOR_HOSTS is "a\.cn:70000"/]],
  ['proxies by name', { TRUSTED_PROXIES: 'nginx' }, [/^TRUSTED_PROXIES is "nginx", but it must be how many proxies/]],
  ['a network that is none', { TRUSTED_PROXIES: '10.0.0.0/33' }, [/^TRUSTED_PROXIES is "10\.0\.0\.0\/33"/]],
  ['another masking', { MASK_NAMES: 'no' }, [/^MASK_NAMES is "no", but it must be industry or ends\.$/]],
  [
    'observations that go before rules have forgotten them',
    { OBSERVATION_DAYS: '399' },
    [/^OBSERVATION_DAYS is "399", but it must be a whole number from 400 to 3650\.$/],
  ],
  ['a trail of no days', { TRAIL_DAYS: '0' }, [/^TRAIL_DAYS is "0", but it must be a whole number from 1 to 3650\.$/]],
  ['a region by name', { REGION: '余杭' }, [/^REGION is "余杭", but it must be the six-digit division code/]],
  ['a town for a region', { REGION: '330110001' }, [/^REGION is "330110001"/]],
  ['a region that climbs', { REGION: '../../' }, [/^REGION is "\.\.\/\.\.\/"/]],
  ['a demonstration of another word', { DEMO: 'yes' }, [/^DEMO is "yes", but it must be on or off\.$/]],
  ['a demonstration in capitals', { DEMO: 'ON' }, [/^DEMO is "ON"/]],
  [
    'a demonstration of nobody',
    { DEMO_SCALE: '0' },
    [/^DEMO_SCALE is "0", but it must be a number from 0\.001 to 1\.$/],
  ],
  ['a demonstration larger than life', { DEMO_SCALE: '1.5' }, [/^DEMO_SCALE is "1\.5"/]],
  [
    'a demonstration that stands still',
    { DEMO_SPEED: '0' },
    [/^DEMO_SPEED is "0", but it must be a number from 0\.01 to 1000\.$/],
  ],
  ['a speed in words', { DEMO_SPEED: 'fast' }, [/^DEMO_SPEED is "fast"/]],
  ['an endless speed', { DEMO_SPEED: 'Infinity' }, [/^DEMO_SPEED is "Infinity"/]],
  ['ticks too fast', { TICK_MS: '1' }, [/^TICK_MS is "1", but it must be a whole number from 20 to 10000\.$/]],
  ['ticks with a unit', { TICK_MS: '250ms' }, [/^TICK_MS is "250ms"/]],
  [
    'an unknown role',
    { ROLES: 'worker,king' },
    [/^ROLES is "worker,king", but it must be one or more of ingest, worker, push, separated by commas\.$/],
  ],
  ['no role', { ROLES: ',' }, [/^ROLES is ","/]],
  ['too short a lease', { LEASE_MS: '1' }, [/^LEASE_MS is "1", but it must be a whole number from 200 to 60000\.$/]],
  [
    'no such log level',
    { LOG_LEVEL: 'loud' },
    [/^LOG_LEVEL is "loud", but it must be fatal, error, warn, info, debug, trace or silent\.$/],
  ],
  [
    'another scheme',
    { REDIS_URL: 'http://redis.example' },
    [/^REDIS_URL is "http:\/\/redis\.example", but it does not start with redis:\/\/.*allowed are redis:\/\//],
  ],
  [
    'no scheme',
    { REDIS_URL: 'redis.example:6379' },
    [/^REDIS_URL is "redis\.example:6379", but it does not start with/],
  ],
  ['no host', { REDIS_URL: 'redis://' }, [/^REDIS_URL is .* it names no host/]],
  ['a Redis port too high', { REDIS_URL: 'redis://a:70000' }, [/the port of a is not a number from 1 to 65535/]],
  ['a Redis port of nothing', { REDIS_URL: 'redis://a:' }, [/the port of a is not a number/]],
  ['a database by name', { REDIS_URL: 'redis://a/main' }, [/its database is not a number from 0/]],
  ['more after the database', { REDIS_URL: 'redis://a/0/x' }, [/more than a database after the host/]],
  [
    'a broken escape',
    { REDIS_URL: 'redis://:100%@a' },
    [/its password holds a % that starts no escape; write % as %25/],
  ],
  ['an authority without TLS', { REDIS_URL: `redis://a?ca=${ca}` }, [/ca only goes with rediss:\/\//]],
  [
    'no such authority',
    { REDIS_URL: 'rediss://a?ca=/none.pem' },
    [/^REDIS_URL is "rediss:\/\/a", but the certificate file that its ca names \(\/none\.pem\) does not exist\.$/],
  ],
  ['an empty authority', { REDIS_URL: 'rediss://a?ca=' }, [/its ca names no file/]],
  [
    'an unknown parameter',
    { REDIS_URL: 'rediss://a?verify=no' },
    [/it has a parameter "verify", which means nothing here/],
  ],
  ['Sentinels without a master', { REDIS_URL: 'redis+sentinel://a:1,b:2' }, [/it names no master/]],
  ['a cluster with databases', { REDIS_URL: 'redis://a/1,redis://b/1' }, [/a cluster has no databases/]],
  ['a cluster of two minds', { REDIS_URL: 'redis://:x@a,redis://:y@b' }, [/the same user, password and encryption/]],
  ['a cluster half encrypted', { REDIS_URL: 'redis://a,rediss://b' }, [/the same user, password and encryption/]],
  [
    'nodes without their schemes',
    { REDIS_URL: 'redis://a:1,b:2' },
    [/each node of a cluster needs its own redis:\/\/ in front/],
  ],
  [
    'a cluster with Sentinels',
    { REDIS_URL: 'redis://a,redis+sentinel://b/m' },
    [/nodes of a cluster are written redis:\/\//],
  ],
  [
    'everything at once',
    { PORT: 'x', REGION: '1', DEMO: '?', TICK_MS: '-', LOG_LEVEL: '!', REDIS_URL: ':' },
    [/^PORT/, /^REDIS_URL/, /^REGION/, /^DEMO/, /^TICK_MS/, /^LOG_LEVEL/],
  ],
];

describe('configuration', () => {
  it.each(good)('takes %s', (_name, env, expected) => {
    expect(loadConfig(env)).toEqual({ ok: true, config: { ...DEFAULTS, ...expected } });
  });

  it.each(bad)('refuses %s', (_name, env, sentences) => {
    const loaded = loadConfig(env);
    if (loaded.ok) throw new Error(`taken as ${JSON.stringify(loaded.config)}`);
    expect(loaded.faults).toHaveLength(sentences.length);
    for (const sentence of sentences) expect(loaded.faults).toContainEqual(expect.stringMatching(sentence));
  });

  it('says so when the access file may not be read', () => {
    const secret = join(dir, 'secret.json');
    writeFileSync(secret, '{}');
    chmodSync(secret, 0o000);
    const loaded = loadConfig({ ACCESS_FILE: secret });
    // The superuser may read anything.
    if (process.getuid?.() === 0) expect(loaded.ok).toBe(true);
    else expect(loaded).toMatchObject({ ok: false, faults: [expect.stringContaining('cannot be read by this user')] });
  });

  it('never repeats a secret, however wrong the address is', () => {
    const secret = 'hunter2hunter2';
    const anything = fc.stringMatching(/^[ -~]{0,12}$/);
    fc.assert(
      fc.property(
        fc.constantFrom('redis', 'rediss', 'redis+sentinel', 'http', ''),
        anything,
        anything,
        anything,
        fc.constantFrom(`:${secret}`, `user:${secret}`, secret, `${secret}%`),
        (scheme, before, host, after, userinfo) => {
          for (const url of [
            `${scheme}://${userinfo}@${host}${after}`,
            `${scheme}://${userinfo}${before}@${host}`,
            `${scheme}://${host}?sentinelPassword=${secret}`,
            `redis://${userinfo}@a,${scheme}://${userinfo}@${host}`,
            `redis://:${secret}`,
          ]) {
            const loaded = loadConfig({ REDIS_URL: url });
            if (!loaded.ok) expect(loaded.faults.join('\n')).not.toContain(secret);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives back any user and password that were escaped', () => {
    const word = fc.string({ minLength: 1, unit: fc.constantFrom(...'aZ09:@/?#[]%,&=+ \"é中😀\n\0') });
    fc.assert(
      fc.property(word, word, (username, password) => {
        const loaded = loadConfig({
          REDIS_URL: `redis://${encodeURIComponent(username)}:${encodeURIComponent(password)}@h`,
        });
        expect(loaded).toMatchObject({ ok: true, config: { redis: { username, password, host: 'h' } } });
      }),
    );
  });

  it.each(['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST'])(
    'knows %s for a loopback address',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );
  it.each(['0.0.0.0', '::', '128.0.0.1', '10.0.0.1', '::ffff:10.0.0.1', 'example.cn', '127.0.0.1.example.cn'])(
    'knows %s for none',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});
