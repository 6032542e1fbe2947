import type { Frame, Measures, Row } from '../../../../contract/frame.ts';
import { largest, type Equation } from './linear.ts';

const BREAKDOWNS = ['byTier', 'byTown', 'byIndustry', 'byChannel'] as const;

/**
 * Somebody who has one frame of a display, and knows how the figures of a frame hang together: which are sums of which. All
 * that is shown is known to them; what is given as 0 may be anything. How large may a withheld count be, by every linear
 * combination of what is shown? (By duality that is a linear program's maximum.) A count that must be small is found out.
 */
export function foundOut(frame: Frame, shown: Frame, least: number): string[] {
  const cells = new Map<string, { value: number; known: boolean }>();
  const equations: Equation[] = [];
  const cell = (name: string, value: number, given: number | undefined): string => {
    cells.set(name, { value, known: given !== undefined && given !== 0 });
    return name;
  };
  const never = (name: string, value: number) => cell(name, value, undefined);
  /** `whole` is the sum of `parts`. */
  const sum = (whole: string, parts: readonly string[]) =>
    equations.push({ terms: [[whole, -1], ...parts.map((part) => [part, 1] as const)], is: 0 });

  // A window that holds everything, be it because nothing is older; somebody may know that.
  const whole =
    (frame.byStage?.closed ?? frame.totals.closed) === frame.totals.closed &&
    [frame.totals, ...BREAKDOWNS.flatMap((name) => Object.values(frame[name]))].every(
      ({ raised, open, closed, effective, falseAlarm }) => raised === open + closed && raised >= effective + falseAlarm,
    );

  const COUNTS = ['raised', 'effective', 'falseAlarm', 'closed', 'open'] as const;
  const rowCells = (at: string, one: Row, given: Row | undefined) => {
    for (const count of COUNTS) cell(`${at}.${count}`, one[count], given?.[count]);
    if (given?.successRate !== undefined)
      equations.push({
        terms: [
          [`${at}.effective`, one.falseAlarm],
          [`${at}.falseAlarm`, -one.effective],
        ],
        is: 0,
      });
    if (!whole) return;
    sum(`${at}.raised`, [`${at}.open`, `${at}.closed`]);
    const unaudited = (one as Measures).raised - one.effective - one.falseAlarm;
    sum(`${at}.raised`, [`${at}.effective`, `${at}.falseAlarm`, never(`${at}.unaudited`, unaudited)]);
  };
  rowCells('totals', frame.totals, shown.totals);
  for (const name of BREAKDOWNS) {
    const keys = Object.keys(frame[name]);
    for (const key of keys) rowCells(`${name}.${key}`, frame[name][key]!, shown[name][key]);
    for (const count of COUNTS)
      sum(
        `totals.${count}`,
        keys.map((key) => `${name}.${key}.${count}`),
      );
  }

  const tiers = Object.keys(frame.byTier) as (keyof Frame['series'][string]['tiers'])[];
  for (const [town, { tiers: open }] of Object.entries(frame.byTown)) {
    const parts = tiers.map((tier) =>
      cell(`byTown.${town}.tiers.${tier}`, open[tier] ?? 0, shown.byTown[town]?.tiers[tier]),
    );
    sum(`byTown.${town}.open`, parts);
  }
  for (const tier of tiers)
    sum(
      `byTier.${tier}.open`,
      Object.keys(frame.byTown).map((town) => `byTown.${town}.tiers.${tier}`),
    );

  const starts = Object.keys(frame.series);
  for (const start of starts) {
    const [step, given] = [frame.series[start]!, shown.series[start]];
    for (const tier of tiers) cell(`series.${start}.${tier}`, step.tiers[tier] ?? 0, given?.tiers[tier]);
    for (const verdict of ['effective', 'falseAlarm'] as const)
      cell(`series.${start}.${verdict}`, step[verdict], given?.[verdict]);
  }
  for (const tier of tiers)
    sum(
      `byTier.${tier}.raised`,
      starts.map((start) => `series.${start}.${tier}`),
    );
  for (const verdict of ['effective', 'falseAlarm'] as const)
    sum(
      `totals.${verdict}`,
      starts.map((start) => `series.${start}.${verdict}`),
    );

  const heat = Object.entries(frame.heat).map(([h3, count]) => cell(`heat.${h3}`, count, shown.heat[h3]));
  const located = Object.values(frame.heat).reduce((total, count) => total + count, 0);
  sum('totals.raised', [...heat, never('heat.nowhere', frame.totals.raised - located)]);

  if (frame.byStage) {
    const stages = Object.keys(frame.byStage);
    for (const stage of stages) cell(`byStage.${stage}`, frame.byStage[stage]!, shown.byStage![stage]);
    sum(
      'totals.open',
      stages.filter((stage) => stage !== 'closed').map((stage) => `byStage.${stage}`),
    );
    if (whole) sum('totals.closed', ['byStage.closed']);
    // All that were ever closed, and with those open all that were ever raised: in the window, in the period before, or older.
    const { totals, compare } = frame;
    const closedEver = frame.byStage.closed!;
    const ever = { closed: closedEver, raised: totals.open + closedEver };
    for (const count of ['closed', 'raised'] as const) {
      const older = never(`older.${count}`, ever[count] - totals[count]);
      equations.push({
        terms: [
          ['byStage.closed', 1] as const,
          ...(count === 'raised' ? [['totals.open', 1] as const] : []),
          [`totals.${count}`, -1] as const,
          [older, -1] as const,
        ],
        is: 0,
      });
      if (!compare.previous) continue;
      const before = cell(`before.${count}`, compare.previous[count], shown.compare.previous?.[count]);
      sum(older, [before, never(`muchOlder.${count}`, ever[count] - totals[count] - compare.previous[count])]);
    }
    const overdue = frame.totals.overdue!;
    const dueToday = frame.totals.dueToday!;
    cell('overdue', overdue, shown.totals.overdue);
    cell('dueToday', dueToday, shown.totals.dueToday);
    sum('totals.open', ['overdue', never('open, not overdue', frame.totals.open - overdue)]);
    sum('totals.open', ['overdue', 'dueToday', never('open, not due', frame.totals.open - overdue - dueToday)]);
    const running = ['raised', 'dispatched', 'accepted'];
    const terms = running.reduce((total, stage) => total + frame.byStage![stage]!, 0);
    const inTerm = never('in term', terms - overdue);
    equations.push({
      terms: [...running.map((stage) => [`byStage.${stage}`, 1] as const), ['overdue', -1], [inTerm, -1]],
      is: 0,
    });
  }

  if (frame.byStage && frame.agenda) {
    const running = ['raised', 'dispatched', 'accepted'];
    const terms = running.reduce((total, stage) => total + frame.byStage![stage]!, 0);
    const later = never('later', terms - frame.totals.overdue! - frame.totals.dueToday!);
    equations.push({
      terms: [
        ...running.map((stage) => [`byStage.${stage}`, 1] as const),
        ...['overdue', 'dueToday', later].map((part) => [part, -1] as const),
      ],
      is: 0,
    });
    const units = new Map<string, number>();
    for (const { unit = '' } of Object.values(frame.agenda)) units.set(unit, (units.get(unit) ?? 0) + 1);
    const parts = [...units].map(([unit, n]) =>
      unit === '' ? never('unit.', n) : cell(`unit.${unit}`, n, shown.agendaByUnit?.[unit]),
    );
    // All that run, or the first thirty of them.
    equations.push(
      terms <= 30
        ? {
            terms: [
              ...parts.map((part) => [part, -1] as const),
              ...running.map((stage) => [`byStage.${stage}`, 1] as const),
            ],
            is: 0,
          }
        : { terms: parts.map((part) => [part, 1] as const), is: 30 },
    );
  }

  const small = [...cells].filter(([, { value }]) => value > 0 && value < least);
  const told = small.filter(([, { known }]) => known).map(([name]) => `${name} is shown`);
  const most = largest(
    equations,
    cells,
    small.map(([name]) => name),
  );
  return [...told, ...[...most].filter(([, max]) => max < least).map(([name, max]) => `${name} is at most ${max}`)];
}
