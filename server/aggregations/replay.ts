import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import { diffMergePatch, notePatch } from '../../common/mergePatch.ts';
import { DAY_MS, floorTo, startOfMonth } from '../../common/regionTime.ts';
import { heatPatch, heatText, type HeatChanges } from './heatSums.ts';
import { utf8 } from '../../common/utf8.ts';
import type { RegionRow } from '../alerts/row.ts';
import { Briefs, type BriefChanges } from './briefs.ts';
import { cover, coverUntil } from './cover.ts';
import type { CubeView } from './cubeView.ts';
import { rowsOf, type FrameRows } from './figures.ts';
import { EVER, type Grain } from './grains.ts';
import type { HeldView } from './heldCube.ts';
import { Sliding } from './sliding.ts';
import { MainSum, OpenSum, TotalsSum } from './slidingSums.ts';
import { WINDOW_RULES, windowRanges } from './windows.ts';

/** Moments at equal distances. */
export interface ReplaySpan {
  /** The first moment, epoch ms. */
  from: number;
  stepMs: number;
  /** How many moments follow the first. */
  steps: number;
}

export interface ReplayQuery extends ReplaySpan {
  pack: RegionPack;
  /** Region (6 digits) or town (9). */
  scope: string;
  window: WindowName;
  /** `seq` of every frame. */
  seq: number;
}

/** The 50 alerts of a scope most recently raised by a moment; the same object while they are the same rows. */
export type LatestAt = (at: number) => readonly RegionRow[];

/**
 * Frames of the past, one step after another: each equals `buildPastFrame` of that moment, by the cube as it stood when the first
 * part was read, and costs what has changed since the one before. Yields undefined where others may have their turn.
 * To be read to its end, or ended by `return`: until then the cube keeps what it was.
 *
 * What leads from a frame to the next is noted (`notePatch`), and the two long parts are made only when somebody reads them, which must be
 * before the next frame is asked for. Parts that have not changed are the same objects, so a frame is to be read, never written to.
 * Throws `UnknownScopeError`.
 */
export function* replayPast(
  query: ReplayQuery,
  cube: CubeView,
  latestAt: LatestAt,
): Generator<Frame | undefined, void> {
  yield* cube.prepare();
  const held = cube.hold();
  try {
    const moving = new MovingFrame(query, held, cube);
    for (let k = 0; k <= query.steps; k++) {
      const at = query.from + k * query.stepMs;
      yield* moving.moveTo(at);
      yield moving.frame(at, latestAt(at));
    }
  } finally {
    held.release();
  }
}

/** Whether most of all that ever was lies before a moment: then it is shorter to take what is known now and go back. */
function isLate(at: number, cube: CubeView): boolean {
  const today = floorTo(at, DAY_MS);
  return cube.count('day', { lo: today, hi: Infinity }) < cube.count('day', { lo: -Infinity, hi: today });
}

class MovingFrame {
  private readonly query: ReplayQuery;
  private readonly held: HeldView;
  private readonly town: number | undefined;
  private readonly grain: Grain;
  private readonly month: number;
  private readonly main: MainSum;
  private readonly open: OpenSum;
  private readonly previous: TotalsSum;
  private readonly lastYear: TotalsSum;
  private readonly slides: Record<'main' | 'open' | 'previous' | 'lastYear', Sliding>;
  private readonly briefs: Briefs;
  private begun = false;
  private before: Made | undefined;
  /** The frame that may be read. */
  private current: Frame | undefined;

  constructor(query: ReplayQuery, held: HeldView, cube: CubeView) {
    const { scope, window, from, pack } = query;
    this.query = query;
    this.held = held;
    this.town = cube.townOfScope(scope);
    this.grain = WINDOW_RULES[window].grain;
    this.month = startOfMonth(from);
    const everything = window === 'all' && isLate(from, cube) ? cube.everything(scope) : undefined;
    this.main = new MainSum(held, window, this.town, everything);
    this.open = new OpenSum(held, this.town);
    this.previous = new TotalsSum(held, this.town);
    this.lastYear = new TotalsSum(held, this.town);
    this.slides = {
      main: new Sliding(this.main, everything ? [{ grain: 'day', range: EVER }] : []),
      open: new Sliding(this.open),
      previous: new Sliding(this.previous),
      lastYear: new Sliding(this.lastYear),
    };
    this.briefs = new Briefs(pack);
  }

  /** As `buildPastFrame` has them. */
  *moveTo(at: number): Generator<undefined, void> {
    const { held, slides, grain, month } = this;
    this.current = undefined;
    const ranges = windowRanges(this.query.window, at);
    if (!this.begun) {
      for (const each of held.openBefore(month)) {
        this.open.begin(each);
        yield;
      }
      this.begun = true;
    }
    yield* slides.main.moveTo(coverUntil(grain, ranges.main.lo, at, held));
    // Days are kept for ever: those of later months than the first are taken one by one, too.
    yield* slides.open.moveTo(coverUntil('day', month, at, held));
    if (ranges.previous) yield* slides.previous.moveTo(cover(grain, ranges.previous, held));
    if (ranges.lastYear) yield* slides.lastYear.moveTo([{ grain: 'day', range: ranges.lastYear }]);
  }

  /** The frame of the moment that was moved to. */
  frame(at: number, latest: readonly RegionRow[]): Frame {
    const { pack, scope, window, seq } = this.query;
    const { sums } = this.main;
    const ranges = windowRanges(window, at);
    const rows = rowsOf({
      pack,
      scope,
      town: this.town,
      window,
      at,
      seq,
      dictionary: this.held.dictionary,
      sums,
      open: this.open.counts,
      previous: ranges.previous && this.previous.totals,
      lastYear: ranges.lastYear && this.lastYear.totals,
    });
    const changes = { heat: sums.heat.changes(), latest: this.briefs.moveTo(latest, at) };
    const frame = this.frameOf(rows);
    const { before } = this;
    if (before) noteChanges(before, { rows, frame }, changes);
    this.before = { rows, frame };
    return (this.current = frame);
  }

  /** A frame whose long parts are made when they are read: of nearly all frames, only the patch is wanted. */
  private frameOf(rows: FrameRows): Frame {
    const { main, briefs } = this;
    const read = <T>(record: () => T): T => {
      if (this.current !== frame) throw new Error('a frame of a replay is to be read before the next is asked for');
      return record();
    };
    const frame: Frame = {
      ...rows,
      get heat() {
        return read(() => main.sums.heat.record());
      },
      get latest() {
        return read(() => briefs.record());
      },
    };
    return frame;
  }
}

interface Made {
  rows: FrameRows;
  frame: Frame;
}

/** Notes what leads from a frame to the next: as an object or as text, whichever somebody asks for. */
function noteChanges(
  before: Made,
  after: Made,
  { heat, latest }: { heat: HeatChanges | undefined; latest: BriefChanges | undefined },
): void {
  const rows = diffMergePatch(before.rows, after.rows) ?? {};
  const patch = () => {
    const all = { ...rows };
    if (heat) all.heat = heatPatch(heat);
    if (latest) all.latest = latest.patch();
    return all;
  };
  // What has few keys, all known, is quicker as an object and `JSON.stringify`; what has new keys all the time is not.
  const text = () => {
    const parts = [utf8(JSON.stringify(rows)).slice(1, -1)];
    if (heat) parts.push(`"heat":${heatText(heat)}`);
    if (latest) parts.push(`"latest":${latest.text()}`);
    return `{${parts.filter(Boolean).join(',')}}`;
  };
  notePatch(before.frame, after.frame, patch, text);
}
