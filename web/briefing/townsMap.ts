import type { BriefingContent } from '../../contract/briefings.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import type { Lang } from '../i18n/lang.ts';
import { placeName, shortName } from '../i18n/places.ts';
import { flatPlace, ringsPath } from '../map/flat.ts';
import type { TownShape } from '../map/mapping/townData.ts';

/** Open alerts by town, and how many more there are than when the window began. Pure. */
export interface TownOpen {
  code: string;
  /** As its row carries it. */
  name: string;
  short: string;
  open: number;
  /** Left out where nobody knows how many there were. */
  change?: number;
}

/** The towns of the frame, most open alerts first. */
export function townsOpen({ frame, before }: BriefingContent, pack: RegionAnswer | undefined, lang: Lang): TownOpen[] {
  return Object.entries(frame.byTown)
    .map(([code, { open }]) => {
      const name = placeName(pack, code, lang);
      const change = before ? { change: open - (before.byTown[code] ?? 0) } : {};
      return { code, name, short: shortName(name, lang), open, ...change };
    })
    .sort((a, b) => b.open - a.open || (a.code < b.code ? -1 : 1));
}

export interface MapTown {
  code: string;
  d: string;
  /** 0…1 of the most that any town has. */
  share: number;
  town: TownOpen | undefined;
}
export interface MapLabel {
  code: string;
  x: number;
  y: number;
  name: string;
  open: number;
  change?: number;
}
export interface TownsPicture {
  areas: MapTown[];
  labels: MapLabel[];
}

const FONT = 22;
/** Widths as the label is set: the name in 22, the figure in 27, the change in 22; figures are narrow. */
const nameWidth = (text: string) => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.6), 0) * FONT;
const digitsWidth = (text: string, size: number) => text.length * 0.46 * size;
/** How far a label may move up or down from the middle of its town to find room. */
const MOVES = [0, -14, 14];
export const changeText = (change: number | undefined): string =>
  change ? (change > 0 ? `+${change}` : `−${-change}`) : '';

/**
 * The map as paths and labels, in units of which 22 are the height of a letter. A label that would lie on another is left out, the
 * towns with most open alerts first; where the name has no room, its figure alone may have.
 * @param scale the number of open alerts of which the share is 1
 */
export function townsPicture(
  shapes: readonly TownShape[],
  towns: readonly TownOpen[],
  size: { width: number; height: number },
  scale = Math.max(1, ...towns.map(({ open }) => open)),
): TownsPicture {
  const pad = { top: 6, bottom: 6, left: 24, right: 24 };
  const place = flatPlace(shapes, size, pad);
  if (!place) return { areas: [], labels: [] };
  const byCode = new Map(towns.map((town) => [town.code, town]));
  const areas = shapes.map(({ code, polygons }) => ({
    code,
    d: ringsPath(polygons.flat(), place),
    share: (byCode.get(code)?.open ?? 0) / scale,
    town: byCode.get(code),
  }));
  const anchors = new Map(shapes.map(({ code, anchor }) => [code, place(...anchor)]));
  const placed: { x: number; y: number; half: number }[] = [];
  const labels: MapLabel[] = [];
  const put = (town: TownOpen, name: string): boolean => {
    const at = anchors.get(town.code);
    if (!at) return true;
    const { code, open, change } = town;
    const changed = changeText(change);
    const parts = [
      name ? nameWidth(name) : 0,
      digitsWidth(String(open), 27),
      changed ? digitsWidth(changed, FONT) : 0,
    ].filter((width) => width > 0);
    const half = (parts.reduce((all, width) => all + width, 0) + 5 * (parts.length - 1)) / 2;
    const free = MOVES.find(
      (move) =>
        at.x - half >= 0 &&
        at.x + half <= size.width &&
        !placed.some(
          (one) => Math.abs(one.y - at.y - move) < 1.2 * FONT && Math.abs(one.x - at.x) < one.half + half + 6,
        ),
    );
    if (free === undefined) return false;
    const place = { x: at.x, y: at.y + free };
    placed.push({ ...place, half });
    labels.push({ code, name, open, ...place, ...(change === undefined ? {} : { change }) });
    return true;
  };
  const rest = towns.filter((town) => !put(town, town.short));
  for (const town of rest) put(town, '');
  return { areas, labels };
}
