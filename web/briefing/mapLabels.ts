import type { Ring, ScreenPoint } from '../map/types.ts';

/** Where the labels of a map of towns lie, so that each town has its own and none lies on another. Pure. */

export interface Wanted {
  code: string;
  /** Where it would lie best. */
  at: ScreenPoint;
  width: number;
  /** The town as it is drawn: its outer rings. */
  rings: readonly (readonly ScreenPoint[])[];
}
export interface Placed {
  code: string;
  x: number;
  y: number;
  /** Beside its town: from where in the town a line leads to it, and where that ends. */
  from?: ScreenPoint;
  to?: ScreenPoint;
}

/** Rings around the best place on which another is looked for, and how many places each has. */
const STEP = 7;
const FAR = 308;
const SPOKES = 16;
/** What a place costs besides its distance: off all towns; on another town; for each other town's middle that it hides. */
const OFF_LAND = 16;
const ON_ANOTHER = 90;
const HIDES = 24;
/** Between labels. */
const GAP = 5;

interface Box extends ScreenPoint {
  half: number;
}

/** How far towns reach: what lies outside of that need not be looked at closer. */
const reaches = new WeakMap<Wanted['rings'], [left: number, top: number, right: number, bottom: number]>();
function reachOf(rings: Wanted['rings']): [number, number, number, number] {
  let reach = reaches.get(rings);
  if (!reach) {
    reach = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { x, y } of rings.flat())
      reach = [Math.min(reach[0], x), Math.min(reach[1], y), Math.max(reach[2], x), Math.max(reach[3], y)];
    reaches.set(rings, reach);
  }
  return reach;
}

function within(rings: Wanted['rings'], { x, y }: ScreenPoint): boolean {
  const [left, top, right, bottom] = reachOf(rings);
  if (x < left || x > right || y < top || y > bottom) return false;
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [a, b] = [ring[i]!, ring[j]!];
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    }
  }
  return inside;
}

interface Line {
  from: ScreenPoint;
  to: ScreenPoint;
}
/** Whether two lines cross. */
function meet(a: Line, b: Line): boolean {
  const side = ({ from, to }: Line, { x, y }: ScreenPoint) =>
    Math.sign((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x));
  return side(a, b.from) !== side(a, b.to) && side(b, a.from) !== side(b, a.to);
}

/** Whether a line goes through a label. */
function crosses(from: ScreenPoint, to: ScreenPoint, box: Box, height: number): boolean {
  for (let i = 0; i <= 12; i++) {
    const x = from.x + ((to.x - from.x) * i) / 12;
    const y = from.y + ((to.y - from.y) * i) / 12;
    if (covers(box, { x, y }, height)) return true;
  }
  return false;
}

/** The end of a line that leads to a label: the middle of the side that is next to where it comes from. */
function endAt(from: ScreenPoint, box: Box, height: number): ScreenPoint {
  const across = Math.abs(from.x - box.x) - box.half;
  const down = Math.abs(from.y - box.y) - height / 2;
  return down > across
    ? { x: box.x, y: box.y + (Math.sign(from.y - box.y) * height) / 2 }
    : { x: box.x + Math.sign(from.x - box.x) * (box.half + 2), y: box.y };
}

const covers = (box: Box, { x, y }: ScreenPoint, height: number): boolean =>
  Math.abs(x - box.x) < box.half + 2 && Math.abs(y - box.y) < height / 2 + 1;

/** Where the line of a town may begin: in its middle, or, where a label of another lies on that, as near to it as can be seen. */
function beginOf({ at, rings }: Wanted, boxes: readonly Box[], height: number): ScreenPoint | undefined {
  const free = (point: ScreenPoint) => !boxes.some((box) => covers(box, point, height));
  if (free(at)) return at;
  const found = AROUND.find(({ x, y }) => {
    const point = { x: at.x + x, y: at.y + y };
    return free(point) && within(rings, point);
  });
  return found && { x: at.x + found.x, y: at.y + found.y };
}

/** The places tried around a point, nearest first. */
const AROUND: readonly (ScreenPoint & { far: number })[] = [
  { x: 0, y: 0, far: 0 },
  ...Array.from({ length: FAR / STEP }, (_, ring) => {
    const far = (ring + 1) * STEP;
    return Array.from({ length: SPOKES }, (_, spoke) => {
      const turn = (2 * Math.PI * spoke) / SPOKES;
      return { x: far * Math.cos(turn), y: far * Math.sin(turn), far };
    });
  }).flat(),
];

/**
 * Labels take the best place that is free, those first that come first. Where a town is too small, its label lies beside it, and a line
 * leads to it.
 * @param height of a label
 * @returns those that found room
 */
