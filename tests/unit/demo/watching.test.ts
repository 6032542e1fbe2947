import { expect, it } from 'vitest';
import { Desk } from '../../../demo/desk.ts';
import { planHistory } from '../../../demo/history.ts';
import { Register } from '../../../demo/register.ts';
import { EventSender, type AnyEvent } from '../../../demo/sender.ts';
import type { DemoState, StateFile } from '../../../demo/stateFile.ts';
import { startWatching } from '../../../demo/watch.ts';
import { pack } from './support.ts';

const ANCHOR = Date.parse('2026-11-21T10:00:00+08:00');
const SCALE = 0.001;
const plan = planHistory({ pack, seed: 1, anchor: ANCHOR });
const { employers, sites } = new Register(plan.world, { scale: SCALE });
const registered = employers + sites.length;
/** Events in one request. */
const PART = 2_000;

/** Enters what is watched, from where a break was: what it sends, and how often it has paused before it sends anything. */
async function enterFrom(sent: number) {
  const { signal } = new AbortController();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const ids: string[] = [];
  let pauses = 0;
  let pausesBefore: number | undefined;
  const clock = {
    now: () => ANCHOR,
    sleep: () => Promise.resolve(void pauses++),
  };
  const sender = new EventSender({
    url: 'http://demo.test',
    headers: {},
    log,
    clock,
    signal,
    fetch: async (input, init) => {
      if (new URL(input as URL).pathname === '/api/v1/snapshot')
        return Response.json({ monitor: { enterprises: employers, observations: { total: 1 } } });
      pausesBefore ??= pauses;
      const lines = (await new Response(init!.body as ReadableStream).text()).trimEnd().split('\n');
      ids.push(...lines.map((line) => (JSON.parse(line) as AnyEvent).id));
      return Response.json({ accepted: lines.length, rejected: [], rejectedTotal: 0 });
    },
  });
  const state: DemoState = {
    seed: 1,
    scale: 1,
    anchor: ANCHOR,
    historyDone: true,
    feed: { at: 0, wall: ANCHOR },
    watch: { scale: SCALE, at: ANCHOR, inForceAt: ANCHOR + 1, sent, done: false },
  };
  await startWatching({
    scale: SCALE,
    activate: () => Promise.resolve(),
    plan,
    sender,
    desk: new Desk({ region: pack.code, read: () => Promise.resolve(undefined), now: clock.now }),
    file: { save: () => Promise.resolve() } as unknown as StateFile,
    state,
    log,
    clock,
    signal,
    onSent: () => undefined,
  });
  expect(state.watch).toMatchObject({ sent: sent + ids.length, done: true });
  return { ids, pausesBefore };
}

it('goes on after a break with what was not sent, and lets others have their turn on the way there', async () => {
  const { ids: whole } = await enterFrom(0);
  expect(new Set(whole).size).toBe(whole.length);
  expect(whole.length).toBeGreaterThan(registered + 3 * PART);
  for (const sent of [employers - 7, registered - 3]) {
    const { ids, pausesBefore } = await enterFrom(sent);
    expect(ids).toEqual(whole.slice(sent));
    expect(pausesBefore).toBe(0);
  }
  const later = registered + 3 * PART - 5;
  const { ids, pausesBefore } = await enterFrom(later);
  expect(ids).toEqual(whole.slice(later));
  expect(pausesBefore).toBeGreaterThanOrEqual(2);
});
