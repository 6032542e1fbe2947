import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { destination } from 'pino';
import { loadConfig } from '../server/config.ts';
import { restore } from '../server/platform/backup/restore.ts';
import { RESTORED_SETTINGS } from '../server/platform/backup/unfinished.ts';
import { createLogger } from '../server/platform/log.ts';
import { assertUsable, createRedis } from '../server/platform/redis/connect.ts';
import { attachOrStartRedis } from '../server/platform/redis/embedded.ts';
import { runTool } from './openRegion.ts';

const USAGE = `Puts a backup back, into an empty place.

  npm run -s restore -- --from FILE

DATA_DIR, FILES_DIR and REDIS_URL say where. Nothing that is there is overwritten: directories and Redis must be empty, and no
server may use them. The backup is read whole and checked before anything is written. It may go into another kind of Redis.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { from: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
  if (values.help || !values.from) {
    process.stdout.write(USAGE);
    if (!values.help) process.exitCode = 2;
    return;
  }
  const loaded = loadConfig(process.env);
  if (!loaded.ok) throw new Error(loaded.faults.join('\n'));
  const { config } = loaded;
  const log = createLogger('warn', destination(2));
  const started = performance.now();
  const { redis, entries, at } = await restore({
    from: resolve(values.from),
    dataDir: config.dataDir,
    filesDir: config.filesDir,
    async openRedis() {
      const { endpoint, stop } = await attachOrStartRedis({ config, log, what: 'restore' });
      const client = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-restore' });
      const close = async () => {
        client.disconnect();
        await stop();
      };
      try {
        await assertUsable(client, endpoint);
      } catch (error) {
        await close();
        throw error;
      }
      return { redis: client, close };
    },
  });
  const count = Object.values(redis).reduce((sum, { keys }) => sum + keys, 0);
  const files = entries.filter(({ name }) => /^(data|files)\//.test(name)).length;
  process.stdout.write(
    `As of ${at}: ${count} keys of ${Object.keys(redis).join(', ')}, ${files} files, in ${((performance.now() - started) / 1000).toFixed(1)} s.\n` +
      `The settings of that time are in DATA_DIR/${RESTORED_SETTINGS}, to be read; they take no effect by themselves. Check with npm run verify.\n`,
  );
}

await runTool(main);
