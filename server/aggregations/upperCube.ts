import type { WindowName } from '../../contract/codes.ts';
import type { ExactSums } from '../../common/exactSums.ts';
import { eachSum, newColumns, type Columns, type Wanted } from './columns.ts';
import { UnknownScopeError, type Cube } from './cube.ts';
import type { CubeView } from './cubeView.ts';
import { MEASURE_SHIFT } from './bucketCodec.ts';
import { CELLS_PER_TOWN, cellOf, Dictionary } from './dictionary.ts';
import type { Grain, Range } from './grains.ts';
import type { HeldView, NetByCell } from './heldCube.ts';
import type { MeasureVector } from './increments.ts';
import { LiveRolls, type IncrementSink } from './liveRolls.ts';
import type { Placed, Roll } from './roll.ts';
import type { WindowSums } from './windowSums.ts';

/** A region's cube, and the area of the upper pack that the region lies in. */
export interface UpperPart {
  cube: Cube;
  area: string;
}

/** Where the columns of a part are put while they are read: one reader at a time, always within one call. */
const scratch = newColumns();

/** A cube's numbers as those of the cube above it. Tiers, industries and channels have the same everywhere. */
class Translation {
  readonly area: number;
  private readonly from: Dictionary;
  private readonly to: Dictionary;
  private readonly heatItems: number[] = [];
  private readonly paidItems: number[] = [];

  constructor(from: Dictionary, to: Dictionary, area: number) {
    this.from = from;
    this.to = to;
    this.area = area;
  }

  cell(cell: number): number {
    return cellOf(this.area, 0, 0, 0) | (cell & (CELLS_PER_TOWN - 1));
  }

  heatItem(item: number): number {
    return (this.heatItems[item] ??= this.to.heat.byBits(this.from.heat.bits[item]!));
  }

  /** An enterprise keeps its name, so one that is known in two regions is one (contract §2: distinct enterprises). */
  paidItem(item: number): number {
    return (this.paidItems[item] ??= this.to.paid.names.number(this.from.paid.names.names[item]!));
  }

  columns({ cells, heat, paid }: Columns, { cellsOnly }: Wanted): Columns {
    const { from, to, area } = this;
    scratch.cells.clear();
    scratch.heat.clear();
    scratch.paid.clear();
    eachSum(cells, (key, low, high) => {
      const measure = key & ((1 << MEASURE_SHIFT) - 1);
      scratch.cells.push((this.cell(key >>> MEASURE_SHIFT) << MEASURE_SHIFT) | measure, low, high);
    });
    if (cellsOnly) return scratch;
    eachSum(heat, (pair, value) => {
      scratch.heat.push(to.heat.pair(area, this.heatItem(from.heat.item[pair]!)), value);
    });
    eachSum(paid, (pair, value) => {
      scratch.paid.push(to.paid.pair(area, this.paidItem(from.paid.item[pair]!)), value);
    });
    return scratch;
  }
}

/** The cubes of several regions as they were at one moment. */
class HeldUpper implements HeldView {
  readonly dictionary: Dictionary;
  private readonly parts: readonly { held: HeldView; translation: Translation }[];

  constructor(dictionary: Dictionary, parts: readonly { held: HeldView; translation: Translation }[]) {
    this.dictionary = dictionary;
    this.parts = parts;
  }

  keptFrom(grain: Grain): number {
    return Math.max(...this.parts.map(({ held }) => held.keptFrom(grain)));
  }

  *columns(grain: Grain, range: Range, wanted: Wanted): Generator<{ start: number; columns: Columns }, void> {
    for (const { held, translation } of this.parts) {
      if (wanted.town !== undefined && wanted.town !== translation.area) continue;
      for (const { start, columns } of held.columns(grain, range, wanted.cellsOnly ? { cellsOnly: true } : {}))
        yield { start, columns: translation.columns(columns, wanted) };
    }
  }

  *totals(grain: Grain, range: Range, area: number | undefined): Generator<ExactSums, void> {
    for (const { held, translation } of this.parts)
      if (area === undefined || area === translation.area) yield* held.totals(grain, range, undefined);
  }

  *openBefore(month: number): Generator<NetByCell, void> {
    for (const { held, translation } of this.parts)
      for (const each of held.openBefore(month)) yield (use) => each((cell, net) => use(translation.cell(cell), net));
  }

  release(): void {
    for (const { held } of this.parts) held.release();
  }
}

