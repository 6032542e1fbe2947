import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Trail } from '../../contract/accessAdmin.ts';
import type { Attachment } from '../../contract/events.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { createRedis } from '../../server/platform/redis/connect.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { asking, type Answer } from '../support/asking.ts';
import { event, raised } from '../support/events.ts';
import { CAMERA, docx, GPS, pdf, photo, png } from '../support/files.ts';
import { letIn, writeAccess } from '../support/letIn.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { loadPack } from '../support/packs.ts';
import { runTool } from '../support/runTool.ts';
import { BATCH, post, startServer, until, type RunningServer } from '../support/server.ts';
import { clockEnv } from '../support/steeredClock.ts';

/** Files of cases (docs/casework.md §2), against real servers that share a Redis and a folder of files. */

const pack = loadPack('330110');
const [TOWN, OTHER_TOWN] = ['330110010', '330110001'];
const unitOfTown = (town: string) => pack.units!.find(({ towns }) => towns?.includes(town))!;
const UNIT = unitOfTown(TOWN);
const GRANTS = {
  officer: { role: 'officer', scope: '330110' },
  leader: { role: 'leader', scope: '330110' },
  admin: { role: 'admin', scope: '330110' },
  handler: { role: 'handler', scope: '330110', unit: UNIT.code },
  stranger: { role: 'handler', scope: '330110', unit: unitOfTown(OTHER_TOWN).code },
  townOfficer: { role: 'officer', scope: OTHER_TOWN },
  display: { role: 'display', scope: '330110' },
  ingest: { role: 'ingest', scope: '330110' },
} as const;
type Who = keyof typeof GRANTS;
const { tokens, entries } = letIn(GRANTS);
const MIB = 1024 * 1024;

const { log } = listeningLog();
const dir = mkdtempSync(join(tmpdir(), 'attachments-'));
const FILES_DIR = join(dir, 'files');
const FOLDER = join(FILES_DIR, 'attachments-330110');
let ACCESS_FILE: string;
let redis: RawRedis;
let first: RunningServer;
let second: RunningServer;
const start = (more: Record<string, string> = {}) =>
  startServer({ ACCESS_FILE, FILES_DIR, REDIS_URL: `redis://127.0.0.1:${redis.port}`, LEASE_MS: '600', ...more });

beforeAll(async () => {
  ACCESS_FILE = writeAccess(dir, entries);
  redis = await startRaw({ port: await freePort() });
  first = await start();
  second = await start();
});
afterAll(async () => {
  await second.stop();
  await first.stop();
  await redis.stop();
  rmSync(dir, { recursive: true });
});

const { ask, bearer, detail, send, ...people } = asking(tokens, () => first.url);
const act = (who: Who, id: string, action: string, fields: object = {}) => people.act(who, id, { action, ...fields });
async function upload(
  who: Who,
  id: string,
  content: Buffer,
  name = '材料.pdf',
  server = first,
): Promise<Answer<Attachment>> {
  const response = await fetch(
    `${server.url}/api/v1/alerts/${id}/attachments?region=330110&name=${encodeURIComponent(name)}`,
    { method: 'POST', headers: { ...bearer(who), 'content-type': 'text/html' }, body: content as BodyInit },
  );
  return { status: response.status, body: (await response.json()) as Answer<Attachment>['body'] };
}
const read = (who: Who, id: string, digest: string, more = '', server = first) =>
  fetch(`${server.url}/api/v1/alerts/${id}/attachments/${digest}?region=330110${more}`, { headers: bearer(who) });
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

let last = 0;
/** An alert of a town, dispatched to its unit and counted. */
async function alert(town = TOWN): Promise<string> {
  const alertId = `ATT-${++last}`;
  const at = Date.now() - 60_000;
  const { platform, name } = unitOfTown(town);
  await send(
    raised(at, { alertId, town, enterprise: { name: `某${alertId}建筑有限公司` } }),
    event('wage.alert.dispatched', at + 1_000, { alertId, platform, unit: name['zh-CN'] }),
  );
  await until('it is counted', async () => (await detail(alertId)).eventsTotal === 2);
  return alertId;
}
const trail = async (what: string, target: string) => {
  const { body } = await ask<Trail>('admin', '/api/v1/access/trail?limit=200');
  return body.items.filter((one) => one.what === what && one.target === target);
};
/** Names of the files that are kept, and how many are half written. */
function kept(folder = FOLDER): { files: string[]; halves: number } {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  const files = names.filter((entry) => entry.isFile());
  const half = ({ parentPath }: (typeof names)[number]) => parentPath.endsWith('unfinished');
  return { files: files.filter((one) => !half(one)).map(({ name }) => name), halves: files.filter(half).length };
}
const sha = (content: Buffer) => hash('sha256', content);

