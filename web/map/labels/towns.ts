import { bounds, inPolygons } from '../geometry.ts';
import type { Lang } from '../../i18n/lang.ts';
import { labelName, type TownFigures, type TownShape } from '../mapping/townData.ts';
import type { Box, Point } from '../types.ts';
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
  height: number,
  sizes: LabelSizes,
  measure: Measure,
  lang: Lang,
): LabelInput[] {
  const project = projector(view);
  const inputs: LabelInput[] = [];
  for (const town of towns) {
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
      fits: within(town, project, height),
      weight: (figure?.open ?? 0) + 0.001 * (town.bounds[2] - town.bounds[0]),
    });
  }
  return inputs;
}

/** Whether a box lies within a town as it is drawn: its corners do. The outline is projected once for all boxes. */
function within(town: TownShape, project: ReturnType<typeof projector>, height: number): (box: Box) => boolean {
  const drawn = town.polygons.map((polygon) =>
    polygon.map((ring) =>
      ring.flatMap(([x, y]): Point[] => {
        const p = project(x, y, height);
        return p ? [[p.x, p.y]] : [];
      }),
    ),
  );
  const around = bounds(drawn.flatMap((polygon) => polygon[0] ?? []));
  return ({ left, top, right, bottom }) => {
    if (!around || left < around[0] || top < around[1] || right > around[2] || bottom > around[3]) return false;
    return [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ].every(([x, y]) => inPolygons([x!, y!], drawn));
  };
}
