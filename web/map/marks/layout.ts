import { TIERS, type Tier } from '../../../contract/codes.ts';
import { onSeam, type Seams } from '../room.ts';
import type { Box, ScreenPoint } from '../types.ts';

/**
 * Which alerts are drawn single and which are counted, and where, so that no mark covers another. Red ones stand alone
 * as long as there is room; the rest does where they are few, and is counted by area where they are many or where the
 * map is that of a city or province. Pure and deterministic; CSS pixels.
 */

export interface MarkInput {
  key: string;
  tier: Tier;
  area: string;
  at: ScreenPoint;
  imprecise: boolean;
}
export interface Mark extends MarkInput {
  /** Half its side. */
  half: number;
}
/** What is counted of an area: by tier, in one row of symbols with numbers, or, where that has no room, as one number. */
export interface Cluster {
  area: string;
  parts: readonly { tier?: Tier; count: number }[];
  keys: readonly string[];
  at: ScreenPoint;
  box: Box;
}
export interface Marks {
  singles: readonly Mark[];
  clusters: readonly Cluster[];
}

export interface MarkRoom {
  width: number;
  height: number;
  seams: Seams;
  /** Where no mark may lie: legend, call-out. */
  taken: readonly Box[];
  /** Half the side of a single mark. */
  half: (tier: Tier) => number;
  /** Size of a cluster's row. */
  measure: (parts: Cluster['parts']) => { width: number; height: number };
  /** All but red ones are counted by area, however few they are. */
  gather: boolean;
  /** Whether a place lies in an area, as drawn. */
  inside: (area: string, at: ScreenPoint) => boolean;
  /** Where the names' place is; clusters gather around it. */
  anchor: (area: string) => ScreenPoint | undefined;
}

/** More single marks than this are no longer told apart: then all but red ones are counted. */
export const MOST_SINGLE_MARKS = 150;
/** More red ones than this in one area are counted, too. */
export const MOST_RED_OF_AREA = 24;
/** A mark may step aside from its position by so many times its own size. */
const ASIDE = 3;

export const boxAround = ({ x, y }: ScreenPoint, half: number): Box => ({
  left: x - half,
  top: y - half,
  right: x + half,
  bottom: y + half,
});
export const meet = (a: Box, b: Box, gap = 0): boolean =>
  a.left < b.right + gap && a.right + gap > b.left && a.top < b.bottom + gap && a.bottom + gap > b.top;

/** Boxes by the squares of a grid, so that a thousand marks are told apart in no time. */
class Occupied {
  private readonly squares = new Map<string, Box[]>();
  private readonly side = 48;
  private each(box: Box, gap: number, visit: (key: string) => boolean): boolean {
    for (let x = Math.floor((box.left - gap) / this.side); x <= Math.floor((box.right + gap) / this.side); x++)
      for (let y = Math.floor((box.top - gap) / this.side); y <= Math.floor((box.bottom + gap) / this.side); y++)
        if (visit(`${x},${y}`)) return true;
    return false;
  }
  add(box: Box): void {
    this.each(box, 0, (key) => {
      const list = this.squares.get(key);
      if (list) list.push(box);
      else this.squares.set(key, [box]);
      return false;
    });
  }
  hits(box: Box, gap: number): boolean {
    return this.each(box, gap, (key) => this.squares.get(key)?.some((other) => meet(box, other, gap)) ?? false);
  }
}

/** Places around a point, nearest first. */
function* around({ x, y }: ScreenPoint, step: number, rings: number): Generator<ScreenPoint> {
  yield { x, y };
  for (let ring = 1; ring <= rings; ring++) {
    const count = 6 * ring;
    for (let i = 0; i < count; i++) {
      const angle = (2 * Math.PI * i) / count - Math.PI / 2;
      yield { x: x + Math.cos(angle) * step * ring, y: y + Math.sin(angle) * step * ring };
    }
  }
}

/**
 * @param inputs gravest and newest last, as they are drawn; those beyond the map's edges are left out
 */
