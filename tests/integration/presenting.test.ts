import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Briefing, BriefingAnswer, LiveBriefing } from '../../contract/briefings.ts';
import type { Frame } from '../../contract/frame.ts';
import type { OwnDeck } from '../../contract/ownDecks.ts';
import type { ClientEvents, ServerEvents } from '../../contract/protocol.ts';
import { MAX_STROKES } from '../../contract/presentLimits.ts';
import type { FollowAck, InkChange, PresentAck, Presentation, Stroke } from '../../contract/presenting.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import {
  dispatched,
  GRANTS,
  leaks,
  NAME_PARTS,
  secretAlert,
  SECRETS,
  TOWN,
  UNIT,
  type Asker,
} from '../support/accessTable.ts';
import { asking } from '../support/asking.ts';
import { letIn, writeAccess } from '../support/letIn.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';

/** A briefing presented to others, over real lines: who may, what each is told, and that nothing of it is lost. */

const { tokens, entries } = letIn<Asker>(GRANTS);
const dir = mkdtempSync(join(tmpdir(), 'presenting-'));
const lines: Socket<ServerEvents, ClientEvents>[] = [];
let raw: RawRedis;
let redis: RedisClient;
let server: RunningServer;
let whole: Briefing;
let town: Briefing;

const access = writeAccess(dir, entries);
const start = (more: Record<string, string> = {}) =>
  startServer({
    REDIS_URL: `redis://127.0.0.1:${raw.port}`,
    FILES_DIR: join(dir, 'files'),
    ACCESS_FILE: access,
    LEASE_MS: '500',
    ...more,
  });
const { ask, send } = asking(tokens, () => server.url);
/** What no display may be told. */
const faults = (text: string) => [...leaks(text), ...NAME_PARTS.filter((part) => text.includes(part))];

