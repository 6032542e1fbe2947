import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Value } from 'typebox/value';
import { DAY_MS, floorTo, HOUR_MS, isoDate } from '../../common/regionTime.ts';
import {
  BriefingAnswerSchema,
  BriefingSchema,
  type Briefing,
  type BriefingAnswer,
  type BriefingListAnswer,
  type Briefings,
  type LiveBriefing,
} from '../../contract/briefings.ts';
import { BRIEFING_LISTS, MAX_BRIEFINGS, MAX_OWN_DECKS } from '../../contract/briefingLimits.ts';
import { OwnDeckSchema, type OwnDeck, type OwnDecks } from '../../contract/ownDecks.ts';
import type { Frame } from '../../contract/frame.ts';
import type { AlertList } from '../../contract/rest.ts';
import { asking } from '../support/asking.ts';
import { event, raised } from '../support/events.ts';
import { letIn, writeAccess } from '../support/letIn.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';

/** Briefings in the program: what was frozen stays as it was, is listed whole or not at all, and is for those who may. */
/** `npm run test:drills` kills the program more often. */
const LONG = process.env.FAULTS === 'long';
const TOWN = '330110010';
const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  leader: { role: 'leader', scope: '330110' },
  officer: { role: 'officer', scope: '330110' },
  townOfficer: { role: 'officer', scope: TOWN },
  display: { role: 'display', scope: '330110' },
} as const;
type Who = keyof typeof GRANTS;
const { tokens, entries } = letIn(GRANTS);
const dir = mkdtempSync(join(tmpdir(), 'briefings-'));
const disk = join(dir, 'disk');
const filesDir = join(disk, 'files');
const dataDir = join(dir, 'data');
let mounted = false;
let server: RunningServer;

const start = async () => {
  server = await startServer({
    DATA_DIR: dataDir,
    LEASE_MS: '500',
    FILES_DIR: filesDir,
    ACCESS_FILE: writeAccess(dir, entries),
  });
  await until('the server is ready', async () => (await fetch(`${server.url}/readyz`)).ok);
};
const { ask, send } = asking(tokens, () => server.url);
const call = <T>(who: Who, method: string, path: string, body?: object) =>
  ask<T>(who, `/api/v1/${path}`, body, { method });
const freeze = async (who: Who = 'leader', body: object = { scope: '330110' }) => {
  const answer = await call<Briefing>(who, 'POST', 'briefings', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};
const raisedNow = async () =>
  (await call<Frame>('admin', 'GET', 'snapshot?scope=330110&window=30d')).body.totals.raised;
const kept = async (who: Who = 'leader') => (await call<Briefings>(who, 'GET', 'briefings?scope=330110')).body.items;
/** Files of briefings that are whole. */
const files = () =>
  readdirSync(join(filesDir, 'briefings'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^[0-9a-f]{2}.[0-9a-f]{64}$/.test(name),
  );

beforeAll(async () => {
  spawnSync('mkdir', ['-p', disk]);
  mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'wagewatch-test', disk]).status === 0;
  await start();
  const now = Date.now();
  const yesterday = floorTo(now, DAY_MS) - 12 * HOUR_MS;
  await send(
    raised(yesterday, { alertId: 'Y1', tier: 'yellow', amountFen: 900_000_000, enterprise: { name: '某甲公司' } }),
    raised(now - 3_000, { alertId: 'R1', tier: 'red', amountFen: 100, town: '330110001' }),
    raised(now - 2_000, { alertId: 'R2', tier: 'red', amountFen: 500, town: TOWN }),
    raised(now - 1_000, { alertId: 'O1', tier: 'orange', amountFen: 700 }),
  );
  await until('the alerts are counted', async () => (await raisedNow()) === 4);
}, 120_000);
afterAll(async () => {
  await server.kill('SIGKILL');
  if (mounted) spawnSync('umount', ['-l', disk]);
  rmSync(dir, { recursive: true, force: true });
});

