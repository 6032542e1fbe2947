import { orient2d } from 'robust-predicates';
import type { Point } from './plane.ts';

/**
 * How two segments meet where they should not: `cross` (each goes through the other), `touch` (an end of
 * one lies on the other, or on its end) or `overlap` (they run along each other for some way).
 */
export interface Meeting {
  kind: 'cross' | 'touch' | 'overlap';
  /** Which lines, by their place in the list, and where about. */
  lines: [number, number];
  at: Point;
}

interface Segment {
  a: Point;
  b: Point;
  line: number;
  index: number;
  last: boolean;
}

const same = (p: Point, q: Point) => p[0] === q[0] && p[1] === q[1];
const side = (a: Point, b: Point, p: Point) => Math.sign(orient2d(a[0], a[1], b[0], b[1], p[0], p[1]));
/** Whether p, known to be on the line through a and b, is between them (ends included). */
const within = (a: Point, b: Point, p: Point) =>
  p[0] >= Math.min(a[0], b[0]) &&
  p[0] <= Math.max(a[0], b[0]) &&
  p[1] >= Math.min(a[1], b[1]) &&
  p[1] <= Math.max(a[1], b[1]);

/** How two segments meet; undefined when they are apart. Exact. */
export function meet(a: Point, b: Point, c: Point, d: Point): Meeting['kind'] | undefined {
  const sc = side(a, b, c),
    sd = side(a, b, d),
    sa = side(c, d, a),
    sb = side(c, d, b);
  if (sc * sd < 0 && sa * sb < 0) return 'cross';
  const touching = [
    sc === 0 && within(a, b, c) && c,
    sd === 0 && within(a, b, d) && d,
    sa === 0 && within(c, d, a) && a,
    sb === 0 && within(c, d, b) && b,
  ].filter((p) => p !== false);
  if (touching.length === 0) return undefined;
  return touching.some((p) => !same(p, touching[0]!)) ? 'overlap' : 'touch';
}

/**
 * Every place where lines meet other than by following on: neighbouring segments of a line share a
 * point, and so may lines at their ends. Segments of no length are passed over. A plane sweep by x.
 *
 * @param wanted which kinds are told
 * @param limit stop after so many
 */
export function meetings(
  lines: readonly (readonly Point[])[],
  {
    wanted = ['cross', 'touch', 'overlap'],
    limit = Infinity,
  }: { wanted?: readonly Meeting['kind'][]; limit?: number } = {},
): Meeting[] {
  const segments: Segment[] = [];
  lines.forEach((line, number) => {
    const points = line.filter((point, i) => i === 0 || !same(point, line[i - 1]!));
    for (let i = 1; i < points.length; i++) {
      segments.push({ a: points[i - 1]!, b: points[i]!, line: number, index: i - 1, last: i === points.length - 1 });
    }
  });
  const least = (s: Segment) => Math.min(s.a[0], s.b[0]);
  const most = (s: Segment) => Math.max(s.a[0], s.b[0]);
  segments.sort((s, t) => least(s) - least(t));
  const found: Meeting[] = [];
  let active: Segment[] = [];
  for (const s of segments) {
    const x = least(s);
    active = active.filter((t) => most(t) >= x);
    for (const t of active) {
      if (Math.min(s.a[1], s.b[1]) > Math.max(t.a[1], t.b[1]) || Math.max(s.a[1], s.b[1]) < Math.min(t.a[1], t.b[1]))
        continue;
      const kind = meet(s.a, s.b, t.a, t.b);
      if (kind === undefined || !wanted.includes(kind) || (kind === 'touch' && followsOn(s, t))) continue;
      found.push({ kind, lines: [t.line, s.line], at: place(s, t) });
      if (found.length >= limit) return found;
    }
    active.push(s);
  }
  return found;
}

/** Whether two segments that touch do so where a line goes on, closes, or ends at the end of another. */
function followsOn(s: Segment, t: Segment): boolean {
  const shared = [s.a, s.b].find((p) => same(p, t.a) || same(p, t.b));
  if (!shared) return false;
  if (s.line === t.line && Math.abs(s.index - t.index) === 1) return true;
  const isEnd = (u: Segment) => (u.index === 0 && same(u.a, shared)) || (u.last && same(u.b, shared));
  return isEnd(s) && isEnd(t);
}

function place(s: Segment, t: Segment): Point {
  const nx = s.b[0] - s.a[0],
    ny = s.b[1] - s.a[1],
    mx = t.b[0] - t.a[0],
    my = t.b[1] - t.a[1];
  const cross = nx * my - ny * mx;
  if (cross === 0) return [s.a, s.b].find((p) => within(t.a, t.b, p)) ?? t.a;
  const u = ((t.a[0] - s.a[0]) * my - (t.a[1] - s.a[1]) * mx) / cross;
  return [s.a[0] + nx * u, s.a[1] + ny * u];
}
