import { townAt } from '../picking.ts';
import type { Lang } from '../../i18n/lang.ts';
import { clipName, type TownFigures, type TownShape } from '../mapping/townData.ts';
import type { Box } from '../types.ts';
import { projector, type View } from '../view.ts';
import type { LabelInput } from './layout.ts';

/** Towns → label inputs: what each form of a label needs in room, measured in the fonts it is drawn in. */

export interface Measure {
  /** Width of text in CSS pixels, at a size in CSS pixels. */
  name: (text: string, px: number) => number;
  figure: (text: string, px: number) => number;
}

/** Sizes in CSS pixels. */
export interface LabelSizes { name: number; figure: number; gap: number }

export function labelSizes(rem: number): LabelSizes {
  return { name: 1.5 * rem, figure: 1.8 * rem, gap: 0.5 * rem };
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
    const name = measure.name(clipName(figure?.name ?? '', lang), sizes.name);
    const brief = measure.name(clipName(figure?.shortName ?? '', lang), sizes.name);
    const count = figure?.open === undefined ? 0 : measure.figure(String(figure.open), sizes.figure);
    const line = Math.max(sizes.name, sizes.figure) * 1.15;
    const beside = count ? count + sizes.gap : 0;
    inputs.push({
      code: town.code,
      anchor,
      stacked: { width: Math.max(name, count) + 4, height: sizes.name * 1.15 + (count ? sizes.figure * 1.05 : 0) },
      inline: { width: name + beside + 4, height: line },
      brief: { width: brief + beside + 4, height: line },
      fits: (box) => corners(box).every((p) => townAt(view, [town], height, p) !== undefined),
      weight: (figure?.open ?? 0) + 0.001 * (town.bounds[2] - town.bounds[0]),
    });
  }
  return inputs;
}

function corners({ left, top, right, bottom }: Box): { x: number; y: number }[] {
  return [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }];
}
