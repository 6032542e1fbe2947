import { toRow, type AlertRow } from '../../../../server/alerts/row.ts';
import type { AlertState } from '../../../../server/alerts/state.ts';
import { IncrementSum } from '../../../../server/aggregations/contributions.ts';
import type { Column } from '../../../../server/aggregations/columns.ts';
import { EVER, GRAINS } from '../../../../server/aggregations/grains.ts';
import { Cube } from '../../../../server/aggregations/cube.ts';
import { buildFrame, type FrameLists } from '../../../../server/aggregations/frame.ts';
import { Gauges } from '../../../../server/aggregations/gauges.ts';
import type { Increments } from '../../../../server/aggregations/increments.ts';
import type { AlertBrief, Frame } from '../../../../contract/frame.ts';
import type { WindowName } from '../../../../contract/codes.ts';
import { AlertTable } from '../../../../server/lists/alertTable.ts';
import { PACK } from './pack.ts';
import type { WatchedWorld } from './watched.ts';

/** Cube and gauges that follow a set of alerts, as a server process would, with the feed they were told. */
export class World {
  readonly cube = new Cube(PACK);
  readonly gauges = new Gauges();
  readonly table = new AlertTable(PACK);
  readonly alerts = new Map<string, AlertState>();
  readonly feed: { id: string; increments: Increments; at: number }[] = [];
  /** What is watched beside the alerts; without it, frames say nothing of that. */
  watched: WatchedWorld | undefined;
  private readonly rows = new Map<string, AlertRow>();
  private readonly sum = new IncrementSum();

  upsert(state: AlertState, now: number): void {
    const before = this.alerts.get(state.alertId);
    if (before) this.sum.add(before, -1);
    this.sum.add(state, 1);
    this.alerts.set(state.alertId, state);
    const increments = this.sum.take();
    const id = `${1_700_000_000_000 + Math.floor(this.feed.length / 3)}-${this.feed.length % 3}`;
    this.feed.push({ id, increments, at: now });
    this.cube.apply(increments, now, id);
    const row = toRow(state);
    this.table.upsert(row);
    this.gauges.update(this.rows.get(state.alertId), row);
    this.rows.set(state.alertId, row);
  }

  /** Read when they are asked for: of a scope that there is not, a frame is refused by the cube before the table is asked. */
  lists(scope: string): FrameLists {
    const { table } = this;
    return {
      get latest() {
        return table.latest(scope);
      },
      get agenda() {
        return table.agenda(scope);
      },
      oldestOpenAt: (town) => table.oldestOpenAt(town),
      lastByChannel: scope === PACK.code ? table.lastByChannel() : undefined,
    };
  }

  frame(scope: string, window: WindowName, now: number, seq = 0): Frame {
    return buildFrame({
      pack: PACK,
      scope,
      window,
      now,
      seq,
      cube: this.cube,
      gauges: this.gauges,
      lists: this.lists(scope),
      monitor: this.watched?.monitor(scope, now),
    });
  }
}

/** A frame without its briefs, but for what decides which alerts are on the agenda. */
export type FrameParts = Omit<Frame, 'latest' | 'agenda'> & { agenda?: Record<string, unknown> };

export function frameParts(frame: Frame): FrameParts {
  const { agenda, ...rest } = frame;
  const parts: Partial<Frame> = rest;
  delete parts.latest;
  return {
    ...(parts as Omit<Frame, 'latest' | 'agenda'>),
    ...(agenda
      ? { agenda: Object.fromEntries(Object.entries(agenda).map(([key, brief]) => [key, agendaPart(brief)])) }
      : {}),
  };
}

const agendaPart = ({ alertId, stage, dueAt, overdue }: AlertBrief) => ({ alertId, stage, dueAt, overdue });

/** All that a cube holds, with names for numbers: `day 2026-11-21… cell measure` → value. */
export function dump(cube: Cube): Map<string, number> {
  const { dictionary } = cube;
  const content = new Map<string, number>();
  const put = (key: string, value: number) => {
    if (value !== 0) content.set(key, (content.get(key) ?? 0) + value);
  };
  for (const grain of GRAINS) {
    cube.visit(grain, EVER, {}, (start, { cells, heat, paid }) => {
      const each = (column: Column, name: (key: number) => string) => {
        for (let i = 0; i < column.length; i++) {
          if (column.keys[i] === 0) continue;
          const key = `${grain} ${start} ${name(column.keys[i]! - 1)}`;
          put(key, column.values[i]!);
          put(`${key} high`, column.highs?.[i] ?? 0);
        }
      };
      each(cells, (key) => `${dictionary.key(key >>> 4)} ${key & 15}`);
      for (const [column, pairs] of [
        [heat, dictionary.heat],
        [paid, dictionary.paid],
      ] as const) {
        each(column, (key) => `${dictionary.towns.names[pairs.town[key]!]} ${pairs.names.names[pairs.item[key]!]}`);
      }
    });
  }
  return content;
}
