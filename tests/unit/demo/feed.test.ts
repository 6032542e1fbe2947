import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { ALERT_EVENT_TYPES } from '../../../contract/codes.ts';
import { envelope, type WageEvent } from '../../../contract/events.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseRfc3339 } from '../../../common/regionTime.ts';
import { Pace } from '../../../demo/calendar.ts';
import { feedSchedule, liveFeed, paceOf, type FeedItem } from '../../../demo/feed.ts';
import { generateHistory, planHistory } from '../../../demo/history.ts';
import { publishedScenario, type Scenario } from '../../../demo/scenario.ts';
import { count, fold, isOverdue, manyTowns, pack, wrong, type Folded } from './support.ts';

const ANCHOR = Date.parse('2026-11-21T10:00:00+08:00');
const DAYS = 30;
const published = publishedScenario();
/** As it is in the first hour, for ever: what the schedule holds is the same, only sooner. */
const scenario: Scenario = { ...published, feed: { ...published.feed, settled: { afterMinutes: 1, pace: 1 } } };
const options = { pack, seed: 1, anchor: ANCHOR, scenario };
const hourOf = (ms: number) => new Date(ms + 8 * HOUR_MS).getUTCHours();
const dayTime = (ms: number) => hourOf(ms) >= 9 && hourOf(ms) < 18;

function until(feed: Iterable<WageEvent>, end: number): WageEvent[] {
  const events: WageEvent[] = [];
  for (const event of feed) {
    if (parseRfc3339(event.time)! > end) break;
    events.push(event);
  }
  return events;
}

function take(schedule: Iterator<FeedItem>, n: number): FeedItem[] {
  return Array.from({ length: n }, () => schedule.next().value as FeedItem);
}

describe('the feed where people work', () => {
  const plan = planHistory(options);
  const key = ({ at, alertId, task }: FeedItem) => `${at} ${alertId} ${task!.step.type} ${task!.nth}`;

  it('has the same steps at the same times, and between them what people say and decide', () => {
    const told = take(feedSchedule(plan, -1, true), 800);
    const done = take(feedSchedule(plan, -1, true, true), 1_000);
    const steps = done.filter(({ extra }) => !extra);
    const same = Math.min(told.length, steps.length);
    expect(steps.slice(0, same).map(({ at, alertId, step }) => [at, alertId, step])).toEqual(
      told.slice(0, same).map(({ at, alertId, step }) => [at, alertId, step]),
    );
    const extras = done.filter(({ extra }) => extra);
    expect(new Set(extras.map(({ task }) => task!.step.type))).toEqual(
      new Set([
        'wage.case.noted',
        'wage.case.urged',
        'wage.case.extended',
        'wage.case.supervised',
        'wage.case.answered',
      ]),
    );
    const between = (extra: FeedItem) => {
      const of = (type: string) =>
        steps.find(({ alertId, task }) => alertId === extra.alertId && task!.step.type === type);
      const [accepted, closed] = [of('wage.alert.accepted'), of('wage.alert.closed')];
      return (!accepted || accepted.at < extra.at) && (!closed || extra.at < closed.at);
    };
    expect(wrong(extras, between)).toEqual([]);
    const returned = steps.flatMap(({ task }) =>
      task!.step.type === 'wage.alert.audited' && task!.step.data.verdict === 'returned' ? [task!.step.data.note] : [],
    );
    expect(returned.length).toBeGreaterThan(0);
    expect(returned).not.toContain(undefined);
  });

  it('taken up anywhere, goes on as it would have', () => {
    const whole = take(feedSchedule(plan, -1, true, true), 400);
    for (const cut of [37, 150, 260]) {
      const rest = take(feedSchedule(plan, whole[cut]!.at, true, true), 100);
      expect(rest.map(key)).toEqual(whole.slice(cut + 1, cut + 101).map(key));
    }
  });
});

