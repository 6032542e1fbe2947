import { latLngToCell } from 'h3-js';
import type { Frame } from '../../../../contract/frame.ts';
import type { AlertState } from '../../../../server/alerts/state.ts';
import { civil, dayOf, hourOf, instant, minuteOf, mondayOf, monthOf, stamp, y, yearOf } from './civilTime.ts';
import { PACK, TOWNS } from './pack.ts';
import type { FrameParts } from './world.ts';

/**
 * Contract §2 to §4 once more, as plainly as it can be said and sharing nothing with the program: a list of alerts, each
 * thing that they contribute with its time, and filters.
 */

const MIN = 60_000,
  HOUR = 60 * MIN,
  DAY = 24 * HOUR;
const MEASURES = [
  'raised',
  'workers',
  'amountFen',
  'effective',
  'falseAlarm',
  'recoveredFen',
  'recoveredWorkers',
  'closed',
  'closeMs',
] as const;
type M = (typeof MEASURES)[number];

export interface Fact {
  t: number;
  tier: string;
  town: string;
  industry: string;
  channel: string;
  values: Partial<Record<M, number>>;
  h3?: string;
  paidBy?: string;
}

/** By the uscc, else the name, without regard to width, white space and (of a uscc) case. */
function employerOf({ uscc, name }: { uscc?: string; name: string }): string {
  const plain = (text: string) => [...text.normalize('NFKC')].filter((one) => one.trim() !== '').join('');
  return plain(uscc ?? '').toUpperCase() || plain(name);
}

/** Contract §2, the table. */
export function factsOf(alerts: Iterable<AlertState>): Fact[] {
  const facts: Fact[] = [];
  for (const a of alerts) {
    const { tier, town, industry, channel, enterprise, location } = a.facts;
    const { positionOutside } = a;
    const cell = { tier, town, industry, channel };
    const raised: Fact = {
      ...cell,
      t: a.raisedAt,
      values: { raised: 1, workers: a.facts.workers, amountFen: a.facts.amountFen },
    };
    if (location && !positionOutside) raised.h3 = latLngToCell(location.lat, location.lng, 8);
    facts.push(raised);
    if (a.verdict === 'effective') facts.push({ ...cell, t: a.verdictAt!, values: { effective: 1 } });
    if (a.verdict === 'false-alarm') facts.push({ ...cell, t: a.verdictAt!, values: { falseAlarm: 1 } });
    for (const r of a.recoveries) {
      facts.push({
        ...cell,
        t: r.at,
        values: { recoveredFen: r.amountFen, recoveredWorkers: r.workers },
        paidBy: employerOf(enterprise),
      });
    }
    if (a.stage === 'closed')
      facts.push({ ...cell, t: a.closedAt!, values: { closed: 1, closeMs: a.closedAt! - a.raisedAt } });
  }
  return facts;
}

type Bucket = (t: number) => number;
export interface Window {
  bucket: Bucket;
  step: Bucket;
  /** Whether a bucket starting at s is in. */
  main: (s: number) => boolean;
  previous?: (s: number) => boolean;
  lastYear?: (s: number) => boolean;
}

