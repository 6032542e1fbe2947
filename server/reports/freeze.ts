import { areaOf, isUpper } from '../../common/divisions.ts';
import { DAY_MS, HOUR_MS, toRfc3339 } from '../../common/regionTime.ts';
import { isOfDays, previousOf, yearBefore, type ReportSpan, type Span } from '../../common/report/spans.ts';
import { TIERS } from '../../contract/codes.ts';
import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { ReportKind } from '../../contract/reportLimits.ts';
import type {
  ComparedSpan,
  FrozenHead,
  GravestCase,
  ReportStep,
  ReportSituation,
  SituationState,
  SpanFigures,
} from '../../contract/reportSituation.ts';
import { keptFrom } from '../aggregations/grains.ts';
import { spanRows } from '../aggregations/spanRows.ts';
import type { Step } from '../aggregations/windows.ts';
import { toBrief } from '../alerts/row.ts';
import type { RegionView } from '../region/region.ts';

/** Alerts that a report lists. */
export const GRAVEST = 6;
/** A frame counts as that of a moment if it was taken at most so long after it, ms (server/replay: within 60 s of the full hour). */
const TAKEN_MS = 60_000;

export interface FreezeQuery {
  kind: ReportKind;
  scope: string;
  span: ReportSpan;
}

/** The oldest moment from which hours are kept, epoch ms. */
export const hoursKeptFrom = (view: RegionView, now: number): number =>
  Math.max(view.cube.keptFrom('hour'), keptFrom('hour', now));

/**
 * Freezes the situation of a span, in one go: no event comes between its figures.
 * @param kept the frame that was kept of the end of the span, if there is one
 * @param now epoch ms; not before the end of the span
 */
export function freeze(
  view: RegionView,
  { kind, scope, span }: FreezeQuery,
  kept: Frame | undefined,
  now: number,
): ReportSituation {
  view.advance(now);
  const { pack } = view;
  const step = stepOf(span);
  const beginning = view.cube.beginning() ?? span.from;
  const rows = (one: Span, by: Step) => spanRows(view.cube, { pack, scope, ...one, step: by });
  const main = rows(span, step);
  const compared = (one: Span): ComparedSpan => {
    const told = { from: toRfc3339(one.from), to: toRfc3339(one.to) };
    if (one.from < beginning) return { ...told, missing: 'beginning' };
    if (!isOfDays(one) && one.from < hoursKeptFrom(view, now)) return { ...told, missing: 'hours' };
    return { ...told, figures: figuresOf(rows(one, 'month')) };
  };
  const previous = previousOf(kind, span);
  return {
    ...headOf(view, { kind, scope, span }, now),
    tiers: TIERS.filter((tier) => pack.tiers.some((rule) => rule.tier === tier)),
    figures: figuresOf(main),
    series: main.series,
    step,
    ...(previous ? { previous: compared(previous) } : {}),
    lastYear: compared(yearBefore(kind, span)),
    state: stateOf(view, scope, span, kept, now),
    gravest: gravestOf(view, scope, span, now),
  };
}

/** What all frozen data begin with. @param at when they were frozen, epoch ms */
export function headOf(view: RegionView, { kind, scope, span }: FreezeQuery, at: number): FrozenHead {
  const { pack } = view;
  const town = scope.length === 9 ? areaOf(pack, scope) : undefined;
  return {
    version: 1,
    kind,
    scope,
    scopeName: (town ?? pack).name,
    areas: (town ? [town] : pack.towns).map(({ code, name }) => ({ code, name })),
    from: toRfc3339(span.from),
    to: toRfc3339(span.to),
    whole: span.whole,
    frozenAt: toRfc3339(at),
    beginning: toRfc3339(view.cube.beginning() ?? span.from),
  };
}

export function stepOf({ from, to }: Span): ReportStep {
  const days = (to - from) / DAY_MS;
  return days <= 1 ? 'hour' : days <= 92 ? 'day' : 'month';
}

type Rows = ReturnType<typeof spanRows>;

function figuresOf({ totals, byTier, byTown, byIndustry, byChannel }: Rows): SpanFigures {
  // Of towns the frame has open alerts by tier, too.
  const towns: SpanFigures['byTown'] = {};
  for (const [code, { tiers, ...row }] of Object.entries(byTown)) if (tiers) towns[code] = row;
  return { totals, byTier, byTown: towns, byIndustry, byChannel };
}

/** As it was shown at the end of the span; else as it stands now, if that was less than a day ago. */
function stateOf(view: RegionView, scope: string, span: Span, kept: Frame | undefined, now: number): SituationState {
  const taken = kept && Date.parse(kept.at);
  const asShown = kept && taken! >= span.to && taken! - span.to <= TAKEN_MS ? kept : undefined;
  const frame = asShown ?? (now - span.to <= DAY_MS ? view.frame(scope, 'today', now, 0) : undefined);
  if (!frame?.byStage || frame.totals.overdue === undefined) return { missing: 'not-kept' };
  const { totals, byStage, overdueByStage = {} } = frame;
  return {
    source: asShown ? 'kept' : 'now',
    at: asShown ? toRfc3339(span.to) : toRfc3339(now),
    open: totals.open,
    overdue: totals.overdue!,
    supervised: totals.supervised ?? 0,
    byStage,
    overdueByStage,
  };
}

/** The gravest of the span: of the gravest tier first, of each the largest amounts. */
function gravestOf({ lists, pack }: RegionView, scope: string, { from, to }: Span, now: number): GravestCase[] {
  const found: GravestCase[] = [];
  for (const tier of TIERS) {
    if (found.length >= GRAVEST) break;
    const { rows } = lists.query(
      { scope, from, to, tier: [tier], sort: '-amount', limit: GRAVEST - found.length },
      now,
    );
    for (const row of rows) found.push(caseOf(pack, toBrief(row, now)));
  }
  return found;
}

/** An alert as a report tells of it: without names. */
export function caseOf(pack: RegionView['pack'], brief: AlertBrief): GravestCase {
  return {
    region: brief.region,
    alertId: brief.alertId,
    tier: brief.tier,
    area: isUpper(pack) ? (areaOf(pack, brief.town)?.code ?? brief.region) : brief.town,
    industry: brief.industry,
    channel: brief.channel,
    workers: brief.workers,
    amountFen: brief.amountFen,
    recoveredFen: brief.recoveredFen,
    raisedAt: brief.raisedAt,
    stage: brief.stage,
  };
}

/** Whether a moment is a full hour. */
export const isFullHour = (ms: number): boolean => ms % HOUR_MS === 0;