describe('a photo', () => {
  it('is kept without its place, attached, listed, seen small and downloaded, all of it on the trail', async () => {
    const id = await alert();
    const sent = await photo(1_200, 800);
    expect((await sharp(sent).metadata()).exif!.includes(CAMERA)).toBe(true);
    const { status, body } = await upload('handler', id, sent, '现场\u202Egpj.照片.JPG');
    expect([status, body.name, body.type]).toEqual([200, '现场gpj.照片.JPG', 'image/jpeg']);
    const { digest } = body;

    const done = await act('handler', id, 'attach', { attachments: [digest] });
    expect(done.status).toBe(200);
    expect(done.body.events.at(-1)).toMatchObject({ type: 'wage.case.noted', data: { text: '', attachments: [body] } });
    const handled = await act('handler', id, 'handle', { outcome: 'other', attachments: [digest] });
    expect(handled.body.events.at(-1)).toMatchObject({ type: 'wage.alert.handled', data: { attachments: [body] } });
    const noted = await act('officer', id, 'note', { text: '见照片', attachments: [digest] });
    // Each file once, with who attached it last.
    expect(noted.body.attachments).toMatchObject([{ ...body, here: true }]);
    expect((await detail(id, 'handler')).attachments).toHaveLength(1);
    expect(await detail(id, 'display')).not.toHaveProperty('attachments');
    expect(JSON.stringify(await detail(id, 'display'))).not.toContain(digest);

    // From the other process, too.
    const answer = await read('handler', id, digest, '', second);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename="_gpj._.JPG"; filename*=UTF-8''${encodeURIComponent(body.name)}`,
    });
    const content = await bytesOf(answer);
    expect([`sha256:${sha(content)}`, content.length]).toEqual([digest, body.bytes]);
    const { width, height, exif, orientation } = await sharp(content).metadata();
    expect({ width, height, exif, orientation }).toEqual({ width: 800, height: 1_200 });
    for (const hidden of [CAMERA, 'Exif', 'GPS', ...Object.values(GPS).filter((value) => value.length > 2)])
      expect(content.includes(hidden)).toBe(false);
    const small = await read('handler', id, digest, '&thumb=1');
    expect([small.headers.get('content-type'), small.headers.get('content-disposition')?.slice(0, 6)]).toEqual([
      'image/webp',
      'inline',
    ]);
    expect((await sharp(await bytesOf(small)).metadata()).height).toBe(320);

    expect(await trail('attachment.add', id)).toMatchObject([
      { detail: { digest, region: '330110', type: 'image/jpeg' } },
    ]);
    const reads = await trail('attachment.read', id);
    expect(reads.map((one) => (one.detail as { thumb?: boolean }).thumb ?? false).sort()).toEqual([false, true]);
    expect((await trail('case.attach', id))[0]).toMatchObject({ detail: { attachments: [digest] } });
  });

  it('of the same bytes, sent many times to both processes, is kept once', async () => {
    const [one, other] = [await alert(), await alert()];
    const sent = await png(321, 123);
    const before = kept().files.length;
    const answers = await Promise.all(
      [one, one, one, other, other].map((id, i) => upload('officer', id, sent, `图${i}.png`, i % 2 ? second : first)),
    );
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.digest}`)).size).toBe(1);
    // The picture, and its thumbnail.
    expect(kept()).toMatchObject({ halves: 0 });
    expect(kept().files.length - before).toBe(2);
  });
});

