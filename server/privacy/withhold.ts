import type { Compared, Frame, Measures, Row, SeriesStep } from '../../contract/frame.ts';
import type { SeriesAnswer } from '../../contract/rest.ts';
import { hiddenRows, smallerThan, type Small } from './hiddenRows.ts';
import { maskText } from './maskText.ts';
import { agendaByUnit, daysPass, termTotals, type PresentContext } from './withholdPresent.ts';

/**
 * Frames for displays where a site withholds small figures: what is said about fewer than `least` alerts is said about
 * people whom somebody may know. Exactly:
 *
 * - A figure is over the alerts that it counts: `raised`, `workers` and `amountFen` over those raised; `effective`,
 *   `falseAlarm` and the rate over those audited, each verdict by itself; `closed` and the times over those closed; `open`,
 *   `overdue`, stages and tiers over those they count; recoveries over the enterprises paid, and where those are not
 *   counted (everywhere but in the totals) over nobody knows how many.
 * - One over 1 to `least` − 1 alerts, or over nobody knows how many, is given as 0; so is what is made of it. A row or step
 *   of which nothing is left is left out where empty ones are.
 * - Nor is it told by what is shown: a breakdown that loses a small figure loses a large one beside it (hiddenRows.ts), and
 *   the tiers of a town, or of a step, are lost together. A measure that is small in all is lost everywhere.
 * - Where the window holds everything (`all`, and any other while nothing is older), alerts raised are those open and those
 *   closed, and those audited and those not: so `raised` is lost where `open` or `closed` is, and both verdicts
 *   where one of them, or what is not audited, is small.
 * - All that were ever closed are lost where what is older than the window, or than the period before it, is small.
 * - `overdue` and `dueToday` are lost where the rest of those open, or of those whose term runs, is small (withholdPresent.ts).
 * - The `days` of towns are shown all or not at all, since they cut the same alerts in another way (there, too).
 * - Single alerts are figures over one: `latest` and `agenda` are empty, `oldestOpenAt` and `lastByChannel` are left out, and
 *   notices are not sent. In the agenda's place stands how many of its alerts each unit has.
 * - `monitor` is left out.
 *
 * So no combination of the figures of one frame shows that a count lies between 1 and `least` − 1, or which it is. What two
 * windows, scopes or moments tell together is not withheld (SECURITY.md). Pure.
 * @param unitOf the name of a unit without what is personal in it
 */
export function withhold(frame: Frame, least: number, unitOf: (unit: string) => string = maskText): Frame {
  const small = smallerThan(least);
  const { totals, compare, byTown, byTier, byIndustry, byChannel, byStage, heat } = frame;
  const context: Context = {
    small,
    whole: isWhole(frame),
    lost: lostInAll(frame, small),
    closedEverLost: isClosedEverLost(frame, small),
  };
  const tiers = lostRows(byTier, context);
  const towns = lostRows(byTown, context);
  const paid = totals.enterprisesPaid >= least;
  const series = steps(frame.series, tiers.raised, context);
  const present: PresentContext = {
    small,
    openLost: context.lost.open,
    raisedLost: tiers.raised.size + towns.raised.size > 0 || raisedIn(series) !== raisedIn(frame.series),
    openOfTownLost: towns.open.size > 0,
    closedEverLost: context.closedEverLost,
  };
  const showDays = daysPass(frame, present);
  const { scope, window, at, seq, agenda } = frame;
  return {
    scope,
    window,
    at,
    seq,
    totals: {
      ...row(totals, context.lost, paid),
      enterprisesPaid: small(totals.enterprisesPaid) ? 0 : totals.enterprisesPaid,
      ...termTotals(frame, present),
      ...(totals.avgCloseHours === undefined || context.lost.closed ? {} : { avgCloseHours: totals.avgCloseHours }),
    },
    compare: Object.fromEntries(Object.entries(compare).map(([name, one]) => [name, compared(one, small)])),
    byTier: rows(byTier, tiers),
    byTown: townRows(byTown, { towns, tiers: tiers.open, days: showDays }, context),
    byIndustry: withSomething(rows(byIndustry, lostRows(byIndustry, context))),
    byChannel: withSomething(rows(byChannel, lostRows(byChannel, context))),
    ...(byStage ? { byStage: stages(byStage, context) } : {}),
    series,
    heat: heatCells(heat, totals.raised, context),
    latest: {},
    ...(agenda ? { agenda: {}, agendaByUnit: agendaByUnit(agenda, small, unitOf) } : {}),
    withheld: least,
  };
}

/** The counts by which figures are lost; each takes with it what is made of it. */
const COUNTS = ['raised', 'effective', 'falseAlarm', 'closed', 'open'] as const;
type Count = (typeof COUNTS)[number];
/** Which counts a row loses. */
type Lost = Record<Count, boolean>;
/** The rows of a breakdown that lose a count. */
type LostRows = Record<Count, ReadonlySet<string>>;

