import type { FeatureCollection } from 'geojson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import boundaries from '../../../../assets/geo/330110/boundaries.geojson?raw';
import { fixture } from '../../../support/webFixtures.ts';
import { bounds } from '../../../../web/map/geometry.ts';
import { layoutLabels, type LabelInput } from '../../../../web/map/labels/layout.ts';
import { labelInputs, labelSizes } from '../../../../web/map/labels/towns.ts';
import { alertPoints } from '../../../../web/map/mapping/alertData.ts';
import { heatCells } from '../../../../web/map/mapping/heatData.ts';
import { townFigures, townShapes } from '../../../../web/map/mapping/townData.ts';
import { pick, townAt, type Pickable } from '../../../../web/map/picking.ts';
import { NO_SEAMS } from '../../../../web/map/room.ts';
import { fitView, projector, type View } from '../../../../web/map/view.ts';

const { frame, pack } = fixture();
const towns = townShapes(pack, JSON.parse(boundaries) as FeatureCollection);
const outline = towns.flatMap((t) => t.polygons.flatMap((p) => [...p[0]!]));
const [west, , east] = bounds(outline)!;
const slab = (east - west) * 0.022;
const SIZES = [
  { width: 1040, height: 620 },
  { width: 740, height: 441 },
  { width: 2080, height: 1240 },
  { width: 1080, height: 900 },
];
const rest = (size: { width: number; height: number }, height: number): View =>
  fitView(outline, height, size, { top: 46, right: 40, bottom: 24, left: 40 }, height ? 40 : 0);
const empty = (view: View, height: number): Pickable => ({
  view,
  towns,
  heightOf: () => height,
  ground: height,
  marks: [],
  clusters: [],
  reach: 10,
  cells: [],
  minCellPx: 26,
  labels: [],
});
/** Widths as in a font whose Chinese letters are square. */
const measure = {
  name: (text: string, px: number) => [...text].length * px,
  figure: (text: string, px: number) => text.length * px * 0.5,
};
const figures = new Map(townFigures(pack, frame, 'zh-CN').map((f) => [f.code, f]));
const room = (view: View) => ({
  width: view.width,
  height: view.height,
  taken: [],
  lines: [],
  seams: NO_SEAMS,
  gap: 4,
});

describe('picking', () => {
  it('finds every town at its place, at every size, tilted and flat', () => {
    for (const size of SIZES) {
      for (const height of [slab, 0]) {
        const view = rest(size, height);
        for (const town of towns) {
          const at = projector(view)(...town.anchor, height)!;
          expect(townAt(view, towns, () => height, at)).toBe(town.code);
          expect(pick(empty(view, height), at)).toEqual({ kind: 'town', code: town.code });
        }
      }
    }
  });

  it('takes the wall below the southern edge for its town, and nothing beyond', () => {
    const view = rest(SIZES[0]!, slab);
    const southernmost = outline.reduce((a, b) => (b[1] > a[1] ? b : a));
    const foot = projector(view)(southernmost[0], southernmost[1], 0)!;
    const top = projector(view)(southernmost[0], southernmost[1], slab)!;
    const owner = townAt(view, towns, () => slab, { x: top.x, y: top.y - 2 });
    expect(foot.y - top.y).toBeGreaterThan(8);
    expect(townAt(view, towns, () => slab, { x: foot.x, y: (foot.y + top.y) / 2 })).toBe(owner);
    expect(townAt(view, towns, () => slab, { x: foot.x, y: foot.y + 4 })).toBeUndefined();
  });

  it('prefers a name, then an alert, then a cell that is large enough, then the area', () => {
    const view = rest(SIZES[0]!, slab);
    const points = alertPoints(frame, undefined);
    const point = points.at(-1)!;
    const at = projector(view)(point.x, point.y, slab)!;
    const scene = { ...empty(view, slab), marks: [{ key: point.key, at }] };
    expect(pick(scene, at)).toEqual({ kind: 'alert', code: point.key });
    const label = {
      code: towns[0]!.code,
      box: { left: at.x - 5, right: at.x + 5, top: at.y - 5, bottom: at.y + 5 },
      anchor: { x: 0, y: 0 },
      hidden: false,
    };
    expect(pick({ ...scene, labels: [label] }, at)).toEqual({ kind: 'town', code: label.code });
    expect(pick({ ...scene, labels: [{ ...label, hidden: true }] }, at)).toEqual({
      kind: 'alert',
      code: point.key,
    });

    const cells = heatCells(frame.heat);
    const near: View = { ...view, zoom: view.zoom + 2 };
    const [cx, cy] = cells[0]!.outline.slice(0, 6).reduce(([x, y], [a, b]) => [x + a / 6, y + b / 6], [0, 0]);
    const centred: View = { ...near, center: [cx, cy] };
    const there = projector(centred)(cx, cy, slab)!;
    expect(pick({ ...empty(centred, slab), cells }, there)).toEqual({ kind: 'cell', code: cells[0]!.cell });
    expect(pick({ ...empty(view, slab), cells }, projector(view)(cx, cy, slab)!)?.kind).not.toBe('cell');
  });

  it('means the area where its alerts are counted', () => {
    const view = rest(SIZES[0]!, slab);
    const clusters = [{ area: towns[2]!.code, box: { left: 10, top: 10, right: 60, bottom: 30 } }];
    expect(pick({ ...empty(view, slab), clusters }, { x: 30, y: 20 })).toEqual({ kind: 'place', code: towns[2]!.code });
  });

  it('takes what rises for what it hides', () => {
    const view = rest(SIZES[0]!, slab);
    for (const town of towns) {
      const heightOf = (code: string) => (code === town.code ? slab : 0);
      const at = projector(view)(...town.anchor, slab)!;
      expect(townAt(view, towns, heightOf, at)).toBe(town.code);
    }
  });

  it('gives back the nearest of two alerts', () => {
    const view = rest(SIZES[0]!, slab);
    const at = { x: 400, y: 300 };
    const mark = (key: string, x: number) => ({ key, at: { x, y: 300 } });
    expect(pick({ ...empty(view, slab), marks: [mark('near', 403), mark('far', 393)] }, at)).toEqual({
      kind: 'alert',
      code: 'near',
    });
  });
});