describe('a file', () => {
  it('is for those alone who may act on its case, and is read by those who may see it', async () => {
    const id = await alert();
    const sent = pdf(10);
    for (const who of ['officer', 'leader', 'admin', 'handler'] as const)
      expect([who, (await upload(who, id, sent)).status]).toEqual([who, 200]);
    for (const who of ['stranger', 'townOfficer'] as const)
      expect([who, (await upload(who, id, sent)).status]).toEqual([who, 404]);
    for (const who of ['display', 'ingest'] as const)
      expect([who, (await upload(who, id, sent)).status]).toEqual([who, 403]);
    const digest = `sha256:${sha(sent)}`;
    for (const [who, status] of [
      ['officer', 200],
      ['leader', 200],
      ['handler', 200],
      ['stranger', 404],
      ['townOfficer', 404],
      ['display', 403],
      ['ingest', 403],
    ] as const) {
      const answer = await read(who, id, digest);
      expect([who, answer.status]).toEqual([who, status]);
      if (status === 200) expect((await bytesOf(answer)).equals(sent)).toBe(true);
      else expect((await bytesOf(answer)).includes('%PDF')).toBe(false);
    }
    expect((await read('officer', id, digest, '&thumb=1')).status).toBe(404);
    expect((await read('officer', id, 'sha256:..%2f..%2fetc')).status).toBe(400);
    // Handed to another unit, it is theirs no longer.
    const elsewhere = pack.units!.find(({ towns }) => !towns)!;
    expect((await act('officer', id, 'transfer', { platform: elsewhere.platform, unit: elsewhere.code })).status).toBe(
      200,
    );
    expect((await read('handler', id, digest)).status).toBe(404);
    expect((await upload('handler', id, sent)).status).toBe(404);
  });

  it('belongs to the case in which it was uploaded: another cannot name it, nor read it', async () => {
    const [id, other] = [await alert(), await alert()];
    const { digest } = (await upload('handler', id, docx('某方案'), '方案.docx')).body;
    for (const action of ['attach', 'note', 'handle']) {
      const fields = {
        attachments: [digest],
        ...(action === 'note' ? { text: 'x' } : action === 'handle' ? { outcome: 'other' } : {}),
      };
      const refused = await act('handler', other, action, fields);
      expect([refused.status, refused.body.rule, refused.body.parameter]).toEqual([422, 'attachment', 'attachments']);
      expect(refused.body.detail).toContain(digest);
    }
    expect((await read('handler', other, digest)).status).toBe(404);
    expect((await detail(other)).attachments).toEqual([]);
    expect((await act('handler', id, 'attach', { attachments: [digest], text: '方案' })).status).toBe(200);
    // Uploaded there, too, it is that one's as well.
    expect((await upload('handler', other, docx('某方案'), '同一方案.docx')).status).toBe(200);
    expect((await act('handler', other, 'attach', { attachments: [digest] })).body.attachments![0]!.name).toBe(
      '同一方案.docx',
    );
  });

  it('is told of by the program itself: what a client says of it does not count', async () => {
    const id = await alert();
    const { body } = await upload('handler', id, pdf(20), 'a.pdf');
    const lies = [{ ...body, name: '别的.pdf', bytes: 1 }];
    expect((await act('handler', id, 'attach', { attachments: lies })).status).toBe(400);
    expect((await act('handler', id, 'attach', {})).status).toBe(400);
    expect((await act('handler', id, 'attach', { attachments: [] })).status).toBe(400);
    const eleven = Array.from({ length: 11 }, (_, i) => `sha256:${sha(Buffer.from([i]))}`);
    expect((await act('handler', id, 'attach', { attachments: eleven })).status).toBe(400);
    // A platform may name what is not here: its digest is listed, and there is nothing to download.
    const named = { digest: `sha256:${'ab'.repeat(32)}`, name: '平台附件.pdf', type: 'application/pdf', bytes: 5 };
    const noted = event('wage.case.noted', Date.now(), { alertId: id, text: '见附件', attachments: [named, body] });
    expect((await ask('ingest', '/api/v1/events', [noted], { headers: { 'content-type': BATCH } })).status).toBe(202);
    await until('it is listed', async () => (await detail(id)).attachments!.length === 2);
    expect((await detail(id)).attachments).toMatchObject([
      { ...named, here: false },
      { ...body, here: false },
    ]);
    expect((await read('officer', id, named.digest)).status).toBe(404);
  });

  it('that is wrong is refused in words, and nothing of it is left', async () => {
    const id = await alert();
    const before = kept();
    const cases: [content: Buffer, status: number, rule: string | undefined, name?: string][] = [
      [Buffer.from('<html>'), 422, 'file-type', 'a.pdf'],
      [(await photo()).subarray(0, 2_000), 422, 'file-damaged'],
      [pdf(5), 422, 'file-name', '../..'],
      [pdf(20 * MIB), 413, 'file-size'],
    ];
    for (const [content, status, rule, name] of cases) {
      const { status: told, body } = await upload('handler', id, content, name);
      expect([told, body.rule, typeof body.detail]).toEqual([status, rule, 'string']);
    }
    expect(
      (
        await fetch(`${first.url}/api/v1/alerts/${id}/attachments?name=a`, {
          method: 'POST',
          headers: bearer('officer'),
        })
      ).status,
    ).toBe(400);
    expect((await upload('officer', id, pdf(1), 'x'.repeat(1_001))).status).toBe(400);
    expect(kept()).toEqual(before);
    expect((await trail('attachment.add', id)).length).toBe(0);
    // As large as it may be.
    const most = pdf(20 * MIB - pdf(15 * MIB).length + 15 * MIB);
    expect([most.length, (await upload('handler', id, most)).status]).toEqual([20 * MIB, 200]);
  });

  it('that is too large is given up while it comes, though nothing says how long it is', async () => {
    const id = await alert();
    const before = kept();
    const status = await new Promise<number>((resolve, reject) => {
      const asked = httpRequest(
        `${first.url}/api/v1/alerts/${id}/attachments?name=a.pdf`,
        { method: 'POST', headers: bearer('officer') },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode!);
        },
      );
      asked.on('error', reject);
      for (let i = 0; i < 21; i++) asked.write(Buffer.alloc(MIB, 0x25));
      asked.end();
    });
    expect(status).toBe(413);
    expect(kept()).toEqual(before);
  });
});

