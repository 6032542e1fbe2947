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

interface Trig { a: number; b: number; cosP: number; sinP: number; scale: number; distance: number }
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

export interface Padding { top: number; right: number; bottom: number; left: number }

/**
 * The view in which the points just fill the map inside its padding. The search is a fixed-point iteration on the
 * projected box, so that it also fits a tilted, extruded map.
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
  let west = Infinity;
  let east = -Infinity;
  let north = Infinity;
  let south = -Infinity;
  for (const [x, y] of points) {
    west = Math.min(west, x);
    east = Math.max(east, x);
    north = Math.min(north, y);
    south = Math.max(south, y);
  }
  // Never closer than about a kilometre: a lone point has no extent to fit.
  const span = Math.max(east - west, south - north, 2.5e-5);
  let view: View = {
    ...size,
    center: [(west + east) / 2, (north + south) / 2],
    zoom: Math.log2(roomW / 2 / span / TILE),
    pitch,
    bearing,
  };
  for (let i = 0; i < 60; i++) {
    const box = screenBounds(points, height, view);
    if (!box) break;
    const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
    const shifted = unproject(view, {
      x: size.width / 2 + middle.x - target.x,
      y: size.height / 2 + middle.y - target.y,
    });
    const ratio = Math.min(roomW / Math.max(1, box.right - box.left), roomH / Math.max(1, box.bottom - box.top));
    view = { ...view, center: shifted ?? view.center, zoom: Math.min(15, view.zoom + Math.log2(ratio)) };
    if (Math.abs(ratio - 1) < 1e-5 && Math.hypot(middle.x - target.x, middle.y - target.y) < 0.05) break;
  }
  return view;
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