/** Contract §3, the table and its three rules. */
export function windowAt(window: string, now: number): Window {
  const rolling = (bucket: Bucket, step: Bucket, W: number): Window => {
    const cur = bucket(now);
    return { bucket, step, main: (s) => s > cur - W, previous: (s) => cur - 2 * W < s && s <= cur - W };
  };
  const calendar = (bucket: Bucket, step: Bucket, P: number, before: number): Window => {
    const cur = bucket(now);
    return { bucket, step, main: (s) => s >= P, previous: (s) => before <= s && s <= before + (cur - P) && s < P };
  };
  const today = dayOf(now);
  const c = civil(now);
  const yearBack = (W: number) => ({ lastYear: (s: number) => y(today) - W < s && s <= y(today) });
  switch (window) {
    case '1h':
      return rolling(minuteOf, minuteOf, HOUR);
    case '24h':
      return rolling(minuteOf, hourOf, DAY);
    case '7d':
      return { ...rolling(hourOf, dayOf, 7 * DAY), ...yearBack(7 * DAY) };
    case '30d':
      return { ...rolling(hourOf, dayOf, 30 * DAY), ...yearBack(30 * DAY) };
    case '365d':
      return { ...rolling(dayOf, dayOf, 365 * DAY), ...yearBack(365 * DAY) };
    case 'today':
      return calendar(minuteOf, hourOf, today, today - DAY);
    case 'week': {
      const P = mondayOf(now);
      return {
        ...calendar(hourOf, dayOf, P, P - 7 * DAY),
        lastYear: (s) => P - 364 * DAY <= s && s <= today - 364 * DAY,
      };
    }
    case 'month': {
      const P = monthOf(now);
      return { ...calendar(hourOf, dayOf, P, instant(c.y, c.mo - 1, 1)), lastYear: (s) => y(P) <= s && s <= y(today) };
    }
    case 'year': {
      const P = yearOf(now);
      return { ...calendar(dayOf, dayOf, P, instant(c.y - 1, 0, 1)), lastYear: (s) => y(P) <= s && s <= y(today) };
    }
    case 'all':
      return { bucket: dayOf, step: monthOf, main: () => true };
    default:
      throw new Error(window);
  }
}

const inScope = (scope: string) => (x: { town: string }) => scope.length === 6 || x.town === scope;

function sum(facts: Fact[]): Record<M, number> {
  // Exact, and then the nearest number: contract §4.
  const total = Object.fromEntries(MEASURES.map((m) => [m, 0n])) as Record<M, bigint>;
  for (const { values } of facts) for (const m of Object.keys(values) as M[]) total[m] += BigInt(values[m]!);
  return Object.fromEntries(MEASURES.map((m) => [m, Number(total[m])])) as Record<M, number>;
}
function derived(m: Record<M, number>, withHours: boolean) {
  const audited = m.effective + m.falseAlarm;
  return {
    ...m,
    ...(audited ? { successRate: m.effective / audited } : {}),
    ...(withHours && m.closed ? { avgCloseHours: m.closeMs / m.closed / 3_600_000 } : {}),
  };
}

export interface View {
  scope: string;
  window: string;
  at: number;
  seq: number;
  /** Facts of the window, each with the start of the bucket that stands for it. */
  main: { s: number; fact: Fact }[];
  step: Bucket;
  /** The areas of the frame, where they are not the pack's towns. */
  towns?: readonly string[];
  previous?: Fact[];
  lastYear?: Fact[];
  /** Open alerts, possibly as differences. */
  open: { tier: string; town: string; industry: string; channel: string; n: number }[];
}

