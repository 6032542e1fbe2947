import { STAGES, type Stage } from '../../contract/codes.ts';
import type { GaugesView } from './cubeView.ts';
import type { OpenView } from './openView.ts';
import type { Gauges } from './gauges.ts';

/** A region's gauges, and the area of the upper pack that the region lies in. */
export interface GaugesPart {
  gauges: Gauges;
  area: string;
}

/** The sum of several regions' gauges, read from them when it is asked for. */
export class UpperGauges implements GaugesView {
  private readonly parts: readonly GaugesPart[];

  constructor(parts: readonly GaugesPart[]) {
    this.parts = parts;
  }

  advance(now: number): void {
    for (const { gauges } of this.parts) gauges.advance(now);
  }

  /** Of all areas, or of one. */
  scope(area?: string): ReturnType<GaugesView['scope']> {
    const parts = area === undefined ? this.parts : this.parts.filter((part) => part.area === area);
    const scopes = parts.map(({ gauges }) => gauges.scope());
    const byStage = (count: (scope: (typeof scopes)[number], stage: Stage) => number) =>
      Object.fromEntries(STAGES.map((stage) => [stage, sum(scopes, (scope) => count(scope, stage))])) as Record<
        Stage,
        number
      >;
    return {
      open: openOf(parts),
      byStage: byStage((scope, stage) => scope.byStage[stage]),
      overdueByStage: byStage((scope, stage) => scope.overdueByStage[stage]),
      supervised: sum(scopes, ({ supervised }) => supervised),
      overdue: sum(scopes, ({ overdue }) => overdue),
      dueToday: sum(scopes, ({ dueToday }) => dueToday),
    };
  }

  days(area: string, now: number): Record<string, number> {
    const parts = this.parts.filter((part) => part.area === area).map(({ gauges }) => gauges.days(undefined, now));
    if (parts.length === 1) return parts[0]!;
    const days: Record<string, number> = {};
    for (const part of parts) for (const [date, count] of Object.entries(part)) days[date] = (days[date] ?? 0) + count;
    return days;
  }
}

function openOf(parts: readonly GaugesPart[]): OpenView {
  const opens = parts.map(({ gauges, area }) => ({ area, open: gauges.scope().open }));
  const within = (code: string) => opens.filter(({ area }) => area === code);
  return {
    total: sum(opens, ({ open }) => open.total),
    tier: (code) => sum(opens, ({ open }) => open.tier(code)),
    industry: (code) => sum(opens, ({ open }) => open.industry(code)),
    channel: (code) => sum(opens, ({ open }) => open.channel(code)),
    town: (code) => sum(within(code), ({ open }) => open.total),
    townTier: (code, tier) => sum(within(code), ({ open }) => open.tier(tier)),
  };
}

function sum<T>(list: readonly T[], value: (item: T) => number): number {
  return list.reduce((total, item) => total + value(item), 0);
}
