import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, it, type TestContext } from 'vitest';
import { loadConfig } from '../../../server/config.ts';
import {
  assertRedisVersion,
  assertUsable,
  createRedis,
  describeEndpoint,
  reconnectPause,
  type RedisRole,
} from '../../../server/platform/redis/connect.ts';
import type { RedisEndpoint } from '../../../server/platform/redis/target.ts';
import { endOf } from '../../../testing/endOf.ts';
import { freePort } from '../../../testing/freePort.ts';
import { freshDir, startRaw, type RawRedis } from '../../../testing/rawRedis.ts';
import { listeningLog } from '../../support/listeningLog.ts';
import { until } from '../../support/until.ts';

/** What `REDIS_URL` leads to, so that addresses are tested all the way. */
function endpointOf(url: string): RedisEndpoint {
  const loaded = loadConfig({ REDIS_URL: url });
  if (!loaded.ok) throw new Error(loaded.faults.join('\n'));
  if (loaded.config.redis.kind === 'embedded') throw new Error('embedded');
  return loaded.config.redis;
}

function workshop({ onTestFinished }: TestContext) {
  return {
    async server(options: Parameters<typeof startRaw>[0]): Promise<RawRedis> {
      const redis = await startRaw(options);
      onTestFinished(() => redis.stop());
      return redis;
    },
    connect(endpoint: RedisEndpoint, role: RedisRole = 'commands', log = listeningLog().log) {
      const redis = createRedis(endpoint, { role, log });
      onTestFinished(() => {
        redis.disconnect();
      });
      return redis;
    },
  };
}

/** An authority and a certificate for `localhost`, in `dir`. */
function makeCertificates(dir: string): void {
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: dir, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority');
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'server.key',
    '-out',
    'server.pem',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
    '-addext',
    'basicConstraints=critical,CA:FALSE',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
  );
}

