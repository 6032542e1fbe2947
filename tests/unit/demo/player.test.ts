import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WageEvent } from '../../../contract/events.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseRfc3339 } from '../../../common/regionTime.ts';
import type { Clock } from '../../../demo/clock.ts';
import { generateHistory } from '../../../demo/history.ts';
import { startDemo, type PlayerOptions } from '../../../demo/player.ts';
import { publishedScenario, type Scenario } from '../../../demo/scenario.ts';
import { fold, isOverdue, pack, totals, wrong } from './support.ts';

/** A history of a few hundred alerts before a feed as busy as ever: what the player does does not depend on it. */
const published = publishedScenario();
const brief: Scenario = {
  ...published,
  recent: [
    { hours: 1, alerts: 9 },
    { hours: 24, alerts: 37 },
    { hours: 168, alerts: 105 },
    { hours: 720, alerts: 190 },
  ],
  feed: { ...published.feed, settled: { afterMinutes: 1, pace: 1 } },
  published: { ...published.published, raised: 405, effective: 280, falseAlarm: 60 },
};
const START = Date.parse('2026-11-21T10:00:00+08:00');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'demo-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A clock on which sleeping takes no time. It aborts `stopper` when `end` is reached. */
class FakeClock implements Clock {
  time: number;
  end = Infinity;
  readonly sleeps: number[] = [];
  stopper = new AbortController();

  constructor(time: number) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    this.time += Math.max(1, ms);
    if (this.time >= this.end) this.stopper.abort();
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
}

/** The public API, as far as the player uses it: keeps each event once. */
class FakeServer {
  readonly kept = new Map<string, WageEvent>();
  readonly order: WageEvent[] = [];
  readonly posts: { type: string; events: WageEvent[] }[] = [];
  /** Answers instead, if it gives something. */
  trouble: (path: string, post: number) => Response | undefined = () => undefined;
  calls = 0;

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(input as URL);
    const trouble = this.trouble(url.pathname, this.calls++);
    if (trouble) return trouble;
    if (url.pathname === '/api/v1/snapshot') {
      expect(url.searchParams.get('scope')).toBe(pack.code);
      return Response.json({ totals: { raised: fold(this.kept.values()).size } });
    }
    expect(url.pathname).toBe('/api/v1/events');
    const type = new Headers(init!.headers).get('content-type')!;
    const text = await new Response(init!.body as ReadableStream).text();
    const events =
      type === 'application/x-ndjson'
        ? text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as WageEvent)
        : [JSON.parse(text) as WageEvent | WageEvent[]].flat();
    this.posts.push({ type, events });
    for (const event of events) {
      const key = `${event.source} ${event.id}`;
      if (this.kept.has(key)) continue;
      this.kept.set(key, event);
      this.order.push(event);
    }
    return Response.json({ accepted: events.length, rejected: [], rejectedTotal: 0 }, { status: 202 });
  };

  /** Forgets what was posted, not what it keeps. */
  forgetPosts(): void {
    this.posts.length = 0;
    this.order.length = 0;
  }
}

const lines: { level: string; fields: object; message: string }[] = [];
const log = Object.fromEntries(
  ['info', 'warn', 'error'].map((level) => [
    level,
    (fields: object, message: string) => lines.push({ level, fields, message }),
  ]),
) as unknown as PlayerOptions['log'];
beforeEach(() => {
  lines.length = 0;
});

/** Plays until the clock has gone so far. */
async function play(server: FakeServer, clock: FakeClock, forMs: number, more: Partial<PlayerOptions> = {}) {
  clock.end = clock.time + forMs;
  clock.stopper = new AbortController();
  const player = startDemo({
    url: 'http://demo.test',
    dataDir: dir,
    pack,
    log,
    signal: clock.stopper.signal,
    fetch: server.fetch,
    clock,
    scenario: brief,
    ...more,
  });
  await player.done;
  return player;
}

const state = () =>
  (
    JSON.parse(readFileSync(join(dir, 'demo.json'), 'utf8')) as {
      regions: Record<string, { anchor: number; historyDone: boolean; feed: { at: number; wall: number } }>;
    }
  ).regions[pack.code]!;
const times = (events: readonly WageEvent[]) => events.map(({ time }) => parseRfc3339(time)!);
const ascending = (numbers: readonly number[]) => numbers.every((n, i) => i === 0 || n >= numbers[i - 1]!);

