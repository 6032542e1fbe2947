import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BaseLogger } from 'pino';
import { createLogger } from './platform/log.ts';
import { AccessFileError } from './access/tokens/accessFile.ts';
import { createMask } from './privacy/mask.ts';
import { startAccess } from './access/accessRuntime.ts';
import { buildApp } from './app.ts';
import { loadConfig, type Config } from './config.ts';
import { startDemos } from './demoRuntime.ts';
import { isUpper, regionOfCode } from '../common/divisions.ts';
import type { Server as TlsServer } from 'node:https';
import { createMetrics } from './platform/metrics.ts';
import { serveWall } from './push/wall.ts';
import { assertRedisVersion, createRedis } from './platform/redis/connect.ts';
import { createDeadLetterStore } from './streams/intake/deadLetterStore.ts';
import { startEmbeddedRedis } from './platform/redis/embedded.ts';
import type { AcceptSurely } from './streams/store/regionStore.ts';
import type { RedisEndpoint } from './platform/redis/target.ts';
import { PROJECT_ROOT } from './platform/paths.ts';
import { loadRegionPacks } from './region/packs.ts';
import { createUpperRuntime } from './situation/upperRuntime.ts';
import { createRegionRuntime, type RegionRuntime } from './situation/regionRuntime.ts';
import { createDeadLetters } from './streams/intake/deadLetters.ts';
import { addressBehind } from './platform/http/address.ts';
import { fetchFromItself, followCertificate } from './platform/tls.ts';
import { createIntake } from './streams/intake/intake.ts';
import { createWorkerHost } from './streams/counting/workerHost.ts';
import { createValidator, rulesOf } from './streams/intake/validate.ts';

/** A stop that hangs is ended after this long (issue: graceful within 10 s). */
const STOP_MS = 10_000;