describe('a frozen briefing', () => {
  it('is the situation of its moment, and stays so while events come', async () => {
    const made = await freeze('leader', { scope: '330110', window: '30d', deck: 'weekly' });
    expect(Value.Check(BriefingSchema, made)).toBe(true);
    const before = (await call<BriefingAnswer>('leader', 'GET', `briefings/${made.id}`)).body;
    expect(Value.Check(BriefingAnswerSchema, before)).toBe(true);
    const { content } = before;
    expect(content.frame.totals).toMatchObject({ raised: 4, open: 4 });
    // By tier, then by what is due first; of those due together, by amount.
    expect(content.cases.map(({ alertId }) => alertId)).toEqual(['R1', 'R2', 'O1', 'Y1']);
    expect(content.before?.open).toBe(0);
    const yesterday = content.history.at(-1)!;
    expect(yesterday).toMatchObject({ day: isoDate(Date.now() - DAY_MS), raised: 1, open: 1 });
    expect(content.history).toHaveLength(30);
    // What is due by day is what the list of now says is due.
    const due = await call<AlertList>(
      'leader',
      'GET',
      `alerts?scope=330110&overdue=false&limit=200&dueBy=${encodeURIComponent(
        new Date(floorTo(Date.now(), DAY_MS) + 7 * DAY_MS + 1).toISOString(),
      )}`,
    );
    const counted = content.outlook.flatMap(({ tiers }) => Object.values(tiers)).reduce((a, b) => a + b, 0);
    expect(counted).toBe(due.body.total);
    expect(content.totals['due']).toBe(counted);

    await send(
      raised(Date.now(), { alertId: 'R3', tier: 'red' }),
      event('wage.alert.closed', Date.now(), { alertId: 'O1' }),
    );
    await until('the fifth is counted', async () => (await raisedNow()) === 5);
    expect((await call<BriefingAnswer>('leader', 'GET', `briefings/${made.id}`)).body).toEqual(before);
    for (const list of BRIEFING_LISTS) {
      const { body } = await call<BriefingListAnswer>('leader', 'GET', `briefings/${made.id}/alerts?list=${list}`);
      expect(body.items.length, list).toBe(content.totals[list]);
      expect(body.items.map(({ alertId }) => alertId)).not.toContain('R3');
    }
    const live = (await call<LiveBriefing>('leader', 'GET', 'briefings/live?scope=330110&window=30d')).body;
    expect(live.content.frame.totals.raised).toBe(5);
  });

  it('is a file on the disk under its digest', async () => {
    const { digest, bytes } = await freeze();
    const content = readFileSync(join(filesDir, 'briefings', digest.slice(0, 2), digest));
    expect(createHash('sha256').update(content).digest('hex')).toBe(digest);
    expect(content.length).toBe(bytes);
  });

  it('has a title, pages, headings and remarks that may change, and nothing else does', async () => {
    const made = await freeze();
    const pages = [
      { page: 'cases', on: true, heading: '请专班说明', remark: '星桥街道' },
      { page: 'cover', on: false },
    ];
    const changed = await call<Briefing>('officer', 'PUT', `briefings/${made.id}`, { title: '周例会', pages });
    expect(changed).toEqual({ status: 200, body: { ...made, title: '周例会', pages } });
    expect((await kept()).find(({ id }) => id === made.id)).toEqual(changed.body);
    for (const [body, parameter] of [
      [{ pages: [{ page: 'weather', on: true }] }, '/pages/0/page'],
      [
        {
          pages: [
            { page: 'map', on: true },
            { page: 'map', on: true },
          ],
        },
        '/pages/1/page',
      ],
      [{ pages: [{ page: 'map', on: false }] }, '/pages'],
    ] as const) {
      const { status, body: problem } = await call('leader', 'PUT', `briefings/${made.id}`, body);
      expect([status, problem.parameter]).toEqual([400, parameter]);
      if (parameter === '/pages/0/page') expect(problem.detail).toContain('"weather"');
    }
    for (const body of [{}, { title: ' ' }, { title: 'a\nb' }, { at: '2026-01-01' }, { pages: [] }])
      expect((await call('leader', 'PUT', `briefings/${made.id}`, body)).status).toBe(400);
  });

  it('is removed by whoever made it, or an admin, with its file', async () => {
    const made = await freeze('leader');
    expect((await call('officer', 'DELETE', `briefings/${made.id}`)).status).toBe(403);
    expect((await call('leader', 'DELETE', `briefings/${made.id}`)).status).toBe(204);
    expect((await call('leader', 'GET', `briefings/${made.id}`)).status).toBe(404);
    expect(files().some((name) => name.endsWith(made.digest))).toBe(false);
    const other = await freeze('leader');
    expect((await call('admin', 'DELETE', `briefings/${other.id}`)).status).toBe(204);
  });

  it('is for those whose scope it lies in, and its pages, masked, for displays', async () => {
    const whole = await freeze('leader');
    const own = await freeze('townOfficer', { scope: TOWN, deck: 'daily' });
    expect(own.title).toMatch(/^根治欠薪每日汇报 \d{4}-\d\d-\d\d$/);
    expect((await call('townOfficer', 'POST', 'briefings', { scope: '330110' })).status).toBe(403);
    expect((await call('townOfficer', 'GET', `briefings/${whole.id}`)).status).toBe(404);
    const { body } = await call<BriefingAnswer>('townOfficer', 'GET', `briefings/${own.id}`);
    expect(body.content.cases.every(({ town }) => town === TOWN)).toBe(true);
    const { body: list } = await call<Briefings>('townOfficer', 'GET', 'briefings');
    expect(list.items.map(({ id }) => id)).toEqual([own.id]);
    // All that a display is shown, byte by byte: presenting.test.ts.
    for (const [path, status] of [
      ['briefings/live', 200],
      [`briefings/${whole.id}`, 200],
      ['briefings', 403],
      [`briefings/${whole.id}/alerts?list=open`, 403],
    ] as const)
      expect((await call('display', 'GET', path)).status, path).toBe(status);
    expect(JSON.stringify((await call('display', 'GET', `briefings/${whole.id}`)).body)).not.toContain('某甲公司');
  });

  it.each<[what: string, body: object, status: number, parameter: string | undefined]>([
    ['a scope that is not watched', { scope: '990000' }, 404, 'scope'],
    ['a town that there is not', { scope: '330110999' }, 404, 'scope'],
    ['a deck that there is not', { scope: '330110', deck: 'hourly' }, 400, 'deck'],
    ['a window that there is not', { scope: '330110', window: '2d' }, 400, undefined],
    ['no scope', {}, 400, undefined],
    ['a field that there is not', { scope: '330110', when: '2026-01-01T00:00:00Z' }, 400, undefined],
    ['a moment that has not come', { scope: '330110', at: '2999-01-01T00:00:00Z' }, 400, 'at'],
    ['a moment of which nothing is known', { scope: '330110', at: '2001-01-01T00:00:00Z' }, 400, 'at'],
    ['what is no moment', { scope: '330110', at: 'yesterday' }, 400, undefined],
  ])('is not made of %s', async (_what, body, status, parameter) => {
    const before = files().length;
    const answer = await call('admin', 'POST', 'briefings', body);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toBeTruthy();
    if (parameter) expect(answer.body.parameter).toBe(parameter);
    expect(files()).toHaveLength(before);
  });

  it('whose file is gone or another says so', async () => {
    const [gone, other] = [await freeze(), await freeze()];
    const pathOf = ({ digest }: Briefing) => join(filesDir, 'briefings', digest.slice(0, 2), digest);
    unlinkSync(pathOf(gone));
    writeFileSync(pathOf(other), 'x');
    for (const { id } of [gone, other]) {
      const { status, body } = await call('leader', 'GET', `briefings/${id}`);
      expect([status, body.detail]).toEqual([410, expect.stringContaining('FILES_DIR')]);
      expect((await call('leader', 'DELETE', `briefings/${id}`)).status).toBe(204);
    }
  });
});