describe('thirty days of the feed', () => {
  let history: WageEvent[];
  let live: WageEvent[];
  let alerts: Map<string, Folded>;
  beforeAll(() => {
    history = [...generateHistory(options)];
    live = until(liveFeed(options), ANCHOR + DAYS * DAY_MS);
    alerts = fold([...history, ...live]);
  });

  it('keep the number of open alerts in its band', () => {
    const changes: [number, number][] = [];
    for (const { raisedAt, closedAt } of alerts.values()) {
      changes.push([raisedAt, 1]);
      if (closedAt !== undefined) changes.push([closedAt, -1]);
    }
    changes.sort((a, b) => a[0] - b[0]);
    let open = 0;
    let low = Infinity;
    let high = 0;
    for (const [time, change] of changes) {
      open += change;
      if (time >= ANCHOR) {
        low = Math.min(low, open);
        high = Math.max(high, open);
      }
    }
    expect(low).toBeGreaterThanOrEqual(50);
    expect(high).toBeLessThanOrEqual(110);
  });

  it('bring an event every 8 to 15 seconds by day, and are calmer at night', () => {
    const times = live.map(({ time }) => parseRfc3339(time)!);
    const byHour = count(times, (time) => String(hourOf(time)));
    for (let hour = 9; hour < 18; hour++) {
      const seconds = (DAYS * 3600) / byHour[hour]!;
      expect(seconds, `at ${hour}`).toBeGreaterThan(8);
      expect(seconds, `at ${hour}`).toBeLessThan(15);
    }
    for (let hour = 1; hour < 5; hour++) expect(byHour[hour]!).toBeLessThan(byHour['10']! / 2);
    const longest = times
      .slice(1)
      .map((time, i) => (dayTime(times[i]!) ? time - times[i]! : 0))
      .reduce((a, b) => Math.max(a, b));
    expect(longest).toBeLessThan(5 * MINUTE_MS);
  });

  it('raise a red alert every 10 to 20 minutes by day', () => {
    const red = live.flatMap((event) =>
      event.type === 'wage.alert.raised' && event.data.tier === 'red' ? [parseRfc3339(event.time)!] : [],
    );
    const gaps = red
      .slice(1)
      .map((time, i) =>
        dayTime(red[i]!) && dayTime(time) && time - red[i]! < 2 * HOUR_MS ? (time - red[i]!) / MINUTE_MS : NaN,
      )
      .filter((gap) => !Number.isNaN(gap))
      .sort((a, b) => a - b);
    expect(gaps.length).toBeGreaterThan(25 * DAYS);
    expect(gaps[0]).toBeGreaterThan(8);
    expect(gaps.at(-1)).toBeLessThan(22);
    const usual = gaps.filter((gap) => gap >= 10 && gap <= 20).length / gaps.length;
    expect(usual).toBeGreaterThan(0.95);
  });

  it('look like the history: tiers, industries, success, payments', () => {
    const raised = [...alerts.values()].filter(({ raisedAt }) => raisedAt > ANCHOR);
    const tiers = count(raised, ({ tier }) => tier);
    expect(tiers.yellow!).toBeGreaterThan(tiers.orange!);
    expect(tiers.orange!).toBeGreaterThan(tiers.red!);
    const industries = Object.entries(count(raised, ({ industry }) => industry))
      .sort((a, b) => b[1] - a[1])
      .map(([code]) => code);
    expect(industries.slice(0, 3)).toEqual(['E', 'C', 'H']);
    const verdicts = count(raised, ({ verdict }) => verdict ?? 'none');
    const success = verdicts.effective! / (verdicts.effective! + verdicts['false-alarm']!);
    expect(success).toBeGreaterThan(0.78);
    expect(success).toBeLessThan(0.84);
    const paid = raised.filter(({ recoveries }) => recoveries.length);
    expect(paid.length / DAYS).toBeGreaterThan(8);
    expect(paid.length / DAYS).toBeLessThan(40);
    expect(
      wrong(
        paid,
        ({ recoveries, amountFen, workers, verdict }) =>
          verdict === 'effective' &&
          recoveries.every((part) => part.amountFen > 0 && part.workers > 0) &&
          recoveries.reduce((sum, part) => sum + part.amountFen, 0) <= amountFen &&
          recoveries.reduce((sum, part) => sum + part.workers, 0) <= workers,
      ),
    ).toEqual([]);
  });

  it('satisfy the contract, bring every life to its end, and finish those of the history', () => {
    const ajv = new Ajv({ strict: false });
    ajv.addFormat('date-time', { validate: (text: string) => parseRfc3339(text) !== undefined });
    const checks = new Map(ALERT_EVENT_TYPES.map((type) => [type as string, ajv.compile(envelope(type))]));
    expect(wrong(live.slice(0, 20_000), (event) => checks.get(event.type)!(event) === true)).toEqual([]);
    expect(new Set([...history, ...live].map(({ id }) => id)).size).toBe(history.length + live.length);

    const order = ['raised', 'dispatched', 'accepted', 'handled', 'audited', 'closed'];
    expect(
      wrong(alerts.values(), ({ events }) => {
        let reached = -1;
        return events.every((event, i) => {
          const step = order.indexOf(event.type.split('.')[2]!);
          if (i && parseRfc3339(event.time)! <= parseRfc3339(events[i - 1]!.time)!) return false;
          if (step < 0) return reached >= 0 && reached < 5;
          const follows = step === reached + 1;
          reached = event.type === 'wage.alert.audited' && event.data.verdict === 'returned' ? 1 : step;
          return follows;
        });
      }),
    ).toEqual([]);
    const old = [...alerts.values()].filter(({ raisedAt }) => raisedAt < ANCHOR + (DAYS - 7) * DAY_MS);
    expect(wrong(old, ({ stage }) => stage === 'closed')).toEqual([]);
  });
});

