import type { Box, ScreenPoint } from '../types.ts';

/**
 * Where names go so that none covers another: at the town's own place where there is room, else beside it with a
 * leader line. Pure and deterministic; sizes and places in CSS pixels.
 */

export interface LabelInput {
  code: string;
  anchor: ScreenPoint;
  /** Size of the full label (name above figure), of the one-line form with the full name, and with the short one. */
  stacked: { width: number; height: number };
  inline: { width: number; height: number };
  brief: { width: number; height: number };
  /** Whether a box lies wholly within the town as drawn. */
  fits: (box: Box) => boolean;
  /** The higher, the rather it is shown when not all can be. */
  weight: number;
}

export type LabelForm = 'stacked' | 'inline' | 'brief';

export interface PlacedLabel {
  code: string;
  form: LabelForm;
  box: Box;
  anchor: ScreenPoint;
  /** End of the leader line at the label; absent where the label lies on its place. */
  leader?: ScreenPoint;
  hidden: boolean;
}

export interface LayoutRoom {
  width: number;
  height: number;
  /** Where no label may go: legend, notices. */
  taken: readonly Box[];
  /** Symbols that labels had better not cover. */
  symbols: readonly Box[];
  /** Clear space kept around a label. */
  gap: number;
}

/** Directions and distances tried around a place; fewer where there are many labels, so that the work stays small. */
const SEARCH = { few: { angles: 16, rings: 7 }, many: { angles: 8, rings: 4 }, from: 30 };
const overlap = (a: Box, b: Box, gap: number): number => {
  const w = Math.min(a.right, b.right) - Math.max(a.left, b.left) + gap;
  const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) + gap;
  return w > 0 && h > 0 ? w * h : 0;
};
const boxAt = (centre: ScreenPoint, { width, height }: { width: number; height: number }): Box => ({
  left: centre.x - width / 2,
  right: centre.x + width / 2,
  top: centre.y - height / 2,
  bottom: centre.y + height / 2,
});

interface Candidate {
  form: LabelForm;
  box: Box;
  /** 0 at the town's place; below 1 near it; from 1 up so far off that it needs a leader line. */
  distance: number;
  /** Lies wholly within its own town. */
  own: boolean;
}

/** Steps aside within the own town, in halves of the label's size. */
const ASIDE = { across: [0, 0.5, -0.5, 1, -1], down: [0, 0.5, -0.5, 1, -1, 1.5, -1.5] };

/** Places a label may take, the most natural first. */
function candidates(
  label: LabelInput,
  unit: number,
  { angles, rings }: { angles: number; rings: number },
): Candidate[] {
  const list: Candidate[] = [];
  for (const [index, form] of (['stacked', 'inline', 'brief'] as const).entries()) {
    const { width, height } = label[form];
    for (const down of ASIDE.down) {
      for (const across of ASIDE.across) {
        const centre = { x: label.anchor.x + (across * width) / 2, y: label.anchor.y + (down * height) / 2 };
        const box = boxAt(centre, label[form]);
        const home = down === 0 && across === 0;
        const own = label.fits(box);
        if (own || home)
          list.push({ form, box, distance: index * 0.18 + (Math.abs(across) + Math.abs(down)) * 0.13, own });
      }
    }
  }
  for (const form of ['inline', 'brief'] as const) {
    const { width, height } = label[form];
    for (let ring = 1; ring <= rings; ring++) {
      for (let i = 0; i < angles; i++) {
        const angle = (2 * Math.PI * i) / angles;
        // Ellipses: a label is wide and low, so it clears its place sooner above and below than beside it.
        const centre = {
          x: label.anchor.x + Math.cos(angle) * (width / 2 + unit * 0.55 * ring),
          y: label.anchor.y + Math.sin(angle) * (height / 2 + unit * 0.62 * ring),
        };
        list.push({ form, box: boxAt(centre, label[form]), distance: ring + (form === 'brief' ? 0.8 : 0), own: false });
      }
    }
  }
  return list;
}

