import { NO_TERM } from '../../common/termBounds.ts';
import { latLngToCell } from 'h3-js';
import { MEASURES, STAGES, type Measure, type WindowName } from '../../contract/codes.ts';
import type { RegionPack } from '../../contract/region.ts';
import { DAY_MS, floorTo, toRfc3339 } from '../../common/regionTime.ts';
import type { AlertState } from '../../server/alerts/state.ts';
import { stepOf, windowTest, type WindowTest } from './windows.ts';

/** What one alert contributes at one moment (contract §2). */
type Contribution = { at: number } & Partial<Record<Measure, number>>;

export function contributionsOf(state: AlertState): Contribution[] {
  const { facts } = state;
  const list: Contribution[] = [{ at: state.raisedAt, raised: 1, workers: facts.workers, amountFen: facts.amountFen }];
  if (state.verdict === 'effective') list.push({ at: state.verdictAt!, effective: 1 });
  if (state.verdict === 'false-alarm') list.push({ at: state.verdictAt!, falseAlarm: 1 });
  for (const { at, amountFen, workers } of state.recoveries)
    list.push({ at, recoveredFen: amountFen, recoveredWorkers: workers });
  if (state.closedAt !== undefined)
    list.push({ at: state.closedAt, closed: 1, closeMs: state.closedAt - state.raisedAt });
  return list;
}

type Figures = Record<Measure, number> & Record<string, unknown>;
const zero = () => Object.fromEntries(MEASURES.map((name) => [name, 0])) as Figures;

function add(to: Figures, from: Contribution): void {
  for (const name of MEASURES) to[name] += from[name] ?? 0;
}

function withRate(figures: Figures): Figures {
  const audited = figures.effective + figures.falseAlarm;
  if (audited > 0) figures.successRate = figures.effective / audited;
  return figures;
}

function withCloseHours(figures: Figures): Figures {
  if (figures.closed > 0) figures.avgCloseHours = figures.closeMs / figures.closed / 3_600_000;
  return figures;
}

/** Contract §2: by the uscc, else the name, without regard to width, white space and (of a uscc) case. */
function employerOf({ uscc, name }: AlertState['facts']['enterprise']): string {
  const plain = (text: string) => [...text.normalize('NFKC')].filter((one) => !/\p{White_Space}/u.test(one)).join('');
  return plain(uscc ?? '').toUpperCase() || plain(name);
}

const tiersOf = (pack: RegionPack) =>
  Object.fromEntries(pack.tiers.map(({ tier }) => [tier, 0])) as Record<string, number>;

/**
 * All figures of a frame but its briefs, from the states of the alerts and the words of the contract alone: slow, simple,
 * and sharing nothing with the program's cube but the fold.
 */
export class NaiveFrame {
  private readonly pack: RegionPack;
  private readonly scope: string;
  private readonly test: WindowTest;
  private readonly now: number;
  private readonly totals = { ...zero(), open: 0, overdue: 0, dueToday: 0, supervised: 0 } as Figures & {
    open: number;
    overdue: number;
    dueToday: number;
    supervised: number;
  };
  private readonly previous = zero();
  private readonly lastYear = zero();
  private readonly rows = {
    byTier: new Map<string, Figures>(),
    byTown: new Map<string, Figures>(),
    byIndustry: new Map<string, Figures>(),
    byChannel: new Map<string, Figures>(),
  };
  private readonly byStage = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<string, number>;
  private readonly overdueByStage = Object.fromEntries(
    STAGES.filter((stage) => stage !== 'closed').map((stage) => [stage, 0]),
  ) as Record<string, number>;
  private readonly series: Record<
    string,
    { tiers: Record<string, number>; effective: number; falseAlarm: number; recoveredFen: number }
  > = {};
  private readonly heat: Record<string, number> = {};
  private readonly paid = new Set<string>();
  private readonly running: { alertId: string; dueAt: number }[] = [];
  private readonly lastByChannel = new Map<string, { raisedAt: number; changedAt: number }>();

  constructor(pack: RegionPack, scope: string, window: WindowName, now: number) {
    this.pack = pack;
    this.scope = scope;
    this.now = now;
    this.test = windowTest(window, now);
    for (const { tier } of pack.tiers) this.row('byTier', tier);
    for (const { code } of pack.towns) if (scope.length === 6 || scope === code) this.row('byTown', code);
  }

  private row(dimension: keyof NaiveFrame['rows'], code: string): Figures {
    let row = this.rows[dimension].get(code);
    if (!row) {
      row = { ...zero(), open: 0 };
      if (dimension === 'byTown') {
        row.tiers = tiersOf(this.pack);
        row.days = {};
      }
      this.rows[dimension].set(code, row);
    }
    return row;
  }

  take(state: AlertState): void {
    const { facts, stage } = state;
    const rows = [
      this.totals,
      this.row('byTier', facts.tier),
      this.row('byTown', facts.town),
      this.row('byIndustry', facts.industry),
      this.row('byChannel', facts.channel),
    ];
    this.byStage[stage]!++;
    if (stage !== 'closed') {
      for (const row of rows) row.open = (row.open as number) + 1;
      const counts = this.row('byTown', facts.town).tiers as Record<string, number>;
      counts[facts.tier] = (counts[facts.tier] ?? 0) + 1;
    }
    this.takePresent(state);
    for (const contribution of contributionsOf(state)) this.count(contribution, state, rows);
  }

