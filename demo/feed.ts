import type { Enterprise, EventData, Project, WageEvent } from '../contract/events.ts';
import { HOUR_MS, MINUTE_MS } from '../common/regionTime.ts';
import { Pace } from './calendar.ts';
import { crisisOf, type Crisis } from './crisis.ts';
import { EventQueue } from './eventQueue.ts';
import { planHistory, type HistoryOptions } from './history.ts';
import type { HistoryPlan } from './historyPlan.ts';
import { composeLife, drawCore, stepsUntil, toEvent } from './life.ts';
import type { Step } from './lifePlan.ts';
import type { Task } from './people/deed.ts';
import { extrasOf, tasksOf, type Extra } from './people/tasks.ts';
import { hash, hashText, Random } from './random.ts';
import type { Scenario } from './scenario.ts';

/**
 * What happens after the history, for ever: the onward lives of its open alerts, and new ones.
 *
 * The schedule is written in activity (see `Pace`), not in clock time. Alert number k is a function of the
 * seed and k alone, so a feed can be taken up at any point of the schedule without playing what came before.
 */

export interface FeedItem {
  /** When in the schedule: ms of activity since the anchor, ascending. */
  at: number;
  alertId: string;
  /**
   * The event as it is when it happens at `time` (epoch ms).
   * @param termScale how much faster than life terms run out
   * @param alertId under which the alert goes, where somebody else has raised it
   */
  event(time: number, termScale?: number, alertId?: string): WageEvent;
  /** Which step of its life this is, from 0. */
  step: number;
  /** Of an alert that comes of observations. */
  life?: ObservedLife;
  /** Where people work: what somebody is to do. */
  task?: Task;
  /** Something between the steps, that only people do: where nobody works it is left out. */
  extra?: true;
}

/** A life that begins with observations; the rules make an alert of them. */
export interface ObservedLife {
  /** Number of the life in the feed. */
  k: number;
  crisis: Crisis;
  enterprise: Enterprise;
  project?: Project;
}

const FEED = hashText('feed');
const WAITS = hashText('feed waits');
/** Longest life in the schedule beside its slow handling, which is `slowHours` at most. */
const LONGEST_QUICK_MS = 24 * HOUR_MS;

/** @param startedAt when the demonstration was started this time, epoch ms: it is lively for a while then */
export function paceOf({ feed }: Scenario, startedAt: number): Pace {
  const { afterMinutes, pace } = feed.settled;
  return new Pace(feed.pace, { pace, lively: { from: startedAt, to: startedAt + afterMinutes * MINUTE_MS } });
}

/**
 * The schedule after the point `after` (ms of activity since the anchor), without end.
 * A feed taken up anywhere gives what the feed from the beginning gives from there on.
 * @param byRules whether new alerts come of observations
 * @param byPeople whether people do the steps, and say and decide things in between
 */
export function* feedSchedule(
  plan: HistoryPlan,
  after = -1,
  byRules = false,
  byPeople = false,
): Generator<FeedItem, never, undefined> {
  const { world, source } = plan;
  const { feed } = world.scenario;
  const every = (feed.everySeconds * 1000) / world.scale;
  const queue = new EventQueue<FeedItem>();
  const random = new Random();

  /** @param happened how many steps are past @param from when the last of them was, or the life began */
  const enter = (steps: readonly Step[], happened: number, from: number, key: number, life?: ObservedLife) => {
    let at = from;
    random.reseed(world.seed, WAITS, key);
    const slow = random.chance(feed.slow[steps[0]!.tier] ?? 0);
    const firstLeft = happened ? random.next() : 1;
    const tasks = byPeople ? tasksOf(world, steps, key) : undefined;
    const ats: number[] = [];
    steps.forEach((step, k) => {
      if (k < happened) return;
      if (k > 0) {
        const wait =
          slow && step.type === 'wage.alert.handled' && k < 6
            ? random.between(...feed.slowHours) * HOUR_MS
            : random.wait(meanWait(step, world.scenario));
        // Of the step that was under way at the anchor, a part of the wait is over: the feed begins at once.
        at += k === happened ? Math.max(2000, wait * firstLeft) : Math.max(20_000, wait);
      }
      ats[k] = at;
      if (at > after) {
        queue.push(at, {
          at,
          alertId: step.data.alertId,
          event: (time, termScale, alertId = step.data.alertId) =>
            toEvent(under(step, alertId), k, source, time, termScale),
          step: k,
          ...(life && { life }),
          ...(tasks && { task: tasks[k]! }),
        });
      }
    });
    if (!byPeople) return;
    for (const [n, extra] of extrasOf(world, steps, key, slow).entries()) {
      const [from, to] = [ats[extra.after], ats[extra.after + 1]];
      const between = from === undefined || to === undefined ? -1 : from + extra.share * (to - from);
      if (between > after) queue.push(between, extraItem(between, extra, steps.length + n, source, life));
    }
  };

  if (after < longest(world.scenario)) {
    for (const n of plan.open) {
      const steps = plan.steps(n);
      const { stage } = plan.fateOf(n)!;
      if (stage !== 'closed') enter(steps, stepsUntil(steps, stage), 0, -1 - n);
    }
  }
  const first = Math.max(0, Math.floor((after - longest(world.scenario)) / every));
  for (let k = first; ; k++) {
    const arrival = (k + new Random(world.seed, FEED, k).between(0.1, 0.9)) * every;
    // The next arrival can be no earlier than this.
    const certain = k * every;
    while (queue.nextKey < certain) yield queue.pop()!;
    const steps = newLife(plan, k, random, byRules);
    enter(steps, 0, arrival, k, byRules ? observedLife(steps, k) : undefined);
  }
}