/** Whether two segments cross: leader lines that do are hard to follow. */
function crosses(a: ScreenPoint, b: ScreenPoint, c: ScreenPoint, d: ScreenPoint): boolean {
  const side = (p: ScreenPoint, q: ScreenPoint, r: ScreenPoint) =>
    Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

/** Whether a segment runs through a box. */
function through(a: ScreenPoint, b: ScreenPoint, box: Box): boolean {
  const inside = (p: ScreenPoint) => p.x > box.left && p.x < box.right && p.y > box.top && p.y < box.bottom;
  if (inside(a) || inside(b)) return true;
  const corners = [
    { x: box.left, y: box.top },
    { x: box.right, y: box.top },
    { x: box.right, y: box.bottom },
    { x: box.left, y: box.bottom },
  ];
  return corners.some((c, i) => crosses(a, b, c, corners[(i + 1) % 4]!));
}

/** The point of a box nearest to its anchor: where a leader line ends. */
export function leaderEnd(anchor: ScreenPoint, box: Box): ScreenPoint {
  return {
    x: Math.min(box.right, Math.max(box.left, anchor.x)),
    y: Math.min(box.bottom, Math.max(box.top, anchor.y)),
  };
}

const FORBIDDEN = 1e6;
/** A symbol under a name spoils both: rather a step aside within the town, or a short leader line. */
const SYMBOL = 12;

/** What a place costs by itself: its distance, the map's edge, legends, symbols below it. */
function baseCost({ box, distance, own }: Candidate, room: LayoutRoom): number {
  let sum = distance * 10 + (!own && distance < 1 ? 14 : 0);
  if (
    box.left < room.gap ||
    box.top < room.gap ||
    box.right > room.width - room.gap ||
    box.bottom > room.height - room.gap
  )
    sum += FORBIDDEN;
  for (const other of room.taken) if (overlap(box, other, room.gap)) sum += FORBIDDEN;
  for (const symbol of room.symbols) if (overlap(box, symbol, 0)) sum += SYMBOL;
  return sum;
}

/**
 * Places labels by improving one at a time against all others, a few rounds: on the town's own place if it can be,
 * else elsewhere within the town, else outside it at the end of a leader line.
 */
export function layoutLabels(inputs: readonly LabelInput[], room: LayoutRoom): PlacedLabel[] {
  const unit = inputs[0]?.brief.height ?? 0;
  const search = inputs.length < SEARCH.from ? SEARCH.few : SEARCH.many;
  /** Candidates with what they cost whoever else is where. */
  const options = inputs.map((label) =>
    candidates(label, unit, search).map((c) => ({ ...c, base: baseCost(c, room) })),
  );
  const chosen = options.map((list) => list.find((c) => c.own) ?? list[0]!);

  /** What a candidate costs among the labels as they lie now; gives up once past `limit`. */
  const cost = (i: number, c: (typeof chosen)[number], limit: number): number => {
    const { box } = c;
    const { anchor } = inputs[i]!;
    let sum = c.base;
    const leader = c.distance >= 1 ? leaderEnd(anchor, box) : undefined;
    for (let j = 0; j < inputs.length && sum < limit; j++) {
      if (j === i) continue;
      const other = chosen[j]!;
      if (overlap(box, other.box, room.gap)) sum += FORBIDDEN;
      const place = inputs[j]!.anchor;
      // A name on another town's place says the wrong thing.
      if (place.x > box.left - 6 && place.x < box.right + 6 && place.y > box.top - 6 && place.y < box.bottom + 6)
        sum += FORBIDDEN / 4;
      if (leader) {
        if (other.distance >= 1 && crosses(anchor, leader, place, leaderEnd(place, other.box))) sum += 400;
        if (through(anchor, leader, other.box)) sum += 200;
      }
      if (other.distance >= 1 && through(place, leaderEnd(place, other.box), box)) sum += 200;
    }
    return sum;
  };

  const order = inputs
    .map((_, i) => i)
    .sort((a, b) => inputs[b]!.weight - inputs[a]!.weight || (inputs[a]!.code < inputs[b]!.code ? -1 : 1));
  for (let round = 0; round < 6; round++) {
    let moved = false;
    for (const i of order) {
      let best = chosen[i]!;
      let least = cost(i, best, Infinity);
      for (const option of options[i]!) {
        if (option.base >= least) continue;
        const value = cost(i, option, least);
        if (value < least - 1e-9) {
          least = value;
          best = option;
        }
      }
      if (best !== chosen[i]) {
        chosen[i] = best;
        moved = true;
      }
    }
    if (!moved && round >= 2) break;
  }

  // What still overlaps gives way to what weighs more.
  const shown: number[] = [];
  const hidden = new Set<number>();
  for (const i of order) {
    const { box } = chosen[i]!;
    const blocked =
      shown.some((j) => overlap(box, chosen[j]!.box, 0) > 0) ||
      room.taken.some((t) => overlap(box, t, 0) > 0) ||
      box.left < 0 ||
      box.top < 0 ||
      box.right > room.width ||
      box.bottom > room.height;
    if (blocked) hidden.add(i);
    else shown.push(i);
  }
  return inputs.map((label, i) => {
    const c = chosen[i]!;
    return {
      code: label.code,
      form: c.form,
      box: c.box,
      anchor: label.anchor,
      hidden: hidden.has(i),
      ...(c.distance >= 1 ? { leader: leaderEnd(label.anchor, c.box) } : {}),
    };
  });
}
