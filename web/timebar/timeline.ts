import type { Mark, Marks } from '../../contract/replay.ts';
import { REPLAY_STEP_MS, type MarkKind, type ReplayStep } from '../../contract/replayLimits.ts';
import { dateOf, DAY_MS, floorTo, HOUR_MS, midnight, MINUTE_MS, parseRfc3339 } from '../../common/regionTime.ts';

/** What a time bar shows, as numbers: its moments, its scale, its marks. Pure; instants in epoch ms. */

/** How fast time may go by: seconds of the past in one second. */
export const SPEEDS = [1, 10, 60, 600, 3_600] as const;
export type Speed = (typeof SPEEDS)[number];

/** How much time the bar is long. */
export const ZOOMS = ['day', 'week', 'month', 'all'] as const;
export type Zoom = (typeof ZOOMS)[number];
const ZOOM_MS: Record<Exclude<Zoom, 'all'>, number> = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };

/** A span of time, `from` ≤ t ≤ `to`. */
export interface Span {
  from: number;
  to: number;
}

/** What the server says of a scope's past (`GET /api/v1/replay/marks`). */
export interface Past {
  scope: string;
  beginning: number;
  /** The earliest moment by step. */
  steps: Record<ReplayStep, number>;
  /** Kept frames: by hour or by day, since when; absent where there is none. */
  shown: { every: 'hour' | 'day'; since?: number };
  marks: readonly Mark[];
}

export function pastOf(answer: Marks): Past {
  const beginning = parseRfc3339(answer.beginning) ?? 0;
  const since = answer.shown.since === undefined ? undefined : parseRfc3339(answer.shown.since);
  const step = (name: ReplayStep) => parseRfc3339(answer.steps[name] ?? '') ?? beginning;
  return {
    scope: answer.scope,
    beginning,
    steps: { minute: step('minute'), '5m': step('5m'), hour: step('hour'), day: step('day') },
    shown: { every: answer.shown.every, ...(since === undefined ? {} : { since }) },
    marks: answer.marks,
  };
}

/**
 * Days of today's facts end at 23:59: of days long ago only whole days are kept, and a day's figures stand under its last minute.
 * What was shown is kept by the first hour of a day.
 */
const phaseOf = (step: ReplayStep, shown: boolean): number => (step === 'day' && !shown ? DAY_MS - MINUTE_MS : 0);

/** The last moment of a step that is not after `ms`. */
export function momentBefore(ms: number, step: ReplayStep, shown: boolean): number {
  const phase = phaseOf(step, shown);
  return floorTo(ms - phase, REPLAY_STEP_MS[step]) + phase;
}

/** The nearest moment of a step; of two, the later one. */
export function nearestMoment(ms: number, step: ReplayStep, shown: boolean): number {
  const before = momentBefore(ms, step, shown);
  const after = before + REPLAY_STEP_MS[step];
  return ms - before < after - ms ? before : after;
}

/** The kept moments are not exactly known from here: the oldest minutes go while they are asked for. */
const MARGIN_MS = 10 * MINUTE_MS;
const COARSER: Record<ReplayStep, ReplayStep | undefined> = { minute: '5m', '5m': 'hour', hour: 'day', day: undefined };

/** The step by which a moment can be shown: the wanted one, or the next coarser one that is still kept there. */
export function stepAt(ms: number, wanted: ReplayStep, past: Past, shown: boolean): ReplayStep {
  // What was shown is kept by the hour, of towns by the day.
  let step: ReplayStep = shown ? (past.shown.every === 'day' || wanted === 'day' ? 'day' : 'hour') : wanted;
  for (let next = COARSER[step]; !shown && next && ms < past.steps[step] + MARGIN_MS; next = COARSER[step]) {
    // From the very beginning on everything is kept.
    if (past.steps[step] <= past.beginning) break;
    step = next;
  }
  return step;
}

/** Above this, hours would go by faster than they are seen. */
const FASTEST_HOURS = 36_000;
/** About two frames a second at the speeds that are offered, ten at most: more are not seen. @param speed seconds of the past in one second */
export function stepOfSpeed(speed: number): ReplayStep {
  if (speed <= 60) return 'minute';
  if (speed <= 600) return '5m';
  return speed <= FASTEST_HOURS ? 'hour' : 'day';
}

/** The shortest bar that shows all from a moment up to now. */
export function zoomFor(from: number, now: number): Zoom {
  return ZOOMS.find((zoom) => zoom !== 'all' && ZOOM_MS[zoom] >= now - from) ?? 'all';
}

/** A pixel of the bar is about as long as a step, or shorter. */
export function stepOfZoom(zoom: Zoom): ReplayStep {
  return zoom === 'day' ? '5m' : 'hour';
}

/** The first moment there is, by the step that is possible there. */
export function firstMoment(past: Past, wanted: ReplayStep, shown: boolean): number {
  const earliest = shown ? Math.max(past.beginning, past.shown.since ?? past.beginning) : past.beginning;
  const step = stepAt(earliest, wanted, past, shown);
  const before = momentBefore(earliest, step, shown);
  return before < earliest ? before + REPLAY_STEP_MS[step] : before;
}

