import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { DeadLetter } from '../../contract/rest.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { DEAD_LETTER_KEYS } from '../../server/streams/intake/deadLetterKeys.ts';
import { createDeadLetters, LETTER_BYTES } from '../../server/streams/intake/deadLetters.ts';
import { createDeadLetterStore } from '../../server/streams/intake/deadLetterStore.ts';
import { createLetterFiles } from '../../server/streams/intake/letterFiles.ts';
import { freePort } from '../../testing/freePort.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { freshDataDir } from '../support/server.ts';

/** Dead letters have a bound in bytes, at hand and on disk, and what goes to disk is whole. */

const { log } = listeningLog();
const NOW = Date.parse('2026-11-28T03:00:00Z');
const folders: string[] = [];
let server: RawRedis;
let redis: RedisClient;
beforeAll(async () => {
  server = await startRaw({ port: await freePort() });
  redis = createRedis({ kind: 'single', host: '127.0.0.1', port: server.port, db: 0 }, { role: 'commands', log });
});
afterEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function fresh(atHand: { letters: number; bytes: number }, fileLimits?: { fileBytes: number; allBytes: number }) {
  const folder = join(freshDataDir(), 'dead-letters');
  folders.push(folder);
  const store = createDeadLetterStore(redis);
  return { folder, store, letters: createDeadLetters(store, createLetterFiles(folder, fileLimits), log, atHand) };
}
const moved = (folder: string): DeadLetter[] =>
  readdirSync(folder)
    .sort((a, b) => a.length - b.length || a.localeCompare(b))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as DeadLetter);
const rejected = (n: number, size: number, mark = 'x') =>
  Array.from({ length: n }, (_, i) => ({ text: `${i} ${mark.repeat(size)}`, problem: 'bad', id: `e${i}` }));
const storedBytes = async () =>
  Object.values(await redis.hgetall(DEAD_LETTER_KEYS.letters)).reduce((sum, text) => sum + Buffer.byteLength(text), 0);

it('a long one keeps its beginning, its digest and what is to be done', async () => {
  const { letters, store } = fresh({ letters: 100, bytes: 1e9 });
  const texts = [
    'short',
    'x'.repeat(LETTER_BYTES),
    '工'.repeat(30_000),
    `x${'𠮷'.repeat(30_000)}`,
    'é'.repeat(200_000),
  ];
  await letters.keep(
    texts.map((text) => ({ text, problem: 'bad' })),
    NOW,
  );
  const kept = (await store.page(10)).letters.reverse();
  for (const [i, text] of texts.entries()) {
    const letter = kept[i]!;
    expect(Buffer.byteLength(letter.body)).toBeLessThanOrEqual(LETTER_BYTES);
    expect(text.startsWith(letter.body)).toBe(true);
    if (Buffer.byteLength(text) <= LETTER_BYTES) {
      expect(letter).toEqual({ id: letter.id, at: letter.at, problem: 'bad', body: text });
      continue;
    }
    expect(Buffer.byteLength(letter.body)).toBeGreaterThan(LETTER_BYTES - 4);
    expect(letter).toMatchObject({
      truncated: true,
      bytes: Buffer.byteLength(text),
      digest: `sha256:${createHash('sha256').update(text).digest('hex')}`,
      note: 'only the first 16 KiB were kept: its sender must send the event again',
    });
  }
});

it('1,200 of the largest are moved, in the order in which they came, and none is lost', async () => {
  const { letters, store, folder } = fresh({ letters: 100_000, bytes: 8 * 1024 * 1024 });
  // Characters that are six bytes each in JSON: moved as one text, some thousands are longer than a string can be.
  const all = rejected(1_200, LETTER_BYTES, '\u0001');
  for (let i = 0; i < all.length; i += 500) await letters.keep(all.slice(i, i + 500), NOW);
  expect(await store.bytes()).toBeLessThanOrEqual(8 * 1024 * 1024);
  expect(await store.bytes()).toBe(await storedBytes());
  const rest: DeadLetter[] = [];
  for (let cursor: string | undefined, at = 0; at === 0 || cursor !== undefined; at++) {
    const page = await store.page(50, cursor);
    rest.push(...page.letters);
    cursor = page.next;
  }
  expect(rest.length).toBe(await store.count());
  const ids = [...moved(folder), ...rest.reverse()].map(({ eventId }) => eventId);
  expect(ids).toEqual(all.map(({ id }) => id));
}, 60_000);

it('their number has a bound too, and the same one again is one', async () => {
  const { letters, store, folder } = fresh({ letters: 250, bytes: 1e9 });
  await letters.keep(rejected(1_000, 1), NOW);
  await letters.keep(rejected(1_000, 1).slice(900), NOW);
  expect(await store.count()).toBe(250);
  expect(moved(folder).length).toBe(750);
  expect(await store.bytes()).toBe(await storedBytes());
  const [one, two] = (await store.page(2)).letters;
  expect(await store.remove([one!.id, two!.id, 'nothing'])).toBe(2);
  expect(await store.bytes()).toBe(await storedBytes());
});

it('those from before their bytes were counted are counted once', async () => {
  const { letters, store } = fresh({ letters: 250, bytes: 1e9 });
  await letters.keep(rejected(50, 100), NOW);
  await redis.del(DEAD_LETTER_KEYS.bytes);
  await letters.keep(rejected(51, 100).slice(50), NOW);
  expect(await store.count()).toBe(51);
  expect(await store.bytes()).toBe(await storedBytes());
});

it('files are followed by others, and the oldest make room', async () => {
  const { letters, folder } = fresh({ letters: 0, bytes: 1e9 }, { fileBytes: 50_000, allBytes: 200_000 });
  for (let day = 0; day < 3; day++) await letters.keep(rejected(100, 1_000 + day), NOW + day * 86_400_000);
  const names = readdirSync(folder).sort();
  const size = names.reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
  expect(size).toBeLessThanOrEqual(300_000);
  expect(names[0]).not.toMatch(/^2026-11-28/);
  expect(names.at(-1)).toMatch(/^2026-11-30/);
});

it('pages go on where the one before has ended, also when all of that has been dealt with; the last one says that it is', async () => {
  const { letters, store } = fresh({ letters: 250, bytes: 1e9 });
  const all = rejected(10, 1);
  await letters.keep(all, NOW);
  const dealtWith: (string | undefined)[] = [];
  let after: string | undefined;
  do {
    const page = await store.page(5, after);
    dealtWith.push(...page.letters.map(({ eventId }) => eventId));
    await store.remove(page.letters.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined && dealtWith.length < 20);
  expect(dealtWith).toEqual(all.map(({ id }) => id).reverse());
  expect(await store.count()).toBe(0);

  await letters.keep(rejected(5, 2), NOW);
  expect((await store.page(5)).next).toBeUndefined();
  const { next } = await store.page(2);
  // One of the first page is rejected again, and the newest now: the second page is what it was.
  await letters.keep(rejected(5, 2).slice(4), NOW);
  expect((await store.page(2, next)).letters.map(({ eventId }) => eventId)).toEqual(['e2', 'e1']);
});
