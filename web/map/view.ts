import { toLngLat } from './geometry.ts';
import type { Box, Point, ScreenPoint } from './types.ts';

/**
 * The camera as plain numbers, and the projection it stands for: the one mapbox-gl 1.13 and L7 draw with. Having it
 * here, pure, lets labels, points and picking follow the drawing exactly, at any size and pixel ratio, with or
 * without WebGL.
 */
export interface View {
  center: Point;
  /** mapbox zoom: the world is 512 · 2^zoom CSS pixels wide. */
  zoom: number;
  /** Degrees from the vertical. */
  pitch: number;
  /** Degrees, clockwise from north. */
  bearing: number;
  /** CSS pixels. */
  width: number;
  height: number;
}

const TILE = 512;
const RAD = Math.PI / 180;
/** mapbox's field of view puts the camera 1.5 times the height of the screen away from its centre. */
const CAMERA_DISTANCE = 1.5;

export const worldSize = (zoom: number): number => TILE * 2 ** zoom;

interface Trig {
  a: number;
  b: number;
  cosP: number;
  sinP: number;
  scale: number;
  distance: number;
}
function trig(view: View): Trig {
  const angle = -view.bearing * RAD;
  return {
    a: Math.cos(angle),
    b: Math.sin(angle),
    cosP: Math.cos(view.pitch * RAD),
    sinP: Math.sin(view.pitch * RAD),
    scale: worldSize(view.zoom),
    distance: CAMERA_DISTANCE * view.height,
  };
}

/**
 * A projector for many points of one view.
 * @returns a function (x, y, height) → CSS pixels; height in mercator units above the ground. Absent behind the camera.
 */
export function projector(view: View): (x: number, y: number, height?: number) => ScreenPoint | undefined {
  const { a, b, cosP, sinP, scale, distance } = trig(view);
  const [cx, cy] = view.center;
  return (x, y, height = 0) => {
    const dx = (x - cx) * scale;
    const dy = (y - cy) * scale;
    const z = height * scale;
    const across = dx * a - dy * b;
    const down = dx * b + dy * a;
    const depth = distance - (down * sinP + z * cosP);
    if (depth <= 0) return undefined;
    const k = distance / depth;
    return { x: view.width / 2 + across * k, y: view.height / 2 + (down * cosP - z * sinP) * k };
  };
}

/** The point of the plane at `height` that is drawn at a screen point; absent above the horizon. */
export function unproject(view: View, screen: ScreenPoint, height = 0): Point | undefined {
  const { a, b, cosP, sinP, scale, distance } = trig(view);
  const z = height * scale;
  const u = (screen.x - view.width / 2) / distance;
  const v = (screen.y - view.height / 2) / distance;
  const slope = cosP + v * sinP;
  if (slope <= 1e-6) return undefined;
  const down = (v * (distance - z * cosP) + z * sinP) / slope;
  const across = u * (distance - down * sinP - z * cosP);
  return [view.center[0] + (across * a + down * b) / scale, view.center[1] + (down * a - across * b) / scale];
}

export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** Never closer than this: a lone point has no extent to fit. */
const CLOSEST_ZOOM = 15;

/**
 * The view in which the points just fill the map inside its padding, and lie in the middle of what is left.
 *
 * Solved, not searched: that a point stays on the inner side of an edge of the screen is linear in the scale and the
 * place of the camera, even on a tilted map. Of all points only the outermost one on each side counts, so the largest
 * scale falls out of four inequalities; where there is room left, a bisection finds the middle.
 * @param points mercator units; at least one
 * @param height extrusion, mercator units
 * @param padding CSS pixels
 */