function extraItem(
  at: number,
  { task, after: step }: Extra,
  n: number,
  source: string,
  life: ObservedLife | undefined,
): FeedItem {
  const { alertId } = task.step.data;
  return {
    at,
    alertId,
    event: (time) => toEvent(task.step, n, source, time),
    step,
    task,
    extra: true,
    ...(life && { life }),
  };
}

function newLife(plan: HistoryPlan, k: number, random: Random, byRules: boolean): Step[] {
  const { world } = plan;
  const { feed } = world.scenario;
  random.reseed(world.seed, FEED, k, 1);
  const tier = isGravest(world.seed, k, feed.gravestEvery) ? 0 : world.lesserTiers.pick(random);
  const core = drawCore(world, random, tier);
  const { falseAlarm } = world.scenario;
  const weight = falseAlarm.tiers[world.tiers[tier]!.tier] * (falseAlarm.channels[core.channel] ?? 1);
  const verdict = random.chance(Math.min(0.9, feed.falseAlarmShare * weight)) ? 'false-alarm' : 'effective';
  return composeLife(world, random, {
    alertId: plan.alertId(plan.raisedAt.length + k),
    core,
    verdict,
    recovery: feed.recoveryShare,
    byRules,
  });
}

function observedLife(steps: readonly Step[], k: number): ObservedLife {
  const raised = steps[0]!.data as EventData['wage.alert.raised'];
  const { enterprise, project } = raised;
  return { k, crisis: crisisOf(raised), enterprise, ...(project && { project }) };
}

/** The same step of an alert that goes under another id. */
function under(step: Step, alertId: string): Step {
  return step.data.alertId === alertId ? step : ({ ...step, data: { ...step.data, alertId } } as Step);
}

/** One in each block of `every`, near its middle: grave alerts come regularly, but not by the clock. */
function isGravest(seed: number, k: number, every: number): boolean {
  const block = Math.floor(k / every);
  return k - block * every === Math.floor(every / 2) - 1 + (hash(seed, FEED, block, 2) % 3);
}

function meanWait(step: Step, { feed }: Scenario): number {
  const minutes = feed.minutes[step.tier];
  const mean =
    step.wait === 'amend' || step.wait === 'raise'
      ? minutes.accept / 4
      : step.wait === 'recover'
        ? minutes.close
        : minutes[step.wait];
  return mean * MINUTE_MS;
}

function longest({ feed }: Scenario): number {
  return feed.slowHours[1] * HOUR_MS + LONGEST_QUICK_MS;
}

/**
 * The feed as events with the times at which they happen when it runs without a pause from the anchor.
 * @param speed multiplies the pace; terms run out faster by as much
 */
export function* liveFeed(options: HistoryOptions & { speed?: number }): Generator<WageEvent, never, undefined> {
  const { anchor, speed = 1 } = options;
  const plan = planHistory(options);
  const schedule = feedSchedule(plan);
  const pace = paceOf(plan.world.scenario, anchor);
  let time = anchor;
  let at = 0;
  for (;;) {
    const item = schedule.next().value;
    time = pace.after(time, (item.at - at) / speed);
    at = item.at;
    yield item.event(Math.round(time), Math.max(1, speed));
  }
}