export function placeLabels(wanted: readonly Wanted[], size: Size, height: number): Placed[] {
  return lay(wanted, size, height).map(({ placed }) => placed);
}

interface Size {
  width: number;
  height: number;
}
/** @param tidy whether no line may cross another */
function lay(wanted: readonly Wanted[], size: Size, height: number, tidy = true): { placed: Placed; cost: number }[] {
  const boxes: (Box & { code: string })[] = [];
  const lines: Line[] = [];
  const found: { placed: Placed; cost: number }[] = [];
  for (const one of wanted) {
    const half = one.width / 2;
    const begin = beginOf(one, boxes, height);
    const others = wanted.filter(({ code }) => code !== one.code && !boxes.some((other) => other.code === code));
    let best: { cost: number; box: Box; own: boolean } | undefined;
    for (const move of AROUND) {
      if (best && move.far >= best.cost) break;
      const box = { x: one.at.x + move.x, y: one.at.y + move.y, half };
      if (box.x - half < 0 || box.x + half > size.width) continue;
      if (box.y - height / 2 < 0 || box.y + height / 2 > size.height) continue;
      if (
        boxes.some(
          (other) => Math.abs(other.y - box.y) < height && Math.abs(other.x - box.x) < other.half + half + GAP,
        ) ||
        lines.some(({ from, to }) => crosses(from, to, box, height))
      )
        continue;
      const hidden = others.filter(
        ({ at }) => Math.abs(at.x - box.x) < half && Math.abs(at.y - box.y) < height / 2,
      ).length;
      let cost = move.far + HIDES * hidden;
      if (best && cost >= best.cost) continue;
      const own = move.far <= STEP || within(one.rings, box);
      if (!own) {
        if (!begin || (best && cost + OFF_LAND >= best.cost)) continue;
        const line = { from: begin, to: endAt(begin, box, height) };
        if (boxes.some((other) => crosses(line.from, line.to, other, height))) continue;
        if (tidy && lines.some((one) => meet(one, line))) continue;
      }
      if (!own)
        cost += wanted.some(({ code, rings }) => code !== one.code && within(rings, box)) ? ON_ANOTHER : OFF_LAND;
      if (!best || cost < best.cost) best = { cost, box, own };
    }
    if (!best) continue;
    const { box, own, cost } = best;
    boxes.push({ ...box, code: one.code });
    const placed: Placed = { code: one.code, x: box.x, y: box.y };
    if (!own) {
      placed.from = begin!;
      placed.to = endAt(begin!, box, height);
      lines.push({ from: placed.from, to: placed.to });
    }
    found.push({ placed, cost });
  }
  return found;
}

/** So often labels are laid anew. */
const TRIES = 12;
/** What lies no farther than this from its town needs no other place. */
const NEAR = 4 * STEP;

/**
 * As `placeLabels`, several times: those that found no room, or lie farthest from their towns, come first the next time. Of all
 * arrangements in which each has its label, the one in which they lie best; lines cross only where there is none without.
 * @returns in the order wanted; where not all have room, those that come first do
 */
export function placeMost(wanted: readonly Wanted[], size: Size, height: number): Placed[] {
  const found =
    bestOf(wanted, size, height, true) ?? bestOf(wanted, size, height, false) ?? placeLabels(wanted, size, height);
  const rank = new Map(wanted.map(({ code }, i) => [code, i]));
  return found.sort((a, b) => rank.get(a.code)! - rank.get(b.code)!);
}

function bestOf(wanted: readonly Wanted[], size: Size, height: number, tidy: boolean): Placed[] | undefined {
  let order = [...wanted];
  let best: { placed: Placed[]; cost: number } | undefined;
  for (let i = 0; i < TRIES; i++) {
    const found = lay(order, size, height, tidy);
    const costs = new Map(found.map((one) => [one.placed.code, one.cost]));
    let first = order.filter(({ code }) => !costs.has(code));
    if (first.length === 0) {
      const cost = found.reduce((sum, one) => sum + one.cost, 0);
      if (!best || cost < best.cost) best = { placed: found.map(({ placed }) => placed), cost };
      const most = Math.max(0, ...costs.values());
      if (most <= NEAR) break;
      first = order.filter(({ code }) => costs.get(code) === most);
    }
    order = [...first, ...order.filter((one) => !first.includes(one))];
  }
  return best?.placed;
}

/** The outer rings of a town as it is drawn. */
export const ringsOf = (
  polygons: readonly (readonly Ring[])[],
  place: (x: number, y: number) => ScreenPoint,
): ScreenPoint[][] => polygons.map(([ring]) => [...(ring ?? [])].map(([x, y]) => place(x, y)));