describe('a deck of one’s own', () => {
  const pages = [
    { page: 'cases', on: true, heading: '某甲公司先讲', remark: '请专班说明' },
    { page: 'cover', on: true },
    { page: 'since', on: true },
  ];
  const deck = (more: object = {}) => ({
    name: '晨会',
    scope: '330110',
    window: 'month',
    pages,
    shared: false,
    ...more,
  });
  const DECKS = 'briefings/decks';
  const keep = (who: Who, body: object) => call<OwnDeck>(who, 'POST', DECKS, body);
  const decksOf = async (who: Who) => (await call<OwnDecks>(who, 'GET', `${DECKS}?scope=330110`)).body.items;

  it('is its owner’s until it is shared, has one name, and is used by whoever sees it', async () => {
    const made = (await keep('leader', deck({ title: '周例会', compare: 'week' }))).body;
    expect(Value.Check(OwnDeckSchema, made)).toBe(true);
    expect(made).toMatchObject({ version: 1, by: 'token leader', mine: true });
    expect(await decksOf('officer')).toEqual([]);
    // The same name by another is another deck; by the same one it is in use, however it is written.
    expect((await keep('leader', deck({ name: '晨 会' }))).body).toMatchObject({ status: 409, parameter: 'name' });
    const other = (await keep('officer', deck())).body;
    // Not shared, it is no deck for others.
    const unseen = await call('officer', 'POST', 'briefings', { scope: '330110', deck: made.deck });
    expect([unseen.status, unseen.body.parameter]).toEqual([400, 'deck']);
    expect((await call('officer', 'PUT', `${DECKS}/${made.deck}`, { ...deck(), version: 1 })).status).toBe(404);
    const shared = await call<OwnDeck>('leader', 'PUT', `${DECKS}/${made.deck}`, {
      ...deck({ title: '周例会', compare: 'week', shared: true }),
      version: 1,
    });
    expect(shared.body).toMatchObject({ version: 2, shared: true });
    expect((await decksOf('officer')).map(({ deck: id, mine }) => [id, mine])).toEqual(
      expect.arrayContaining([
        [other.deck, true],
        [made.deck, false],
      ]),
    );
    const frozen = await freeze('officer', { scope: '330110', deck: made.deck });
    expect(frozen).toMatchObject({ deck: made.deck, window: 'month', compare: 'week', pages });
    expect(frozen.title).toMatch(/^周例会 \d{4}-\d\d-\d\d$/);
    const changed = await call<Briefing>('officer', 'PUT', `briefings/${frozen.id}`, { compare: 'window:week' });
    expect(changed.body.compare).toBe('window:week');
    expect((await call<Briefing>('officer', 'PUT', `briefings/${frozen.id}`, { compare: null })).body.compare).toBe(
      undefined,
    );
    // Of two who change it the second is told; others may not, an admin may.
    const old = await call('leader', 'PUT', `${DECKS}/${made.deck}`, { ...deck(), version: 1 });
    expect([old.status, old.body.parameter]).toEqual([409, 'version']);
    expect((await call('officer', 'PUT', `${DECKS}/${made.deck}`, { ...deck(), version: 2 })).status).toBe(403);
    expect((await call('officer', 'DELETE', `${DECKS}/${made.deck}`)).status).toBe(403);
    // A display turns its pages, and is told nothing that somebody has written.
    const shown = await call<LiveBriefing>('display', 'GET', `briefings/live?scope=330110&deck=${made.deck}`);
    expect(shown.body.deck.pages).toEqual([
      { page: 'cases', on: true },
      { page: 'cover', on: true },
    ]);
    expect(JSON.stringify(shown.body)).not.toMatch(/晨会|某甲公司|请专班|周例会/);
    // It is there after a start, and gone for good once an admin removes it: another stands in, and it is said.
    await server.kill('SIGKILL');
    await start();
    expect((await decksOf('leader')).find(({ deck: id }) => id === made.deck)?.version).toBe(2);
    expect((await call('admin', 'DELETE', `${DECKS}/${made.deck}`)).status).toBe(204);
    for (const who of ['leader', 'display'] as const) {
      const { body } = await call<LiveBriefing>(who, 'GET', `briefings/live?scope=330110&deck=${made.deck}`);
      expect([body.gone, body.deck.deck], who).toEqual([true, 'weekly']);
    }
    expect((await call<BriefingAnswer>('officer', 'GET', `briefings/${frozen.id}`)).body.pages).toEqual(pages);
  });

  it('is kept only as it should be: what is wrong is named, and there are so many of one person', async () => {
    for (const [body, status, parameter] of [
      [deck({ pages: [{ page: 'weather', on: true }] }), 400, '/pages/0/page'],
      [deck({ pages: [{ page: 'map', on: false }] }), 400, '/pages'],
      [deck({ compare: 'at:2026-01-01T00:00:00Z' }), 400, undefined],
      [deck({ name: ' ' }), 400, undefined],
      [deck({ scope: '990000' }), 403, 'scope'],
      [deck({ colour: 'red' }), 400, undefined],
    ] as const) {
      const answer = await keep('leader', body);
      expect([answer.status, answer.body.detail!.length > 20], JSON.stringify(body)).toEqual([status, true]);
      if (parameter) expect(answer.body.parameter).toBe(parameter);
    }
    // Who reads a town alone keeps decks of the town, and shares none.
    expect((await keep('townOfficer', deck({ scope: TOWN }))).status).toBe(201);
    expect((await keep('townOfficer', deck({ name: '二', scope: TOWN, shared: true }))).body.parameter).toBe('shared');
    expect((await keep('townOfficer', deck({ name: '二' }))).body.parameter).toBe('scope');
    const there = (await decksOf('leader')).filter(({ mine }) => mine).length;
    const names = Array.from({ length: MAX_OWN_DECKS - there + 3 }, (_, i) => `多 ${i}`);
    const statuses = await Promise.all(names.map(async (name) => (await keep('leader', deck({ name }))).status));
    expect(statuses.filter((status) => status === 201)).toHaveLength(MAX_OWN_DECKS - there);
    expect(statuses.filter((status) => status === 409)).toHaveLength(3);
  });
});

