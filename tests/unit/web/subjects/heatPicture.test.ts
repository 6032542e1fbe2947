import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { heatCells } from '../../../../web/map/mapping/heatData.ts';
import { townShapes } from '../../../../web/map/mapping/townData.ts';
import { heatPicture } from '../../../../web/subjects/heatPicture.ts';
import { fixturePack } from '../../../support/webFixtures.ts';

const pack = fixturePack();
const shapes = townShapes(pack, undefined);
const size = { width: 600, height: 400 };
const cellAt = ([lng, lat]: readonly [number, number]) => latLngToCell(lat, lng, 8);
const numbers = (d: string) => [...d.matchAll(/-?[0-9.]+/g)].map(Number);

describe('the picture of the watch list', () => {
  const [first, second] = [pack.towns[0]!, pack.towns[5]!];
  const picture = heatPicture(shapes, heatCells({ [cellAt(first.seat)]: 2, [cellAt(second.seat)]: 9 }), size);

  it('has every town, and cells with the hottest first, each in its town', () => {
    expect(picture.towns.map(({ code }) => code)).toEqual(pack.towns.map(({ code }) => code));
    expect(picture.cells.map(({ count, level }) => [count, level])).toEqual([
      [9, 3],
      [2, 1],
    ]);
    // The towns of this fixture are discs around their seats, which lie over one another: the first that has it is its town.
    for (const { town } of picture.cells) expect(pack.towns.map(({ code }) => code)).toContain(town);
  });

  it('lies within its box', () => {
    for (const { d } of [...picture.towns, ...picture.cells]) {
      const values = numbers(d);
      expect(values.length).toBeGreaterThan(8);
      values.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(i % 2 ? size.height : size.width);
      });
    }
  });

  it('is empty without land or without room', () => {
    expect(heatPicture([], [], size)).toEqual({ towns: [], cells: [] });
    expect(heatPicture(shapes, [], { width: 4, height: 4 })).toEqual({ towns: [], cells: [] });
  });
});