/** Starts the roles and stops them, in the order in which they need each other; nothing else. */
async function start(config: Config): Promise<() => Promise<void>> {
  const log = createLogger(config.logLevel);
  const now = () => Date.now();
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    for (const step of undo.reverse())
      await Promise.resolve(step()).catch((error: unknown) => log.error({ error }, 'stop: a step failed'));
  };

  try {
    const packs = loadRegionPacks({
      assetsDir: join(PROJECT_ROOT, 'assets/geo'),
      dataDir: config.dataDir,
      codes: config.regions,
    });
    const embedded =
      config.redis.kind === 'embedded' ? await startEmbeddedRedis({ dataDir: config.dataDir, log }) : undefined;
    if (embedded) undo.push(() => embedded.stop());
    const endpoint = embedded ? embedded.endpoint : (config.redis as Exclude<Config['redis'], { kind: 'embedded' }>);
    const redis = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch' });
    undo.push(() => redis.disconnect());
    await assertRedisVersion(redis);

    const surely = surelyOf(config, endpoint, log);
    if (surely) undo.push(() => surely.redis.disconnect());

    const runtimes = new Map<string, RegionRuntime>();
    const metrics = createMetrics(() =>
      [...runtimes.values()].map((runtime) => ({ region: runtime.code, ms: runtime.lag() })),
    );
    const counted = packs.list().filter((pack) => !isUpper(pack));
    const counting = config.roles.has('worker')
      ? createWorkerHost({
          data: { endpoint, packs: counted, leaseMs: config.leaseMs, logLevel: config.logLevel },
          telemetry: metrics.streams,
          log,
        })
      : undefined;
    for (const pack of counted) {
      const token = () => counting?.token(pack.code);
      runtimes.set(
        pack.code,
        createRegionRuntime({
          pack,
          redis,
          endpoint,
          log,
          telemetry: metrics.streams,
          now,
          roles: config.roles,
          token,
          ...(surely ? { surely } : {}),
        }),
      );
    }
    const uppers = new Map(
      packs
        .list()
        .filter(isUpper)
        .map((pack) => [pack.code, createUpperRuntime(pack, [...runtimes.values()])]),
    );
    const shown = [...runtimes.values(), ...uppers.values()];
    const regionOf = (scope: string) => {
      const region = runtimes.get(regionOfCode(scope)) ?? uppers.get(scope);
      return region && (scope.length === 6 || region.pack.towns.some(({ code }) => code === scope))
        ? region
        : undefined;
    };

    const mask = createMask({ names: config.maskNames, least: config.minFigure });
    const webDir = join(PROJECT_ROOT, 'dist/web');
    const build = buildOf(webDir);
    const access = await startAccess({
      config,
      redis,
      log,
      knownScope: (scope) => regionOf(scope) !== undefined,
      build,
      now,
    });
    undo.push(() => access.stop());
    const tls = config.tls && followCertificate(config.tls, log);
    undo.push(() => tls?.stop());

    const deadLetterStore = createDeadLetterStore(redis);
    const intake = createIntake({
      validate: createValidator(rulesOf(counted)),
      store: (region) => runtimes.get(region)!.store,
      deadLetters: createDeadLetters(deadLetterStore, join(config.dataDir, 'dead-letters'), log),
      telemetry: metrics.streams,
      now,
    });
    const app = await buildApp({
      log,
      access: access.services,
      mask,
      packs,
      region: config.region,
      demo: config.demo,
      roles: config.roles,
      regionOf,
      intake,
      events: (region, alertId) => runtimes.get(region)?.events(alertId) ?? Promise.resolve(undefined),
      deadLetters: deadLetterStore,
      now,
      webDir,
      ...(tls ? { tls: tls.now() } : {}),
      ...(config.trustedProxies === undefined ? {} : { trustedProxies: config.trustedProxies }),
      health: {
        metrics,
        checks: async () => ({
          redis: await redis.ping().then(
            () => 'ok',
            (error: Error) => error.message,
          ),
          ...Object.fromEntries(
            [...runtimes.values()].map((runtime) => [
              `region ${runtime.code}`,
              runtime.ready() ? 'ok' : 'still being loaded',
            ]),
          ),
        }),
      },
    });
    const wall = config.roles.has('push')
      ? serveWall({
          http: app.server,
          access: access.services.access,
          displays: access.services.displays,
          trail: access.services.trail,
          mask,
          addressOf: addressBehind(config.trustedProxies),
          regionOf,
          regions: shown,
          now,
          tickMs: config.tickMs,
          build,
          telemetry: metrics.push,
          lag: () => Math.max(0, ...[...runtimes.values()].map((runtime) => runtime.lag())),
        })
      : undefined;
    // The last checkpoint needs the lease: counting stops after it.
    undo.push(() => counting?.stop());
    undo.push(() => Promise.all([...runtimes.values()].map((runtime) => runtime.stop())));
    undo.push(() => app.close());
    undo.push(() => wall?.close());
    counting?.start();
    await Promise.all([...runtimes.values()].map((runtime) => runtime.start()));
    tls?.serve(app.server as unknown as TlsServer);
    await app.listen({ host: config.host, port: config.port });
    const { port } = app.server.address() as { port: number };
    const url = `${tls ? 'https' : 'http'}://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
    process.stdout.write(`WageWatch  ${url}/wall\n`);
    const link = config.roles.has('push') ? await access.firstLink(url) : undefined;
    if (link)
      process.stdout.write(
        `Nobody needs to sign in, as only this machine reaches it. To close it, and let others in, make the first admin (a link good once, for three days):\n  ${link}\n`,
      );
    if (config.demo) {
      const demos = startDemos({
        packs,
        config,
        counted,
        access: access.services.access,
        url,
        get: tls ? fetchFromItself : fetch,
        log,
      });
      undo.push(() => demos.stop());
    }
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** How long the replicas may take to confirm what is accepted, ms. */
const CONFIRM_MS = 5_000;

/** Where `ACCEPT_REPLICAS` asks for it: what waits for the replicas, on a connection of its own. */
function surelyOf(
  { acceptReplicas, roles }: Config,
  endpoint: RedisEndpoint,
  log: BaseLogger,
): AcceptSurely | undefined {
  if (acceptReplicas === 0 || !roles.has('ingest')) return undefined;
  return {
    redis: createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-accept' }),
    replicas: acceptReplicas,
    timeoutMs: CONFIRM_MS,
  };
}

/** What tells one release of the pages from another: they reload when it changes. */
function buildOf(webDir: string): string {
  const page = join(webDir, 'index.html');
  return existsSync(page) ? createHash('sha256').update(readFileSync(page)).digest('hex').slice(0, 12) : 'none';
}

async function main(): Promise<void> {
  const loaded = loadConfig(process.env);
  if (!loaded.ok) {
    for (const fault of loaded.faults) process.stderr.write(`${fault}\n`);
    process.exitCode = 2;
    return;
  }
  let stopping = false;
  const starting = start(loaded.config);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(1), STOP_MS).unref();
      void starting
        .then((stop) => stop())
        .then(
          () => process.exit(0),
          () => process.exit(1),
        );
    });
  }
  try {
    await starting;
  } catch (error) {
    const message = (error as Error).message;
    // A wrong setting, told like those of the environment.
    if (error instanceof AccessFileError) {
      process.stderr.write(`${message}\n`);
      process.exit(2);
    }
    process.stderr.write(`WageWatch could not start: ${message}\n`);
    process.exit(1);
  }
}

await main();