/** Contract §4, but `latest` and what only the present has. */
export function frameOf(view: View): FrameParts {
  const { scope, main, open } = view;
  const here = inScope(scope);
  const facts = main.filter((x) => here(x.fact));
  const opened = open.filter(here);
  const row = (dim?: 'tier' | 'town' | 'industry' | 'channel', code?: string) => ({
    ...derived(sum(facts.map((x) => x.fact).filter((f) => !dim || f[dim] === code)), !dim),
    open: opened.filter((o) => !dim || o[dim] === code).reduce((n, o) => n + o.n, 0),
  });
  const rows = (dim: 'industry' | 'channel') =>
    Object.fromEntries(
      [...new Set([...facts.map((x) => x.fact[dim]), ...opened.map((o) => o[dim])])]
        .map((code) => [code, row(dim, code)] as const)
        .filter(([, r]) => r.open !== 0 || MEASURES.some((m) => r[m] !== 0)),
    );
  const tiers = PACK.tiers.map((t) => t.tier as string);
  const series: Frame['series'] = {};
  for (const start of new Set(facts.map((x) => view.step(x.s)))) {
    const within = facts.filter((x) => view.step(x.s) === start).map((x) => x.fact);
    const totals = sum(within);
    const shown = {
      tiers: Object.fromEntries(tiers.map((tier) => [tier, sum(within.filter((f) => f.tier === tier)).raised])),
      effective: totals.effective,
      falseAlarm: totals.falseAlarm,
      recoveredFen: totals.recoveredFen,
    };
    if (totals.raised || totals.effective || totals.falseAlarm || totals.recoveredFen) series[stamp(start)] = shown;
  }
  const heat: Record<string, number> = {};
  for (const { fact } of facts) if (fact.h3) heat[fact.h3] = (heat[fact.h3] ?? 0) + 1;
  const compare: Frame['compare'] = {};
  if (view.previous) compare.previous = derived(sum(view.previous.filter(here)), true);
  if (view.lastYear) compare.lastYear = derived(sum(view.lastYear.filter(here)), true);
  return {
    scope,
    window: view.window as Frame['window'],
    at: stamp(view.at),
    seq: view.seq,
    totals: { ...row(), enterprisesPaid: new Set(facts.flatMap((x) => x.fact.paidBy ?? [])).size },
    compare,
    byTier: Object.fromEntries(tiers.map((tier) => [tier, row('tier', tier)])),
    byTown: Object.fromEntries(
      (view.towns ?? TOWNS)
        .filter((town) => scope.length === 6 || town === scope)
        .map((town) => [
          town,
          {
            ...row('town', town),
            tiers: Object.fromEntries(
              tiers.map((tier) => [
                tier,
                opened.filter((o) => o.town === town && o.tier === tier).reduce((n, o) => n + o.n, 0),
              ]),
            ),
          },
        ]),
    ),
    byIndustry: rows('industry'),
    byChannel: rows('channel'),
    series,
    heat,
  };
}

/** An alert, with its region where ids of several may be the same. */
type Known = AlertState & { region?: string };

/** The moment that stands for no term at all. */
const NO_TERM = Date.parse('2101-01-01T00:00:00+08:00');
const running = (a: AlertState) => a.dueAt !== NO_TERM;

/** Contract §4, what only the present has, added to a frame. */
function addPresent(frame: FrameParts, alerts: readonly Known[], now: number): void {
  const here = alerts.filter((a) => inScope(frame.scope)(a.facts));
  const stages = ['raised', 'dispatched', 'accepted', 'handled', 'audited', 'closed'];
  frame.byStage = Object.fromEntries(stages.map((stage) => [stage, here.filter((a) => a.stage === stage).length]));
  frame.totals.overdue = here.filter((a) => running(a) && now > a.dueAt).length;
  frame.overdueByStage = Object.fromEntries(
    stages
      .slice(0, 5)
      .map((stage) => [stage, here.filter((a) => a.stage === stage && running(a) && now > a.dueAt).length]),
  );
  frame.totals.supervised = here.filter((a) => a.supervised && a.stage !== 'closed').length;
  const midnight = dayOf(now) + DAY;
  frame.totals.dueToday = here.filter((a) => running(a) && now <= a.dueAt && a.dueAt <= midnight).length;
  for (const [town, row] of Object.entries(frame.byTown)) {
    const own = here.filter((a) => a.facts.town === town);
    row.days = {};
    for (const { raisedAt } of own) {
      const day = dayOf(raisedAt);
      if (day > dayOf(now) || day <= dayOf(now) - 30 * DAY) continue;
      const date = stamp(day).slice(0, 10);
      row.days[date] = (row.days[date] ?? 0) + 1;
    }
    const open = own.filter((a) => a.stage !== 'closed').map(({ raisedAt }) => raisedAt);
    if (open.length) row.oldestOpenAt = stamp(Math.min(...open));
  }
  const before = (a: string | undefined, b: string | undefined) => (a! < b! ? -1 : a! > b! ? 1 : 0);
  const agenda = here
    .filter(running)
    .sort((a, b) => a.dueAt - b.dueAt || before(a.alertId, b.alertId) || before(a.region, b.region))
    .slice(0, 30);
  frame.agenda = Object.fromEntries(
    agenda.map((a) => [
      a.region === undefined ? a.alertId : `${a.region}/${a.alertId}`,
      { alertId: a.alertId, stage: a.stage, dueAt: stamp(a.dueAt), overdue: now > a.dueAt },
    ]),
  );
  if (frame.scope.length === 9) return;
  frame.lastByChannel = {};
  for (const channel of new Set(here.map((a) => a.facts.channel))) {
    const own = here.filter((a) => a.facts.channel === channel);
    frame.lastByChannel[channel] = {
      raisedAt: stamp(Math.max(...own.map((a) => a.raisedAt))),
      changedAt: stamp(Math.max(...own.map((a) => a.changedAt))),
    };
  }
}