describe.concurrent('connections to Redis', () => {
  it('open with a password, and say once that a wrong one is wrong', async (context) => {
    const { expect } = context;
    const { server, connect } = workshop(context);
    const { port } = await server({
      port: await freePort(),
      args: ['--requirepass', 'p@ss/w#rd', '--user', 'wage', 'on', '>s:ecret', '~*', '+@all'],
    });
    const redis = connect(endpointOf(`redis://:p@ss/w#rd@127.0.0.1:${port}/2`));
    expect(await redis.set('a', '1')).toBe('OK');
    expect(await redis.info('keyspace')).toMatch(/^db2:keys=1/m);
    expect(await assertRedisVersion(redis)).toMatch(/^[7-9]\.|^\d\d\./);
    expect(await connect(endpointOf(`redis://wage:s%3Aecret@127.0.0.1:${port}`)).ping()).toBe('PONG');

    const { log, lines } = listeningLog();
    const wrong = connect(endpointOf(`redis://:wrong@127.0.0.1:${port}`), 'commands', log);
    let attempts = 0;
    wrong.on('reconnecting', () => attempts++);
    await expect(wrong.ping()).rejects.toThrow();
    await until(() => attempts >= 3);
    expect(lines.filter((line) => line.includes('cannot be reached'))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('wrong');
  });

  it('say where and why they cannot be used, and never use another database than the one named', async (context) => {
    const { expect } = context;
    const { server, connect } = workshop(context);
    const { port } = await server({ port: await freePort(), args: ['--requirepass', 's3cret'] });
    const nowhere = await freePort();
    const why = async (url: string) => {
      const endpoint = endpointOf(url);
      return assertUsable(connect(endpoint), endpoint, 1_000).then(
        () => 'fine',
        (error: Error) => error.message,
      );
    };
    expect(await why(`redis://:s3cret@127.0.0.1:${port}/2`)).toBe('fine');
    const at = `Redis at 127.0.0.1:${port}/0 cannot be used:`;
    expect(await why(`redis://127.0.0.1:${port}`)).toBe(`${at} it wants a password, and REDIS_URL gives none.`);
    expect(await why(`redis://:wr0ng@127.0.0.1:${port}`)).toBe(`${at} the user or the password in REDIS_URL is wrong.`);
    expect(await why(`redis://:s3cret@127.0.0.1:${port}/99`)).toBe(
      `Redis at 127.0.0.1:${port}/99 cannot be used: ERR DB index is out of range.`,
    );
    expect(await why(`redis://127.0.0.1:${nowhere}`)).toBe(
      `Redis at 127.0.0.1:${nowhere}/0 cannot be used: connect ECONNREFUSED 127.0.0.1:${nowhere}.`,
    );
    expect(await why(`redis+sentinel://127.0.0.1:${nowhere}/mymaster`)).toMatch(
      /^Redis at mymaster of the Sentinels .* cannot be used: All sentinels are unreachable\..*[^.]\.$/,
    );
  });

  it('say once that no Sentinel can be reached', async (context) => {
    const { expect } = context;
    const { connect } = workshop(context);
    const { log, lines } = listeningLog();
    let attempts = 0;
    connect(endpointOf(`redis+sentinel://127.0.0.1:${await freePort()}/mymaster`), 'blocking', log).on(
      'error',
      () => attempts++,
    );
    await until(() => attempts >= 4);
    expect(lines.filter((line) => line.includes('cannot be reached'))).toHaveLength(1);
  });

  it('open over TLS with an authority of their own, and refuse others', async (context) => {
    const { expect } = context;
    const { server, connect } = workshop(context);
    const dir = freshDir('tls-');
    makeCertificates(dir);
    const port = await freePort();
    await server({
      port,
      dir,
      args: [
        '--tls-port',
        String(port),
        '--port',
        '0',
        '--tls-cert-file',
        'server.pem',
        '--tls-key-file',
        'server.key',
        '--tls-ca-cert-file',
        'ca.pem',
        '--tls-auth-clients',
        'no',
      ],
    });
    const redis = connect(endpointOf(`rediss://localhost:${port}?ca=${join(dir, 'ca.pem')}`));
    expect(await redis.ping()).toBe('PONG');
    const { log, lines } = listeningLog();
    await expect(connect(endpointOf(`rediss://localhost:${port}`), 'commands', log).ping()).rejects.toThrow();
    expect(lines.filter((line) => line.includes('cannot be reached'))).toHaveLength(1);
  });

  it('never send a command twice, and come back by themselves', async (context) => {
    const { expect } = context;
    const { server, connect } = workshop(context);
    const dir = freshDir();
    const port = await freePort();
    const args = ['--appendonly', 'yes', '--appendfsync', 'always'];
    const first = await startRaw({ port, dir, args });
    const { log, lines } = listeningLog();
    const redis = connect(endpointOf(`redis://127.0.0.1:${port}`), 'commands', log);
    await redis.set('counter', 1);
    // The server takes the command, but cannot answer any more.
    first.child.kill('SIGSTOP');
    const lost = redis.incr('counter').then(
      () => 'answered',
      () => 'rejected',
    );
    await sleep(50);
    first.child.kill('SIGKILL');
    await endOf(first.child);
    expect(await lost).toBe('rejected');
    await server({ port, dir, args });
    await until(() => redis.status === 'ready');
    expect(Number(await redis.get('counter'))).toBe(1);
    expect([...new Set(lines)]).toEqual([
      'Redis connected',
      'Redis cannot be reached; trying again until it can',
      'Redis can be reached again',
    ]);
  });

  it('that block wait through a restart for what they wait for', async (context) => {
    const { expect } = context;
    const { server, connect } = workshop(context);
    const dir = freshDir();
    const port = await freePort();
    const first = await startRaw({ port, dir });
    const reader = connect(endpointOf(`redis://127.0.0.1:${port}`), 'blocking');
    const writer = connect(endpointOf(`redis://127.0.0.1:${port}`));
    await writer.ping();
    const read = reader.xread('COUNT', 1, 'BLOCK', 0, 'STREAMS', 'events', '$');
    await until(async () => (await writer.info('clients')).includes('blocked_clients:1'));
    first.child.kill('SIGKILL');
    await endOf(first.child);
    await server({ port, dir });
    await until(() => writer.status === 'ready');
    await until(async () => (await writer.info('clients')).includes('blocked_clients:1'));
    await writer.xadd('events', '1-1', 'e', 'value');
    expect(JSON.stringify(await read)).toContain('value');
  });

  it('begin anew when they end unasked, and stay ended when asked', async (context) => {
    const { expect } = context;
    const { server, connect } = workshop(context);
    const { port } = await server({ port: await freePort() });
    const redis = connect(endpointOf(`redis://127.0.0.1:${port}`));
    await redis.ping();
    if (!(redis instanceof Redis)) throw new Error('not a single server');
    // Give the connection up while the next is being made: ioredis takes that for the end.
    redis.once('reconnecting', () => {
      redis.once('connecting', () => {
        redis.disconnect(true);
      });
    });
    let ends = 0;
    redis.on('end', () => ends++);
    redis.disconnect(true);
    await until(() => ends === 1);
    await until(() => redis.status === 'ready');
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
    await until(() => ends === 2);
    await sleep(150);
    expect(redis.status).toBe('end');
  });

  it('leave no timer behind when they are closed once more: it would hold up the end of the process', async (context) => {
    const { expect } = context;
    const { server, connect } = workshop(context);
    const { port } = await server({ port: await freePort() });
    const redis = connect(endpointOf(`redis://127.0.0.1:${port}`), 'blocking');
    await redis.ping();
    redis.disconnect();
    await until(() => redis.status === 'end');
    const timers = () => process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length;
    const before = timers();
    redis.disconnect();
    expect(timers()).toBe(before);
  });

  it('find the master by its Sentinel, also after that has made another one master', async (context) => {
    const { expect } = context;
    const { server, connect } = workshop(context);
    const [a, b, s] = [await freePort(), await freePort(), await freePort()];
    const password = ['--requirepass', 'secret', '--masterauth', 'secret', '--repl-diskless-sync-delay', '0'];
    const master = await server({ port: a, args: password });
    await server({ port: b, args: [...password, '--replicaof', '127.0.0.1', String(a)] });
    const replica = connect(endpointOf(`redis://:secret@127.0.0.1:${b}`));
    await until(async () => (await replica.info('replication')).includes('master_link_status:up'));
    const dir = freshDir();
    const conf = join(dir, 'sentinel.conf');
    writeFileSync(
      conf,
      `sentinel monitor wage 127.0.0.1 ${a} 1\nsentinel auth-pass wage secret\n` +
        'sentinel down-after-milliseconds wage 1000\nsentinel failover-timeout wage 2000\n',
    );
    await server({ port: s, dir, args: [conf, '--sentinel'] });
    const redis = connect(endpointOf(`redis+sentinel://secret@127.0.0.1:${s}/wage/0`));
    await redis.set('before', '1');
    expect(await redis.wait(1, 10_000)).toBe(1);
    const sentinel = connect({ kind: 'single', host: '127.0.0.1', port: s, db: 0 });
    await until(async () =>
      JSON.stringify(await sentinel.call('SENTINEL', 'replicas', 'wage')).includes(`127.0.0.1:${b}`),
    );
    master.child.kill('SIGKILL');
    await until(() =>
      redis.set('after', '2').then(
        () => true,
        () => sleep(50, false),
      ),
    );
    expect(await redis.mget('before', 'after')).toEqual(['1', '2']);
    expect(await replica.info('replication')).toContain('role:master');
  });

  it('reach every slot of a cluster of three', async (context) => {
    const { expect } = context;
    const { server, connect } = workshop(context);
    const nodes: RawRedis[] = [];
    for (let i = 0; i < 3; i++) {
      nodes.push(
        await server({
          port: await freePort(),
          args: ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort()), '--requirepass', 'secret'],
        }),
      );
    }
    const { status, stdout } = spawnSync(
      'redis-cli',
      ['-a', 'secret', '--cluster', 'create', ...nodes.map((node) => `127.0.0.1:${node.port}`), '--cluster-yes'],
      { encoding: 'utf8' },
    );
    expect(status, stdout).toBe(0);
    // Made is not yet known to all: for a moment a node says that the Cluster is down.
    await until(() =>
      nodes.every(({ port }) =>
        spawnSync('redis-cli', ['-a', 'secret', '-p', String(port), 'CLUSTER', 'INFO'], {
          encoding: 'utf8',
        }).stdout.includes('cluster_state:ok'),
      ),
    );
    const url = nodes.map((node) => `redis://:secret@127.0.0.1:${node.port}`).join(',');
    const redis = connect(endpointOf(url));
    const keys = Array.from({ length: 60 }, (_, i) => `{${i}}:key`);
    await Promise.all(keys.map((key) => redis.set(key, key)));
    expect(await Promise.all(keys.map((key) => redis.get(key)))).toEqual(keys);
    expect(await assertRedisVersion(redis)).toMatch(/^\d+\./);
    const sizes = await Promise.all(
      nodes.map((node) => connect(endpointOf(`redis://:secret@127.0.0.1:${node.port}`)).dbsize()),
    );
    expect(sizes.every((size) => size > 0)).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(60);
  });

  it.for([
    ['redis_version:6.2.14', 'The Redis server is version 6.2.14, but WageWatch needs Redis 7 or later, or Valkey.'],
    [
      'server_name:other',
      'The Redis server is of an unknown version, but WageWatch needs Redis 7 or later, or Valkey.',
    ],
    ['redis_version:7.0.15', '7.0.15'],
    ['redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.0', '8.1.0'],
  ] as const)('tell the version of a server that says %s', async ([said, expected], context) => {
    const { expect, onTestFinished } = context;
    const { connect } = workshop(context);
    const info = `# Server\r\n${said}\r\nloading:0\r\n`;
    const fake = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        // Commands come as arrays of bulk strings; one answer each.
        for (const [, command] of chunk.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
          if (command?.toLowerCase() === 'info') socket.write(`$${info.length}\r\n${info}\r\n`);
          else if (command?.toLowerCase() === 'hello') socket.write('-ERR unknown command HELLO\r\n');
          else socket.write('+OK\r\n');
        }
      });
    });
    await new Promise<void>((resolve) => {
      fake.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      fake.close();
    });
    const redis = connect({ kind: 'single', host: '127.0.0.1', port: (fake.address() as AddressInfo).port, db: 0 });
    expect(await assertRedisVersion(redis).catch((error: Error) => error.message)).toBe(expected);
  });

  it('are described without their secrets', ({ expect }) => {
    const words = [
      'redis://:secret@a:1/2',
      'rediss://u:secret@[::1]',
      'redis+sentinel://secret@a:1,b:2/m',
      'redis://:secret@a:1,redis://:secret@b:2',
    ].map((url) => describeEndpoint(endpointOf(url)));
    expect(words).toEqual(['a:1/2', '[::1]:6379/0 (TLS)', 'm of the Sentinels a:1, b:2', 'the cluster of a:1, b:2']);
  });

  it('wait longer after each failed attempt, up to two seconds', ({ expect }) => {
    const longest = Array.from({ length: 10 }, (_, i) => reconnectPause(i + 1, () => 1));
    expect(longest).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000]);
    expect(reconnectPause(1_000_000, () => 0)).toBe(1000);
  });
});
