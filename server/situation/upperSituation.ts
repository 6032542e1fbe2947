import type { WindowName } from '../../contract/codes.ts';
import { areaOf } from '../../common/divisions.ts';
import type { Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { AlertLists } from '../lists/alertLists.ts';
import { JoinedLists } from '../lists/joinedLists.ts';
import { buildFrame } from '../aggregations/frame.ts';
import { buildPastFrame } from '../aggregations/pastFrame.ts';
import { replayPast, type ReplaySpan } from '../aggregations/replay.ts';
import type { RegionView } from '../region/region.ts';
import type { Situation } from './situation.ts';
import { UpperCube } from '../aggregations/upperCube.ts';
import { UpperGauges } from '../aggregations/upperGauges.ts';
import { sumMonitors } from './monitored.ts';
import { UpperLists } from './upperLists.ts';

/**
 * The situation of a city or province: the sum of the situations of the regions in it, however many levels lie between. It
 * keeps nothing but running sums of what somebody looks at, and is made anew when one of the situations is.
 */
export class UpperSituation implements RegionView {
  readonly pack: RegionPack;
  readonly cube: UpperCube;
  readonly lists: AlertLists;
  private readonly gauges: UpperGauges;
  private readonly parts: readonly Situation[];
  private readonly firsts: UpperLists;

  /** @param parts the regions within the pack's areas; those of no area are left out */
  constructor(pack: RegionPack, parts: readonly Situation[]) {
    this.pack = pack;
    const placed = parts.flatMap((situation) => {
      const area = areaOf(pack, situation.pack.code)?.code;
      return area === undefined ? [] : [{ situation, area }];
    });
    this.parts = placed.map(({ situation }) => situation);
    this.cube = new UpperCube(
      pack.code,
      pack.towns.map(({ code }) => code),
      placed.map(({ situation, area }) => ({ cube: situation.cube, area })),
    );
    this.lists = new JoinedLists(this.parts.map(({ table }) => table));
    this.firsts = new UpperLists(placed);
    this.gauges = new UpperGauges(placed.map(({ situation, area }) => ({ gauges: situation.gauges, area })));
  }

  /** Whether it is made of these very situations. */
  isOf(parts: readonly Situation[]): boolean {
    return parts.length === this.parts.length && parts.every((part, i) => part === this.parts[i]);
  }

  close(): void {
    this.cube.close();
  }

  holders(alertId: string): string[] {
    return this.parts.flatMap((part) => part.holders(alertId));
  }

  get stamp(): string {
    let changes = 0;
    let overdue = 0;
    let watched = '';
    for (const part of this.parts) {
      changes += part.changes;
      overdue += part.gauges.scope().overdue;
      watched += `/${part.watchStamp}`;
    }
    return `${changes}/${overdue}${watched}`;
  }

  advance(now: number): void {
    this.gauges.advance(now);
    this.cube.sweep(now);
  }

  frame(scope: string, window: WindowName, now: number, seq: number): Frame {
    const { pack, cube, gauges } = this;
    const monitor = sumMonitors(this.parts.map((part) => part.monitor(now)));
    return buildFrame({ pack, scope, window, now, seq, cube, gauges, lists: this.firsts.now(), monitor });
  }

  pastFrame(scope: string, window: WindowName, at: number, seq: number): Frame {
    const { pack, cube } = this;
    return buildPastFrame({ pack, scope, window, at, seq, cube, latest: this.firsts.latestBy(at) });
  }

  replay(scope: string, window: WindowName, span: ReplaySpan, seq: number): Generator<Frame | undefined, void> {
    const { pack, cube } = this;
    return replayPast({ pack, scope, window, ...span, seq }, cube, this.firsts.latestPast());
  }
}
