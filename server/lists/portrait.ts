import { eachOfEnterprise } from './enterpriseSlots.ts';
import { CHANNELS, INDUSTRIES, STAGES, TIERS, type Channel, type Stage, type Tier } from '../../contract/codes.ts';
import { ExactSums } from '../../common/exactSums.ts';
import type { Enterprise } from '../../contract/events.ts';
import type { Measures } from '../../contract/frame.ts';
import type { RegionRow } from '../alerts/row.ts';
import { channelOf, CLOSED, industryOf, stageOf, tierOf, townOf, verdictOf } from './alertColumns.ts';
import type { Standing } from './standings.ts';
import type { AlertStore } from './store.ts';
import { TopSlots } from './topSlots.ts';

/** What is known of an enterprise (contract §4, `GET /api/v1/enterprises/{uscc}`). */
export interface Portrait {
  /** As its latest alert spells it. */
  enterprise: Enterprise;
  totals: Measures & { open: number; successRate?: number };
  /** Alerts by the channel that spoke of it; channels with something in them. */
  byChannel: Partial<Record<Channel, number>>;
  /** The most recently raised first. */
  alerts: RegionRow[];
  /**
   * By number of alerts, among the enterprises of its industry and of its town. An enterprise is of the industry and
   * town of its latest alert.
   */
  standing: { industry: Standing; town: Standing };
}

/** What somebody of a unit is told of an enterprise (casework §1): its alerts in full, of others how many there are. */
export interface UnitPortrait extends Omit<Portrait, 'standing'> {
  /** Alerts that are not the unit's, by tier and stage; those with something in them. */
  others: Partial<Record<Tier, Partial<Record<Stage, number>>>>;
}

export function portraitOf(store: AlertStore, key: number, limit: number): Portrait {
  const { columns, standings, enterprises } = store;
  const parts = partsOf(store, key, limit, () => true);
  standings.settle((visit) => {
    for (let slot = 0; slot < store.size; slot++) visit(slot, enterprises.keyOf(columns.enterprise[slot]!));
  });
  const latest = standings.latestOf(key);
  const industry = industryOf(columns.dims[latest]!);
  const town = townOf(columns.dims[latest]!);
  return {
    enterprise: enterprises.values[columns.enterprise[latest]!]!,
    ...parts,
    standing: {
      industry: {
        code: INDUSTRIES[industry]!,
        ...standings.rank(key, (slot) => industryOf(columns.dims[slot]!) === industry),
      },
      town: { code: store.towns[town]!, ...standings.rank(key, (slot) => townOf(columns.dims[slot]!) === town) },
    },
  };
}

/** @param town number of a town, or -1 for the region. Undefined where none of its alerts is the unit's: then nothing is told. */
export function unitPortraitOf(
  store: AlertStore,
  key: number,
  limit: number,
  { unit, town }: { unit: string; town: number },
): UnitPortrait | undefined {
  const own = store.units.of(unit);
  const { dims } = store.columns;
  const others: UnitPortrait['others'] = {};
  const parts = partsOf(store, key, limit, (slot) => {
    if (town >= 0 && townOf(dims[slot]!) !== town) return false;
    if (own.has(slot)) return true;
    const stages = (others[TIERS[tierOf(dims[slot]!)]!] ??= {});
    const stage = STAGES[stageOf(dims[slot]!)]!;
    stages[stage] = (stages[stage] ?? 0) + 1;
    return false;
  });
  // As its latest alert among these spells it: another spelling is another's to tell.
  const [latest] = parts.alerts;
  return latest && { enterprise: latest.enterprise, ...parts, others };
}

/** Figures and latest alerts of an enterprise, over the alerts that are accepted: each is asked of once. */
function partsOf(
  store: AlertStore,
  key: number,
  limit: number,
  accepts: (slot: number) => boolean,
): Pick<Portrait, 'totals' | 'byChannel' | 'alerts'> {
  const { columns, recoveries } = store;
  const totals: Portrait['totals'] = {
    raised: 0,
    workers: 0,
    amountFen: 0,
    effective: 0,
    falseAlarm: 0,
    recoveredFen: 0,
    recoveredWorkers: 0,
    closed: 0,
    closeMs: 0,
    open: 0,
  };
  const amount = new ExactSums(1);
  const recovered = new ExactSums(1);
  const closeMs = new ExactSums(1);
  const byChannel: Portrait['byChannel'] = {};
  const top = new TopSlots(limit, store.newestFirst);
  eachOfEnterprise(store, key, (slot) => {
    if (!accepts(slot)) return;
    const dims = columns.dims[slot]!;
    totals.raised++;
    totals.workers += columns.workers[slot]!;
    amount.add(0, columns.amountFen[slot]!);
    const verdict = verdictOf(dims);
    if (verdict === 1) totals.effective++;
    if (verdict === 2) totals.falseAlarm++;
    recovered.add(0, store.recoveredFen(slot));
    totals.recoveredWorkers += recoveries.workersOf(slot);
    if (stageOf(dims) === CLOSED) {
      totals.closed++;
      const closedAt = columns.closedAt[slot]!;
      if (closedAt === closedAt) closeMs.add(0, closedAt - columns.raisedAt[slot]!);
    } else totals.open++;
    const channel = CHANNELS[channelOf(dims)]!;
    byChannel[channel] = (byChannel[channel] ?? 0) + 1;
    top.offer(slot);
  });
  totals.amountFen = amount.value(0);
  totals.closeMs = closeMs.value(0);
  totals.recoveredFen = recovered.value(0);
  const audited = totals.effective + totals.falseAlarm;
  if (audited > 0) totals.successRate = totals.effective / audited;
  return { totals, byChannel, alerts: Array.from(top.take(), (slot) => store.row(slot)) };
}