describe('what nobody names', () => {
  /** A process whose clock is a day ahead looks once, as it starts. */
  async function aDayLater(): Promise<void> {
    const clock = join(dir, 'clock');
    writeFileSync(clock, String(25 * 3_600_000));
    const later = await start({
      ROLES: 'push',
      ...clockEnv(clock),
      LOG_LEVEL: 'info',
    });
    onTestFinished(() => later.stop());
    await until('it has looked', () => later.output().includes('removed what nobody has named'));
  }

  it('is removed after a day, and what was named, or is of another case, stays', async () => {
    const [id, other] = [await alert(), await alert()];
    const [named, shared, alone] = [pdf(101), pdf(102), await png(71, 72)];
    for (const content of [named, shared, alone]) expect((await upload('handler', id, content)).status).toBe(200);
    expect((await upload('handler', other, shared)).status).toBe(200);
    const digest = (content: Buffer) => `sha256:${sha(content)}`;
    expect((await act('handler', id, 'attach', { attachments: [digest(named)] })).status).toBe(200);
    expect((await act('handler', other, 'attach', { attachments: [digest(shared)] })).status).toBe(200);
    const renewed = (await upload('handler', id, alone)).body.digest;
    const before = new Set(kept().files);
    expect(before.has(renewed.slice(7))).toBe(true);

    await aDayLater();
    const after = new Set(kept().files);
    expect([named, shared].map((content) => after.has(sha(content)))).toEqual([true, true]);
    expect(after.has(renewed.slice(7))).toBe(false);
    expect((await read('handler', id, digest(named))).status).toBe(200);
    expect((await read('handler', other, digest(shared))).status).toBe(200);
    for (const gone of [digest(shared), renewed]) {
      expect((await read('handler', id, gone)).status).toBe(404);
      expect(await act('handler', id, 'attach', { attachments: [gone] })).toMatchObject({ status: 422 });
    }
    // Nothing is left of it in Redis either: the picture and its thumbnail had one holder.
    const client = createRedis(
      { kind: 'single', host: '127.0.0.1', port: redis.port, db: 0 },
      { role: 'commands', log },
    );
    onTestFinished(() => {
      client.disconnect();
    });
    expect(await client.keys(`*case-file-holders:${renewed.slice(7)}`)).toEqual([]);
    expect(await client.zcard('{330110}:case-files-waiting')).toBe(0);
  });

  it('of a process that was killed in the middle of an upload is never listed, and is removed', async () => {
    const id = await alert();
    const third = await start({ ROLES: 'push' });
    const asked = httpRequest(`${third.url}/api/v1/alerts/${id}/attachments?name=a.pdf`, {
      method: 'POST',
      headers: { ...bearer('officer'), 'content-length': 5 * MIB },
    });
    asked.on('error', () => undefined);
    asked.write(pdf(2 * MIB));
    await until('it is being written', () => kept().halves === 1);
    await third.kill('SIGKILL');
    await third.stop();
    expect([kept().halves, (await detail(id)).attachments]).toEqual([1, []]);
    const unfinished = join(FOLDER, 'unfinished');
    for (const name of readdirSync(unfinished)) utimesSync(join(unfinished, name), new Date(0), new Date(0));
    const fourth = await start({ ROLES: 'push' });
    onTestFinished(() => fourth.stop());
    await until('it is gone', () => kept().halves === 0);
  });
});

