import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../common/regionTime.ts';
import type { Frame } from '../../../contract/frame.ts';
import type { ShownWindow } from '../../../contract/replayLimits.ts';
import { encodeShown } from '../../../server/replay/shown/shownFile.ts';
import { createShownStore, type ShownStore } from '../../../server/replay/shown/shownStore.ts';
import { WaitingFrames } from '../../../server/replay/shown/waitingFrames.ts';
import { listeningLog } from '../../support/listeningLog.ts';

const dir = mkdtempSync(join(tmpdir(), 'shown-store-'));
afterAll(() => {
  rmSync(dir, { recursive: true });
});
const HOUR = Date.parse('2026-11-28T09:00:00+08:00');
const { log, lines } = listeningLog();
let n = 0;
let files: string;
let store: ShownStore;
beforeEach(() => {
  files = join(dir, String(n++));
  store = createShownStore(files, log);
});
const frame = (fields: object) => ({ scope: '330110', window: '30d', ...fields }) as unknown as Frame;
const content = (one: object) => encodeShown(new Map<ShownWindow, string>([['30d', JSON.stringify(frame(one))]]));

describe('the store of kept frames', () => {
  it('keeps what was written first, whoever writes at the same time', async () => {
    const writers = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const other = createShownStore(files, log);
        return (await other.write('330110', HOUR, await content({ seq: i }))) ? i : -1;
      }),
    );
    const [won] = writers.filter((i) => i >= 0);
    expect(writers.filter((i) => i >= 0)).toHaveLength(1);
    expect(await store.read('330110', HOUR)).toEqual({ '30d': frame({ seq: won }) });
    expect(readdirSync(join(files, 'shown/unfinished'))).toEqual([]);
    expect(await store.write('330110', HOUR, await content({ seq: 99 }))).toBe(false);
    // They hold names in full.
    expect(statSync(join(files, 'shown/330110/2026-11/2026-11-28T09.json.br')).mode & 0o077).toBe(0);
  });

  it('finds the hour of a region and the day of a town', async () => {
    for (const hour of [HOUR, HOUR + 3 * HOUR_MS, HOUR + 40 * DAY_MS])
      await store.write('330110', hour, await content({}));
    await store.write('330110010', HOUR, await content({}));
    expect(await store.find('330110', HOUR + HOUR_MS - 1)).toBe(HOUR);
    expect(await store.find('330110', HOUR + HOUR_MS)).toBeUndefined();
    expect(await store.find('330110', HOUR - 1)).toBeUndefined();
    expect(await store.find('330110010', Date.parse('2026-11-28T23:59:59+08:00'))).toBe(HOUR);
    expect(await store.find('330110010', Date.parse('2026-11-29T00:00:00+08:00'))).toBeUndefined();
    expect(await store.instants('330110', HOUR, HOUR + 50 * DAY_MS)).toEqual([
      HOUR,
      HOUR + 3 * HOUR_MS,
      HOUR + 40 * DAY_MS,
    ]);
    expect(await store.first('330110')).toBe(HOUR);
    expect(await store.first('330111')).toBeUndefined();
    expect(await store.instants('../../etc', 0, HOUR)).toEqual([]);
  });

  it('leaves out fields that this program does not know, and takes frames that lack some', async () => {
    await store.write('330110', HOUR, await content({ seq: 1, contactsOfTheFuture: [{ phone: '13800000000' }] }));
    expect(await store.read('330110', HOUR)).toEqual({ '30d': frame({ seq: 1 }) });
  });

  it('takes a damaged file, or one of another version, for a missing hour, and logs it', async () => {
    await store.write('330110', HOUR, await content({}));
    const path = join(files, 'shown/330110/2026-11/2026-11-28T09.json.br');
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length / 2));
    expect(await store.read('330110', HOUR)).toBeUndefined();
    await store.write('330110', HOUR + HOUR_MS, Buffer.from('not compressed'));
    expect(await store.read('330110', HOUR + HOUR_MS)).toBeUndefined();
    expect(lines.filter((line) => line.startsWith('kept frames: a file cannot be read'))).toHaveLength(2);
    expect(await store.read('330110', HOUR + 5 * HOUR_MS)).toBeUndefined();
  });

  it('removes frames older than 400 days, and drafts of writers that crashed', async () => {
    const old = HOUR - 420 * DAY_MS;
    for (const hour of [old, old + HOUR_MS]) await store.write('330110', hour, await content({}));
    for (let i = 0; i < 30; i++) await store.write('330110', HOUR + i * HOUR_MS, await content({}));
    const draft = join(files, 'shown/unfinished/draft');
    writeFileSync(draft, 'x');
    utimesSync(draft, 0, 0);
    expect(await store.prune(['330110'])).toBe(2);
    expect(await store.first('330110')).toBe(HOUR);
    expect(readdirSync(join(files, 'shown/330110'))).toEqual(['2026-11']);
    expect(readdirSync(join(files, 'shown/unfinished'))).toEqual([]);
    expect(await store.prune(['330110'])).toBe(0);
  });
});

describe('frames that cannot be written', () => {
  it('wait, oldest first, and are written when they can be', async () => {
    let written = 0;
    const waiting = new WaitingFrames(store, log, () => written++);
    // A file where the folder should be.
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, 'shown'), '');
    for (let i = 0; i < 3; i++)
      await waiting.write({ scope: '330110', hour: HOUR + i * HOUR_MS, content: await content({ seq: i }) });
    expect(waiting.size).toBe(3);
    expect(waiting.problem).toMatch(/FILES_DIR cannot be written/);
    rmSync(join(files, 'shown'));
    await waiting.retry();
    expect([waiting.size, waiting.problem, written]).toEqual([0, undefined, 3]);
    expect((await store.read('330110', HOUR + HOUR_MS))?.['30d']?.seq).toBe(1);
  });

  it('are given up, the oldest first, before they fill the memory', async () => {
    const waiting = new WaitingFrames(store, log, () => undefined);
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, 'shown'), '');
    for (let i = 0; i < 6; i++)
      await waiting.write({ scope: '330110', hour: HOUR + i * HOUR_MS, content: Buffer.alloc(20 * 1024 * 1024) });
    expect(waiting.size).toBe(3);
    expect(lines.some((line) => line.includes('given up'))).toBe(true);
  });
});
