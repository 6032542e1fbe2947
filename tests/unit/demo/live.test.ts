import { describe, expect, it } from 'vitest';
import type { WageEvent } from '../../../contract/events.ts';
import type { AlertBrief } from '../../../contract/frame.ts';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { systemClock } from '../../../demo/clock.ts';
import { Desk } from '../../../demo/desk.ts';
import type { ObservedLife } from '../../../demo/feed.ts';
import type { HistoryPlan } from '../../../demo/historyPlan.ts';
import { LiveSender, type Due } from '../../../demo/live.ts';
import { EventSender } from '../../../demo/sender.ts';
import { resumesAt } from '../../../demo/timeline.ts';
import type { Watched } from '../../../demo/year.ts';
import { pack } from './support.ts';

const START = Date.parse('2026-11-21T10:00:00+08:00');

/** A sender before a server whose alerts the test says. */
function senderBefore() {
  const posts: string[][] = [];
  const alerts: string[] = [];
  let status = 202;
  let time = START;
  let asked = 0;
  const now = () => {
    // Else a loop without end would stop the test's own clock, too.
    if (++asked > 10_000) throw new Error('it asks for the time again and again');
    return time;
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  let taken = 0;
  const upTo: number[] = [];
  const reads: string[] = [];
  const desk = new Desk({
    region: pack.code,
    read: (path) => {
      reads.push(path);
      const items = alerts.map((alertId) => ({ alertId, raisedAt: toRfc3339(START) }) as AlertBrief);
      return Promise.resolve({ total: items.length, items });
    },
    now,
  });
  const sender = new EventSender({
    url: 'http://demo.test',
    headers: {},
    log,
    clock: systemClock,
    signal: new AbortController().signal,
    fetch: (_, init) => {
      if (status !== 202) return Promise.resolve(Response.json({ title: 'No' }, { status }));
      const events = [JSON.parse(init!.body as string) as WageEvent | WageEvent[]].flat();
      posts.push(events.map(({ id }) => id));
      return Promise.resolve(Response.json({ accepted: events.length, rejected: [], rejectedTotal: 0 }, { status }));
    },
  });
  const live = new LiveSender({
    plan: { world: { pack, seed: 1 } } as unknown as HistoryPlan,
    sender,
    desk,
    speed: 1,
    now,
    log,
    onTaken: (events) => {
      taken += events;
    },
    onSent: ({ item }) => Promise.resolve(void upTo.push(item.at)),
  });
  live.watch({ register: { sites: [] } } as unknown as Watched);
  return {
    live,
    desk,
    alerts,
    reads,
    posts,
    upTo,
    taken: () => taken,
    answers: (next: number) => {
      status = next;
    },
    pass: (ms: number) => {
      time += ms;
    },
  };
}

const [first, second] = [1, 2].map((k) => ({
  k,
  crisis: { channel: 'petition', tier: 'yellow', site: false, workers: 3, amountFen: 1_950_000, arrearsDays: 20 },
  enterprise: { uscc: '91330110XXXX000199', name: '某禾建筑有限公司' },
})) as [ObservedLife, ObservedLife];
/** A step of a life; its ids end with the number of the step. */
const step = (one: ObservedLife, n: number, at: number, type = 'wage.alert.handled'): Due => ({
  wall: START + at,
  item: {
    at,
    alertId: `YJ${one.k}`,
    step: n,
    life: one,
    event: (time, _, alertId = `YJ${one.k}`) =>
      ({ id: `${alertId}-${n}`, type, time: toRfc3339(time), data: { alertId } }) as unknown as WageEvent,
  },
});
const notice = (id: string, at: number): Due => ({
  wall: START + at,
  item: { at, events: () => [{ id } as WageEvent<'wage.signal.observed'>] },
});

describe('what is live', () => {
  it('asks for an alert once in each turn, and goes on with what is due', async () => {
    const { live, posts, reads, alerts, pass, upTo } = senderBefore();
    await live.send([step(first, 0, 1)]);
    await live.send([step(first, 1, 2), step(first, 2, 3)]);
    await live.send([notice('B1', 4)]);
    expect(reads).toHaveLength(1);
    expect(posts.slice(1)).toEqual([['B1']]);
    pass(300);
    alerts.push('SG-1');
    await live.send([]);
    expect(posts.slice(2)).toEqual([['SG-1-1', 'SG-1-2']]);
    expect(upTo).toEqual([1, 3, 4]);
  });

  it('loses no step whose observations were in the same part', async () => {
    const { live, posts, alerts } = senderBefore();
    alerts.push('SG-1');
    await live.send([notice('B1', 1), step(first, 0, 2), step(first, 1, 3), notice('B2', 4)]);
    expect(posts).toHaveLength(2);
    expect(posts[0]).toEqual(expect.arrayContaining(['B1']));
    expect(posts[1]).toEqual(['SG-1-1', 'B2']);
  });

  it('loses none that has waited, either, when others are sent first', async () => {
    const { live, posts, alerts, pass } = senderBefore();
    await live.send([step(first, 0, 1)]);
    await live.send([step(first, 1, 2)]);
    alerts.push('SG-1', 'SG-2');
    pass(300);
    await live.send([step(second, 0, 3), step(second, 1, 4)]);
    expect(posts.flat()).toEqual(expect.arrayContaining(['SG-1-1', 'SG-2-1']));
  });

  it('notes nothing as done that waits: what is broken off goes on before it', async () => {
    const { live, alerts, pass } = senderBefore();
    const noted = (at: number) => {
      const waiting = live.firstWaiting;
      return resumesAt({ at, wall: START + at }, waiting && { at: waiting.item.at, wall: waiting.wall });
    };
    await live.send([step(first, 0, 10), step(second, 0, 15)]);
    expect(noted(15).at).toBe(15);
    await live.send([step(first, 1, 20), step(second, 1, 25), notice('B1', 30)]);
    expect(noted(30).at).toBeLessThan(20);
    expect(noted(30).at).toBeGreaterThanOrEqual(15);
    expect(noted(30).wall).toBe(START + 20);
    pass(300);
    alerts.push('SG-1');
    await live.send([]);
    expect(noted(30).at).toBeLessThan(25);
    expect(noted(30).at).toBeGreaterThanOrEqual(20);
    pass(5_000);
    await live.send([]);
    expect(noted(30).at).toBe(30);
  });

  it('counts what the server has taken, whenever it was sent, and nothing that it refused', async () => {
    const { live, posts, alerts, taken, answers } = senderBefore();
    alerts.push('SG-1');
    await live.send([step(first, 0, 1), step(first, 1, 2)]);
    expect(posts).toHaveLength(2);
    expect(taken()).toBe(posts.flat().length);
    answers(422);
    await live.send([notice('B1', 3)]);
    expect(taken()).toBe(posts.flat().length);
  });

  it.each([
    ['has an alert', ['SG-1']],
    ['has none', []],
  ])('forgets a life that %s at its end', async (_, found) => {
    const { live, desk, alerts, reads, pass } = senderBefore();
    alerts.push(...found);
    await live.send([step(first, 0, 1)]);
    pass(6_000);
    const last = step(first, 2, 3, 'wage.alert.closed');
    await live.send([step(first, 1, 2)]);
    const before = reads.length;
    await live.send([last]);
    expect(reads).toHaveLength(before);
    await desk.alertOf({ ...last.item, life: first } as Parameters<Desk['alertOf']>[0]);
    expect(reads).toHaveLength(before + 1);
  });
});
