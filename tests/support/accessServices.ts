import { closing } from '../../server/access/closing.ts';
import { Directory } from '../../server/access/directory.ts';
import { takeName } from '../../server/access/names.ts';
import { newId, type PersonRecord } from '../../server/access/records.ts';
import { createAccessServices, type AccessServices } from '../../server/access/services.ts';
import { readFileTokens, type FileTokens } from '../../server/access/tokens/fileTokens.ts';
import { createAccessStore } from '../../server/access/store/accessStore.ts';
import type { Unit } from '../../contract/region.ts';
import type { Principal } from '../../server/platform/http/principal.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { listeningLog } from './listeningLog.ts';

/** Access as processes of the server have it, over one real Redis. */

export const PASSWORD = 'correct horse battery';
export const TOWN = '330110010';
/** A brigade of the whole region, and the offices of two towns. */
export const UNITS: Unit[] = [
  {
    code: 'brigade',
    name: { 'zh-CN': '某区劳动保障监察大队', en: 'Labour inspection brigade' },
    platform: 'tri-colour',
    kind: 'brigade',
  },
  {
    code: 'office-010',
    name: { 'zh-CN': '某街道平安办', en: 'Office of a town' },
    platform: 'four-platforms',
    kind: 'town',
    towns: [TOWN],
  },
  {
    code: 'office-001',
    name: { 'zh-CN': '某镇平安办', en: 'Office of another town' },
    platform: 'four-platforms',
    kind: 'town',
    towns: ['330110001'],
  },
];

export interface AccessFixture {
  redis: RedisClient;
  /** Another process of the same installation; open to everybody until there is an admin. */
  process(more?: {
    loopback?: boolean;
    now?: () => number;
    trailDays?: number;
    /** The path of an access file. */
    file?: string;
  }): Promise<AccessServices>;
  /** An admin who has signed in, and so closes the program. */
  admin(services: AccessServices, name?: string): Promise<Principal>;
  clear(): Promise<void>;
  stop(): Promise<void>;
}

export async function startAccessFixture(): Promise<AccessFixture> {
  const { log } = listeningLog();
  const raw: RawRedis = await startRaw({ port: await freePort() });
  const redis = createRedis({ kind: 'single', host: '127.0.0.1', port: raw.port, db: 0 }, { role: 'commands', log });
  const started: Directory[] = [];
  const read: FileTokens[] = [];
  const end = async () => {
    for (const file of read.splice(0)) file.stop();
    for (const directory of started.splice(0)) await directory.stop();
  };
  return {
    redis,
    async process({ loopback = true, now = () => Date.now(), trailDays = 365, file } = {}) {
      const directory = new Directory(createAccessStore(redis), log);
      await directory.start();
      started.push(directory);
      const divisions = { known: (scope: string) => /^330110(010|001)?$/.test(scope), units: () => UNITS };
      const tokens = file === undefined ? undefined : readFileTokens(file, log);
      if (tokens) read.push(tokens);
      return createAccessServices({
        redis,
        directory,
        loopback,
        divisions,
        build: 'b1',
        trailDays,
        now,
        ...(tokens ? { file: tokens } : {}),
      });
    },
    async admin({ directory, sessions, access }, name = '王主任') {
      // As if an invitation had been taken up, without the time that a password takes.
      const id = newId();
      const record: PersonRecord = {
        name,
        role: 'admin',
        scope: '330110',
        password: 'none',
        createdAt: Date.now(),
        createdBy: 'invitation',
      };
      const begun = sessions.begin(id, '10.0.0.1');
      await directory.change(() => [
        ...closing(directory, `person:${id}`).edits,
        takeName(directory, 'person', name, id),
        directory.edit('person', id, record),
        ...begun.edits(),
      ]);
      const admin = await access.identify(begun.secret);
      if (!admin) throw new Error(`${name} is not let in`);
      return admin;
    },
    async clear() {
      await end();
      await redis.flushall();
    },
    async stop() {
      await end();
      redis.disconnect();
      await raw.stop();
    },
  };
}