/**
 * The part of time that the bar shows. Up to now where the position is near enough; else the position lies in the middle.
 * @param position undefined: now
 */
export function viewOf(zoom: Zoom, position: number | undefined, now: number, beginning: number): Span {
  if (zoom === 'all') return { from: Math.min(beginning, now - HOUR_MS), to: now };
  const length = ZOOM_MS[zoom];
  const at = position ?? now;
  const latest = { from: now - length, to: now };
  if (at >= latest.from + length / 8) return latest;
  const from = Math.max(Math.min(beginning, now - length), at - length / 2);
  return { from, to: from + length };
}

/** The view that shows `position`: the one there is, as long as it does, so that nothing moves under a finger. */
export function keptView(view: Span, zoom: Zoom, position: number | undefined, now: number, beginning: number): Span {
  const fits = zoom !== 'all' && view.to - view.from === ZOOM_MS[zoom];
  return fits && position !== undefined && position >= view.from && position <= view.to
    ? view
    : viewOf(zoom, position, now, beginning);
}

/** Where a moment lies on the bar: 0 at its left end, 1 at its right. */
export const shareOf = (ms: number, { from, to }: Span): number => (ms - from) / Math.max(1, to - from);
export const momentAt = (share: number, { from, to }: Span): number =>
  from + Math.min(1, Math.max(0, share)) * (to - from);

export interface Tick {
  at: number;
  /** How it is told: by its hour, its day, its month, or its year. */
  label: 'hour' | 'day' | 'month' | 'year';
}

/** Steps of the scale within a day and in days; then months. */
const TICK_MS = [15 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS, DAY_MS, 2 * DAY_MS, 5 * DAY_MS];
const TICK_MONTHS = [1, 3, 6, 12, 24, 60, 120];

/** The scale: the finest at which no two labels come closer than `least` (as a share of the bar). */
export function ticksOf({ from, to }: Span, least: number): Tick[] {
  const gap = (to - from) * least;
  const ms = TICK_MS.find((size) => size >= gap);
  if (ms !== undefined) {
    const ticks: Tick[] = [];
    // Days of a scale in days begin with the month, so that the first is always among them.
    for (let at = floorTo(from, DAY_MS); at <= to; at += Math.min(ms, DAY_MS)) {
      const { day } = dateOf(at);
      const fits = ms <= DAY_MS || ((day - 1) % (ms / DAY_MS) === 0 && day < 30);
      if (at >= from && fits)
        ticks.push({ at, label: floorTo(at, DAY_MS) !== at ? 'hour' : day === 1 ? 'month' : 'day' });
    }
    return ticks;
  }
  const months = TICK_MONTHS.find((count) => count * 28 * DAY_MS >= gap) ?? TICK_MONTHS.at(-1)!;
  const { year } = dateOf(from);
  const first = Math.floor(year / Math.max(1, months / 12)) * Math.max(1, months / 12);
  const ticks: Tick[] = [];
  for (let month = 0; ; month += months) {
    const at = midnight(first, month + 1, 1);
    if (at > to) return ticks;
    if (at >= from) ticks.push({ at, label: dateOf(at).month === 1 ? 'year' : 'month' });
  }
}

/** Marks that would lie on one another are one. */
export interface MarkGroup {
  kind: MarkKind;
  /** Where it stands: its first mark. */
  at: number;
  /** The last of its marks. */
  until: number;
  /** Alerts in it. */
  count: number;
}

/** The marks of a view, those of one kind closer than `least` (as a share of the bar) in one. */
export function groupsOf(marks: readonly Mark[], view: Span, least: number): MarkGroup[] {
  const groups: MarkGroup[] = [];
  const last = new Map<MarkKind, MarkGroup>();
  for (const { at: text, kind, count } of marks) {
    const at = parseRfc3339(text);
    if (at === undefined || at < view.from || at > view.to) continue;
    const group = last.get(kind);
    if (group && at - group.at < (view.to - view.from) * least) {
      group.until = at;
      group.count += count;
    } else {
      const next = { kind, at, until: at, count };
      groups.push(next);
      last.set(kind, next);
    }
  }
  return groups;
}

/**
 * The nearest mark before (−1) or after (1) a moment, as the moment at which all of it has happened: at the latest, `latest`.
 */
export function nextMark(
  marks: readonly Mark[],
  lengthMs: number,
  from: number,
  by: 1 | -1,
  latest = Infinity,
): number | undefined {
  const times = marks.flatMap(({ at }) => {
    const ms = Math.min((parseRfc3339(at) ?? NaN) + lengthMs, latest);
    return (by > 0 ? ms > from : ms < from) ? [ms] : [];
  });
  if (times.length === 0) return undefined;
  return by > 0 ? Math.min(...times) : Math.max(...times);
}

/** The parts of spans that lie in a view. */
export function within(spans: readonly Span[], view: Span): Span[] {
  return spans.flatMap(({ from, to }) => {
    const part = { from: Math.max(from, view.from), to: Math.min(to, view.to) };
    return part.from < part.to ? [part] : [];
  });
}
