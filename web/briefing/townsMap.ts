import type { BriefingContent } from '../../contract/briefings.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import type { Lang } from '../i18n/lang.ts';
import { placeName, shortName } from '../i18n/places.ts';
import { flatPlace, ringsPath } from '../map/flat.ts';
import type { TownShape } from '../map/mapping/townData.ts';
import type { ScreenPoint } from '../map/types.ts';
import { placeMost, ringsOf } from './mapLabels.ts';

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
  /** Beside its town: the line that leads from there to it. */
  line?: { from: ScreenPoint; to: ScreenPoint };
}
export interface TownsPicture {
  areas: MapTown[];
  labels: MapLabel[];
}

const FONT = 22;
/** Widths as the label is set: the name in 22, the figure in 27, the change in 22; figures are narrow. */
const nameWidth = (text: string) => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.6), 0) * FONT;
const digitsWidth = (text: string, size: number) => text.length * 0.46 * size;
const HEIGHT = 1.2 * FONT;
export const changeText = (change: number | undefined): string =>
  change ? (change > 0 ? `+${change}` : `−${-change}`) : '';

/**
 * The map as paths and labels, in units of which 22 are the height of a letter. Towns with most open alerts have their labels first;
 * one that has no room in its town lies beside it. Where there is no room for all names, changes are left out; then names, and figures stay.
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
  const drawn = new Map(
    shapes.map(({ code, anchor, polygons }) => [code, { at: place(...anchor), rings: ringsOf(polygons, place) }]),
  );
  const put = (named: (town: TownOpen) => boolean, changes: boolean): MapLabel[] => {
    const byCode = new Map(towns.map((town) => [town.code, changes ? town : unchanged(town)]));
    const wanted = [...byCode.values()].flatMap((town) => {
      const { code, short } = town;
      const where = drawn.get(code);
      return where ? [{ code, ...where, width: labelWidth(town, named(town) ? short : '') }] : [];
    });
    return placeMost(wanted, size, HEIGHT).map(({ code, x, y, from, to }) => {
      const town = byCode.get(code)!;
      const { open, change, short } = town;
      return {
        code,
        x,
        y,
        name: named(town) ? short : '',
        open,
        ...(change === undefined ? {} : { change }),
        ...(from && to ? { line: { from, to } } : {}),
      };
    });
  };
  const all = put(() => true, true);
  if (all.length === drawn.size) return { areas, labels: all };
  // Rather all names without how open alerts have changed, of which others tell, than not all.
  const names = put(() => true, false);
  if (names.length === drawn.size) return { areas, labels: names };
  // Rather all figures and some names than neither.
  const room = new Set(all.map(({ code }) => code));
  return { areas, labels: put(({ code }) => room.has(code), true) };
}

function unchanged(town: TownOpen): TownOpen {
  const { code, name, short, open } = town;
  return { code, name, short, open };
}

function labelWidth({ open, change }: TownOpen, name: string): number {
  const changed = changeText(change);
  const parts = [
    name ? nameWidth(name) : 0,
    digitsWidth(String(open), 27),
    changed ? digitsWidth(changed, FONT) : 0,
  ].filter((width) => width > 0);
  return parts.reduce((all, width) => all + width, 0) + 5 * (parts.length - 1);
}