export function layoutMarks(inputs: readonly MarkInput[], room: MarkRoom): Marks {
  const seen = inputs.filter(({ at }) => at.x >= 0 && at.y >= 0 && at.x <= room.width && at.y <= room.height);
  const gather = room.gather || seen.length > MOST_SINGLE_MARKS;
  const reds = new Map<string, number>();
  for (const { tier, area } of seen) if (tier === 'red') reds.set(area, (reds.get(area) ?? 0) + 1);
  const counted = ({ tier, area }: MarkInput) => (tier === 'red' ? reds.get(area)! > MOST_RED_OF_AREA : gather);

  const occupied = new Occupied();
  for (const box of room.taken) occupied.add(box);
  const free = (box: Box, gap: number) =>
    box.left >= 0 &&
    box.top >= 0 &&
    box.right <= room.width &&
    box.bottom <= room.height &&
    !onSeam(box, room.seams) &&
    !occupied.hits(box, gap);

  const singles: Mark[] = [];
  const rest = new Map<string, MarkInput[]>();
  for (let i = seen.length - 1; i >= 0; i--) {
    const input = seen[i]!;
    const half = room.half(input.tier);
    const place = counted(input) ? undefined : aside(input, half);
    if (place) {
      occupied.add(boxAround(place, half));
      singles.push({ ...input, at: place, half });
    } else {
      const list = rest.get(input.area);
      if (list) list.push(input);
      else rest.set(input.area, [input]);
    }
  }
  const clusters: Cluster[] = [];
  for (const [area, members] of [...rest].sort(([, a], [, b]) => b.length - a.length)) {
    const cluster = gatherUp(area, members);
    if (!cluster) continue;
    occupied.add(cluster.box);
    clusters.push(cluster);
  }
  return { singles: singles.reverse(), clusters };

  /** Its own position if that is free, else one beside it that lies within the area, rather with all of the mark. */
  function aside(input: MarkInput, half: number): ScreenPoint | undefined {
    const { area, at, imprecise } = input;
    if (!imprecise && free(boxAround(at, half), 1)) return at;
    let near: ScreenPoint | undefined;
    for (const place of around(at, half * 0.75, Math.ceil((2 * ASIDE) / 0.75))) {
      const box = boxAround(place, half);
      if (!free(box, 1) || !room.inside(area, place)) continue;
      near ??= place;
      if ([box.left, box.right].every((x) => [box.top, box.bottom].every((y) => room.inside(area, { x, y }))))
        return place;
    }
    return near;
  }

  /** One row for all that is counted of an area; in full where it fits within the area, else as one sum. */
  function gatherUp(area: string, members: readonly MarkInput[]): Cluster | undefined {
    const parts = TIERS.map((tier) => ({ tier, count: members.filter((m) => m.tier === tier).length })).filter(
      ({ count }) => count > 0,
    );
    const middle = {
      x: members.reduce((sum, { at }) => sum + at.x, 0) / members.length,
      y: members.reduce((sum, { at }) => sum + at.y, 0) / members.length,
    };
    const keys = members.map(({ key }) => key);
    const anchor = room.anchor(area);
    const sum: Cluster['parts'] = [{ count: members.length }];
    for (const shown of parts.length > 1 ? [parts, sum] : [parts]) {
      const size = room.measure(shown);
      for (const from of anchor ? [{ x: anchor.x, y: anchor.y + size.height * 1.5 }, middle] : [middle]) {
        for (const at of around(from, size.height * 0.5, 14)) {
          const box = {
            left: at.x - size.width / 2,
            right: at.x + size.width / 2,
            top: at.y - size.height / 2,
            bottom: at.y + size.height / 2,
          };
          if (!free(box, 2)) continue;
          const corners = [
            [box.left, box.top],
            [box.right, box.top],
            [box.left, box.bottom],
            [box.right, box.bottom],
          ] as const;
          if (corners.every(([x, y]) => room.inside(area, { x, y }))) return { area, parts: shown, keys, at, box };
        }
      }
    }
    // Too small an area for any row: its name carries the count.
    return undefined;
  }
}
