import { expect, it } from 'vitest';
import { applyConnectorsFile, type FileConnector } from '../../server/casework/connectors/connectorsFile.ts';
import { createConnectorStore, type StoredConnector } from '../../server/casework/connectors/connectorStore.ts';
import type { RedisClient } from '../../server/platform/redis/connect.ts';
import { testRedis } from '../support/testRedis.ts';
import { countingKeys } from '../../server/streams/counting/keys.ts';

/** What is kept of connectors while several processes change it. */

const NOW = 1_800_000_000_000;
const current = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const webhook = (url: string) => ({ kind: 'webhook', url }) as const;
const inFile = (region: string): FileConnector => ({
  region,
  platform: 'tri-colour',
  setting: webhook('https://platform.example.cn/in'),
  secrets: { current },
});

let redis: RedisClient;
testRedis((client) => {
  redis = client;
});

it('switches off what the file does not name any more, of its own regions alone, and drops nothing that waits', async () => {
  const store = createConnectorStore(redis);
  await applyConnectorsFile(store, [inFile('330110'), inFile('330109')], () => true, NOW);
  const outbox = `${countingKeys('330110').outbox}tri-colour`;
  await redis.xadd(outbox, '*', 'e', 'waits');
  // Another process counts but one of the two regions, and its file names neither.
  await applyConnectorsFile(store, [], (region) => region === '330110', NOW);
  const ours = (await store.get('330110', 'tri-colour'))!;
  expect(ours).toMatchObject({ off: 'CONNECTORS_FILE does not name it any more' });
  expect(ours.fixed).toBeUndefined();
  expect(await redis.xlen(outbox)).toBe(1);
  expect(await store.secrets('330110', 'tri-colour')).toEqual({ current });
  const theirs = (await store.get('330109', 'tri-colour'))!;
  expect(theirs).toMatchObject({ fixed: true });
  expect(theirs.off).toBeUndefined();
  // It is named again.
  await applyConnectorsFile(store, [inFile('330110')], () => true, NOW);
  expect((await store.get('330110', 'tri-colour'))!.off).toBeUndefined();
});

it('switches off only what is still as it was read', async () => {
  const store = createConnectorStore(redis);
  const read: StoredConnector = {
    region: '330110',
    platform: 'tri-colour',
    setting: webhook('https://old.example.cn/'),
    since: NOW,
    by: '某管理员',
  };
  await store.set(read);
  await store.set({ ...read, setting: webhook('https://new.example.cn/') });
  expect(await store.switchOff(read, '410')).toBe(false);
  expect(await store.get('330110', 'tri-colour')).toEqual({ ...read, setting: webhook('https://new.example.cn/') });
  await store.remove('330110', 'tri-colour');
  expect(await store.switchOff(read, '410')).toBe(false);
  expect(await store.all()).toEqual([]);
  await store.set(read);
  expect(await store.switchOff(read, '410')).toBe(true);
  expect(await store.get('330110', 'tri-colour')).toEqual({ ...read, off: '410' });
});

it('is mended by another setting or secret of the file, or as it names it again, and by no start with the same', async () => {
  const store = createConnectorStore(redis);
  const mendedAt = async () => (await store.get('330110', 'tri-colour'))!.mendedAt;
  const apply = (list: FileConnector[], at: number) => applyConnectorsFile(store, list, () => true, at);
  await apply([inFile('330110')], NOW);
  await apply([inFile('330110')], NOW + 1);
  expect(await mendedAt()).toBe(NOW);
  await apply([{ ...inFile('330110'), setting: webhook('https://new.example.cn/') }], NOW + 2);
  expect(await mendedAt()).toBe(NOW + 2);
  await apply([inFile('330110')], NOW + 3);
  await apply([{ ...inFile('330110'), secrets: { current: 'whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQ=' } }], NOW + 4);
  expect(await mendedAt()).toBe(NOW + 4);
  await apply([], NOW + 5);
  await apply([{ ...inFile('330110'), secrets: { current: 'whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQ=' } }], NOW + 6);
  expect(await mendedAt()).toBe(NOW + 6);
});