/**
 * The sum of the cubes of several regions: that of a city or province, whose areas they are. It holds no bucket of its own. Its
 * rolls read the regions' buckets once and follow their increments, so a change costs the same here as there.
 *
 * Nothing of it is an average of averages: rates and hours come from sums, and enterprises are told apart by name.
 */
export class UpperCube implements CubeView {
  readonly dictionary: Dictionary;
  private readonly region: string;
  private readonly parts: { cube: Cube; translation: Translation }[];
  private readonly rolls = new LiveRolls(this);
  private readonly unfollow: (() => void)[];

  /** @param areas codes of the areas of the upper pack, in its order */
  constructor(region: string, areas: readonly string[], parts: readonly UpperPart[]) {
    this.region = region;
    this.dictionary = new Dictionary(areas);
    this.parts = parts.map(({ cube, area }) => ({
      cube,
      translation: new Translation(cube.dictionary, this.dictionary, this.dictionary.towns.number(area)),
    }));
    this.unfollow = this.parts.map(({ cube, translation }) => cube.follow(this.sinkOf(translation)));
  }

  /** Follows its parts no longer. */
  close(): void {
    for (const stop of this.unfollow) stop();
  }

  private sinkOf(translation: Translation): IncrementSink {
    const { rolls } = this;
    const { area } = translation;
    return {
      add(_town: number, cell: number, placed: Placed, measures: MeasureVector) {
        if (rolls.size > 0) rolls.add(area, translation.cell(cell), placed, measures);
      },
      addHeat(_town: number, item: number, placed: Placed, count: number) {
        if (rolls.size > 0) rolls.addHeat(area, translation.heatItem(item), placed, count);
      },
      addPaid(_town: number, item: number, placed: Placed, count: number) {
        if (rolls.size > 0) rolls.addPaid(area, translation.paidItem(item), placed, count);
      },
    };
  }

  get now(): number {
    return Math.max(...this.parts.map(({ cube }) => cube.now));
  }

  keptFrom(grain: Grain): number {
    return Math.max(...this.parts.map(({ cube }) => cube.keptFrom(grain)));
  }

  latest(grain: Grain): number {
    return Math.max(...this.parts.map(({ cube }) => cube.latest(grain)));
  }

  visit(grain: Grain, range: Range, wanted: Wanted, use: (start: number, columns: Columns) => void): void {
    for (const { cube, translation } of this.parts) {
      if (wanted.town !== undefined && wanted.town !== translation.area) continue;
      cube.visit(grain, range, wanted.cellsOnly ? { cellsOnly: true } : {}, (start, columns) =>
        use(start, translation.columns(columns, wanted)),
      );
    }
  }

  visitTotals(grain: Grain, range: Range, area: number | undefined, use: (totals: ExactSums) => void): void {
    for (const { cube, translation } of this.parts) {
      if (area === undefined || area === translation.area) cube.visitTotals(grain, range, undefined, use);
    }
  }

  count(grain: Grain, range: Range): number {
    return this.parts.reduce((sum, { cube }) => sum + cube.count(grain, range), 0);
  }

  visitOpenBefore(month: number, use: (cell: number, net: number) => void): void {
    for (const { cube, translation } of this.parts)
      cube.visitOpenBefore(month, (cell, net) => use(translation.cell(cell), net));
  }

  beginning(): number | undefined {
    const known = this.parts.flatMap(({ cube }) => cube.beginning() ?? []);
    return known.length > 0 ? Math.min(...known) : undefined;
  }

  *prepare(): Generator<undefined, void> {
    for (const { cube } of this.parts) yield* cube.prepare();
  }

  hold(): HeldView {
    return new HeldUpper(
      this.dictionary,
      this.parts.map(({ cube, translation }) => ({ held: cube.hold(), translation })),
    );
  }

  everything(scope: string): WindowSums | undefined {
    return this.rolls.known(this.townOfScope(scope), 'all')?.sums.copy();
  }

  townOfScope(scope: string): number | undefined {
    if (scope === this.region) return undefined;
    const area = this.dictionary.towns.find(scope);
    if (area === undefined) throw new UnknownScopeError(scope, this.region);
    return area;
  }

  roll(scope: string, window: WindowName, now: number): Roll {
    return this.rolls.ask(this.townOfScope(scope), window, now, Math.max(now, this.now));
  }

  /** Drops rolls that nobody asked for of late; before the parts drop the buckets that these would still read. */
  sweep(now: number): void {
    this.rolls.sweep(Math.max(now, this.now));
  }
}