interface Context {
  small: Small;
  /** Whether the window holds everything, so that raised is open and closed, row by row. */
  whole: boolean;
  /** What is lost in all, and so everywhere. */
  lost: Lost;
  /** Whether all that were ever closed are lost. */
  closedEverLost: boolean;
}

function isWhole({ window, totals: { raised, closed, open } }: Frame): boolean {
  return window === 'all' || raised - closed === open;
}

/**
 * All that were ever closed tell, with those open, how many were ever raised: so also how many of either are older than the
 * window, or than the period before it.
 */
function isClosedEverLost({ totals, compare: { previous }, byStage }: Frame, small: Small): boolean {
  const closed = byStage?.closed ?? 0;
  const before = previous ?? { raised: 0, closed: 0 };
  const older = [closed - totals.closed, totals.open + closed - totals.raised];
  return [closed, ...older, older[0]! - before.closed, older[1]! - before.raised].some(small);
}

const unaudited = ({ raised, effective, falseAlarm }: Measures) => raised - effective - falseAlarm;

function lostInAll(frame: Frame, small: Small): Lost {
  const { totals } = frame;
  const lost = Object.fromEntries(COUNTS.map((count) => [count, small(totals[count])])) as Lost;
  if (!isWhole(frame)) return lost;
  const audit = lost.effective || lost.falseAlarm || small(unaudited(totals));
  return { ...lost, raised: lost.raised || lost.open || lost.closed, effective: audit, falseAlarm: audit };
}

function lostRows(by: Record<string, Row>, { small, whole, lost }: Context): LostRows {
  const entries = Object.entries(by);
  const hide = (count: Count, columns: (one: Row) => number[], forced?: ReadonlySet<string>): Set<string> =>
    lost[count]
      ? new Set(Object.keys(by))
      : hiddenRows(
          entries.map(([key, one]) => [key, columns(one)]),
          small,
          forced,
        );
  const each = (count: Count) => hide(count, (one) => [one[count]]);
  const [open, closed, raised] = [each('open'), each('closed'), each('raised')];
  if (!whole) return { open, closed, raised, effective: each('effective'), falseAlarm: each('falseAlarm') };
  const parted = new Set([...raised, ...open, ...closed]);
  // Those audited are no more than those raised, so they go where these go.
  const audit = hide('effective', (one) => [one.effective, one.falseAlarm, unaudited(one)], parted);
  return { open, closed, raised: parted, effective: audit, falseAlarm: audit };
}

const lostOf = (lost: LostRows, key: string): Lost =>
  Object.fromEntries(COUNTS.map((count) => [count, lost[count].has(key)])) as Lost;

/** A row without what it loses; of recoveries nobody knows how many alerts they are over, unless they are `paid`. */
function row(one: Row, lost: Lost, paid = false): Row {
  return { ...measures(one, lost, paid), open: lost.open ? 0 : one.open, ...rate(one, lost) };
}

function measures(one: Measures, lost: Omit<Lost, 'open'>, paid: boolean): Measures {
  const raised = one.raised !== 0 && !lost.raised;
  const closed = one.closed !== 0 && !lost.closed;
  return {
    raised: raised ? one.raised : 0,
    workers: raised ? one.workers : 0,
    amountFen: raised ? one.amountFen : 0,
    effective: lost.effective ? 0 : one.effective,
    falseAlarm: lost.falseAlarm ? 0 : one.falseAlarm,
    recoveredFen: paid ? one.recoveredFen : 0,
    recoveredWorkers: paid ? one.recoveredWorkers : 0,
    closed: closed ? one.closed : 0,
    closeMs: closed ? one.closeMs : 0,
  };
}

/** The rate tells both verdicts apart, so neither may be lost. */
function rate({ successRate }: { successRate?: number }, lost: Omit<Lost, 'open'>): { successRate?: number } {
  return successRate === undefined || lost.effective || lost.falseAlarm ? {} : { successRate };
}

function compared(one: Compared, small: Small): Compared {
  const lost = {
    raised: small(one.raised),
    effective: small(one.effective),
    falseAlarm: small(one.falseAlarm),
    closed: small(one.closed),
  };
  return {
    ...measures(one, lost, false),
    ...rate(one, lost),
    ...(one.avgCloseHours === undefined || lost.closed ? {} : { avgCloseHours: one.avgCloseHours }),
  };
}

function rows(by: Record<string, Row>, lost: LostRows): Record<string, Row> {
  return Object.fromEntries(Object.entries(by).map(([key, one]) => [key, row(one, lostOf(lost, key))]));
}

/** Rows that are there tell that there is something: those with nothing left are left out like empty ones. */
function withSomething(by: Record<string, Row>): Record<string, Row> {
  return Object.fromEntries(Object.entries(by).filter(([, one]) => Object.values(one).some((value) => value !== 0)));
}