interface Line {
  socket: Socket<ServerEvents, ClientEvents>;
  /** All that came, in order. */
  bytes: () => string;
  now: () => Presentation | undefined;
  ink: InkChange[];
  follow: (request?: object) => Promise<FollowAck>;
  present: (command: object) => Promise<PresentAck>;
}
/** A line of somebody, who follows the briefing of the region unless another is named. */
async function line(who: Asker, url = server.url): Promise<Line> {
  const socket: Line['socket'] = io(`${url}/wall`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token: tokens[who] },
  });
  lines.push(socket);
  let bytes = '';
  let now: Presentation | undefined;
  const ink: InkChange[] = [];
  socket.onAny((name, message) => {
    bytes += JSON.stringify([name, message]);
  });
  socket.on('presentation', (presentation) => {
    now = presentation;
  });
  socket.on('ink', (change) => {
    ink.push(change);
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  });
  return {
    socket,
    bytes: () => bytes,
    now: () => now,
    ink,
    async follow(request = { briefing: whole.id }) {
      const answer = await socket.emitWithAck('follow', request as never);
      bytes += JSON.stringify(answer);
      if (!('problem' in answer)) now = answer.presentation;
      return answer;
    },
    present: (command) => socket.emitWithAck('present', { briefing: whole.id, ...command } as never),
  };
}
const following = async (who: Asker, request?: object, url?: string) => {
  const one = await line(who, url);
  expect(await one.follow(request)).not.toHaveProperty('problem');
  return one;
};
const problemOf = (answer: FollowAck | PresentAck) => ('problem' in answer ? answer.problem : undefined);
const good = (answer: PresentAck): Presentation | undefined => {
  if ('problem' in answer) throw new Error(answer.problem.detail);
  return answer.presentation;
};
const freeze = async (who: Asker, body: object) => {
  const answer = await ask<Briefing>(who, '/api/v1/briefings', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};

beforeAll(async () => {
  raw = await startRaw({ port: await freePort() });
  redis = createRedis(
    { kind: 'single', host: '127.0.0.1', port: raw.port, db: 0 },
    { role: 'commands', log: listeningLog().log },
  );
  server = await start();
  await until('the server is ready', async () => (await fetch(`${server.url}/readyz`)).ok);
  await send(secretAlert('A1'), dispatched('A1', UNIT), secretAlert('A2', '330110001'));
  await until(
    'they are counted',
    async () => (await ask<Frame>('admin', '/api/v1/snapshot?scope=330110&window=24h')).body.totals.raised === 2,
  );
  whole = await freeze('leader', { scope: '330110', window: '24h', title: `${SECRETS.name}专题` });
  town = await freeze('townOfficer', { scope: TOWN, window: '24h' });
}, 120_000);
afterEach(async () => {
  for (const socket of lines.splice(0)) socket.disconnect();
  // Whoever presents ends.
  const admin = await line('admin');
  await admin.present({ do: 'begin', page: 'cover', take: true });
  await admin.present({ do: 'end' });
  await admin.present({ briefing: town.id, do: 'begin', page: 'cover', take: true });
  await admin.present({ briefing: town.id, do: 'end' });
  admin.socket.disconnect();
});
afterAll(async () => {
  await server.stop();
  redis.disconnect();
  await raw.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('presenting', () => {
  it('turns all who follow, each told as much as they may know', async () => {
    const [presenter, officer, display] = [
      await following('leader'),
      await following('officer'),
      await following('display'),
    ];
    const begun = good(await presenter.present({ do: 'begin', page: 'cover' }))!;
    expect(begun).toMatchObject({ on: true, page: 'cover', presenter: { name: 'token leader' } });
    expect(Math.abs(Date.parse(begun.began) - Date.now())).toBeLessThan(60_000);
    await presenter.present({ do: 'show', page: 'map', pointer: { x: 10, y: 20 } });
    await presenter.present({ do: 'show', black: true });
    for (const one of [presenter, officer, display])
      await until('all have turned', () => one.now()?.black === true && one.now()?.page === 'map');
    expect(officer.now()).toMatchObject({ presenter: { name: 'token leader' }, pointer: { x: 10, y: 20 } });
    expect(display.now()).not.toHaveProperty('presenter');
    // Who comes later is told all of it at once.
    const late = await line('admin');
    expect(await late.follow()).toMatchObject({ presentation: { page: 'map', black: true } });
    expect(good(await presenter.present({ do: 'end' }))).toMatchObject({ on: false });
    await until('all know that it has ended', () => officer.now()?.on === false && display.now()?.on === false);
    const { body } = await ask<{ items: { what: string; target: string }[] }>(
      'admin',
      '/api/v1/access/trail?what=briefing.present',
    );
    expect(body.items[0]).toMatchObject({ target: whole.id });
  });

  it('is for one at a time: another takes it over, and the one before is told', async () => {
    const [first, second] = [await following('leader'), await following('officer')];
    good(await first.present({ do: 'begin', page: 'map' }));
    expect(problemOf(await second.present({ do: 'begin', page: 'cover' }))).toMatchObject({
      code: 'taken',
      by: 'token leader',
    });
    expect(problemOf(await second.present({ do: 'show', page: 'cover' }))?.code).toBe('taken');
    good(await second.present({ do: 'begin', page: 'cover', take: true }));
    // It goes on where it was.
    await until('the first is told', () => first.now()?.presenter?.name === 'token officer');
    expect(first.now()).toMatchObject({ page: 'map' });
    expect(problemOf(await first.present({ do: 'show', page: 'loop' }))).toMatchObject({
      code: 'taken',
      by: 'token officer',
    });
    expect(problemOf(await first.present({ do: 'end' }))?.code).toBe('taken');
    expect(second.now()?.page).toBe('map');
    // Both at once: one of them has it.
    good(await second.present({ do: 'end' }));
    const both = await Promise.all([
      first.present({ do: 'begin', page: 'cover' }),
      second.present({ do: 'begin', page: 'cover' }),
    ]);
    expect(both.map((answer) => problemOf(answer)?.code).sort()).toEqual(['taken', undefined]);
  });

  it('outlives the server: page, black, time and strokes are as they were', async () => {
    const presenter = await following('leader');
    const begun = good(await presenter.present({ do: 'begin', page: 'cover' }))!;
    await presenter.present({ do: 'show', page: 'towns', black: true });
    good(await presenter.present({ do: 'draw', page: 'towns', stroke: 'kept-1', from: 0, points: [1, 2, 3, 4] }));
    const before = presenter.now();
    await server.kill('SIGKILL');
    server = await start();
    const [again, late] = [await line('leader'), await line('officer')];
    for (const one of [again, late]) {
      const answer = await until('it answers', async () => {
        const told = await one.follow();
        return 'problem' in told ? undefined : told;
      });
      expect(answer.presentation).toMatchObject({ page: 'towns', black: true, began: begun.began });
      expect(answer.presentation!.seq).toBeGreaterThanOrEqual(before!.seq);
      expect(answer.strokes).toEqual([{ id: 'kept-1', page: 'towns', points: [1, 2, 3, 4] }]);
    }
    // It is theirs still, without beginning again.
    good(await again.present({ do: 'show', page: 'loop', black: false }));
    await until('who follows has turned', () => late.now()?.page === 'loop');
    good(await again.present({ do: 'erase', what: { page: 'towns' } }));
  });

  it('goes from one process to those who follow at another', async () => {
    const second = await start({ DATA_DIR: join(dir, 'second') });
    try {
      const presenter = await following('leader');
      const far = await following('officer', undefined, second.url);
      good(await presenter.present({ do: 'begin', page: 'cover' }));
      for (const page of ['map', 'towns', 'loop'] as const) {
        good(await presenter.present({ do: 'show', page }));
        await until('the other has turned', () => far.now()?.page === page);
      }
      good(await far.present({ do: 'begin', page: 'cover', take: true }));
      await until('the first is told', () => presenter.now()?.presenter?.name === 'token officer');
    } finally {
      await second.stop();
    }
  });

  it('tells who follows that the pages were changed, and is gone with its briefing', async () => {
    const made = await freeze('leader', { scope: '330110', window: '24h' });
    const [presenter, officer] = [
      await following('leader', { briefing: made.id }),
      await following('officer', { briefing: made.id }),
    ];
    good(await presenter.present({ briefing: made.id, do: 'begin', page: 'cover' }));
    good(
      await presenter.present({
        briefing: made.id,
        do: 'draw',
        page: 'map',
        stroke: 'x-gone',
        from: 0,
        points: [1, 1],
      }),
    );
    expect((await ask('officer', `/api/v1/briefings/${made.id}`, { title: '新题' }, { method: 'PUT' })).status).toBe(
      200,
    );
    await until('it is told', () => officer.now()?.edited === 1);
    expect((await ask('leader', `/api/v1/briefings/${made.id}`, undefined, { method: 'DELETE' })).status).toBe(204);
    expect(problemOf(await presenter.present({ briefing: made.id, do: 'show', page: 'map' }))?.code).toBe('unknown');
    expect(problemOf(await officer.follow({ briefing: made.id }))?.code).toBe('unknown');
    expect((await redis.keys('*')).filter((key) => key.includes(made.id))).toEqual([]);
  });
});

describe('a briefing of now', () => {
  const id = 'live-330110-24h-weekly';
  const moment = { at: '2026-11-27T09:00:00+08:00', step: 'hour', shown: false, playing: true };

  it('is presented: page, moment and comparison are told, and its strokes end with it', async () => {
    const [presenter, officer, display] = [
      await following('leader', { briefing: id }),
      await following('officer', { briefing: id }),
      await following('display', { scope: '330110' }),
    ];
    const present = (command: object) => presenter.present({ briefing: id, ...command });
    good(await present({ do: 'begin', page: 'cover' }));
    await until('the display knows', () => display.now()?.briefing === id);
    good(await present({ do: 'show', page: 'map', moment, vs: 'week' }));
    for (const one of [officer, display])
      await until('all have turned', () => one.now()?.page === 'map' && one.now()?.vs === 'week');
    expect(officer.now()?.moment).toEqual(moment);
    expect(display.now()).not.toHaveProperty('presenter');
    good(await present({ do: 'draw', page: 'map', stroke: 'live-1', from: 0, points: [1, 1, 2, 2] }));
    expect(await officer.follow({ briefing: id })).toMatchObject({ strokes: [{ id: 'live-1' }] });
    good(await present({ do: 'show', moment: null, vs: null }));
    await until('it is of now', () => officer.now() !== undefined && !('moment' in officer.now()!));
    good(await present({ do: 'end' }));
    const after = await officer.follow({ briefing: id });
    expect(after).toMatchObject({ presentation: { on: false }, strokes: [] });
    good(await present({ do: 'begin', page: 'cover' }));
    expect(await officer.follow({ briefing: id })).toMatchObject({ strokes: [] });
    good(await present({ do: 'end' }));
    expect(faults(display.bytes())).toEqual([]);
    expect((await redis.keys('*')).filter((key) => key.includes('ink:live'))).toEqual([]);
  });

  it('shows all who follow the same moment, and those who ask alone what is now', async () => {
    const path = '/api/v1/briefings/live?scope=330110&window=24h';
    // In one stretch of the clock: the next has just begun.
    await until('a stretch begins', () => Date.now() % 10_000 < 4_000);
    const together = () => ask<LiveBriefing>('officer', `${path}&together=on`).then(({ body }) => body.content.at);
    const [first, ...others] = await Promise.all([together(), together(), together()]);
    await until('time goes on', async () => (await ask<LiveBriefing>('leader', path)).body.content.at !== first);
    expect([...others, await together()]).toEqual([first, first, first]);
    const masked = await ask<LiveBriefing>('display', `${path}&together=on`);
    expect(masked.body.content.at).toBe(first);
    expect(faults(JSON.stringify(masked.body))).toEqual([]);
  });

  it('shows who follows the pages of a deck that is the presenter’s alone, as long as it is presented', async () => {
    const pages = [{ page: 'cases', on: true }];
    const deck = { name: '一人', scope: '330110', window: '24h', pages, shared: false };
    const { deck: own } = (await ask<OwnDeck>('leader', '/api/v1/briefings/decks', deck)).body;
    const read = async () =>
      (await ask<LiveBriefing>('officer', `/api/v1/briefings/live?scope=330110&window=24h&deck=${own}`)).body;
    expect(await read()).toMatchObject({ gone: true, deck: { deck: 'weekly' } });
    const presenter = await following('leader', { briefing: `live-330110-24h-${own}` });
    const present = (command: object) => presenter.present({ briefing: `live-330110-24h-${own}`, ...command });
    good(await present({ do: 'begin', page: 'cases' }));
    expect((await read()).deck).toMatchObject({ deck: own, pages });
    good(await present({ do: 'end' }));
    expect((await read()).gone).toBe(true);
  });

  it.each<[who: Asker, scope: string, follows: string | undefined, presents: string | undefined]>([
    ['officer', '330110', undefined, undefined],
    ['townOfficer', TOWN, undefined, undefined],
    ['townOfficer', '330110', 'unknown', 'unknown'],
    ['foreignLeader', '330110', 'unknown', 'unknown'],
    ['handler', '330110', 'not-allowed', 'not-allowed'],
    ['display', '330110', undefined, 'not-allowed'],
    ['townDisplay', '330110', 'unknown', 'not-allowed'],
    ['admin', '990000', 'unknown', 'unknown'],
  ])('%s of %s: following %s, presenting %s', async (who, scope, follows, presents) => {
    const briefing = `live-${scope}-24h-weekly`;
    const one = await line(who);
    expect(problemOf(await one.follow({ briefing }))?.code).toBe(follows);
    for (const command of [{ do: 'begin', page: 'cover' }, { do: 'show', vs: 'week' }, { do: 'end' }])
      expect(problemOf(await one.present({ briefing, ...command }))?.code, command.do).toBe(presents);
  });
});

describe('the pen', () => {
  it('is seen live by who follows in full, kept whole whatever is sent twice, undone and cleared', async () => {
    const [presenter, officer, display] = [
      await following('leader'),
      await following('officer'),
      await following('display'),
    ];
    const draw = (stroke: string, from: number, points: number[], page = 'map') =>
      presenter.present({ do: 'draw', page, stroke, from, points });
    expect(problemOf(await draw('early', 0, [1, 1]))?.code).toBe('not-presenting');
    good(await presenter.present({ do: 'begin', page: 'map' }));
    good(await draw('one1', 0, [1, 1, 2, 2]));
    good(await draw('one1', 0, [1, 1, 2, 2]));
    good(await draw('one1', 1, [2, 2, 3, 3, 4, 4]));
    expect(problemOf(await draw('one1', 9, [5, 5]))?.code).toBe('bad-request');
    expect(problemOf(await draw('one1', 0, [5, 5], 'loop'))?.code).toBe('bad-request');
    good(await draw('two2', 0, [7, 7]));
    good(await draw('other', 0, [8, 8], 'loop'));
    const kept = async (who: Line): Promise<Stroke[]> => {
      const answer = await who.follow();
      return 'problem' in answer ? [] : answer.strokes;
    };
    expect(await kept(officer)).toEqual([
      { id: 'one1', page: 'map', points: [1, 1, 2, 2, 3, 3, 4, 4] },
      { id: 'two2', page: 'map', points: [7, 7] },
      { id: 'other', page: 'loop', points: [8, 8] },
    ]);
    await until('it was told live', () => officer.ink.length === 4);
    good(await presenter.present({ do: 'erase', what: { stroke: 'two2' } }));
    good(await presenter.present({ do: 'erase', what: { stroke: 'two2' } }));
    expect((await kept(officer)).map(({ id }) => id)).toEqual(['one1', 'other']);
    good(await presenter.present({ do: 'erase', what: { page: 'map' } }));
    expect((await kept(officer)).map(({ id }) => id)).toEqual(['other']);
    good(await presenter.present({ do: 'erase', what: { page: 'loop' } }));
    expect(await kept(officer)).toEqual([]);
    // Somebody may write a name: displays are told nothing of it.
    expect(display.bytes()).not.toMatch(/"ink"|one1|two2/);
    const answer = await officer.present({ do: 'draw', page: 'map', stroke: 'mine1', from: 0, points: [1, 1] });
    expect(problemOf(answer)?.code).toBe('taken');
  });

  it('has an end: so many strokes, and no more', async () => {
    // Who does not follow is told nothing of what all the others do.
    const presenter = await line('leader');
    good(await presenter.present({ do: 'begin', page: 'map' }));
    const draw = (i: number) =>
      presenter.present({ do: 'draw', page: 'map', stroke: `st-${i}`, from: 0, points: [1, 1] });
    // A line may say so much in ten seconds; others go on.
    for (let i = 0; i < MAX_STROKES; i += 250) {
      const other = await line('leader');
      const answers = await Promise.all(
        Array.from({ length: 250 }, (_, n) =>
          other.present({ do: 'draw', page: 'map', stroke: `st-${i + n}`, from: 0, points: [1, 1] }),
        ),
      );
      expect(answers.map((answer) => problemOf(answer)?.code)).not.toContain('full');
    }
    expect(problemOf(await draw(MAX_STROKES))).toMatchObject({ code: 'full' });
    good(await presenter.present({ do: 'erase', what: { stroke: 'st-0' } }));
    good(await draw(MAX_STROKES));
    good(await presenter.present({ do: 'erase', what: { page: 'map' } }));
  });
});

describe('who may', () => {
  it.each<[who: Asker, briefing: 'whole' | 'town', follows: string | undefined, presents: string | undefined]>([
    ['leader', 'whole', undefined, undefined],
    ['officer', 'whole', undefined, undefined],
    ['admin', 'town', undefined, undefined],
    ['townOfficer', 'town', undefined, undefined],
    ['townOfficer', 'whole', 'unknown', 'unknown'],
    ['foreignLeader', 'whole', 'unknown', 'unknown'],
    ['handler', 'whole', 'not-allowed', 'not-allowed'],
    ['townHandler', 'town', 'not-allowed', 'not-allowed'],
    ['display', 'whole', undefined, 'not-allowed'],
    ['townDisplay', 'town', undefined, 'not-allowed'],
    ['townDisplay', 'whole', 'unknown', 'not-allowed'],
    ['foreignDisplay', 'whole', 'unknown', 'not-allowed'],
  ])('%s of the briefing %s: following %s, presenting %s', async (who, which, follows, presents) => {
    const briefing = { whole, town }[which].id;
    const one = await line(who);
    expect(problemOf(await one.follow({ briefing }))?.code).toBe(follows);
    for (const command of [
      { do: 'begin', page: 'cover' },
      { do: 'show', page: 'map' },
      { do: 'draw', page: 'map', stroke: 'x-rights', from: 0, points: [1, 1] },
      { do: 'erase', what: { page: 'map' } },
      { do: 'end' },
    ])
      expect(problemOf(await one.present({ briefing, ...command }))?.code, command.do).toBe(presents);
  });

  it('stops at once with what lets them in', async () => {
    const [presenter, officer] = [await following('leader'), await following('officer')];
    good(await presenter.present({ do: 'begin', page: 'cover' }));
    const ended = new Promise((resolve) => presenter.socket.once('disconnect', resolve));
    writeAccess(
      dir,
      entries.filter(({ name }) => name !== 'leader'),
    );
    await ended;
    await expect(line('leader')).rejects.toThrow();
    // The others are where they were, and another goes on.
    expect(good(await officer.present({ do: 'begin', page: 'cover', take: true }))).toMatchObject({ on: true });
    writeAccess(dir, entries);
    await until('the leader is let in again', () =>
      line('leader').then(
        () => true,
        () => false,
      ),
    );
  });

  it.each<[what: string, event: 'follow' | 'present', message: unknown]>([
    ['nothing', 'follow', null],
    ['a text', 'follow', 'x'],
    ['no briefing', 'follow', {}],
    ['both', 'follow', { briefing: '330110-000000000000000000', scope: '330110' }],
    ['an id that is none', 'follow', { briefing: '../330110' }],
    ['a scope that is none', 'follow', { scope: '33' }],
    ['nothing', 'present', undefined],
    ['nothing to do', 'present', { briefing: '330110-000000000000000000' }],
    ['something unknown', 'present', { briefing: '330110-000000000000000000', do: 'dance' }],
    ['nothing to show', 'present', { briefing: '330110-000000000000000000', do: 'show' }],
    ['a page that there is not', 'present', { briefing: '330110-000000000000000000', do: 'show', page: 'weather' }],
    ['a place outside', 'present', { briefing: '330110-000000000000000000', do: 'show', pointer: { x: 1e9, y: 0 } }],
    [
      'half a point',
      'present',
      { briefing: '330110-000000000000000000', do: 'draw', page: 'map', stroke: 'abcd', from: 0, points: [1, 2, 3] },
    ],
    ['a window that there is not', 'follow', { briefing: 'live-330110-2d-weekly' }],
    ['a moment that is none', 'present', { briefing: 'live-330110-24h-weekly', do: 'show', moment: { at: 'noon' } }],
    ['a comparison that is none', 'present', { briefing: 'live-330110-24h-weekly', do: 'show', vs: 'sooner' }],
    ['more than may be', 'present', { briefing: '330110-000000000000000000', do: 'end', more: 1 }],
  ])('is told what is wrong with %s in %s', async (_what, event, message) => {
    const one = await line('leader');
    const answer = await one.socket.emitWithAck(event, message as never);
    expect(problemOf(answer)).toMatchObject({ code: 'bad-request' });
    expect(problemOf(answer)!.detail.length).toBeGreaterThan(20);
  });

  it('is ended who says more than anybody can', async () => {
    const [one, officer] = [await following('leader'), await following('officer')];
    const ended = new Promise((resolve) => one.socket.once('disconnect', resolve));
    for (let i = 0; i < 500; i++)
      one.socket.emit('present', { briefing: whole.id, do: 'show', pointer: { x: i, y: 0 } }, () => undefined);
    await ended;
    expect(await officer.follow()).not.toHaveProperty('problem');
  });
});

describe('a display', () => {
  it('is shown a deck of now and what is presented of its scope, and nothing of a name in any byte', async () => {
    const pages = [
      { page: 'cases', on: true, heading: SECRETS.name, remark: `联系人${SECRETS.person}，电话${SECRETS.phone}` },
      { page: 'cover', on: true },
    ];
    expect((await ask('leader', `/api/v1/briefings/${whole.id}`, { pages }, { method: 'PUT' })).status).toBe(200);
    const full = JSON.stringify((await ask('leader', `/api/v1/briefings/${whole.id}`)).body);
    expect(faults(full).length).toBeGreaterThan(4);

    const live = await ask<LiveBriefing>('display', '/api/v1/briefings/live?scope=330110&window=24h');
    const frozen = await ask<BriefingAnswer>('display', `/api/v1/briefings/${whole.id}`);
    const own = await ask<LiveBriefing>('townDisplay', '/api/v1/briefings/live?window=24h');
    expect([live.status, frozen.status, own.status]).toEqual([200, 200, 200]);
    for (const { body } of [live, frozen, own]) expect(faults(JSON.stringify(body))).toEqual([]);
    expect(JSON.stringify(frozen.body)).not.toContain('token leader');
    for (const { content } of [live.body, frozen.body]) {
      expect(content.frame.totals).toMatchObject({ raised: 2, workers: 2 * SECRETS.workers });
      expect(content.cases.map(({ enterprise }) => enterprise)).toEqual([
        { name: '某建筑企业' },
        { name: '某建筑企业' },
      ]);
      // Whose turn it is: an office is nobody's name.
      expect(content.cases.map(({ unit }) => unit)).toContain(UNIT.name['zh-CN']);
    }
    expect(frozen.body.pages).toEqual([
      { page: 'cases', on: true },
      { page: 'cover', on: true },
    ]);
    // Since the briefing before, whose title says a name.
    const { last } = live.body.content;
    expect(last).toMatchObject({ id: '', title: '', changes: { open: { now: 2 } } });
    expect(last).not.toHaveProperty('fresh');
    expect(live.body.deck.pages.map(({ page }) => page)).toEqual(expect.arrayContaining(['accounts', 'changes']));
    expect(live.body.deck.pages.map(({ page }) => page)).not.toContain('since');
    // All else of briefings is not for it.
    for (const path of ['briefings', `briefings/${whole.id}/alerts?list=open`])
      expect((await ask('display', `/api/v1/${path}`)).status).toBe(403);
    expect((await ask('townDisplay', `/api/v1/briefings/${whole.id}`)).status).toBe(404);

    const [presenter, wall, hall] = [
      await following('leader'),
      await following('display', { scope: '330110' }),
      await following('townDisplay', { scope: TOWN }),
    ];
    good(await presenter.present({ do: 'begin', page: 'cases' }));
    good(await presenter.present({ do: 'draw', page: 'cases', stroke: 'name-1', from: 0, points: [1, 2] }));
    good(await presenter.present({ do: 'show', page: 'cover', pointer: { x: 3, y: 4 } }));
    await until('it has turned', () => wall.now()?.page === 'cover');
    expect(wall.now()).toMatchObject({ briefing: whole.id, pointer: { x: 3, y: 4 } });
    expect(hall.now()).toBeUndefined();
    // One that comes later is told as much.
    const later = await line('display');
    expect(await later.follow({ scope: '330110' })).toMatchObject({ presentation: { page: 'cover' }, strokes: [] });
    expect(problemOf(await hall.follow({ scope: '330110' }))?.code).toBe('not-allowed');
    good(await presenter.present({ do: 'end' }));
    await until('it knows the end', () => wall.now()?.on === false);
    expect(await later.follow({ scope: '330110' })).toEqual({ strokes: [] });
    for (const one of [wall, hall, later]) {
      expect(faults(one.bytes())).toEqual([]);
      expect(one.bytes()).not.toMatch(/token leader|name-1/);
    }
  });

  it('is shown less still where small figures are withheld', async () => {
    const other = await start({ DATA_DIR: join(dir, 'withholding'), MIN_FIGURE: '5' });
    try {
      await until('it is ready', async () => (await fetch(`${other.url}/readyz`)).ok);
      const { body } = await ask<LiveBriefing>('display', '/api/v1/briefings/live?scope=330110&window=24h', undefined, {
        url: other.url,
      });
      expect(body.content).toMatchObject({
        history: [],
        cases: [],
        outlook: [],
        totals: {},
        frame: { withheld: 5, totals: { raised: 0, workers: 0 }, latest: {} },
      });
      expect([body.content.before, body.content.last, body.content.accounts]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      for (const page of ['changes', 'accounts']) expect(body.deck.pages.map((one) => one.page)).not.toContain(page);
      expect(body.deck.pages.map(({ page }) => page)).not.toContain('cases');
      expect(JSON.stringify(body)).not.toContain(String(SECRETS.workers));
      const frozen = await ask<BriefingAnswer>('display', `/api/v1/briefings/${whole.id}`, undefined, {
        url: other.url,
      });
      expect(JSON.stringify(frozen.body)).not.toContain(String(SECRETS.workers));
    } finally {
      await other.stop();
    }
  });
});