describe('whatever happens while one is written', () => {
  it('a process that is killed leaves nothing half: what is listed can be read', async () => {
    for (let round = 0; round < (LONG ? 5 : 1); round++) {
      const asked = Array.from({ length: 8 }, () =>
        call<Briefing>('leader', 'POST', 'briefings', { scope: '330110' }).catch(() => undefined),
      );
      await Promise.race(asked);
      await server.kill('SIGKILL');
      const answered = (await Promise.all(asked)).flatMap((one) => (one?.status === 201 ? [one.body.id] : []));
      await start();
      const listed = await kept();
      expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(answered));
      for (const { id } of listed) {
        const { status, body } = await call<BriefingAnswer>('leader', 'GET', `briefings/${id}`);
        expect(status, id).toBe(200);
        expect(Value.Check(BriefingAnswerSchema, body)).toBe(true);
      }
    }
  }, 120_000);

  it('a full disk is told in words, and nothing is listed', async ({ skip }) => {
    if (!mounted) skip("a small disk of one's own needs the right to mount");
    const before = await kept();
    const ballast = join(disk, 'ballast');
    const { bavail, bsize } = statfsSync(disk);
    try {
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    }
    const { status, body } = await call('leader', 'POST', 'briefings', { scope: '330110' });
    expect([status, body.detail]).toEqual([507, expect.stringContaining('is full')]);
    expect(await kept()).toEqual(before);
    rmSync(ballast);
    await freeze();
  });

  it('no more than 200 are kept of a region, and the oldest is named', async () => {
    const there = (await kept()).length;
    for (let i = there; i < MAX_BRIEFINGS; i++) await freeze();
    const before = files();
    const { status, body } = await call<{ oldest?: string }>('leader', 'POST', 'briefings', { scope: '330110' });
    const oldest = (await kept()).at(-1)!;
    expect([status, body.oldest]).toEqual([409, oldest.id]);
    expect(body.detail).toContain(oldest.title);
    expect(files()).toEqual(before);
  }, 180_000);
});