describe('names', () => {
  it('are all legible at 1040 × 620 and larger: none hidden, none over another, none off the map', () => {
    for (const [size, rem] of [
      [SIZES[0]!, 10],
      [SIZES[1]!, 7.1],
      [SIZES[2]!, 20],
    ] as const) {
      for (const height of [slab, 0]) {
        const view = rest(size, height);
        const labels = layoutLabels(
          labelInputs(towns, figures, view, () => height, labelSizes(rem), measure, 'zh-CN'),
          room(view),
        );
        expect(labels.map((l) => l.code).sort()).toEqual(towns.map((t) => t.code).sort());
        expect(labels.filter((l) => l.hidden)).toEqual([]);
        for (const [i, a] of labels.entries()) {
          expect(a.box.left >= 0 && a.box.top >= 0 && a.box.right <= size.width && a.box.bottom <= size.height).toBe(
            true,
          );
          for (const b of labels.slice(i + 1)) {
            expect(
              a.box.right <= b.box.left ||
                b.box.right <= a.box.left ||
                a.box.bottom <= b.box.top ||
                b.box.bottom <= a.box.top,
            ).toBe(true);
          }
        }
      }
    }
  });

  it('give way rather than overlap, whatever the crowd', () => {
    const labels = fc.array(
      fc.record({ x: fc.integer({ min: 0, max: 300 }), y: fc.integer({ min: 0, max: 200 }), weight: fc.nat(50) }),
      { maxLength: 30, size: 'max' },
    );
    fc.assert(
      fc.property(labels, (list) => {
        const inputs = list.map(({ x, y, weight }, i): LabelInput => ({
          code: String(i),
          anchor: { x, y },
          stacked: { width: 60, height: 38 },
          inline: { width: 90, height: 20 },
          brief: { width: 55, height: 20 },
          fits: () => false,
          inside: () => true,
          weight,
        }));
        const shown = layoutLabels(inputs, {
          width: 300,
          height: 200,
          taken: [{ left: 0, top: 150, right: 80, bottom: 200 }],
          lines: [
            [
              { x: 0, y: 20 },
              { x: 300, y: 20 },
            ],
          ],
          seams: { x: [150], y: [] },
          gap: 2,
        }).filter((l) => !l.hidden);
        for (const [i, a] of shown.entries()) {
          expect(a.box.right <= 150 || a.box.left >= 150).toBe(true);
          expect(a.box.bottom <= 20 || a.box.top >= 20).toBe(true);
          expect(a.box.left >= 80 || a.box.bottom <= 150).toBe(true);
          for (const b of shown.slice(i + 1)) {
            expect(
              a.box.right <= b.box.left ||
                b.box.right <= a.box.left ||
                a.box.bottom <= b.box.top ||
                b.box.bottom <= a.box.top,
            ).toBe(true);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});
