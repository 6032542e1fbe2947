import type { FrameLists } from '../aggregations/frame.ts';
import { LATEST } from '../aggregations/figures.ts';
import type { LatestAt } from '../aggregations/replay.ts';
import type { RegionRow } from '../alerts/row.ts';
import { AGENDA, type LastTimes } from '../lists/firstAlerts.ts';
import type { Situation } from './situation.ts';

/** A region's situation, and the area of the upper pack that the region lies in. */
export interface ListsPart {
  situation: Situation;
  area: string;
}

interface Rows {
  stamp: string;
  latest: RegionRow[];
  agenda: RegionRow[];
}

/** What a frame of a city or province shows of single alerts: the first of those of the regions in it. */
export class UpperLists {
  private readonly parts: readonly ListsPart[];
  /** By part: its first alerts, as long as it has not changed. */
  private readonly known: Rows[] = [];

  constructor(parts: readonly ListsPart[]) {
    this.parts = parts;
  }

  /** As they stand now. */
  now(): FrameLists {
    const { parts } = this;
    const rows = parts.map(({ situation }, i) => this.rowsOf(situation, i));
    return {
      latest: newest(rows.map(({ latest }) => latest)),
      agenda: rows
        .flatMap(({ agenda }) => agenda)
        .sort((a, b) => a.dueAt - b.dueAt || byIdentity(a, b))
        .slice(0, AGENDA),
      oldestOpenAt: (area) => oldestOpenAt(parts.filter((part) => part.area === area)),
      lastByChannel: lastOf(parts.map(({ situation }) => situation.table.lastByChannel())),
    };
  }

  /** The alerts most recently raised by `at`, epoch ms. */
  latestBy(at: number): RegionRow[] {
    return newest(this.parts.map(({ situation: { table, pack } }) => table.latest(pack.code, LATEST, at)));
  }

  /** The same, for one moment after another: the same object while nothing came. */
  latestPast(): LatestAt {
    const parts = this.parts.map(({ situation: { table, pack } }) => table.latestPast(pack.code, LATEST));
    let before: (readonly RegionRow[])[] = [];
    let rows: readonly RegionRow[] = [];
    return (at) => {
      const lists = parts.map((part) => part.at(at));
      if (lists.some((list, i) => list !== before[i])) rows = newest(lists);
      before = lists;
      return rows;
    };
  }

  private rowsOf({ stamp, table, pack }: Situation, i: number): Rows {
    const known = this.known[i];
    if (known?.stamp === stamp) return known;
    return (this.known[i] = { stamp, latest: table.latest(pack.code, LATEST), agenda: table.agenda(pack.code) });
  }
}

/** Newest first, then by alert id, then by region. */
function newest(lists: readonly (readonly RegionRow[])[]): RegionRow[] {
  return lists
    .flat()
    .sort((a, b) => b.raisedAt - a.raisedAt || byIdentity(a, b))
    .slice(0, LATEST);
}

function byIdentity(a: RegionRow, b: RegionRow): number {
  return compare(a.alertId, b.alertId) || compare(a.region, b.region);
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

function oldestOpenAt(parts: readonly ListsPart[]): number | undefined {
  const times = parts.flatMap(({ situation: { pack, table } }) => table.oldestOpenAt(pack.code) ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

function lastOf(all: readonly ReadonlyMap<string, LastTimes>[]): Map<string, LastTimes> {
  const last = new Map<string, LastTimes>();
  for (const [channel, times] of all.flatMap((one) => [...one])) {
    const known = last.get(channel) ?? times;
    last.set(channel, {
      raisedAt: Math.max(known.raisedAt, times.raisedAt),
      changedAt: Math.max(known.changedAt, times.changedAt),
    });
  }
  return last;
}
