import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trail } from '../../contract/accessAdmin.ts';
import { WINDOWS } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { Marks } from '../../contract/replay.ts';
import { MAX_REPLAY_STEPS, REPLAY_STEP_MS, REPLAY_STEPS, type ReplayStep } from '../../contract/replayLimits.ts';
import type { Problem } from '../../contract/rest.ts';
import { applyMergePatch, type Json } from '../../common/mergePatch.ts';
import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS, toRfc3339 } from '../../common/regionTime.ts';
import { ENTRIES, leaks, secretAlert, tokens, TOWN, type Asker } from '../support/accessTable.ts';
import { settled } from '../support/accounting.ts';
import { event } from '../support/events.ts';
import { NDJSON, post, startServer, type RunningServer } from '../support/server.ts';
import { makeWorkload, randomOf } from '../support/workload.ts';

/** Replays over HTTP: what a reader puts together from the lines is what snapshots say. */

let server: RunningServer;
const query = (fields: Record<string, string | number>) =>
  new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)])).toString();
const ask = (path: string, asker?: Asker, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, {
    ...init,
    headers: asker ? { authorization: `Bearer ${tokens[asker]}` } : {},
  });
async function framesOf(fields: Record<string, string | number>, asker?: Asker): Promise<Frame[]> {
  const answer = await ask(`/api/v1/replay?${query(fields)}`, asker);
  const text = await answer.text();
  expect(answer.status, text.slice(0, 300)).toBe(200);
  expect(answer.headers.get('content-type')).toBe(NDJSON);
  const frames: Frame[] = [];
  for (const line of text.trimEnd().split('\n')) {
    const patch = JSON.parse(line) as Json;
    expect((patch as { at?: string }).at).toBeDefined();
    frames.push(frames.length ? applyMergePatch(frames.at(-1)!, patch) : (patch as unknown as Frame));
  }
  return frames;
}
const problemOf = async (fields: Record<string, string | number>) => {
  const answer = await ask(`/api/v1/replay?${query(fields)}`);
  const { status, parameter } = (await answer.json()) as Problem;
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return [status, parameter];
};

