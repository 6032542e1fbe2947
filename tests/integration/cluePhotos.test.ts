import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Trail } from '../../contract/accessAdmin.ts';
import type { CluePhoto } from '../../contract/attachments.ts';
import type { ClueAnswer } from '../../contract/clues.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import type { AlertSignals, SubjectPortrait } from '../../contract/subjects.ts';
import { actorIdOf } from '../../server/platform/http/principal.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { ENTRIES, tokens, TOWN, type Asker } from '../support/accessTable.ts';
import { asking, type Answer } from '../support/asking.ts';
import { writeAccess } from '../support/letIn.ts';
import { runTool } from '../support/runTool.ts';
import { CAMERA, pdf, photo, png, webp } from '../support/files.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';
import { clockEnv } from '../support/steeredClock.ts';
import { clueRules } from '../support/signals.ts';

/** Pictures of clues (docs/casework.md §6), against real servers that share a Redis and a folder, whose rules raise an alert for the first clue. */

const dir = mkdtempSync(join(tmpdir(), 'clue-photos-'));
const FILES_DIR = join(dir, 'files');
const FOLDER = join(FILES_DIR, 'clues-330110');
let redis: RawRedis;
let server: RunningServer;
const start = (more: Record<string, string> = {}) =>
  startServer({
    ACCESS_FILE: writeAccess(dir, ENTRIES),
    FILES_DIR,
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    LEASE_MS: '600',
    ...more,
  });

