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
  /** Clear space kept around a label. */
  gap: number;
}

const ANGLES = 16;
const overlap = (a: Box, b: Box, gap: number): number => {
  const w = Math.min(a.right, b.right) - Math.max(a.left, b.left) + gap;
  const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) + gap;
  return w > 0 && h > 0 ? w * h : 0;
};
const boxAt = (centre: ScreenPoint, { width, height }: { width: number; height: number }): Box => ({
  left: centre.x - width / 2, right: centre.x + width / 2, top: centre.y - height / 2, bottom: centre.y + height / 2,
});

interface Candidate { form: LabelForm; box: Box; distance: number; own: boolean }

/** Places a label may take, the most natural first. */
function candidates(label: LabelInput, unit: number): Candidate[] {
  const list: Candidate[] = [];
  for (const form of ['stacked', 'inline', 'brief'] as const) {
    const box = boxAt(label.anchor, label[form]);
    list.push({ form, box, distance: form === 'stacked' ? 0 : form === 'inline' ? 0.2 : 0.5, own: label.fits(box) });
  }
  for (const form of ['inline', 'brief'] as const) {
    const { width, height } = label[form];
    for (let ring = 1; ring <= 7; ring++) {
      for (let i = 0; i < ANGLES; i++) {
        const angle = (2 * Math.PI * i) / ANGLES;
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
  const side = (p: ScreenPoint, q: ScreenPoint, r: ScreenPoint) => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

/** Whether a segment runs through a box. */
function through(a: ScreenPoint, b: ScreenPoint, box: Box): boolean {
  const inside = (p: ScreenPoint) => p.x > box.left && p.x < box.right && p.y > box.top && p.y < box.bottom;
  if (inside(a) || inside(b)) return true;
  const corners = [
    { x: box.left, y: box.top }, { x: box.right, y: box.top }, { x: box.right, y: box.bottom }, { x: box.left, y: box.bottom },
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

/**
 * Places labels by improving one at a time against all others, a few rounds. Those that fit their own town stay
 * there; the others look for the nearest free place.
 */
export function layoutLabels(inputs: readonly LabelInput[], room: LayoutRoom): PlacedLabel[] {
  const unit = inputs[0]?.brief.height ?? 0;
  const options = inputs.map((label) => candidates(label, unit));
  const chosen = options.map((list) => list.find((c) => c.own) ?? list[1]!);
  const settled = options.map((list) => list.some((c) => c.own));

  const cost = (i: number, c: Candidate): number => {
    const label = inputs[i]!;
    const { box } = c;
    let sum = c.distance * 10;
    if (!c.own && c.distance < 1) sum += 14;
    if (box.left < room.gap || box.top < room.gap || box.right > room.width - room.gap || box.bottom > room.height - room.gap) sum += FORBIDDEN;
    for (const other of room.taken) if (overlap(box, other, room.gap)) sum += FORBIDDEN;
    const leader = c.distance >= 1 ? leaderEnd(label.anchor, box) : undefined;
    for (let j = 0; j < inputs.length; j++) {
      if (j === i) continue;
      const other = chosen[j]!;
      if (overlap(box, other.box, room.gap)) sum += FORBIDDEN;
      const place = inputs[j]!.anchor;
      // A name on another town's place says the wrong thing.
      if (place.x > box.left - 6 && place.x < box.right + 6 && place.y > box.top - 6 && place.y < box.bottom + 6) sum += FORBIDDEN / 4;
      if (leader) {
        if (other.distance >= 1 && crosses(label.anchor, leader, place, leaderEnd(place, other.box))) sum += 400;
        if (through(label.anchor, leader, other.box)) sum += 200;
      }
      if (other.distance >= 1 && through(place, leaderEnd(place, other.box), box)) sum += 200;
    }
    return sum;
  };

  const order = inputs.map((_, i) => i).sort((a, b) => inputs[b]!.weight - inputs[a]!.weight || (inputs[a]!.code < inputs[b]!.code ? -1 : 1));
  for (let round = 0; round < 6; round++) {
    let moved = false;
    for (const i of order) {
      const now = cost(i, chosen[i]!);
      // Those at home move only when they are in somebody's way for good.
      if (settled[i] && (now < FORBIDDEN || round < 2)) continue;
      let best = chosen[i]!;
      let least = now;
      for (const option of options[i]!) {
        const value = cost(i, option);
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
    const blocked = shown.some((j) => overlap(box, chosen[j]!.box, 0) > 0)
      || room.taken.some((t) => overlap(box, t, 0) > 0)
      || box.left < 0 || box.top < 0 || box.right > room.width || box.bottom > room.height;
    if (blocked) hidden.add(i);
    else shown.push(i);
  }
  return inputs.map((label, i) => {
    const c = chosen[i]!;
    return {
      code: label.code, form: c.form, box: c.box, anchor: label.anchor, hidden: hidden.has(i),
      ...(c.distance >= 1 ? { leader: leaderEnd(label.anchor, c.box) } : {}),
    };
  });
}