describe('sixty days of the feed as it runs', () => {
  const settled = { pack, seed: 1, anchor: ANCHOR };
  let history: WageEvent[];
  let live: WageEvent[];
  beforeAll(() => {
    history = [...generateHistory(settled)];
    live = until(liveFeed(settled), ANCHOR + 60 * DAY_MS);
  });

  it('begin lively, and go on as busy as the end of the history', () => {
    const raised = [...history, ...live].flatMap(({ type, time }) =>
      type === 'wage.alert.raised' ? [parseRfc3339(time)! - ANCHOR] : [],
    );
    const between = (from: number, to: number) => raised.filter((at) => at > from && at <= to).length;
    const firstHour = between(0, HOUR_MS);
    expect(firstHour).toBeGreaterThan(30);
    expect(live.filter(({ time }) => parseRfc3339(time)! < ANCHOR + HOUR_MS).length).toBeGreaterThan(200);
    // What the wall compares: a month with the one before and with that of a year ago; at the start, and as it runs.
    const month = 30 * DAY_MS;
    for (const at of [0, 6 * HOUR_MS, 3 * DAY_MS, 10 * DAY_MS, month, 2 * month]) {
      expect(between(at - month, at) / between(at - 2 * month, at - month), `${at / DAY_MS} days on`).toBeGreaterThan(
        0.75,
      );
      expect(between(at - month, at) / between(at - 2 * month, at - month), `${at / DAY_MS} days on`).toBeLessThan(1.6);
    }
    expect(between(-month, 0) / between(-month - 365 * DAY_MS, -365 * DAY_MS)).toBeGreaterThan(1);
    expect(between(-month, 0) / between(-month - 365 * DAY_MS, -365 * DAY_MS)).toBeLessThan(1.6);
    // It never stands still for long.
    const by = live.map(({ time }) => parseRfc3339(time)!);
    expect(Math.max(...by.slice(1).map((time, i) => time - by[i]!))).toBeLessThan(8 * HOUR_MS);
  });

  it('keep a handful of their open alerts overdue', () => {
    let ever = 0;
    for (const day of [3, 12, 29, 59]) {
      const now = ANCHOR + day * DAY_MS;
      const then = [...fold([...history, ...live.filter(({ time }) => parseRfc3339(time)! <= now)]).values()];
      const overdue = then.filter((alert) => isOverdue(alert, now)).length;
      ever += overdue;
      expect(overdue, `day ${day}`).toBeLessThanOrEqual(24);
      const { closed, ...open } = count(then, ({ stage }) => stage);
      expect(closed).toBeGreaterThan(3000);
      for (const stage of ['raised', 'dispatched', 'accepted', 'handled', 'audited'])
        expect(open[stage], `${stage} on day ${day}`).toBeGreaterThan(0);
      const total = Object.values(open).reduce((a, b) => a + b, 0);
      expect(total).toBeGreaterThanOrEqual(40);
      expect(total).toBeLessThanOrEqual(120);
    }
    expect(ever).toBeGreaterThan(3);
  });
});