describe('the player', () => {
  it('loads the history once, then plays the feed at wall-clock times', async () => {
    const server = new FakeServer();
    const clock = new FakeClock(START);
    const player = await play(server, clock, HOUR_MS);
    expect(player.status().phase).toBe('stopped');
    const [first, ...live] = server.posts;
    expect(first!.type).toBe('application/x-ndjson');
    expect(first!.events).toEqual([...generateHistory({ pack, seed: 1, anchor: START, scenario: brief })]);
    expect(live.length).toBeGreaterThan(200);
    expect(
      live.every(({ type, events }) =>
        events.length === 1 ? type === 'application/cloudevents+json' : type === 'application/cloudevents-batch+json',
      ),
    ).toBe(true);
    const fed = live.flatMap(({ events }) => events);
    expect(ascending(times(fed))).toBe(true);
    expect(times(fed)[0]).toBeGreaterThan(START);
    expect(player.status().sent).toBe(first!.events.length + fed.length);
    expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(state()).toMatchObject({ anchor: START, historyDone: true });
  });

  it('goes on after a restart where it was: no event twice, none left out', async () => {
    const [broken, whole] = [new FakeServer(), new FakeServer()];
    const clock = new FakeClock(START);
    for (const minutes of [3, 17, 1, 20]) await play(broken, clock, minutes * MINUTE_MS);
    expect(broken.posts.filter(({ type }) => type === 'application/x-ndjson')).toHaveLength(1);
    rmSync(join(dir, 'demo.json'));
    await play(whole, new FakeClock(START), 41 * MINUTE_MS);
    const ids = (server: FakeServer) => server.posts.flatMap(({ events }) => events.map(({ id }) => id));
    expect(new Set(ids(broken)).size).toBe(ids(broken).length);
    const shorter = Math.min(ids(broken).length, ids(whole).length);
    expect(ids(broken).slice(0, shorter)).toEqual(ids(whole).slice(0, shorter));
    expect(Math.abs(ids(broken).length - ids(whole).length)).toBeLessThan(20);
  });

  it('keeps its pace at any speed', async () => {
    for (const speed of [0.1, 1, 60, 1000]) {
      const server = new FakeServer();
      rmSync(join(dir, 'demo.json'), { force: true });
      // Twenty minutes of activity; by day some five events in each.
      const length = (20 * MINUTE_MS) / speed;
      await play(server, new FakeClock(START), length, { speed });
      const fed = server.posts.slice(1).flatMap(({ events }) => events);
      expect(fed.length, `speed ${speed}`).toBeGreaterThan(60);
      expect(fed.length, `speed ${speed}`).toBeLessThan(170);
      expect(ascending(times(fed))).toBe(true);
      expect(times(fed).at(-1)!).toBeLessThanOrEqual(START + length + 1000);
      const alerts = fold(server.kept.values()).values();
      expect(
        wrong(alerts, ({ events }) => times(events).every((time, i, all) => i === 0 || time > all[i - 1]!)),
      ).toEqual([]);
    }
  });

  it.each([0, -1, 1001, NaN, Infinity])('refuses the speed %d', (speed) => {
    expect(() =>
      startDemo({ url: 'http://demo.test', dataDir: dir, pack, log, signal: AbortSignal.abort(), speed }),
    ).toThrow(/speed/);
  });
});