/** The frame of now, but `latest`. */
export function liveFrame(
  alerts: Known[],
  scope: string,
  window: string,
  now: number,
  seq: number,
  towns?: readonly string[],
): FrameParts {
  const facts = factsOf(alerts);
  const rules = windowAt(window, now);
  const view: View = {
    scope,
    window,
    at: now,
    seq,
    step: rules.step,
    main: facts.map((fact) => ({ s: rules.bucket(fact.t), fact })).filter((x) => rules.main(x.s)),
    open: alerts.filter((a) => a.stage !== 'closed').map(({ facts: f }) => ({ ...f, n: 1 })),
  };
  if (towns) view.towns = towns;
  if (rules.previous) view.previous = facts.filter((f) => rules.previous!(rules.bucket(f.t)));
  if (rules.lastYear) view.lastYear = facts.filter((f) => rules.lastYear!(dayOf(f.t)));
  const frame: FrameParts = frameOf(view);
  addPresent(frame, alerts, now);
  return frame;
}

/**
 * The frame of a moment in the past, but `latest`, as `buildPastFrame` documents it. `clock` decides what is kept:
 * minutes 50 hours, hours 70 days. A fact is represented by one bucket: of the window's own grain, or the next coarser
 * one where not kept whole; and of a finer one, if kept, where that bucket is the one in which `at` lies.
 */
export function pastFrame(
  alerts: AlertState[],
  scope: string,
  window: string,
  at: number,
  clock: number,
  seq: number,
  towns?: readonly string[],
): FrameParts {
  const facts = factsOf(alerts);
  const rules = windowAt(window, at);
  const grains = [minuteOf, hourOf, dayOf];
  const keptFrom = [minuteOf(clock) - 50 * HOUR + MIN, hourOf(clock) - 70 * DAY + HOUR];
  /** Whether the buckets of a grain that make up one of the next coarser are all there. */
  const wholeKept = (grain: number, t: number) => grain === 2 || grains[grain + 1]!(t) >= keptFrom[grain]!;
  const kept = (own: number, t: number) => {
    let grain = own;
    while (!wholeKept(grain, t)) grain++;
    return grain;
  };
  const cut = (own: number, t: number) => {
    let grain = kept(own, t);
    while (grain > 0 && grains[grain]!(t) === grains[grain]!(at) && wholeKept(grain - 1, t)) grain--;
    return grain;
  };
  const own = grains.indexOf(rules.bucket);
  const until = (grain: number) => (fact: Fact) => {
    const used = cut(grain, fact.t);
    return { s: grains[used]!(fact.t), in: grains[used]!(fact.t) <= grains[used]!(at), fact };
  };
  const view: View = {
    scope,
    window,
    at,
    seq,
    step: rules.step,
    main: facts.map(until(own)).filter((x) => x.in && rules.main(x.s)),
    open: facts
      .map(until(2))
      .filter((x) => x.in)
      .map(({ fact }) => {
        const { tier, town, industry, channel, values } = fact;
        return { tier, town, industry, channel, n: (values.raised ?? 0) - (values.closed ?? 0) };
      }),
  };
  if (towns) view.towns = towns;
  if (rules.previous) view.previous = facts.filter((f) => rules.previous!(grains[kept(own, f.t)]!(f.t)));
  if (rules.lastYear) view.lastYear = facts.filter((f) => rules.lastYear!(dayOf(f.t)));
  return frameOf(view);
}
