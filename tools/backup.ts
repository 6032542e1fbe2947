import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { destination } from 'pino';
import { toRfc3339 } from '../common/regionTime.ts';
import { givenSettings, loadConfig, type Config } from '../server/config.ts';
import { features } from '../server/features.ts';
import { backUp } from '../server/platform/backup/backup.ts';
import { createLogger } from '../server/platform/log.ts';
import { createMetrics } from '../server/platform/metrics.ts';
import { PROJECT_ROOT } from '../server/platform/paths.ts';
import { assertUsable, createRedis } from '../server/platform/redis/connect.ts';
import { attachOrStartRedis } from '../server/platform/redis/embedded.ts';
import { loadRegionPacks } from '../server/region/packs.ts';
import { assertHolds, runTool } from './openRegion.ts';

const USAGE = `Everything that the program keeps, in one file, while it runs or not.

  npm run -s backup -- --to DIR|FILE

  --to   a directory, in which the file is named by date and time, or a new file

DATA_DIR, FILES_DIR and REDIS_URL say what is copied, as they do for the server. Counting pauses while Redis is copied;
events are accepted meanwhile. The file holds people's records: keep it as you keep DATA_DIR.
`;

/** The file that `--to` means. @throws with a sentence for the operator */
async function fileOf(to: string, { dataDir, filesDir }: Config, now: number): Promise<string> {
  const path = resolve(to);
  const isFolder = to.endsWith('/') || (existsSync(path) && statSync(path).isDirectory());
  const stamp = toRfc3339(now).slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  const file = isFolder ? join(path, `wagewatch-${stamp}.tar.gz`) : path;
  for (const [variable, folder] of Object.entries({ DATA_DIR: dataDir, FILES_DIR: filesDir })) {
    const inside = relative(folder, file);
    if (!inside.startsWith('..') && inside !== file)
      throw new Error(`${file} lies in ${variable}: a backup would hold those before it, and be lost with them.`);
  }
  if (existsSync(file)) throw new Error(`${file} is there already: name another, or a directory.`);
  await mkdir(dirname(file), { recursive: true }).catch((error: Error) => {
    throw new Error(`${dirname(file)} cannot be made: ${error.message}.`, { cause: error });
  });
  return file;
}

/** What the environment said, and who may come in by file. Addresses without passwords; the provider's file holds a secret and is left out. */
function settingsOf(config: Config): Record<string, string> {
  return {
    'environment.json': `${JSON.stringify(givenSettings(process.env), undefined, 2)}\n`,
    ...(config.accessFile === undefined
      ? {}
      : { [basename(config.accessFile)]: readFileSync(config.accessFile, 'utf8') }),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { to: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help || !values.to) {
    process.stdout.write(USAGE);
    if (!values.help) process.exitCode = 2;
    return;
  }
  const loaded = loadConfig(process.env);
  if (!loaded.ok) throw new Error(loaded.faults.join('\n'));
  const { config } = loaded;
  const now = Date.now();
  const to = await fileOf(values.to, config, now);
  assertHolds(config);
  const log = createLogger('warn', destination(2));
  const packs = loadRegionPacks({
    assetsDir: join(PROJECT_ROOT, 'assets/geo'),
    dataDir: config.dataDir,
    codes: config.regions,
  });
  const { endpoint, stop } = await attachOrStartRedis({ config, log, what: 'backup' });
  const redis = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-backup' });
  try {
    await assertUsable(redis, endpoint);
    const pages = { folder: '', build: 'none' };
    const platform = { config, log, metrics: createMetrics(), redis, endpoint, pages, now: () => now };
    const all = features(platform, packs);
    const started = performance.now();
    const { redis: keys, entries } = await backUp({
      to,
      redis,
      keys: all.flatMap(({ backup }) => backup ?? []),
      dataDir: config.dataDir,
      filesDir: config.filesDir,
      secretFiles: all.flatMap(({ secretFiles }) => secretFiles ?? []),
      settings: settingsOf(config),
      program: (JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string }).version,
      now,
    });
    const count = Object.values(keys).reduce((sum, { keys: n }) => sum + n, 0);
    const files = entries.filter(({ name }) => /^(data|files)\//.test(name)).length;
    process.stdout.write(
      `${to}: ${count} keys of ${Object.keys(keys).join(', ')}, ${files} files, in ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
    );
  } finally {
    redis.disconnect();
    await stop();
  }
}

await runTool(main);
