import { bounds, inPolygons } from '../geometry.ts';
import type { Lang } from '../../i18n/lang.ts';
import { labelName, type TownFigures, type TownShape } from '../mapping/townData.ts';
import { grave } from '../mapping/worst.ts';
import type { Box, Point, ScreenPoint } from '../types.ts';
import { projector, type View } from '../view.ts';
import type { LabelInput } from './layout.ts';

/** Towns → label inputs: what each form of a label needs in room, measured in the fonts it is drawn in. */

export interface Measure {
  /** Width of text in CSS pixels, at a size in CSS pixels. */
  name: (text: string, px: number) => number;
  figure: (text: string, px: number) => number;
}

/** Sizes in CSS pixels. */
export interface LabelSizes {
  name: number;
  figure: number;
  big: number;
  gap: number;
}

export function labelSizes(rem: number): LabelSizes {
  return { name: 1.5 * rem, figure: 1.8 * rem, big: 2.2 * rem, gap: 0.5 * rem };
}

/** The inputs of the layout; towns that lie outside the screen are left out. */
export function labelInputs(
  towns: readonly TownShape[],
  figures: ReadonlyMap<string, TownFigures>,
  view: View,
  heightOf: (code: string) => number,
  sizes: LabelSizes,
  measure: Measure,
  lang: Lang,
): LabelInput[] {
  const project = projector(view);
  const inputs: LabelInput[] = [];
  for (const town of towns) {
    const height = heightOf(town.code);
    const anchor = project(...town.anchor, height);
    if (!anchor || anchor.x < 0 || anchor.y < 0 || anchor.x > view.width || anchor.y > view.height) continue;
    const figure = figures.get(town.code);
    const name = figure ? measure.name(labelName(figure, false, lang), sizes.name) : 0;
    const brief = figure ? measure.name(labelName(figure, true, lang), sizes.name) : 0;
    const count = figure?.open === undefined ? 0 : measure.figure(String(figure.open), sizes.figure);
    const big = figure?.open === undefined ? 0 : measure.figure(String(figure.open), sizes.big);
    const line = Math.max(sizes.name, sizes.figure) * 1.15;
    const beside = count ? count + sizes.gap : 0;
    inputs.push({
      code: town.code,
      anchor,
      stacked: { width: Math.max(name, big) + 4, height: sizes.name * 1.15 + (count ? sizes.big : 0) },
      inline: { width: name + beside + 4, height: line },
      brief: { width: brief + beside + 4, height: line },
      ...within(town, project, height),
      // What is grave is named first.
      weight: 1000 * grave(figure?.tiers ?? {}) + (figure?.open ?? 0) + 0.001 * (town.bounds[2] - town.bounds[0]),
    });
  }
  return inputs;
}

/** Whether a place, or a box by its corners, lies within a town as it is drawn. The outline is projected once for all. */
function within(
  town: TownShape,
  project: ReturnType<typeof projector>,
  height: number,
): Pick<LabelInput, 'fits' | 'inside'> {
  const drawn = town.polygons.map((polygon) =>
    polygon.map((ring) =>
      ring.flatMap(([x, y]): Point[] => {
        const p = project(x, y, height);
        return p ? [[p.x, p.y]] : [];
      }),
    ),
  );
  const around = bounds(drawn.flatMap((polygon) => polygon[0] ?? []));
  const inside = ({ x, y }: ScreenPoint) =>
    around !== undefined &&
    x >= around[0] &&
    y >= around[1] &&
    x <= around[2] &&
    y <= around[3] &&
    inPolygons([x, y], drawn);
  const fits = ({ left, top, right, bottom }: Box) =>
    around !== undefined &&
    left >= around[0] &&
    top >= around[1] &&
    right <= around[2] &&
    bottom <= around[3] &&
    [left, right].every((x) => [top, bottom].every((y) => inPolygons([x, y], drawn)));
  return { fits, inside };
}
