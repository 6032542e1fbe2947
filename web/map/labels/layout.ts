import { onSeam, type Seams } from '../room.ts';
import type { Box, ScreenPoint } from '../types.ts';

/**
 * Where names go so that none covers another, a mark, the legend or the call-out: at the town's own place where there is
 * room, else beside it with a leader line, else nowhere. Pure and deterministic; sizes and places in CSS pixels.
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
  /** Whether a place lies within the town as drawn. */
  inside: (at: ScreenPoint) => boolean;
  /** The higher, the rather it is shown when not all can be. */
  weight: number;
}

export type LabelForm = 'stacked' | 'inline' | 'brief';

export interface PlacedLabel {
  code: string;
  form: LabelForm;
  box: Box;
  anchor: ScreenPoint;
  /** Where the leader line begins in the town, clear of marks, and where it ends at the label; absent where the label lies in its town. */
  leader?: { from: ScreenPoint; to: ScreenPoint };
  hidden: boolean;
}

export interface LayoutRoom {
  width: number;
  height: number;
  /** Where no label may go: legend, call-out, marks and clusters. */
  taken: readonly Box[];
  /** Lines that no label may lie on: that of the call-out. */
  lines: readonly (readonly [ScreenPoint, ScreenPoint])[];
  seams: Seams;
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

/** Places a label may take, the most natural first; only those where it lies on nothing that stands already. */
function candidates(
  label: LabelInput,
  unit: number,
  { angles, rings }: { angles: number; rings: number },
  room: LayoutRoom,
): Candidate[] {
  const list: Candidate[] = [];
  for (const [index, form] of (['stacked', 'inline', 'brief'] as const).entries()) {
    const { width, height } = label[form];
    for (const down of ASIDE.down) {
      for (const across of ASIDE.across) {
        const centre = { x: label.anchor.x + (across * width) / 2, y: label.anchor.y + (down * height) / 2 };
        const box = boxAt(centre, label[form]);
        if (!allowed(box, room)) continue;
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
        const box = boxAt(centre, label[form]);
        if (!allowed(box, room)) continue;
        // Within its own town a name needs no line.
        const own = label.inside(centre) && label.fits(box);
        const brief = form === 'brief';
        list.push({ form, box, distance: own ? 0.9 + ring / 100 + (brief ? 0.05 : 0) : ring + (brief ? 0.8 : 0), own });
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

/** Whether a segment runs through a box: what of it lies between the box's sides, both ways at once, is not nothing. */
function through(a: ScreenPoint, b: ScreenPoint, box: Box): boolean {
  if (
    Math.max(a.x, b.x) <= box.left ||
    Math.min(a.x, b.x) >= box.right ||
    Math.max(a.y, b.y) <= box.top ||
    Math.min(a.y, b.y) >= box.bottom
  )
    return false;
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  let from = 0;
  let to = 1;
  if (dx !== 0) {
    const one = (box.left - a.x) / dx;
    const two = (box.right - a.x) / dx;
    from = Math.max(from, Math.min(one, two));
    to = Math.min(to, Math.max(one, two));
  }
  if (dy !== 0) {
    const one = (box.top - a.y) / dy;
    const two = (box.bottom - a.y) / dy;
    from = Math.max(from, Math.min(one, two));
    to = Math.min(to, Math.max(one, two));
  }
  return from < to;
}

/** The point of a box nearest to its anchor: where a leader line ends. */
export function leaderEnd(anchor: ScreenPoint, box: Box): ScreenPoint {
  return {
    x: Math.min(box.right, Math.max(box.left, anchor.x)),
    y: Math.min(box.bottom, Math.max(box.top, anchor.y)),
  };
}

const FORBIDDEN = 1e6;

/** Whether a label may lie in a box at all, whoever else is where. */
const allowed = (box: Box, room: LayoutRoom): boolean =>
  box.left >= 0 &&
  box.top >= 0 &&
  box.right <= room.width &&
  box.bottom <= room.height &&
  !onSeam(box, room.seams) &&
  !room.taken.some((other) => overlap(box, other, 1)) &&
  !room.lines.some(([from, to]) => through(from, to, box));

/** What a place costs by itself: its distance, whether it lies in its own town, what lies below its leader line. */
function baseCost({ box, distance, own }: Candidate, anchor: ScreenPoint, room: LayoutRoom): number {
  let sum = distance * 10 + (!own && distance < 1 ? 14 : 0);
  if (distance >= 1) {
    const end = leaderEnd(anchor, box);
    for (const other of room.taken) if (through(anchor, end, other)) sum += 6;
    for (const [from, to] of room.lines) if (crosses(anchor, end, from, to)) sum += 40;
  }
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
    candidates(label, unit, search, room).map((c) => ({ ...c, base: baseCost(c, label.anchor, room) })),
  );
  // Where nothing is free, the label has no place, and is hidden in the end.
  const nowhere = (label: LabelInput) => ({
    form: 'brief' as const,
    box: boxAt({ x: -1e6, y: -1e6 }, label.brief),
    distance: 0,
    own: false,
    base: FORBIDDEN,
  });
  const chosen = options.map((list, i) => list.find((c) => c.own) ?? list[0] ?? nowhere(inputs[i]!));

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

  // What still overlaps gives way to what weighs more; then whatever has gone looks once more for a place that is left.
  const shown: number[] = [];
  const hidden = new Set<number>();
  const clear = (box: Box) => !shown.some((j) => overlap(box, chosen[j]!.box, 0) > 0);
  for (const i of order) {
    const { box } = chosen[i]!;
    if (allowed(box, room) && clear(box)) shown.push(i);
    else hidden.add(i);
  }
  for (const i of order) {
    if (!hidden.has(i)) continue;
    const left = options[i]!.filter(({ base, box }) => base < FORBIDDEN && clear(box));
    const best = left.sort((a, b) => cost(i, a, Infinity) - cost(i, b, Infinity))[0];
    if (!best) continue;
    chosen[i] = best;
    hidden.delete(i);
    shown.push(i);
  }
  return inputs.map((label, i) => {
    const c = chosen[i]!;
    return {
      code: label.code,
      form: c.form,
      box: c.box,
      anchor: label.anchor,
      hidden: hidden.has(i),
      ...(c.distance >= 1 ? { leader: leaderOf(label, c.box, room) } : {}),
    };
  });
}

/** The line to a label: from a place in the town that no mark covers, as near to the label as can be. */
function leaderOf(
  { anchor, inside, brief }: LabelInput,
  box: Box,
  room: LayoutRoom,
): NonNullable<PlacedLabel['leader']> {
  const unit = brief.height * 0.4;
  let best = anchor;
  let least = Infinity;
  for (let ring = 0; ring <= 6; ring++) {
    for (let i = 0; i < (ring === 0 ? 1 : 8); i++) {
      const angle = (Math.PI * i) / 4;
      const from = { x: anchor.x + Math.cos(angle) * unit * ring, y: anchor.y + Math.sin(angle) * unit * ring };
      const dot = { left: from.x - 3, right: from.x + 3, top: from.y - 3, bottom: from.y + 3 };
      if (ring > 0 && !inside(from)) continue;
      const to = leaderEnd(from, box);
      const over = room.taken.filter((other) => overlap(dot, other, 0) > 0 || through(from, to, other)).length;
      const value = over * 1000 + Math.hypot(to.x - from.x, to.y - from.y) + ring;
      if (value < least) {
        least = value;
        best = from;
      }
    }
  }
  return { from: best, to: leaderEnd(best, box) };
}