describe('the schedule', () => {
  it('taken up anywhere is what it would have been', () => {
    const plan = planHistory(options);
    const whole = feedSchedule(plan);
    const items = take(whole, 12_000);
    expect(
      wrong(
        items.slice(1).map((item, i) => [items[i]!.at, item.at] as const),
        ([before, at]) => at > before,
      ),
    ).toEqual([]);
    for (const from of [0, 1, 500, 3333, 9000]) {
      const resumed = take(feedSchedule(planHistory(options), items[from]!.at), 1500);
      const expected = items.slice(from + 1, from + 1501);
      expect(resumed.map(({ at, event }) => [at, event(ANCHOR)])).toEqual(
        expected.map(({ at, event }) => [at, event(ANCHOR)]),
      );
    }
    // Far on, beyond everything that was open at the anchor.
    const far = 5.5 * DAY_MS;
    for (let item = whole.next().value; ; item = whole.next().value) {
      if (item.at <= far) continue;
      const resumed = take(feedSchedule(plan, far), 500);
      expect(resumed[0]!.event(ANCHOR)).toEqual(item.event(ANCHOR));
      expect(resumed.slice(1).map(({ at }) => at)).toEqual(take(whole, 499).map(({ at }) => at));
      break;
    }
  });

  it('is another for another seed, and faster at scale', () => {
    const at = (more: object) => take(feedSchedule(planHistory({ ...options, ...more })), 400).map((item) => item.at);
    expect(at({ seed: 2 })).not.toEqual(at({}));
    const pack60 = manyTowns();
    expect(at({ pack: pack60, scale: 10 }).at(-1)!).toBeLessThan(at({}).at(-1)! / 5);
  });

  it('runs out of time sooner at speed, terms included', () => {
    const fast = until(liveFeed({ ...options, speed: 60 }), ANCHOR + HOUR_MS);
    const slow = until(liveFeed(options), ANCHOR + 60 * MINUTE_MS);
    expect(fast.length).toBeGreaterThan(slow.length * 30);
    const dispatched = fast.find(
      (event) => event.type === 'wage.alert.dispatched',
    ) as WageEvent<'wage.alert.dispatched'>;
    const term = parseRfc3339(dispatched.data.dueAt!)! - parseRfc3339(dispatched.time)!;
    expect([24, 72, 168].map((hours) => hours * MINUTE_MS)).toContain(term);
  });
});

describe('pace', () => {
  it('after and before undo between, across midnights', () => {
    const pace = paceOf(published, ANCHOR + 20 * MINUTE_MS + 7);
    for (const from of [ANCHOR, ANCHOR + 13 * HOUR_MS + 1, Date.parse('2027-01-01T00:00:00+08:00')]) {
      for (const activity of [0, 1, 59_999, 3 * HOUR_MS, 25 * HOUR_MS, 11 * DAY_MS]) {
        const to = pace.after(from, activity);
        expect(pace.between(from, to)).toBeCloseTo(activity, 2);
        expect(Math.abs(pace.before(to, activity) - from)).toBeLessThan(0.5);
      }
    }
    expect(new Pace(Array.from({ length: 24 }, () => 2)).between(ANCHOR, ANCHOR + DAY_MS)).toBe(2 * DAY_MS);
    expect(pace.between(ANCHOR, ANCHOR - 1)).toBe(0);
  });
});
