import type { Tier } from '../../../contract/codes.ts';
import type { AlertPoint } from '../mapping/alertData.ts';
import type { HeatCell } from '../mapping/heatData.ts';
import type { TownShape } from '../mapping/townData.ts';
import { EDGE, HALO, TEXT, TIER_COLOURS } from '../palette.ts';
import type { Ring } from '../types.ts';
import { projector, type View } from '../view.ts';
import { tierSprites, type Sprite } from './sprites.ts';

/**
 * Draws alert points and the outline of the town or heat cell that is selected or under the pointer, on a 2-D canvas above the
 * WebGL map: symbols stay upright and sharp on a tilted map, and changing thousands of them touches no GPU buffer.
 */
export interface PointPicture {
  view: View;
  height: number;
  points: readonly AlertPoint[];
  /** CSS pixels. */
  radius: number;
  selected: TownShape | undefined;
  hovered: TownShape | undefined;
  /** A heat cell that is under the pointer or has the focus. */
  cell: HeatCell | undefined;
  /** An alert that is marked with a ring: selected, or in focus. */
  marked: string | undefined;
}

export class PointCanvas {
  private sprites: { key: string; of: Record<Tier, Sprite> } | undefined;
  private readonly canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  draw(picture: PointPicture): void {
    const { view } = picture;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(view.width * ratio);
    const height = Math.round(view.height * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const ctx = this.canvas.getContext('2d');
    if (!ctx) return;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, view.width, view.height);
    const rings = (town: TownShape) => town.polygons.flat();
    if (picture.hovered && picture.hovered !== picture.selected)
      this.outline(ctx, picture, rings(picture.hovered), EDGE, 0.1);
    if (picture.selected) this.outline(ctx, picture, rings(picture.selected), TEXT, 0.16);
    if (picture.cell) this.outline(ctx, picture, [picture.cell.drawn], TEXT, 0.2);
    this.points(ctx, picture, ratio);
  }

  private outline(
    ctx: CanvasRenderingContext2D,
    { view, height }: PointPicture,
    rings: readonly Ring[],
    colour: string,
    fill: number,
  ): void {
    const project = projector(view);
    ctx.beginPath();
    for (const ring of rings) {
      ring.forEach(([x, y], i) => {
        const p = project(x, y, height);
        if (!p) return;
        if (i === 0) ctx.moveTo(p.x, p.y);
        else ctx.lineTo(p.x, p.y);
      });
    }
    ctx.lineJoin = 'round';
    ctx.fillStyle = colour;
    ctx.globalAlpha = fill;
    ctx.fill('evenodd');
    ctx.strokeStyle = colour;
    ctx.globalAlpha = 0.25;
    ctx.lineWidth = 7;
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.lineWidth = 2;
    ctx.stroke();
  }

  private points(
    ctx: CanvasRenderingContext2D,
    { view, height, points, radius, marked }: PointPicture,
    ratio: number,
  ): void {
    const key = `${radius}/${ratio}`;
    if (this.sprites?.key !== key) this.sprites = { key, of: tierSprites(radius, ratio, TIER_COLOURS, HALO) };
    const sprites = this.sprites.of;
    const project = projector(view);
    for (const point of points) {
      const p = project(point.x, point.y, height);
      if (!p || p.x < -radius || p.y < -radius || p.x > view.width + radius || p.y > view.height + radius) continue;
      const { image, half } = sprites[point.tier];
      ctx.drawImage(image, p.x - half, p.y - half, half * 2, half * 2);
      if (point.key === marked) {
        ctx.beginPath();
        ctx.arc(p.x, p.y, radius * 2, 0, 2 * Math.PI);
        ctx.strokeStyle = TEXT;
        ctx.lineWidth = Math.max(2, radius * 0.25);
        ctx.stroke();
      }
    }
  }
}