it('files go with a backup, and are read where it is restored as they were', async () => {
  const home = await startServer({ LEASE_MS: '500' });
  onTestFinished(() => home.stop());
  const at = async <T>(url: string, path: string, init?: RequestInit) => {
    const answer = await fetch(`${url}/api/v1/alerts/B1${path}`, init);
    expect([path, answer.status]).toEqual([path, 200]);
    return (await answer.json()) as T;
  };
  await post(home.url, [raised(Date.now() - 60_000, { alertId: 'B1', town: TOWN })]);
  await until('it is counted', async () => (await fetch(`${home.url}/api/v1/alerts/B1`)).ok);
  const sent = await at<Attachment>(home.url, '/attachments?name=a.png', {
    method: 'POST',
    body: (await png()) as BodyInit,
  });
  const body = { action: 'attach', expect: { stage: 'raised', events: 1 }, attachments: [sent.digest] };
  await at(home.url, '/actions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const [to, DATA_DIR] = [join(dir, 'backup.tar.gz'), join(dir, 'restored')];
  runTool('backup', ['--to', to], { DATA_DIR: home.dataDir });
  runTool('restore', ['--from', to], { DATA_DIR });
  const again = await startServer({ DATA_DIR, LEASE_MS: '500' });
  onTestFinished(() => again.stop());
  expect((await at<AlertDetail>(again.url, '')).attachments).toMatchObject([{ ...sent, here: true }]);
  for (const more of ['', '?thumb=1']) {
    const contents = await Promise.all(
      [home, again].map(async ({ url }) =>
        bytesOf(await fetch(`${url}/api/v1/alerts/B1/attachments/${sent.digest}${more}`)),
      ),
    );
    expect(contents[0]!.length).toBeGreaterThan(50);
    expect(contents[0]!.equals(contents[1]!)).toBe(true);
  }
}, 60_000);

it('a disk that is full costs nothing that is there, and is said in words', async ({ skip }) => {
  const disk = join(dir, 'disk');
  mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'wagewatch-test', disk]).status !== 0)
    skip("a small disk of one's own needs the right to mount");
  onTestFinished(() => {
    spawnSync('umount', ['-l', disk]);
  });
  const small = await start({ FILES_DIR: disk, ROLES: 'ingest,push' });
  onTestFinished(() => small.stop());
  const id = await alert();
  const fits = (await upload('officer', id, pdf(MIB), 'a.pdf', small)).body;
  expect(fits.bytes).toBeGreaterThan(MIB);
  const full = await upload('officer', id, pdf(2 * MIB + 100_000), 'b.pdf', small);
  expect([full.status, full.body.title]).toEqual([507, 'Storage is full']);
  expect(full.body.detail).toContain('nothing was kept');
  expect(kept(join(disk, 'attachments-330110'))).toEqual({ files: [fits.digest.slice(7)], halves: 0 });
  expect((await read('officer', id, fits.digest, '', small)).status).toBe(200);
  // What it had taken is free again.
  expect((await upload('officer', id, pdf(MIB + 1), 'c.pdf', small)).status).toBe(200);
});
