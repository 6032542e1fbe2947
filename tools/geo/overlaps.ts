import { intersection } from 'polyclip-ts';
import { meetings } from './crossings.ts';
import { lineLength, type Point } from './plane.ts';
import { areaOf, inShape, rewound, type Shape } from './shapes.ts';

/** Two shapes that cover the same ground. Plane km. */
export interface Overlap {
  /** Their places in the list. */
  pair: [number, number];
  areaKm2: number;
  /** Mean width, km: an overlap along a border that two people drew is long and narrow. */
  widthKm: number;
  at: Point;
}

/**
 * Overlaps between shapes on the plane. Shapes that only share borders, point by point, as they should,
 * are told apart without any clipping.
 */
export function overlaps(shapes: readonly Shape[]): Overlap[] {
  const turned = shapes.map(rewound);
  return suspects(turned).flatMap(([a, b]) => {
    const common = intersection(turned[a]!, turned[b]!) as Shape;
    const areaKm2 = areaOf(common);
    if (areaKm2 === 0) return [];
    const largest = common.reduce((best, part) => (areaOf([part]) > areaOf([best]) ? part : best));
    const around = common.flat().reduce((sum, ring) => sum + lineLength(ring), 0);
    return [{ pair: [a, b] as [number, number], areaKm2, widthKm: (2 * areaKm2) / around, at: largest[0]![0]! }];
  });
}

/** Pairs that may overlap: whose borders cross, one of which has a piece of border within the other, or that lie on the same side of a border. */
function suspects(shapes: readonly Shape[]): [number, number][] {
  const rings = shapes.flatMap((shape, owner) => shape.flat().map((ring) => ({ ring, owner })));
  const found = new Map<string, [number, number]>();
  const suspect = (a: number, b: number) => {
    if (a !== b) found.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [Math.min(a, b), Math.max(a, b)]);
  };

  for (const {
    lines: [a, b],
  } of meetings(
    rings.map(({ ring }) => ring),
    { wanted: ['cross'] },
  ))
    suspect(rings[a]!.owner, rings[b]!.owner);

  const edges = new Map<string, number>();
  for (const { ring, owner } of rings) {
    for (let i = 1; i < ring.length; i++) {
      const key = `${ring[i - 1]!.join()} ${ring[i]!.join()}`;
      const other = edges.get(key);
      if (other !== undefined) suspect(owner, other);
      edges.set(key, owner);
    }
  }
  const boxes = shapes.map(boxOf);
  shapes.forEach((shape, a) => {
    shapes.forEach((other, b) => {
      if (a === b || !touching(boxes[a]!, boxes[b]!) || found.has(`${Math.min(a, b)} ${Math.max(a, b)}`)) return;
      if (shape.flat().some((ring) => samples(ring, edges).some((point) => inShape(point, other)))) suspect(a, b);
    });
  });
  return [...found.values()];
}

const SAMPLES = 100;

/** Middles of edges that no neighbour shares, at most so many. */
function samples(ring: readonly Point[], edges: ReadonlyMap<string, number>): Point[] {
  const own: Point[] = [];
  for (let i = 1; i < ring.length; i++) {
    const a = ring[i - 1]!,
      b = ring[i]!;
    if (!edges.has(`${b.join()} ${a.join()}`)) own.push([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
  }
  const every = Math.ceil(own.length / SAMPLES);
  return own.filter((_, i) => i % every === 0);
}

type Box = [left: number, bottom: number, right: number, top: number];
function boxOf(shape: Shape): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of shape.flat(2)) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}
function touching(a: Box, b: Box): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}
