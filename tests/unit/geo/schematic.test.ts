import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Boundaries } from '../../../contract/boundaries.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { drawSchematic, SEED } from '../../../tools/geo/schematicMap.ts';
import { toText } from '../../../tools/geo/shapes.ts';
import { misfits, ringsOf, sphericalKm2, winding, type P } from '../../support/geometry.ts';
import { BLUE_REGION, TEST_PACKS } from '../../support/packs.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const HOME = fileURLToPath(new URL('../../../assets/geo/330110/', import.meta.url));
const yuhang = JSON.parse(read(`${HOME}region.json`)) as RegionPack;
const committed = read(`${HOME}boundaries.geojson`);
const map = JSON.parse(committed) as Boundaries;
const lixia = JSON.parse(read(`${TEST_PACKS}/${BLUE_REGION}/region.json`)) as RegionPack;

/** What must hold of every map that we draw. */
function sound(name: string, pack: RegionPack, drawn: Boundaries): void {
  describe(name, () => {
    it('has every town once, in the order of the pack, with code, name and label', () => {
      expect(drawn.features.map((f) => [f.id, f.properties.code, f.properties.name])).toEqual(
        pack.towns.map((town) => [town.code, town.code, town.name['zh-CN']]),
      );
    });

    it('lets neighbours fit: each edge lies between two towns, or between one and the outside', () => {
      expect(misfits(drawn)).toEqual([]);
    });

    it('covers the outline without gap or overlap', () => {
      const sum = drawn.features.reduce((total, f) => total + sphericalKm2(ringsOf(f.geometry)[0]!), 0);
      expect(sum).toBeCloseTo(
        ringsOf(drawn.outline!).reduce((total, ring) => total + sphericalKm2(ring), 0),
        6,
      );
    });

    it('is one piece without holes, its rings closed and counter-clockwise', () => {
      for (const geometry of [...drawn.features.map((f) => f.geometry), drawn.outline!]) {
        expect(geometry.type).toBe('Polygon');
        expect(ringsOf(geometry)).toHaveLength(1);
        const ring = ringsOf(geometry)[0]!;
        expect(ring[0]).toEqual(ring.at(-1));
        expect(sphericalKm2(ring)).toBeGreaterThan(0);
      }
    });

    it('has no two borders that cross or touch', () => {
      const seen = new Map<string, [P, P]>();
      for (const f of drawn.features) {
        const ring = ringsOf(f.geometry)[0]!;
        ring.slice(1).forEach((b, i) => {
          const a = ring[i]!;
          seen.set([a.join(), b.join()].sort().join(' '), [a, b]);
        });
      }
      // On whole numbers of 1e-5 degrees, so that the arithmetic is exact.
      const edges = [...seen.values()].map(
        ([a, b]) => [...a, ...b].map((n) => Math.round(n * 1e5)) as [number, number, number, number],
      );
      const side = (ax: number, ay: number, bx: number, by: number, cx: number, cy: number) =>
        Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
      let crossings = 0;
      for (let i = 0; i < edges.length; i++) {
        const [ax, ay, bx, by] = edges[i]!;
        for (let j = 0; j < i; j++) {
          const [cx, cy, dx, dy] = edges[j]!;
          if (
            Math.max(ax, bx) < Math.min(cx, dx) ||
            Math.max(cx, dx) < Math.min(ax, bx) ||
            Math.max(ay, by) < Math.min(cy, dy) ||
            Math.max(cy, dy) < Math.min(ay, by)
          )
            continue;
          const shared =
            (ax === cx && ay === cy) ||
            (ax === dx && ay === dy) ||
            (bx === cx && by === cy) ||
            (bx === dx && by === dy);
          const apart =
            side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) > 0 ||
            side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) > 0;
          if (!shared && !apart) crossings++;
        }
      }
      expect(crossings).toBe(0);
    });

    it('has every seat and every label inside its own town, and in no other', () => {
      drawn.features.forEach((f, i) => {
        const ring = ringsOf(f.geometry)[0]!;
        pack.towns.forEach((town, j) =>
          expect(winding(town.seat, ring), `${town.name.en} in ${f.properties.name}`).toBe(i === j ? 1 : 0),
        );
        expect(winding(f.properties.label, ring)).toBe(1);
      });
    });

    it('draws areas within 15 % of the truth, small towns rather too large than too small', () => {
      const factors = drawn.features.map((f, i) => sphericalKm2(ringsOf(f.geometry)[0]!) / pack.towns[i]!.areaKm2);
      for (const factor of factors) expect(Math.abs(factor - 1)).toBeLessThan(0.15);
      const smallest = pack.towns.reduce(
        (least, town, i) => (town.areaKm2 < pack.towns[least]!.areaKm2 ? i : least),
        0,
      );
      expect(factors[smallest]).toBeGreaterThanOrEqual(1);
    });

    it('is small, to a metre', () => {
      expect(toText(drawn).length).toBeLessThan(150_000);
      for (const [x, y] of drawn.features.flatMap((f) => ringsOf(f.geometry).flat())) {
        expect(`${x}`.split('.')[1]?.length ?? 0).toBeLessThanOrEqual(5);
        expect(`${y}`.split('.')[1]?.length ?? 0).toBeLessThanOrEqual(5);
      }
    });
  });
}

sound('the schematic of Yuhang', yuhang, map);
sound('the schematic of a region of three towns', lixia, drawSchematic(lixia, SEED));

describe('drawing', () => {
  it('gives the committed map, to the last digit', () => {
    expect(toText(drawSchematic(yuhang, SEED)) === committed).toBe(true);
  });

  it('follows the seed', () => {
    expect(toText(drawSchematic(lixia, 11))).not.toBe(toText(drawSchematic(lixia, SEED)));
    expect(toText(drawSchematic(lixia, 11))).toBe(toText(drawSchematic(lixia, 11)));
  });

  it('draws a region of one town, and of two', () => {
    for (const count of [1, 2]) {
      const drawn = drawSchematic({ ...lixia, towns: lixia.towns.slice(0, count) }, 1);
      expect(drawn.features.map((f) => winding(f.properties.label, ringsOf(f.geometry)[0]!))).toEqual(
        Array(count).fill(1),
      );
    }
  });

  it('says when two towns have the same seat', () => {
    const twins = { ...lixia, towns: lixia.towns.map((town) => ({ ...town, seat: lixia.towns[0]!.seat })) };
    expect(() => drawSchematic(twins, 1)).toThrow('泉东街道 and 泉西街道 have the same seat');
  });

  it('says when towns are too far apart for one region', () => {
    const far = {
      ...lixia,
      towns: lixia.towns.map((town, i) => ({ ...town, seat: [117 + i, 36.6] as [number, number] })),
    };
    expect(() => drawSchematic(far, 1)).toThrow('too far apart');
  });
});
