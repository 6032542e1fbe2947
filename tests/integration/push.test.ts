import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import { applyMergePatch } from '../../common/mergePatch.ts';
import type { AlertNotice, Beat, ClientEvents, Patch, ServerEvents, WatchAck } from '../../contract/protocol.ts';
import { event, raised } from '../support/events.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { randomOf } from '../support/workload.ts';

/** Contract §5 against the running server, with the real client. */

type Screen = Socket<ServerEvents, ClientEvents>;
let server: RunningServer;
const screens: Screen[] = [];
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
afterEach(() => {
  for (const screen of screens.splice(0)) screen.disconnect();
});

function open(url = server.url): Screen {
  const screen: Screen = io(`${url}/wall`, { transports: ['websocket'], forceNew: true });
  screens.push(screen);
  return screen;
}
const watch = (screen: Screen, scope: string, window: string): Promise<WatchAck> =>
  screen.emitWithAck('watch', { scope, window } as never);

/** A screen as contract §5 describes it, and every patch it got. */
async function follow(scope: string, window: string, url?: string) {
  const screen = open(url);
  const patches: Patch[] = [];
  let frame: Frame | undefined;
  screen.on('patch', (patch) => {
    patches.push(patch);
    expect(patch.prev).toBe(frame!.seq);
    frame = applyMergePatch(frame!, patch.patch);
  });
  const ack = await watch(screen, scope, window);
  if (!('frame' in ack)) throw new Error(JSON.stringify(ack));
  frame = ack.frame;
  return { screen, patches, frame: () => frame! };
}

/** What a frame says, without when it was made. */
const figures = (frame: Frame) => ({ ...frame, at: '', seq: 0 });

