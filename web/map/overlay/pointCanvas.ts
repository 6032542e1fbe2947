import type { Tier } from '../../../contract/codes.ts';
import { MARK_HALF } from '../mapping/alertData.ts';
import type { HeatCell } from '../mapping/heatData.ts';
import type { TownShape } from '../mapping/townData.ts';
import type { MapPalette } from '../palette.ts';
import type { Ring, ScreenPoint } from '../types.ts';
import { projector, type View } from '../view.ts';
import { tierSprites, type Sprites } from './sprites.ts';

/**
 * Draws the marks of single alerts and the outline of the town or heat cell that is selected or under the pointer, on a 2-D
 * canvas above the WebGL map: symbols stay upright and sharp on a tilted map, and changing them touches no GPU buffer.
 */
export interface DrawnMark {
  key: string;
  tier: Tier;
  at: ScreenPoint;
  imprecise: boolean;
}
export interface PointPicture {
  view: View;
  heightOf: (code: string) => number;
  ground: number;
  marks: readonly DrawnMark[];
  /** CSS pixels. */
  rem: number;
  palette: MapPalette;
  selected: TownShape | undefined;
  hovered: TownShape | undefined;
  /** A heat cell that is under the pointer or has the focus. */
  cell: HeatCell | undefined;
  /** Alerts that are marked with a ring: selected, in focus, or those of an alarm. */
  ringed: ReadonlySet<string>;
  /** Everything but what is ringed steps back. */
  back: boolean;
}

/** What steps back is drawn at a third (docs/screens.md, "A red alert"). */
const BACK = 0.33;

export class PointCanvas {
  private sprites: { key: string; of: Record<Tier, Sprites> } | undefined;
  private readonly canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  draw(picture: PointPicture): void {
    const { view, palette, heightOf } = picture;
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
    const town = ({ code, polygons }: TownShape, colour: string, fill: number) => {
      this.outline(ctx, view, polygons.flat(), heightOf(code), colour, fill);
    };
    if (picture.hovered && picture.hovered !== picture.selected) town(picture.hovered, palette.mark, 0.1);
    if (picture.selected) town(picture.selected, palette.text, 0.1);
    if (picture.cell) this.outline(ctx, view, [picture.cell.drawn], picture.ground, palette.text, 0.2);
    this.marks(ctx, picture, ratio);
  }

  private outline(
    ctx: CanvasRenderingContext2D,
    view: View,
    rings: readonly Ring[],
    height: number,
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

  private marks(ctx: CanvasRenderingContext2D, picture: PointPicture, ratio: number): void {
    const { view, marks, rem, palette, ringed, back } = picture;
    const key = `${rem}/${ratio}/${palette.halo}/${palette.rim}/${Object.values(palette.tiers).join()}`;
    if (this.sprites?.key !== key)
      this.sprites = { key, of: tierSprites((tier) => MARK_HALF[tier] * rem, ratio, palette.tiers, palette) };
    const sprites = this.sprites.of;
    for (const { key: alert, tier, at, imprecise } of marks) {
      if (at.x < -rem || at.y < -rem || at.x > view.width + rem || at.y > view.height + rem) continue;
      const ring = ringed.has(alert);
      ctx.globalAlpha = back && !ring ? BACK : 1;
      const { image, half } = sprites[tier][imprecise ? 'hollow' : 'full'];
      ctx.drawImage(image, at.x - half, at.y - half, half * 2, half * 2);
      if (ring) {
        ctx.beginPath();
        ctx.arc(at.x, at.y, rem * 1.7, 0, 2 * Math.PI);
        ctx.strokeStyle = palette.text;
        ctx.lineWidth = Math.max(2, rem * 0.22);
        ctx.stroke();
      }
    }
    ctx.globalAlpha = 1;
  }
}