type TierCounts = SeriesStep['tiers'];
const none = (tiers: TierCounts): TierCounts => Object.fromEntries(Object.keys(tiers).map((tier) => [tier, 0]));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** The tiers of towns: the columns add up to `byTier`. Of those tiers that are lost there the sum is a column of its own. */
function townRows(
  byTown: Frame['byTown'],
  lost: { towns: LostRows; tiers: ReadonlySet<string>; days: boolean },
  { small }: Context,
): Frame['byTown'] {
  const entries = Object.entries(byTown);
  const tiers = tiersOf(entries.map(([, one]) => one));
  const lostOnes = tiers.filter((tier) => lost.tiers.has(tier));
  const counts = (one: TierCounts, of: typeof tiers) => of.map((tier) => one[tier] ?? 0);
  const hidden = hiddenRows(
    entries.map(([town, one]) => [town, [...counts(one.tiers, tiers), sum(counts(one.tiers, lostOnes))]]),
    small,
    lost.towns.open,
  );
  return Object.fromEntries(
    entries.map(([town, one]) => [
      town,
      {
        ...row(one, lostOf(lost.towns, town)),
        tiers: hidden.has(town) ? none(one.tiers) : one.tiers,
        ...(one.days && lost.days ? { days: one.days } : {}),
      },
    ]),
  );
}

const tiersOf = (all: readonly { tiers: TierCounts }[]) =>
  [...new Set(all.flatMap(({ tiers }) => Object.keys(tiers)))] as (keyof TierCounts)[];

/** The tiers of steps: the columns add up to `byTier`; a tier that is lost there is lost in all steps, which would tell how large it is at least. */
function steps(series: Frame['series'], lostTiers: ReadonlySet<string>, { small, lost }: Context): Frame['series'] {
  const entries = Object.entries(series);
  const hide = (columns: (step: SeriesStep) => number[]) =>
    hiddenRows(
      entries.map(([start, step]) => [start, columns(step)]),
      small,
    );
  const tiers = tiersOf(entries.map(([, step]) => step));
  const left = tiers.filter((tier) => !lostTiers.has(tier));
  const raised = hide((step) => left.map((tier) => step.tiers[tier] ?? 0));
  const effective = hide((step) => [step.effective]);
  const falseAlarm = hide((step) => [step.falseAlarm]);
  const kept = entries.map(([start, step]): [string, SeriesStep] => [
    start,
    {
      tiers: {
        ...none(step.tiers),
        ...(raised.has(start)
          ? {}
          : Object.fromEntries(
              left.flatMap((tier) => (step.tiers[tier] === undefined ? [] : [[tier, step.tiers[tier]]])),
            )),
      },
      effective: lost.effective || effective.has(start) ? 0 : step.effective,
      falseAlarm: lost.falseAlarm || falseAlarm.has(start) ? 0 : step.falseAlarm,
      recoveredFen: 0,
    },
  ]);
  return Object.fromEntries(
    kept.filter(([, step]) => sum([step.effective, step.falseAlarm, ...Object.values(step.tiers)]) !== 0),
  );
}

const raisedIn = (series: Frame['series']) => sum(Object.values(series).flatMap(({ tiers }) => Object.values(tiers)));

/** What lies in no cell has no position: a row that is never shown, but is what the cells leave of those raised. */
const NOWHERE = '';

function heatCells(heat: Frame['heat'], raised: number, { small, lost }: Context): Frame['heat'] {
  if (lost.raised) return {};
  // In the order of their names: that in which they come depends on when they came.
  const cells = Object.entries(heat).sort(([a], [b]) => (a < b ? -1 : 1));
  const nowhere = raised - sum(cells.map(([, count]) => count));
  const hidden = hiddenRows([[NOWHERE, [nowhere]], ...cells.map(([cell, count]) => [cell, [count]] as const)], small);
  return Object.fromEntries(Object.entries(heat).filter(([cell]) => !hidden.has(cell)));
}

/** Alerts by stage are a breakdown of those open, but for `closed`. */
function stages(byStage: Record<string, number>, { small, lost, closedEverLost }: Context): Record<string, number> {
  const open = Object.entries(byStage).filter(([stage]) => stage !== 'closed');
  const hidden = lost.open
    ? new Set(open.map(([stage]) => stage))
    : hiddenRows(
        open.map(([stage, count]) => [stage, [count]]),
        small,
      );
  return Object.fromEntries(
    Object.entries(byStage).map(([stage, count]) => {
      const gone = stage === 'closed' ? closedEverLost : hidden.has(stage);
      return [stage, gone ? 0 : count];
    }),
  );
}

/**
 * A series for a display is empty: whoever may choose span and step takes any two spans from each other, and a
 * single alert is what they differ by. The steps of a frame are withheld together with its totals.
 */
export function withholdSeries(answer: SeriesAnswer, least: number): SeriesAnswer {
  return { ...answer, steps: {}, withheld: least };
}