describe('an open program', () => {
  beforeAll(async () => {
    server = await startServer({ REGIONS: '330100,330110', REGION: '330110' });
    const { arriving, expected } = makeWorkload({ events: 2_000, seed: 21 });
    // And some of these hours, so that minutes tell of them.
    const recent = makeWorkload({ events: 400, seed: 22, now: Date.now() }).arriving;
    for (const one of recent) {
      const ago = Date.now() - Date.parse(one.time);
      one.time = toRfc3339(Date.now() - (ago % (60 * HOUR_MS)));
    }
    for (let at = 0; at < arriving.length; at += 1_000) await post(server.url, arriving.slice(at, at + 1_000));
    await settled(server.url, expected, 30_000);
    await post(server.url, recent);
    await post(server.url, [event('wage.alert.amended', Date.now(), { alertId: 'W21-3', tier: 'red', town: TOWN })]);
  }, 120_000);
  afterAll(() => server.stop());

  it('replays what snapshots say, at 200 random moments over scopes, windows and steps', async () => {
    const random = randomOf(5);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    // Nothing is counted meanwhile.
    let before = '';
    for (let same = 0; same < 3;) {
      const now = JSON.stringify((await framesOf({ from: toRfc3339(Date.now()), window: 'all' }))[0]!.totals);
      same = now === before ? same + 1 : 0;
      before = now;
    }
    const reach: Record<ReplayStep, number> = {
      minute: 47 * HOUR_MS,
      '5m': 47 * HOUR_MS,
      hour: 68 * DAY_MS,
      day: 800 * DAY_MS,
    };
    let moments = 0;
    while (moments < 200) {
      const step = REPLAY_STEPS[moments % 4]!;
      const window = pick(WINDOWS);
      const scope = pick(['330110', TOWN, '330100']);
      const stepMs = REPLAY_STEP_MS[step];
      const from = Math.floor(Date.now() - reach[step] * (0.1 + 0.9 * random()));
      const steps = Math.min(MAX_REPLAY_STEPS, Math.floor((Date.now() - from) / stepMs), 120);
      const frames = await framesOf({
        scope,
        window,
        step,
        from: toRfc3339(from),
        to: toRfc3339(from + steps * stepMs),
      });
      expect(frames).toHaveLength(steps + 1);
      for (let i = 0; i < 13; i++, moments++) {
        const k = Math.floor(random() * (steps + 1));
        const at = toRfc3339(from + k * stepMs);
        const snapshot = (await (await ask(`/api/v1/snapshot?${query({ scope, window, at })}`)).json()) as Frame;
        expect({ ...frames[k]!, seq: 0 }, `${scope} ${window} ${step} ${at}`).toEqual({ ...snapshot, seq: 0 });
      }
    }
  }, 90_000);

  it('refuses what the past does not tell, and says why', async () => {
    const now = Date.now();
    const ago = (ms: number) => toRfc3339(now - ms);
    expect(await problemOf({ from: ago(-HOUR_MS) })).toEqual([400, 'from']);
    expect(await problemOf({ from: ago(HOUR_MS), to: ago(-HOUR_MS) })).toEqual([400, 'to']);
    expect(await problemOf({ from: ago(HOUR_MS), to: ago(2 * HOUR_MS) })).toEqual([400, 'from']);
    expect(await problemOf({ from: '2001-01-01T00:00:00Z', to: '2001-02-01T00:00:00Z', step: 'day' })).toEqual([
      400,
      'from',
    ]);
    expect(await problemOf({ from: '1999-01-01T00:00:00Z', step: 'day' })).toEqual([400, 'from']);
    const span = (steps: number) => ({ from: ago(steps * MINUTE_MS), to: ago(0), step: 'minute' });
    expect(await problemOf(span(1_501))).toEqual([422, 'step']);
    expect(await framesOf(span(1_500))).toHaveLength(1_501);
    for (const step of ['minute', '5m'] as const)
      expect(await problemOf({ from: ago(51 * HOUR_MS), to: ago(50 * HOUR_MS), step })).toEqual([422, 'step']);
    expect(await problemOf({ from: ago(71 * DAY_MS), to: ago(70 * DAY_MS), step: 'hour' })).toEqual([422, 'step']);
    expect(await problemOf({})).toEqual([400, 'from']);
    expect(await problemOf({ from: 'yesterday' })).toEqual([400, 'from']);
    expect(await problemOf({ from: ago(0), step: 'week' })).toEqual([400, 'step']);
    expect(await problemOf({ from: ago(0), window: 'fortnight' })).toEqual([400, 'window']);
    expect(await problemOf({ from: ago(0), scope: '330199' })).toEqual([404, 'scope']);
    expect(await problemOf({ from: ago(HOUR_MS), shown: 'true', window: 'all' })).toEqual([422, 'window']);
    expect(await problemOf({ from: ago(HOUR_MS), shown: 'true', step: 'minute' })).toEqual([422, 'step']);
    expect(await problemOf({ from: ago(HOUR_MS), shown: 'true', scope: TOWN })).toEqual([422, 'step']);
    // What is asked for without more: from there until now, by the hour.
    expect(await framesOf({ from: ago(3 * HOUR_MS) })).toHaveLength(4);
    expect(await framesOf({ from: ago(0), to: ago(0) })).toHaveLength(1);
  });

  it('tells of moments without a kept frame that there is none', async () => {
    const from = toRfc3339(Date.now() - 2 * HOUR_MS);
    const frames = await framesOf({ from, shown: 'true', window: 'today' });
    expect(frames.slice(0, 2).map((frame) => Object.keys(frame).sort())).toEqual(
      Array.from({ length: 2 }, () => ['at', 'missing', 'scope', 'window']),
    );
  });

  it('says where red alerts came, and how far back each step goes', async () => {
    const marks = async (fields: Record<string, string>) =>
      (await (await ask(`/api/v1/replay/marks?${query(fields)}`)).json()) as Marks;
    const all = await marks({ scope: '330110' });
    const first = (
      await framesOf({ scope: '330110', window: 'all', step: 'day', from: all.beginning, to: all.beginning })
    )[0]!;
    expect(first.totals.raised).toBeGreaterThan(0);
    expect(all.every).toBe('day');
    const red = all.marks.filter(({ kind }) => kind === 'red').reduce((sum, { count }) => sum + count, 0);
    const now = (await (await ask('/api/v1/snapshot?window=all')).json()) as Frame;
    expect(red).toBe(now.byTier.red!.raised);
    expect(all.marks.map(({ at }) => at)).toEqual(all.marks.map(({ at }) => at).sort());
    for (const step of ['minute', 'hour'] as const) {
      const from = all.steps[step]!;
      const to = toRfc3339(Date.parse(from) + HOUR_MS);
      await framesOf({ from, to, step });
    }
    const fine = await marks({ from: toRfc3339(Date.now() - 10 * HOUR_MS) });
    // A full hour may have passed meanwhile: then a frame has been kept, `since` it.
    expect(fine).toMatchObject({
      every: 'minute',
      shown: { windows: ['today', 'week', 'month', '30d'], every: 'hour' },
    });
    expect((await marks({ from: toRfc3339(Date.now() - 20 * DAY_MS) })).every).toBe('hour');
  });

  it('says where alerts were put under supervision: of a town, a region, a city, also of what is closed', async () => {
    const at = floorTo(Date.now() - 9 * HOUR_MS, HOUR_MS);
    const of = (alertId: string) => ({ alertId, region: '330110' });
    await post(server.url, [
      event('wage.alert.raised', at, { ...of('SUP-1'), town: TOWN }, { id: 'sup-1' }),
      event('wage.case.supervised', at + HOUR_MS, of('SUP-1'), { id: 'sup-2' }),
      event('wage.case.answered', at + 2 * HOUR_MS, of('SUP-1'), { id: 'sup-3' }),
      event('wage.case.supervised', at + 3 * HOUR_MS, of('SUP-1'), { id: 'sup-4' }),
      event('wage.case.supervised', at + 3 * HOUR_MS + 1, of('SUP-1'), { id: 'sup-5' }),
      event('wage.alert.closed', at + 4 * HOUR_MS, of('SUP-1'), { id: 'sup-6' }),
    ]);
    const supervised = async (scope: string) => {
      const from = toRfc3339(at);
      const answer = (await (await ask(`/api/v1/replay/marks?${query({ scope, from })}`)).json()) as Marks;
      return answer.marks.flatMap(({ at: when, kind, count }) => (kind === 'supervised' ? [[when, count]] : []));
    };
    const expected = [
      [toRfc3339(at + HOUR_MS), 1],
      [toRfc3339(at + 3 * HOUR_MS), 2],
    ];
    await expect.poll(() => supervised('330110'), { timeout: 20_000 }).toEqual(expected);
    expect(await supervised(TOWN)).toEqual(expected);
    expect(await supervised('330110002')).toEqual([]);
    await expect.poll(() => supervised('330100'), { timeout: 20_000 }).toEqual(expected);
  });

  it('holds nothing for readers that leave, and lets one at a time read four replays', async () => {
    const path = `/api/v1/replay?${query({ from: toRfc3339(Date.now() - 24 * HOUR_MS), step: 'minute', window: '24h' })}`;
    const controllers = Array.from({ length: 5 }, () => new AbortController());
    const answers = await Promise.all(controllers.map(({ signal }) => ask(path, undefined, { signal })));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 429).length).toBeLessThanOrEqual(1);
    for (const controller of controllers) controller.abort();
    let status = 0;
    while (status !== 200) ({ status } = await ask(path));
  });
});