const { ask, bearer } = asking(tokens, () => server.url);
async function upload(who: Asker, content: Buffer, name = '现场.jpg'): Promise<Answer<CluePhoto>> {
  const answer = await fetch(`${server.url}/api/v1/clues/photos?region=330110&name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { ...bearer(who), 'content-type': 'text/html' },
    body: content as BodyInit,
  });
  return { status: answer.status, body: (await answer.json()) as Answer<CluePhoto>['body'] };
}
const report = (who: Asker, name: string, photos: string[], more: object = {}, key?: string) =>
  ask<ClueAnswer>(
    who,
    '/api/v1/clues',
    { enterprise: { name }, town: TOWN, industry: 'H', text: '店面已关', photos, ...more },
    key === undefined ? {} : { headers: { 'idempotency-key': key } },
  );
const read = (who: Asker, clue: string, digest: string, more = '', url = server.url) =>
  fetch(`${url}/api/v1/clues/${clue}/photos/${digest}?region=330110${more}`, { headers: bearer(who) });
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
const kept = () =>
  existsSync(FOLDER)
    ? readdirSync(FOLDER, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
    : [];
const photosIn = ({ reasons }: AlertSignals) =>
  reasons.flatMap(({ observations }) => observations.map(({ id, photos }) => ({ id, photos })));

beforeAll(async () => {
  redis = await startRaw({ port: await freePort() });
  server = await start();
  expect((await ask('admin', '/api/v1/rules?region=330110', clueRules('c.1'))).status).toBe(201);
  const activated = await ask('admin', '/api/v1/rules/c.1/activate?region=330110', { why: 'a test', settle: true });
  expect(activated.status).toBe(200);
});
afterAll(async () => {
  await server.stop();
  await redis.stop();
  rmSync(dir, { recursive: true });
});

describe('a picture of a clue', () => {
  it('is kept without its place, stands in the reasons of the alert and the portrait, and is read by those who may see these', async () => {
    const sent = await photo(1_200, 800);
    expect(sent.includes(CAMERA)).toBe(true);
    const first = await upload('handler', sent, '现场\u202Egpj.照片.JPG');
    expect([first.status, first.body.name, first.body.type]).toEqual([200, '现场gpj.照片.JPG', 'image/jpeg']);
    const second = (await upload('handler', await png(70, 50), '门.png')).body;
    const named = [second.digest, first.body.digest];
    // Before a clue names it, it is the uploader's alone.
    expect((await read('handler', 'mine', second.digest, '&thumb=1')).status).toBe(200);
    expect((await read('officer', 'mine', second.digest, '&thumb=1')).status).toBe(404);
    // Nor by the name under which it waits, which is that of no clue.
    const waits = encodeURIComponent(`by:${actorIdOf({ kind: 'token', name: 'handler' })}`);
    for (const who of ['handler', 'officer', 'townOfficer', 'admin', 'otherHandler'] as const)
      for (const more of ['', '&thumb=1', '&alert=none'])
        expect([who, more, (await read(who, waits, second.digest, more)).status]).toEqual([who, more, 404]);

    const { status, body } = await report('handler', '某照片一店', named);
    expect([status, body.detail]).toEqual([200, undefined]);
    const clue = body.event;
    const { alertId } = body.alert!;
    const photos = [second, first.body];
    for (const who of ['officer', 'leader', 'admin', 'handler'] as const) {
      const signals = await ask<AlertSignals>(who, `/api/v1/alerts/${alertId}/signals?scope=330110`);
      expect([who, photosIn(signals.body)]).toEqual([who, [{ id: clue, photos }]]);
    }
    const portrait = `/api/v1/subjects/${encodeURIComponent('N:某照片一店')}?region=330110`;
    expect((await ask<SubjectPortrait>('officer', portrait)).body.counting).toMatchObject([
      { id: clue, ref: '', photos },
    ]);
    for (const who of ['display', 'townDisplay'] as const) {
      const seen = await ask<AlertDetail>(who, `/api/v1/alerts/${alertId}`);
      expect(JSON.stringify(seen.body)).not.toContain('sha256');
      expect((await ask(who, `/api/v1/alerts/${alertId}/signals`)).status).toBe(403);
    }

    const answer = await read('officer', clue, first.body.digest);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': `attachment; filename="_gpj._.JPG"; filename*=UTF-8''${encodeURIComponent(first.body.name)}`,
    });
    const content = await bytesOf(answer);
    expect(`sha256:${hash('sha256', content)}`).toBe(first.body.digest);
    for (const hidden of [CAMERA, 'Exif', 'GPS']) expect(content.includes(hidden)).toBe(false);
    const small = await read('officer', clue, first.body.digest, '&thumb=1');
    expect(small.headers.get('content-type')).toBe('image/webp');
    expect((await sharp(await bytesOf(small)).metadata()).height).toBe(320);

    // Who reads the town, who reported it, and by an alert that speaks of it the unit that has that one.
    const by = `&alert=${alertId}`;
    const other = (await report('officer', '某照片他店', [])).body.alert!.alertId;
    const cases: [who: Asker, more: string, status: number][] = [
      ['officer', '', 200],
      ['leader', '', 200],
      ['admin', '', 200],
      ['townOfficer', '', 200],
      ['handler', '', 200],
      ['otherHandler', '', 404],
      ['otherHandler', by, 404],
      // Of the same unit: not theirs to see by itself, but behind their alert; behind another it is not.
      ['townHandler', '', 404],
      ['townHandler', by, 200],
      ['townHandler', `&alert=${other}`, 404],
      ['townHandler', '&alert=none', 404],
      ['foreignLeader', by, 404],
      ['display', by, 403],
      ['ingest', by, 403],
    ];
    for (const [who, more, expected] of cases)
      expect([who, more, (await read(who, clue, second.digest, more)).status]).toEqual([who, more, expected]);
    // Named, it is the clue's, not the uploader's any more.
    expect((await read('handler', 'mine', second.digest)).status).toBe(404);
    const { items } = (await ask<Trail>('admin', '/api/v1/access/trail?limit=200')).body;
    const of = (what: string) => items.filter((one) => one.what === what);
    expect(of('clue.addPhoto').map(({ who }) => who.name)).toEqual(['handler', 'handler']);
    expect(of('clue.readPhoto').some(({ who, target }) => who.name === 'townHandler' && target === clue)).toBe(true);
    expect(of('clue.report')[1]).toMatchObject({ detail: { event: clue, photos: named } });
  });

  it('of somebody else cannot be named, nor one that is named already; then nothing is kept', async () => {
    const { digest } = (await upload('officer', await png(71, 51), 'a.png')).body;
    const refused = await report('handler', '某照片二店', [digest]);
    expect([refused.status, refused.body.rule, refused.body.parameter]).toEqual([422, 'photo', 'photos']);
    expect(refused.body.detail).toContain(digest);
    const portrait = `/api/v1/subjects/${encodeURIComponent('N:某照片二店')}?region=330110`;
    expect((await ask('officer', portrait)).status).toBe(404);
    expect((await report('officer', '某照片二店', [digest])).status).toBe(200);
    expect((await report('officer', '某照片三店', [digest])).body.rule).toBe('photo');
    // What the intake refuses takes no pictures: they can be named by the next one.
    const again = (await upload('officer', await png(72, 52), 'b.png')).body.digest;
    const wrong = await report('officer', '某照片四店', [again], { enterprise: { name: '某照片四店', uscc: 'x' } });
    expect([wrong.status, wrong.body.parameter]).toEqual([422, 'enterprise']);
    expect((await report('officer', '某照片四店', [again])).status).toBe(200);
    const six = Array.from({ length: 6 }, (_, i) => `sha256:${String(i).repeat(64)}`);
    expect((await report('officer', '某照片五店', six)).status).toBe(400);
  });

  it('goes once with its clue, however often that is sent with its key', async () => {
    const { digest } = (await upload('handler', await webp(73, 53), 'c.webp')).body;
    const answers = [];
    for (let i = 0; i < 3; i++)
      answers.push((await report('handler', '某照片六店', [digest], {}, 'photo-key')).body.event);
    expect(new Set(answers).size).toBe(1);
    expect((await read('officer', answers[0]!, digest)).status).toBe(200);
  });

  it('is a picture: what is none is refused in words, and nothing of it is left', async () => {
    const before = kept().length;
    for (const content of [pdf(10), Buffer.from('<html>')]) {
      const { status, body } = await upload('handler', content);
      expect([status, body.rule]).toEqual([422, 'file-type']);
    }
    expect((await upload('handler', (await photo()).subarray(0, 2_000))).body.rule).toBe('file-damaged');
    expect(kept().length).toBe(before);
  });

  it('that no clue has named for a day is removed, and what was named stays', async () => {
    const named = (await upload('handler', await png(81, 61), 'd.png')).body.digest;
    const clue = (await report('handler', '某照片七店', [named])).body.event;
    const unnamed = (await upload('handler', await png(82, 62), 'e.png')).body.digest;
    expect(kept()).toContain(unnamed.slice(7));
    const clock = join(dir, 'clock');
    writeFileSync(clock, String(25 * 3_600_000));
    const later = await start({
      ROLES: 'push',
      ...clockEnv(clock),
      LOG_LEVEL: 'info',
    });
    onTestFinished(() => later.stop());
    await until('it has looked', () => later.output().includes('clues: removed pictures'));
    expect(kept()).not.toContain(unnamed.slice(7));
    expect((await report('handler', '某照片八店', [unnamed])).body.rule).toBe('photo');
    expect((await read('officer', clue, named)).status).toBe(200);
  });
});

it('pictures of clues go with a backup, and are read where it is restored', async () => {
  const home = await startServer({ LEASE_MS: '500' });
  onTestFinished(() => home.stop());
  const sent = await fetch(`${home.url}/api/v1/clues/photos?region=330110&name=a.png`, {
    method: 'POST',
    body: (await png()) as BodyInit,
  });
  const { digest } = (await sent.json()) as CluePhoto;
  const reported = await fetch(`${home.url}/api/v1/clues`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ enterprise: { name: '某备份店' }, town: TOWN, text: 'x', photos: [digest] }),
  });
  const { event } = (await reported.json()) as ClueAnswer;
  const [to, DATA_DIR] = [join(dir, 'backup.tar.gz'), join(dir, 'restored')];
  runTool('backup', ['--to', to], { DATA_DIR: home.dataDir });
  runTool('restore', ['--from', to], { DATA_DIR });
  const again = await startServer({ DATA_DIR, LEASE_MS: '500' });
  onTestFinished(() => again.stop());
  const contents = await Promise.all(
    [home, again].map(async ({ url }) =>
      bytesOf(await fetch(`${url}/api/v1/clues/${event}/photos/${digest}?region=330110`)),
    ),
  );
  expect(contents[0]!.length).toBeGreaterThan(50);
  expect(contents[0]!.equals(contents[1]!)).toBe(true);
}, 60_000);
