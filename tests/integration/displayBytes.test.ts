import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import {
  ENTRIES,
  leaks,
  NAME_PARTS,
  secretAlert,
  SECRETS,
  TABLE,
  tokens,
  TOWN,
  OTHER_TOWN,
  type Asker,
} from '../support/accessTable.ts';
import { askPatiently } from '../support/patient.ts';
import { BATCH, startServer, until, type RunningServer } from '../support/server.ts';

/**
 * Issue 5, point 4, as sites may set it: every byte that a display gets from a running server, by every route and over the
 * socket, with MASK_NAMES=ends and with small figures withheld. (With the standard mask: access.test.ts.)
 */

/** Figures of one alert, and of two and three together: fewer than the five that may be shown. */
const FIGURES = [1, 2, 3].flatMap((n) => [SECRETS.workers * n, SECRETS.amountFen * n]).map(String);
const DISPLAYS = ['display', 'townDisplay'] as const satisfies Asker[];

interface Setting {
  name: string;
  env: Record<string, string>;
  withheld: boolean;
}
describe.each<Setting>([
  { name: 'MASK_NAMES=ends', env: { MASK_NAMES: 'ends' }, withheld: false },
  { name: 'MASK_NAMES=ends, MIN_FIGURE=5', env: { MASK_NAMES: 'ends', MIN_FIGURE: '5' }, withheld: true },
])('$name', ({ env, withheld }) => {
  const dir = mkdtempSync(join(tmpdir(), 'display-bytes-'));
  const sockets: Socket[] = [];
  let server: RunningServer;

  const ask = (asker: Asker, path: string) =>
    askPatiently(`${server.url}${path}`, { headers: { authorization: `Bearer ${tokens[asker]}` } });
  const frameOf = async (asker: Asker, scope = '330110') =>
    (await (await ask(asker, `/api/v1/snapshot?scope=${scope}&window=24h`)).json()) as Frame;
  const send = (...events: object[]) =>
    fetch(`${server.url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': BATCH },
      body: JSON.stringify(events),
    });
  /** What a text has that no display may see under these settings. */
  const faults = (text: string) => [
    ...leaks(text),
    ...NAME_PARTS.filter((part) => text.includes(part)),
    ...(withheld ? FIGURES.filter((figure) => new RegExp(`(?<![\\d.])${figure}(?!\\d)`).test(text)) : []),
  ];

  beforeAll(async () => {
    const file = join(dir, 'access.json');
    writeFileSync(file, JSON.stringify({ tokens: ENTRIES }));
    server = await startServer({ ACCESS_FILE: file, ...env });
    expect((await send(secretAlert('A1'), secretAlert('A2', OTHER_TOWN))).status).toBe(202);
    await until('the alerts are counted', async () => (await frameOf('officer')).totals.raised === 2);
  });
  afterAll(async () => {
    for (const socket of sockets) socket.disconnect();
    await server.stop();
    rmSync(dir, { recursive: true });
  });

  it('answers displays on no route with what they may not see', async () => {
    const found: string[] = [];
    let answered = 0;
    for (const [route, rows] of Object.entries(TABLE)) {
      if (!route.startsWith('GET ')) continue;
      for (const { path } of rows) {
        for (const asker of DISPLAYS) {
          const answer = await ask(asker, path);
          const text = await answer.text();
          if (answer.status === 200) answered++;
          // What a path names is said again in a refusal.
          found.push(
            ...faults(answer.status === 200 ? text : text.replaceAll(SECRETS.uscc, '')).map(
              (fault) => `${path} to ${asker}: ${fault}`,
            ),
          );
          if (withheld && answer.status === 200 && /A[12]"/.test(text))
            found.push(`${path} to ${asker}: a single alert`);
        }
      }
    }
    expect(found).toEqual([]);
    expect(answered).toBeGreaterThan(20);
    // The scan can find: to those who may, it is all there.
    expect(faults(await (await ask('officer', '/api/v1/alerts/A1')).text()).length).toBeGreaterThan(5);
    if (withheld) {
      for (const path of ['/api/v1/alerts', '/api/v1/alerts/A1']) expect((await ask('display', path)).status).toBe(403);
      // Nor by their ids: one of the town, one of another and one that is nowhere are refused alike.
      const refused = (id: string) =>
        ask('townDisplay', `/api/v1/alerts/${id}?cursor=x`).then((answer) => answer.text());
      expect(new Set(await Promise.all(['A1', 'A2', 'NONE'].map(refused))).size).toBe(1);
      expect(await frameOf('display')).toMatchObject({
        withheld: 5,
        totals: { raised: 0, open: 0, workers: 0, amountFen: 0 },
        latest: {},
        heat: {},
      });
    } else {
      expect(await (await ask('display', '/api/v1/alerts/A1')).text()).toContain('"杭***司"');
      expect((await frameOf('display')).totals).toMatchObject({ raised: 2, workers: 2 * SECRETS.workers });
    }
  });

  it('sends them nothing of it in frames, patches, notices and beats', async () => {
    const heard: Record<string, string> = {};
    for (const asker of [...DISPLAYS, 'officer'] as const) {
      const socket = io(`${server.url}/wall`, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        auth: { token: tokens[asker] },
      });
      sockets.push(socket);
      heard[asker] = '';
      socket.onAny((name, message) => {
        heard[asker] += JSON.stringify([name, message]);
      });
      await new Promise<void>((resolve, reject) => {
        socket.on('connect', resolve);
        socket.on('connect_error', reject);
      });
      heard[asker] += JSON.stringify(
        await socket.emitWithAck('watch', { scope: asker === 'townDisplay' ? TOWN : '330110', window: '24h' }),
      );
    }
    await send(secretAlert('A3'));
    await until(
      'the officer has heard of it',
      () => heard['officer']!.includes('"alert"') && heard['officer']!.includes('"patch"'),
    );
    // What was sent to the others has come before a beat that was sent after it.
    const beats = (asker: string) => heard[asker]!.split('["beat"').length;
    const before = DISPLAYS.map(beats);
    await until('another beat', () => DISPLAYS.every((asker, i) => beats(asker) > before[i]!));
    for (const asker of DISPLAYS) {
      expect(faults(heard[asker]!), asker).toEqual([]);
      expect(heard[asker]!.includes('A3'), asker).toBe(!withheld);
      expect(heard[asker]!.includes('["alert"'), asker).toBe(!withheld);
    }
    expect(faults(heard['officer']!).length).toBeGreaterThan(3);
    if (!withheld) return;
    // Enough of them: told, in both places, and still no single one.
    await send(secretAlert('A4'), secretAlert('A5'));
    await until('five are told', () => heard['display']!.includes('"raised":5'));
    expect((await frameOf('display')).totals).toMatchObject({
      raised: 5,
      workers: 5 * SECRETS.workers,
      amountFen: 5 * SECRETS.amountFen,
    });
    expect((await frameOf('display', TOWN)).totals).toMatchObject({ raised: 0, amountFen: 0 });
    for (const asker of DISPLAYS) expect(heard[asker]).not.toMatch(/"A\d"/);
  });
});
