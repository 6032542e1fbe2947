import { eachOfEnterprise } from './enterpriseSlots.ts';
import { CHANNELS, INDUSTRIES, type Channel } from '../../contract/codes.ts';
import { ExactSums } from '../../common/exactSums.ts';
import type { Enterprise } from '../../contract/events.ts';
import type { Measures } from '../../contract/frame.ts';
import type { RegionRow } from '../alerts/row.ts';
import { channelOf, CLOSED, industryOf, stageOf, townOf, verdictOf } from './alertColumns.ts';
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

export function portraitOf(store: AlertStore, key: number, limit: number): Portrait {
  const { columns, recoveries, standings, enterprises } = store;
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

  standings.settle((visit) => {
    for (let slot = 0; slot < store.size; slot++) visit(slot, enterprises.keyOf(columns.enterprise[slot]!));
  });
  const latest = standings.latestOf(key);
  const industry = industryOf(columns.dims[latest]!);
  const town = townOf(columns.dims[latest]!);
  return {
    enterprise: enterprises.values[columns.enterprise[latest]!]!,
    totals,
    byChannel,
    alerts: Array.from(top.take(), (slot) => store.row(slot)),
    standing: {
      industry: {
        code: INDUSTRIES[industry]!,
        ...standings.rank(key, (slot) => industryOf(columns.dims[slot]!) === industry),
      },
      town: { code: store.towns[town]!, ...standings.rank(key, (slot) => townOf(columns.dims[slot]!) === town) },
    },
  };
}