export function fitView(
  points: readonly Point[],
  height: number,
  size: { width: number; height: number },
  padding: Padding,
  pitch: number,
  bearing = 0,
): View {
  const roomW = Math.max(1, size.width - padding.left - padding.right);
  const roomH = Math.max(1, size.height - padding.top - padding.bottom);
  const target = { x: padding.left + roomW / 2, y: padding.top + roomH / 2 };
  /** From the middle of the screen to the edges of the room. */
  const edge = {
    left: size.width / 2 - target.x + roomW / 2,
    right: target.x + roomW / 2 - size.width / 2,
    top: size.height / 2 - target.y + roomH / 2,
    bottom: target.y + roomH / 2 - size.height / 2,
  };
  const from = points[0]!;
  const at = (center: Point, zoom: number): View => ({ ...size, center, zoom, pitch, bearing });
  const { a, b, cosP, sinP, distance } = trig(at(from, 0));

  // A point at scale s, with the camera (u, v) pixels right of and below `from`, is inside an edge e when
  // s · reach.e + distance · edge.e + (what u and v add) ≥ 0, the depth being distance − (s · down − v) · sinP − s · z · cosP.
  const reach = { left: Infinity, right: Infinity, top: Infinity, bottom: Infinity };
  for (const [x, y] of points) {
    const across = (x - from[0]) * a - (y - from[1]) * b;
    const down = (x - from[0]) * b + (y - from[1]) * a;
    for (const z of height ? [0, height] : [0]) {
      const near = down * sinP + z * cosP;
      const low = (down * cosP - z * sinP) * distance;
      reach.left = Math.min(reach.left, across * distance - edge.left * near);
      reach.right = Math.min(reach.right, -across * distance - edge.right * near);
      reach.top = Math.min(reach.top, low - edge.top * near);
      reach.bottom = Math.min(reach.bottom, -low - edge.bottom * near);
    }
  }
  /** How far the camera may go down before the top is cut, and up before the bottom is: both straight lines in s. */
  const lowest = (s: number) => (distance * edge.top + s * reach.top) / (cosP * distance - edge.top * sinP);
  const highest = (s: number) => -(distance * edge.bottom + s * reach.bottom) / (cosP * distance + edge.bottom * sinP);
  /** The scale at which the width is full; it grows with v, the map being farther away. */
  const wide = -(reach.left + reach.right);
  const filled = (v: number) => (wide > 0 ? (roomW * (distance + v * sinP)) / wide : Infinity);
  const cap = worldSize(CLOSEST_ZOOM);

  /** Where a straight line through f(0) and f(1) crosses zero; nowhere for one that does not fall. */
  const root = (f: (s: number) => number) => (f(0) - f(1) > 0 ? f(0) / (f(0) - f(1)) : Infinity);
  const byHeight = root((s) => lowest(s) - highest(s));
  const byWidth = root((s) => roomW * (distance + lowest(s) * sinP) - s * wide);
  const most = Math.min(byHeight, byWidth, cap);

  /** The view at a place of the camera: as large as the width allows there, in the middle between left and right. */
  const placed = (v: number): View => {
    const s = Math.min(filled(v), most);
    const lift = distance + v * sinP;
    const u = bisect(
      -(edge.right * lift + s * reach.right) / distance,
      (edge.left * lift + s * reach.left) / distance,
      (x) => middle(view(s, x, v)).x - target.x,
    );
    return view(s, u, v);
  };
  const view = (s: number, u: number, v: number): View =>
    at([from[0] + (u * a + v * b) / s, from[1] + (v * a - u * b) / s], Math.log2(s / TILE));
  const middle = (of: View) => {
    const box = screenBounds(points, height, of);
    return box ? { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 } : target;
  };

  // Between touching the bottom and touching the top. At full width a lower camera sees a larger map.
  const under = lowest(most);
  const over = byHeight <= most ? under : bottomAtFullWidth();
  return placed(bisect(over, under, (v) => middle(placed(v)).y - target.y));

  function bottomAtFullWidth(): number {
    // Where v = highest(s) and s = filled(v) meet: both are straight, and so is their difference.
    const g = (v: number) => v - highest(filled(v));
    const v = (distance * g(0)) / (g(0) - g(distance));
    return wide > 0 && filled(v) <= most ? v : highest(most);
  }
}

/** Where a function that falls from one end to the other is zero; the end that is nearest to it, where it is not. */
function bisect(low: number, high: number, f: (x: number) => number): number {
  for (let i = 0; i < 40 && high - low > 0.02; i++) {
    const mid = (low + high) / 2;
    if (f(mid) > 0) low = mid;
    else high = mid;
  }
  return (low + high) / 2;
}

/** The box on screen around points, both at the ground and at `height`. */
export function screenBounds(points: readonly Point[], height: number, view: View): Box | undefined {
  const project = projector(view);
  let box: Box | undefined;
  for (const [x, y] of points) {
    for (const z of height ? [0, height] : [0]) {
      const p = project(x, y, z);
      if (!p) continue;
      box ??= { left: p.x, top: p.y, right: p.x, bottom: p.y };
      box.left = Math.min(box.left, p.x);
      box.top = Math.min(box.top, p.y);
      box.right = Math.max(box.right, p.x);
      box.bottom = Math.max(box.bottom, p.y);
    }
  }
  return box;
}

/** A view as mapbox-gl takes it. */
export function cameraOf(view: View): { center: [number, number]; zoom: number; pitch: number; bearing: number } {
  const { lng, lat } = toLngLat(view.center);
  return { center: [lng, lat], zoom: view.zoom, pitch: view.pitch, bearing: view.bearing };
}