  /** What a frame has of the present alone (contract §4). */
  private takePresent({ alertId, facts, stage, supervised, raisedAt, dueAt, changedAt }: AlertState): void {
    const { now } = this;
    if (supervised && stage !== 'closed') this.totals.supervised++;
    if (dueAt !== NO_TERM) {
      this.running.push({ alertId, dueAt });
      if (now > dueAt) {
        this.totals.overdue++;
        this.overdueByStage[stage]!++;
      } else if (dueAt <= floorTo(now, DAY_MS) + DAY_MS) this.totals.dueToday++;
    }
    const town = this.row('byTown', facts.town);
    const day = floorTo(raisedAt, DAY_MS);
    const today = floorTo(now, DAY_MS);
    if (day <= today && day > today - 30 * DAY_MS) {
      const days = town.days as Record<string, number>;
      const date = toRfc3339(day).slice(0, 10);
      days[date] = (days[date] ?? 0) + 1;
    }
    if (stage !== 'closed') {
      const at = toRfc3339(raisedAt);
      if (town.oldestOpenAt === undefined || at < (town.oldestOpenAt as string)) town.oldestOpenAt = at;
    }
    const last = this.lastByChannel.get(facts.channel) ?? { raisedAt, changedAt };
    this.lastByChannel.set(facts.channel, {
      raisedAt: Math.max(last.raisedAt, raisedAt),
      changedAt: Math.max(last.changedAt, changedAt),
    });
  }

  private count(contribution: Contribution, { facts, positionOutside }: AlertState, rows: Figures[]): void {
    const { test } = this;
    const bucket = floorTo(contribution.at, test.bucket);
    if (test.previous?.(bucket)) add(this.previous, contribution);
    if (test.lastYear?.(floorTo(contribution.at, DAY_MS))) add(this.lastYear, contribution);
    if (!test.current(bucket)) return;
    for (const row of rows) add(row, contribution);
    const { raised = 0, effective = 0, falseAlarm = 0, recoveredFen = 0 } = contribution;
    if (raised || effective || falseAlarm || recoveredFen) {
      const step = (this.series[toRfc3339(stepOf(test.step, bucket))] ??= {
        tiers: tiersOf(this.pack),
        effective: 0,
        falseAlarm: 0,
        recoveredFen: 0,
      });
      if (raised) step.tiers[facts.tier] = (step.tiers[facts.tier] ?? 0) + raised;
      step.effective += effective;
      step.falseAlarm += falseAlarm;
      step.recoveredFen += recoveredFen;
    }
    if (raised && facts.location && !positionOutside) {
      const cell = latLngToCell(facts.location.lat, facts.location.lng, 8);
      this.heat[cell] = (this.heat[cell] ?? 0) + 1;
    }
    if (contribution.recoveredFen !== undefined) this.paid.add(employerOf(facts.enterprise));
  }

  /** Ids of the 30 alerts whose term runs with the earliest end, sorted. */
  agenda(): string[] {
    return this.running
      .sort((a, b) => a.dueAt - b.dueAt || (a.alertId < b.alertId ? -1 : 1))
      .slice(0, 30)
      .map(({ alertId }) => alertId)
      .sort();
  }

  /** In the shape of a frame, without scope, window, at, seq and briefs. */
  figures(): Record<string, unknown> {
    const { test } = this;
    const some = (row: Figures) => (row.open as number) > 0 || MEASURES.some((name) => row[name] !== 0);
    const { tiers, towns } = this.pack;
    // Those of the pack in any case; what it has no longer, while something is in it.
    const always = new Set<string>([...tiers.map(({ tier }) => tier), ...towns.map(({ code }) => code)]);
    const table = (dimension: keyof NaiveFrame['rows']) =>
      Object.fromEntries(
        [...this.rows[dimension]]
          .filter(([code, row]) => always.has(code) || some(row))
          .map(([code, row]) => [code, withRate(row)]),
      );
    return {
      totals: { ...withCloseHours(withRate(this.totals)), enterprisesPaid: this.paid.size },
      compare: {
        ...(test.previous ? { previous: withCloseHours(withRate(this.previous)) } : {}),
        ...(test.lastYear ? { lastYear: withCloseHours(withRate(this.lastYear)) } : {}),
      },
      byTier: table('byTier'),
      byTown: table('byTown'),
      byIndustry: table('byIndustry'),
      byChannel: table('byChannel'),
      byStage: this.byStage,
      overdueByStage: this.overdueByStage,
      series: this.series,
      heat: this.heat,
      ...(this.scope.length === 9
        ? {}
        : {
            lastByChannel: Object.fromEntries(
              [...this.lastByChannel].map(([channel, { raisedAt, changedAt }]) => [
                channel,
                { raisedAt: toRfc3339(raisedAt), changedAt: toRfc3339(changedAt) },
              ]),
            ),
          }),
    };
  }
}