describe('trouble', () => {
  it('with the server: waits longer and longer, loses nothing, says so', async () => {
    const server = new FakeServer();
    const clock = new FakeClock(START);
    await play(server, clock, 10 * MINUTE_MS);
    const before = server.posts.length;
    let down = 0;
    const answers = [
      () => {
        throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
      },
      () => new Response('', { status: 503 }),
      () => new Response('', { status: 429 }),
    ];
    server.trouble = (path) => (path === '/api/v1/events' && down++ < 40 ? answers[down % 3]!() : undefined);
    clock.sleeps.length = 0;
    await play(server, clock, 20 * MINUTE_MS);
    expect(down).toBeGreaterThan(40);
    const pauses = clock.sleeps.slice(1, 8);
    expect(pauses.at(-1)!).toBeGreaterThan(pauses[0]! * 4);
    expect(Math.max(...clock.sleeps)).toBeLessThanOrEqual(15_000);
    expect(lines.filter(({ level }) => level === 'warn').length).toBeGreaterThan(1);
    expect(lines.some(({ message }) => message.includes('is back'))).toBe(true);
    const fed = server.posts.slice(before).flatMap(({ events }) => events);
    expect(ascending(times(fed))).toBe(true);
    const ids = server.posts.flatMap(({ events }) => events.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('with one answer: a refused event is left, a forbidden one stops it', async () => {
    const server = new FakeServer();
    const clock = new FakeClock(START);
    await play(server, clock, MINUTE_MS);
    let refuse = 3;
    server.trouble = (path) =>
      path === '/api/v1/events' && refuse-- > 0
        ? Response.json({ title: 'Bad', detail: 'no such town' }, { status: 422 })
        : undefined;
    const player = await play(server, clock, 5 * MINUTE_MS);
    expect(player.status().phase).toBe('stopped');
    expect(lines.filter(({ level, message }) => level === 'error' && message.includes('no such town'))).toHaveLength(3);
    expect(player.status().sent).toBeGreaterThan(5);
    server.trouble = (path) =>
      path === '/api/v1/events' ? Response.json({ title: 'Who are you?' }, { status: 401 }) : undefined;
    expect((await play(server, clock, 5 * MINUTE_MS)).status().phase).toBe('failed');
  });

  it('with a history that breaks off: it is sent again, and counts once', async () => {
    const server = new FakeServer();
    const clock = new FakeClock(START);
    const stop = new AbortController();
    // The process dies while the server has taken the first half.
    const dying: typeof fetch = async (input, init) => {
      if (new URL(input as URL).pathname === '/api/v1/snapshot') return server.fetch(input, init);
      const text = await new Response(init!.body as ReadableStream).text();
      const half = text.split('\n').slice(0, 900).join('\n');
      await server.fetch(input, { ...init!, body: half });
      stop.abort();
      throw stop.signal.reason;
    };
    await startDemo({
      url: 'http://demo.test',
      dataDir: dir,
      pack,
      log,
      signal: stop.signal,
      fetch: dying,
      clock,
      scenario: brief,
    }).done;
    expect(state()).toMatchObject({ anchor: START, historyDone: false });
    clock.time += HOUR_MS;
    await play(server, clock, MINUTE_MS);
    expect(state()).toMatchObject({ anchor: START, historyDone: true });
    const history = server.order.filter(({ time }) => parseRfc3339(time)! <= START);
    expect(totals(fold(history).values())).toMatchObject({
      raised: 405,
      effective: 280,
      falseAlarm: 60,
      recoveredFen: 216_530_000,
    });
    expect(new Set(server.posts[1]!.events.map(({ id }) => id)).size).toBe(server.posts[1]!.events.length);
  });

  it('with the data: loads anew where the server has lost it, keeps off where it is not its own', async () => {
    const clock = new FakeClock(START);
    await play(new FakeServer(), clock, MINUTE_MS);
    const first = state().anchor;
    const empty = new FakeServer();
    await play(empty, clock, MINUTE_MS);
    expect(state().anchor).toBeGreaterThan(first);
    expect(empty.posts[0]!.type).toBe('application/x-ndjson');

    rmSync(join(dir, 'demo.json'));
    empty.forgetPosts();
    const player = await play(empty, clock, MINUTE_MS);
    expect(player.status().phase).toBe('failed');
    expect(empty.posts).toEqual([]);
    expect(lines.at(-1)!.message).toMatch(/DEMO=off/);
  });

  it('with its file: a damaged one is not guessed at', async () => {
    writeFileSync(join(dir, 'demo.json'), '{"version":1,"regions":{"330110":{"seed":');
    const server = new FakeServer();
    expect((await play(server, new FakeClock(START), MINUTE_MS)).status().phase).toBe('failed');
    expect(server.posts).toEqual([]);
  });
});

describe('a pause', () => {
  it.each([
    ['a night', 12 * HOUR_MS, 1],
    ['ten days', 10 * DAY_MS, 1],
    ['a year', 365 * DAY_MS, 1],
    ['a day, at speed 200', DAY_MS, 200],
  ])('of %s is caught up with in bounds, and every life stays whole', async (_, pause, speed) => {
    const server = new FakeServer();
    const clock = new FakeClock(START);
    await play(server, clock, (20 * MINUTE_MS) / speed, { speed });
    const from = clock.time;
    clock.time += pause;
    const resumed = clock.time;
    server.forgetPosts();
    await play(server, clock, 1000, { speed });

    const caughtUp = server.order;
    expect(caughtUp.length).toBeGreaterThan(1500);
    expect(caughtUp.length).toBeLessThan(3500);
    expect(Math.max(...server.posts.map(({ events }) => events.length))).toBeLessThanOrEqual(500);
    const when = times(caughtUp);
    expect(ascending(when)).toBe(true);
    // From the events themselves, which begin where the feed stopped: minutes before the pause at most.
    expect(when[0]).toBeGreaterThan(from - MINUTE_MS);
    expect(when.at(-1)!).toBeLessThanOrEqual(clock.time);
    // Told over the whole pause, and as dense as usual at its end.
    expect(when.filter((time) => time < from + pause / 2).length).toBeGreaterThan(100);
    expect(when.filter((time) => time > resumed - (2 * HOUR_MS) / speed).length).toBeGreaterThan(100);

    const alerts = [...fold(server.kept.values()).values()];
    expect(alerts.reduce((sum, { events }) => sum + events.length, 0)).toBe(server.kept.size);
    const order = ['raised', 'dispatched', 'accepted', 'handled', 'audited', 'closed'];
    expect(
      wrong(alerts, ({ events }) => {
        let reached = -1;
        return events.every((event) => {
          const step = order.indexOf(event.type.split('.')[2]!);
          if (step < 0) return true;
          const follows = step === reached + 1;
          reached = event.type === 'wage.alert.audited' && event.data.verdict === 'returned' ? 1 : step;
          return follows;
        });
      }),
    ).toEqual([]);
    const open = alerts.filter(({ stage }) => stage !== 'closed');
    expect(open.length).toBeGreaterThanOrEqual(50);
    expect(open.length).toBeLessThanOrEqual(110);
    expect(open.filter((alert) => isOverdue(alert, clock.time)).length).toBeLessThan(25);
  });

  it('is none when the clock was set back: events wait or go on, never before those that are there', async () => {
    const server = new FakeServer();
    const clock = new FakeClock(START);
    await play(server, clock, 20 * MINUTE_MS);
    const last = times(server.order).at(-1)!;
    server.forgetPosts();
    clock.time -= 2 * MINUTE_MS;
    await play(server, clock, 10 * MINUTE_MS);
    expect(times(server.order)[0]).toBeGreaterThan(last);
    clock.time -= DAY_MS;
    server.forgetPosts();
    await play(server, clock, 10 * MINUTE_MS);
    expect(lines.some(({ message }) => message.includes('set back'))).toBe(true);
    expect(server.order.length).toBeGreaterThan(20);
  });
});

describe('over HTTP', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function listening(answer: Parameters<typeof createServer>[1]): Promise<string> {
    server = createServer(answer as () => void);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('streams the history, again after a connection that broke', async () => {
    const ids = new Set<string>();
    let posts = 0;
    const stop = new AbortController();
    const url = await listening((request, response) => {
      if (request.url!.startsWith('/api/v1/snapshot')) {
        response.writeHead(404).end();
        return;
      }
      const breaks = ++posts === 1;
      request.on('error', () => undefined);
      expect(request.headers.authorization).toBe('Bearer x');
      let count = 0;
      createInterface({ input: request })
        .on('line', (line) => {
          ids.add((JSON.parse(line) as WageEvent).id);
          if (breaks && ++count === 3000) request.socket.destroy();
        })
        .on('error', () => undefined)
        .on('close', () => {
          if (breaks) return;
          response
            .writeHead(202, { 'content-type': 'application/json' })
            .end(JSON.stringify({ accepted: ids.size, rejected: [], rejectedTotal: 0 }));
          stop.abort();
        });
    });
    await startDemo({ url, dataDir: dir, pack, log, signal: stop.signal, headers: { authorization: 'Bearer x' } }).done;
    expect(posts).toBe(2);
    expect(ids.size).toBeGreaterThan(20_000);
  });

  it.each(['/api/v1/snapshot', '/api/v1/events'])('stops at once while %s hangs', async (hanging) => {
    const stop = new AbortController();
    const url = await listening((request, response) => {
      request.resume();
      if (request.url!.startsWith(hanging)) setTimeout(() => stop.abort(), 20);
      else response.writeHead(404).end();
    });
    const player = startDemo({ url, dataDir: dir, pack, log, signal: stop.signal });
    await player.done;
    expect(player.status().phase).toBe('stopped');
  });
});
