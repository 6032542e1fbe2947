import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createFileStore, type FileStore, type StoredFile } from '../../../server/platform/files/fileStore.ts';

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-files-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});
const digestOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');
async function* inParts(content: Buffer, size: number) {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}
async function listed(store: FileStore): Promise<StoredFile[]> {
  const found: StoredFile[] = [];
  for await (const file of store.list()) found.push(file);
  return found.sort((a, b) => (a.digest < b.digest ? -1 : 1));
}
/** All files below a folder. */
const within = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length
    : 0;

describe('files', () => {
  it('are kept once by their content, whole or in parts, and read, listed and removed by digest', async () => {
    const store = createFileStore(join(dir, 'a'), 'notes');
    const content = randomBytes(200_000);
    const digest = digestOf(content);
    expect(await store.find(digest)).toBeUndefined();
    expect(await store.read(digest)).toBeUndefined();
    expect(await listed(store)).toEqual([]);
    const same = await Promise.all([store.put(content), store.put(inParts(content, 999)), store.put(content)]);
    expect(same).toEqual(Array(3).fill({ digest, bytes: 200_000 }));
    const other = await store.put(Buffer.from(''));
    expect(await listed(store)).toEqual([same[0], other].sort((a, b) => (a.digest < b.digest ? -1 : 1)));
    expect(within(join(dir, 'a'))).toBe(2);
    expect(await buffer((await store.read(digest))!)).toEqual(content);
    expect(await store.remove(digest)).toBe(true);
    expect(await store.remove(digest)).toBe(false);
    expect(await listed(store)).toEqual([other]);
  });

  it('of one feature are not those of another, and another process sees them', async () => {
    const one = createFileStore(join(dir, 'b'), 'one');
    const { digest } = await one.put(Buffer.from('x'));
    expect(await createFileStore(join(dir, 'b'), 'other').find(digest)).toBeUndefined();
    expect(await createFileStore(join(dir, 'b'), 'one').find(digest)).toEqual({ digest, bytes: 1 });
  });

  it('leave nothing behind when they are too large or the sender breaks off', async () => {
    const store = createFileStore(join(dir, 'c'), 'notes');
    await expect(store.put(inParts(randomBytes(5_000), 100), 4_999)).rejects.toMatchObject({ status: 413 });
    await expect(store.put(randomBytes(10), 9)).rejects.toMatchObject({ status: 413 });
    async function* broken() {
      yield Buffer.from('half');
      await Promise.resolve();
      throw new Error('the sender has left');
    }
    await expect(store.put(broken())).rejects.toThrow('the sender has left');
    expect(within(join(dir, 'c'))).toBe(0);
    expect((await store.put(randomBytes(9), 9)).bytes).toBe(9);
  });

  it('lie in their folder whatever is asked for', async () => {
    writeFileSync(join(dir, 'secret'), 'secret');
    const store = createFileStore(join(dir, 'd'), 'notes');
    const { digest } = await store.put(Buffer.from('x'));
    const wrong = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '../../secret',
        `${digest}/`,
        `${digest}\n`,
        digest.toUpperCase(),
        '/etc/passwd',
        `../../${'0'.repeat(58)}`,
        '',
      ),
    );
    await fc.assert(
      fc.asyncProperty(wrong, async (name) => {
        expect(await store.find(name)).toBeUndefined();
        expect(await store.read(name)).toBeUndefined();
        expect(await store.remove(name)).toBe(false);
      }),
      { numRuns: 200 },
    );
    for (const name of ['..', '../x', '', 'A', 'a/b', '.hidden'])
      expect(() => createFileStore(dir, name), name).toThrow('is no name of a folder of files');
  });

  it('that a crashed writer left half-written are no files, and are cleared away', async () => {
    const store = createFileStore(join(dir, 'e'), 'notes');
    await store.put(Buffer.from('x'));
    const left = join(dir, 'e/notes/unfinished/left');
    const fresh = join(dir, 'e/notes/unfinished/fresh');
    for (const path of [left, fresh]) writeFileSync(path, 'half');
    utimesSync(left, new Date(0), new Date(0));
    expect(await listed(store)).toHaveLength(1);
    expect(await store.removeLeftovers(3_600_000)).toBe(1);
    expect([existsSync(left), existsSync(fresh)]).toEqual([false, true]);
  });

  it('are removed only where nobody needs them by then', async () => {
    const store = createFileStore(join(dir, 'f'), 'notes');
    const { digest } = await store.put(Buffer.from('needed'));
    await store.removeUnless(digest, () => Promise.resolve(true));
    expect(await store.find(digest)).toEqual({ digest, bytes: 6 });
    // Who cannot be asked needs it.
    await store.removeUnless(digest, () => Promise.reject(new Error('away')));
    expect(await store.find(digest)).toBeDefined();
    // Kept again while it is asked: that one stays.
    await store.removeUnless(digest, async () => {
      expect(await store.find(digest)).toBeUndefined();
      await store.put(Buffer.from('needed'));
      return false;
    });
    expect(await store.find(digest)).toBeDefined();
    await store.removeUnless(digest, () => Promise.resolve(false));
    await store.removeUnless(digest, () => Promise.resolve(false));
    expect([await store.find(digest), within(join(dir, 'f'))]).toEqual([undefined, 0]);
  });

  it('can be looked at before they are kept', async () => {
    const store = createFileStore(join(dir, 'g'), 'notes');
    const draft = await store.receive(inParts(Buffer.from('looked at'), 3), 9);
    expect(await store.find(draft.digest)).toBeUndefined();
    await draft.keep();
    await draft.discard();
    expect(await store.find(draft.digest)).toEqual({ digest: draft.digest, bytes: 9 });
    const other = await store.receive(Buffer.from('no'));
    await other.discard();
    expect(within(join(dir, 'g'))).toBe(1);
    await expect(store.receive(Buffer.from('too much'), 3)).rejects.toMatchObject({ status: 413 });
    expect(within(join(dir, 'g'))).toBe(1);
  });

  it('say so when the disk is full, and keep those that are there', async ({ skip }) => {
    const disk = join(dir, 'disk');
    mkdirSync(disk);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'wagewatch-test', disk]).status !== 0)
      skip("a small disk of one's own needs the right to mount");
    try {
      const store = createFileStore(disk, 'notes');
      const { digest } = await store.put(randomBytes(400_000));
      await expect(store.put(inParts(randomBytes(900_000), 50_000))).rejects.toMatchObject({
        status: 507,
        title: 'Storage is full',
      });
      expect(await store.find(digest)).toEqual({ digest, bytes: 400_000 });
      expect(within(disk)).toBe(1);
      // What the failed one had taken is free again.
      await store.put(randomBytes(400_000));
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  });
});