describe('a program with people and displays', () => {
  const dir = mkdtempSync(join(tmpdir(), 'replay-'));
  beforeAll(async () => {
    const file = join(dir, 'access.json');
    writeFileSync(file, JSON.stringify({ tokens: ENTRIES }));
    server = await startServer({ ACCESS_FILE: file, MIN_FIGURE: '3' });
    await fetch(`${server.url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': 'application/cloudevents-batch+json' },
      body: JSON.stringify([secretAlert('A1'), secretAlert('A2')]),
    });
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    rmSync(dir, { recursive: true });
  });
  it('shows displays masked frames, withholds small figures and marks, and puts each reading on the trail once', async () => {
    // The last moment is now, when both have been raised.
    const from = toRfc3339(Date.now() - 10 * MINUTE_MS);
    const span = { from, step: 'minute', window: '24h' };
    let frames: Frame[] = [];
    while (frames.at(-1)?.totals.raised !== 2) frames = await framesOf(span, 'officer');
    expect(Object.keys(frames.at(-1)!.latest).sort()).toEqual(['A1', 'A2']);
    expect(leaks(JSON.stringify(frames)).length).toBeGreaterThan(0);
    const shown = await framesOf(span, 'display');
    expect(leaks(JSON.stringify(shown))).toEqual([]);
    expect(shown.at(-1)).toMatchObject({ withheld: 3, totals: { raised: 0, workers: 0 }, latest: {}, heat: {} });
    const marks = (await (await ask('/api/v1/replay/marks', 'display')).json()) as Marks;
    expect(marks).toMatchObject({ withheld: 3, marks: [] });
    expect(((await (await ask('/api/v1/replay/marks', 'officer')).json()) as Marks).marks).not.toEqual([]);

    const to = toRfc3339(Date.now());
    for (let i = 0; i < 2; i++) await framesOf({ ...span, to }, 'leader');
    const { items } = (await (await ask('/api/v1/access/trail?limit=200', 'admin')).json()) as Trail;
    const read = items.filter(({ what, who }) => what === 'replay.read' && who.name === 'leader');
    expect(read.map(({ target, detail }) => ({ target, detail }))).toEqual([
      { target: '330110', detail: { window: '24h', from, to, step: 'minute' } },
    ]);
    expect(items.some(({ what, who }) => what === 'replay.read' && who.name === 'display')).toBe(false);
  });
});