describe('push', () => {
  it('sends patches that lead from the first frame to what the snapshot shows', async () => {
    const [region, town, all] = await Promise.all([
      follow('330110', '24h'),
      follow('330110010', 'today'),
      follow('330110', 'all'),
    ]);
    const random = randomOf(3);
    const now = Date.now();
    for (let round = 0; round < 12; round++) {
      const events = Array.from({ length: 1 + Math.floor(random() * 20) }, () => {
        const alertId = `P${Math.floor(random() * 60)}`;
        const time = now - Math.floor(random() * 30) * 3_600_000;
        const pick = random();
        if (pick < 0.5)
          return raised(time, {
            alertId,
            town: random() < 0.5 ? '330110010' : '330110001',
            tier: random() < 0.2 ? 'red' : 'yellow',
            location: { lng: 120.04, lat: 30.37 },
          });
        if (pick < 0.7) return event('wage.alert.closed', time, { alertId });
        if (pick < 0.9) return event('wage.wages.recovered', time, { alertId });
        return event('wage.alert.amended', time, { alertId, town: '330110003', workers: Math.floor(random() * 50) });
      });
      expect((await post(server.url, events)).status).toBe(202);
      await sleep(random() * 300);
    }
    for (const [screen, scope, window] of [
      [region, '330110', '24h'],
      [town, '330110010', 'today'],
      [all, '330110', 'all'],
    ] as const) {
      await until(
        `${scope} ${window} is what the snapshot shows`,
        async () => {
          const snapshot = await get<Frame>(server.url, `/api/v1/snapshot?scope=${scope}&window=${window}`);
          try {
            expect(figures(screen.frame())).toEqual(figures(snapshot));
            return true;
          } catch {
            return false;
          }
        },
        5_000,
      );
      expect(screen.patches.length).toBeGreaterThan(0);
      for (const { patch, seq, at } of screen.patches) expect(patch).toMatchObject({ seq, at });
    }
  });

  it('is silent while nothing changes, but for the beat', async () => {
    const { screen, patches } = await follow('330110', '365d');
    const beats: Beat[] = [];
    screen.on('beat', (beat) => {
      beats.push(beat);
    });
    await sleep(4_500);
    expect(patches.length).toBeLessThanOrEqual(1);
    expect(beats.length).toBeGreaterThanOrEqual(2);
    expect(beats.at(-1)!.lag).toBe(0);
    expect(Math.abs(Date.parse(beats.at(-1)!.at) - Date.now())).toBeLessThan(2_000);
  });

  it('announces newly raised alerts, gravest first and 20 at most, to the scopes they concern', async () => {
    const [region, town, other] = await Promise.all([
      follow('330110', '30d'),
      follow('330110009', '30d'),
      follow('330110013', '30d'),
    ]);
    const notices: Record<string, AlertNotice[]> = { region: [], town: [], other: [] };
    region.screen.on('alert', (notice) => {
      notices.region!.push(notice);
    });
    town.screen.on('alert', (notice) => {
      notices.town!.push(notice);
    });
    other.screen.on('alert', (notice) => {
      notices.other!.push(notice);
    });
    const now = Date.now();
    const tiers = ['yellow', 'orange', 'red'] as const;
    const batch = Array.from({ length: 30 }, (_, i) =>
      raised(now - 1000, { alertId: `N${i}`, town: '330110009', tier: tiers[i % 3]!, workers: i }),
    );
    // A year-old alert in a file that is loaded today is history, not news.
    batch.push(raised(now - 365 * 86_400_000, { alertId: 'N-old', town: '330110009', tier: 'red' }));
    await post(server.url, batch);
    await until('both hear of it', () => notices.region!.length > 0 && notices.town!.length > 0);
    const [notice] = notices.town!;
    expect(notice!.briefs).toHaveLength(20);
    expect(notice!.more).toBe(10);
    expect(notice!.briefs.slice(0, 10).every(({ tier }) => tier === 'red')).toBe(true);
    expect(notice!.briefs.slice(0, 3).map(({ workers }) => workers)).toEqual([29, 26, 23]);
    expect(notice!.briefs.some(({ alertId }) => alertId === 'N-old')).toBe(false);
    await sleep(600);
    expect(notices.other).toHaveLength(0);
  });

  it.each([
    ['no request', undefined, 'bad-request'],
    ['text', 'watch', 'bad-request'],
    ['an unknown window', { scope: '330110', window: 'fortnight' }, 'unknown-window'],
    ['a scope that is no code', { scope: '../etc', window: '24h' }, 'bad-request'],
    ['an unknown region', { scope: '110000', window: '24h' }, 'unknown-scope'],
    ['an unknown town', { scope: '330110999', window: '24h' }, 'unknown-scope'],
    ['more than it takes', { scope: '330110', window: '24h', extra: 1 }, 'bad-request'],
  ])('refuses %s by name', async (_what, request, code) => {
    const screen = open();
    expect(await screen.emitWithAck('watch', request as never)).toMatchObject({
      problem: { code, detail: expect.any(String) as unknown },
    });
  });

  it('is not held up by a screen that does not read, and gives it a fresh frame when it does (invariant 7)', async () => {
    // A fast tick, so that the buffers of the system, some ten megabytes, are full soon.
    const fast = await startServer({ TICK_MS: '40' });
    const healthy = await follow('330110', '7d', fast.url);
    // A screen by hand, so that its socket can be left unread.
    const url = new URL(fast.url);
    const tcp = connectTcp(Number(url.port), url.hostname);
    tcp.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    let heard = '';
    let tail = '';
    tcp.on('data', (part: Buffer) => {
      if (heard.length < 100_000) heard += part.toString('latin1');
      tail = (tail + part.toString('latin1')).slice(-300_000);
    });
    await until('the connection is up', () => heard.includes('"sid"'));
    const send = (text: string) => {
      const payload = Buffer.from(text);
      const head =
        payload.length < 126
          ? Buffer.from([0x81, 0x80 | payload.length])
          : Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255]);
      // An all-zero mask leaves the payload as it is.
      tcp.write(Buffer.concat([head, Buffer.alloc(4), payload]));
    };
    send('40/wall,');
    await until('it is in the namespace', () => heard.includes('40/wall'));
    send('42/wall,1["watch",{"scope":"330110","window":"7d"}]');
    await until('it has its frame', () => heard.includes('43/wall'));
    tcp.pause();
    const dropped = async () =>
      Number(/^wagewatch_queues_dropped_total (\d+)/m.exec(await (await fetch(`${fast.url}/metrics`)).text())?.[1]);
    const before = await dropped();
    const town = () => ['330110001', '330110002', '330110010'][Math.floor(Math.random() * 3)]!;
    await until(
      'its queue is full and dropped',
      async () => {
        await post(
          fast.url,
          Array.from({ length: 60 }, (_, i) =>
            raised(Date.now() - i, {
              alertId: `S${Math.random()}`,
              town: town(),
              enterprise: { name: `某${'长'.repeat(400)}公司` },
              project: { id: 'p', name: '名'.repeat(480) },
              location: { lng: 119.7 + Math.random() * 0.6, lat: 30.2 + Math.random() * 0.3 },
            }),
          ),
        );
        return (await dropped()) > before;
      },
      50_000,
    );
    const snapshot = await get<Frame>(fast.url, '/api/v1/snapshot?window=7d');
    await until(
      'the healthy screen is up to date',
      () => healthy.frame().totals.raised >= snapshot.totals.raised,
      5_000,
    );
    // Nothing happens any more: it must still learn that it has missed something, with the last patch there was.
    tcp.resume();
    const last = healthy.patches.at(-1)!;
    await until(
      'the screen is told of the last patch',
      () => tail.includes(`"seq":${healthy.patches.at(-1)!.seq},"prev"`) || tail.includes(`"seq":${last.seq},"prev"`),
      20_000,
    );
    tcp.destroy();
    await fast.stop();
  });
});
