import { spanAxis, startOfStep } from '../../common/charts/timeAxis.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { previousOf, yearBefore, type Span } from '../../common/report/spans.ts';
import { NO_TERM } from '../../common/termBounds.ts';
import { TIERS } from '../../contract/codes.ts';
import type { ReportListName } from '../../contract/reportLimits.ts';
import type { FrozenAlert } from '../../contract/reports.ts';
import type {
  ComparedWith,
  HeldCase,
  ReportStep,
  UnitSituation,
  UnitSpanFigures,
  UnitTownRow,
} from '../../contract/reportSituation.ts';
import { toBrief } from '../alerts/row.ts';
import type { RegionView } from '../region/region.ts';
import { caseOf, GRAVEST, headOf, stepOf, type FreezeQuery } from './freeze.ts';
import { listOf, type ListsToWrite } from './frozenLists.ts';
import type { DoneDeed, UnitWork } from '../views/reports/workPort.ts';

/** The spans of a report: its own, then those that it is compared with. */
export function spansOf({ kind, span }: Pick<FreezeQuery, 'kind' | 'span'>): Span[] {
  const previous = previousOf(kind, span);
  return [span, ...(previous ? [previous] : []), yearBefore(kind, span)];
}

/** Figures of those spans as they are compared; what came before anything was known is missing. */
export function comparedSpans<F>(
  query: Pick<FreezeQuery, 'kind' | 'span'>,
  figures: readonly F[],
  beginning: number,
): { figures: F; previous?: ComparedWith<F>; lastYear: ComparedWith<F> } {
  const [, ...others] = spansOf(query);
  const compared = others.map(({ from, to }, i): ComparedWith<F> => {
    const told = { from: toRfc3339(from), to: toRfc3339(to) };
    return from < beginning ? { ...told, missing: 'beginning' } : { ...told, figures: figures[i + 1]! };
  });
  return {
    figures: figures[0]!,
    ...(compared.length > 1 ? { previous: compared[0]! } : {}),
    lastYear: compared.at(-1)!,
  };
}

/**
 * What a unit has done in a span, and the cases behind it.
 * @param work of the spans of `spansOf`, in order
 */
export function freezeUnit(
  view: RegionView,
  query: FreezeQuery & { unit: string },
  work: UnitWork,
): { situation: UnitSituation; lists: ListsToWrite } {
  const { at, spans, held } = work;
  const { deeds } = spans[0]!;
  const { pack } = view;
  const head = headOf(view, query, at);
  const step = stepOf(query.span);
  const unit = pack.units!.find(({ code }) => code === query.unit)!;
  const late = held.filter(({ dueAt }) => at > dueAt);
  const compared = spans.map((one) => one.figures);
  const situation: UnitSituation = {
    ...head,
    about: 'unit',
    unit: { code: unit.code, name: unit.name },
    ...comparedSpans<UnitSpanFigures>(query, compared, view.cube.beginning() ?? query.span.from),
    byTown: townsOf(deeds),
    series: seriesOf(query.span, step, deeds),
    step,
    held: { open: held.length, overdue: late.length },
    gravest: gravestOf(view, work),
  };
  const brief = briefsOf(view, at);
  const done = (meant: (deed: DoneDeed) => boolean) =>
    listOf(
      deeds.filter(meant).sort((a, b) => b.at - a.at || (a.alertId < b.alertId ? -1 : 1)),
      (deed) => ({ at: toRfc3339(deed.at), ...brief(deed.alertId) }),
    );
  const holds = (some: UnitWork['held']) =>
    listOf(
      [...some].sort((a, b) => a.dueAt - b.dueAt),
      ({ alertId }) => brief(alertId),
    );
  const lists = {
    received: done(({ kind }) => kind === 'received'),
    accepted: done(({ kind }) => kind === 'accepted'),
    acceptedLate: done(({ kind, late }) => kind === 'accepted' && late === true),
    handled: done(({ kind }) => kind === 'handled'),
    handledLate: done(({ kind, late }) => kind === 'handled' && late === true),
    extended: done(({ kind }) => kind === 'extended'),
    audited: done(({ kind }) => kind === 'audited'),
    returned: done(({ kind, returned }) => kind === 'audited' && returned === true),
    recovered: done(({ kind }) => kind === 'recovered'),
    open: holds(held),
    overdue: holds(late),
  } satisfies Partial<Record<ReportListName, unknown>>;
  return { situation, lists };
}

/** Alerts as they stand, each made once for all lists; one that the table does not know (any more) is told by its id alone. */
export function briefsOf(view: RegionView, at: number): (alertId: string) => FrozenAlert {
  const made = new Map<string, FrozenAlert>();
  return (alertId) => {
    let brief = made.get(alertId);
    if (!brief) {
      const row = view.table?.get(alertId);
      made.set(alertId, (brief = row ? { alert: toBrief(row, at) } : { alertId }));
    }
    return brief;
  };
}

function townsOf(deeds: readonly DoneDeed[]): Record<string, UnitTownRow> {
  const towns: Record<string, UnitTownRow> = {};
  for (const { kind, town, late, returned, amountFen = 0 } of deeds) {
    const row = (towns[town] ??= { received: 0, handled: 0, handledLate: 0, returned: 0, recoveredFen: 0 });
    if (kind === 'received') row.received++;
    if (kind === 'handled') {
      row.handled++;
      if (late) row.handledLate++;
    }
    if (kind === 'audited' && returned) row.returned++;
    if (kind === 'recovered') row.recoveredFen += amountFen;
  }
  return towns;
}

function seriesOf({ from, to }: Span, step: ReportStep, deeds: readonly DoneDeed[]): UnitSituation['series'] {
  const series: UnitSituation['series'] = {};
  for (const start of spanAxis(from, to, step).starts) series[toRfc3339(start)] = { received: 0, handled: 0 };
  for (const { kind, at } of deeds) {
    if (kind !== 'received' && kind !== 'handled') continue;
    series[toRfc3339(startOfStep(at, step))]![kind]++;
  }
  return series;
}

/** Late first, then by tier, then by amount. */
function gravestOf(view: RegionView, { held, at }: UnitWork): HeldCase[] {
  return held
    .flatMap(({ alertId, dueAt }) => {
      const row = view.table?.get(alertId);
      return row ? [{ brief: toBrief(row, at), dueAt, overdue: at > dueAt }] : [];
    })
    .sort(
      (a, b) =>
        Number(b.overdue) - Number(a.overdue) ||
        TIERS.indexOf(a.brief.tier) - TIERS.indexOf(b.brief.tier) ||
        b.brief.amountFen - a.brief.amountFen ||
        (a.brief.alertId < b.brief.alertId ? -1 : 1),
    )
    .slice(0, GRAVEST)
    .map(({ brief, dueAt, overdue }) => ({
      ...caseOf(view.pack, brief),
      overdue,
      ...(dueAt === NO_TERM ? {} : { dueAt: toRfc3339(dueAt) }),
    }));
}
