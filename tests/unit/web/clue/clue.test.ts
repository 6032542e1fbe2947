import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clueFaults, clueOf, EMPTY_CLUE, fieldOfFault } from '../../../../web/clue/clueForm.ts';
import { load, save } from '../../../../web/shell/kept.ts';
import { positionUnder, townAt } from '../../../../web/clue/places.ts';
import { flatPlace } from '../../../../web/map/flat.ts';
import { toPlane } from '../../../../web/map/geometry.ts';

const TYPED = { ...EMPTY_CLUE, employer: ' 某某店 ', town: '330110012', text: ' 店面已关 ', industry: 'H' };

describe('a clue as it is typed', () => {
  it('needs an employer, a town and what was seen; figures must be figures', () => {
    expect(clueFaults(EMPTY_CLUE)).toEqual({ employer: 'needed', town: 'needed', text: 'needed' });
    expect(clueFaults({ ...TYPED, workers: '约十人', amount: '9.6 万' })).toEqual({
      workers: 'notWhole',
      amount: 'notYuan',
    });
    expect(clueFaults(TYPED)).toEqual({});
  });

  it('is sent in fen and WGS-84, and of an employer of the register without an industry', () => {
    expect(clueOf({ ...TYPED, workers: '12 人', amount: '96,000.5', at: { lng: 120, lat: 30, metres: 20 } })).toEqual({
      enterprise: { name: '某某店' },
      town: '330110012',
      industry: 'H',
      text: '店面已关',
      workers: 12,
      amountFen: 9_600_050,
      location: { lng: 120, lat: 30, crs: 'WGS84' },
    });
    expect(clueOf({ ...TYPED, known: true })).not.toHaveProperty('industry');
  });

  it('names its pictures, and is not sent while one of them has failed', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const photos = [{ digest, name: '店门.jpg', type: 'image/jpeg', bytes: 9 }];
    expect(clueOf({ ...TYPED, photos }).photos).toEqual([digest]);
    expect(clueOf(TYPED)).not.toHaveProperty('photos');
    expect(clueFaults(TYPED, [{ state: 'done' }, { state: 'waiting' }])).toEqual({});
    expect(clueFaults(TYPED, [{ state: 'done' }, { state: 'failed' }])).toEqual({ photos: 'badFiles' });
    expect(fieldOfFault('photos')).toBe('photos');
  });

  it('has its faults told beside the field that the server means', () => {
    expect(['enterprise', '/enterprise/name', 'amountFen', 'location', 'region'].map(fieldOfFault)).toEqual([
      'employer',
      'employer',
      'amount',
      'place',
      undefined,
    ]);
  });
});

it('what is kept is of use for two weeks, and what is not ours for nothing', () => {
  const store = new Map<string, string>();
  const storage = {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
  } as Storage;
  expect(save('x', { typed: { a: '1' }, at: 1_000 }, storage)).toBe(true);
  expect(load('x', 1_000, storage)).toMatchObject({ typed: { a: '1' } });
  expect(load('x', 1_000 + 15 * 86_400_000, storage)).toBeUndefined();
  store.set('y', '{"typed":1}');
  expect(load('y', 0, storage)).toBeUndefined();
});

it('a finger on the map means the place under it', () => {
  const ring = (
    [
      [119.8, 30.2],
      [120.2, 30.2],
      [120.2, 30.5],
      [119.8, 30.5],
      [119.8, 30.2],
    ] as const
  ).map(([lng, lat]) => toPlane(lng, lat));
  const shapes = [{ code: '330110001', polygons: [[ring]] }];
  const place = flatPlace(shapes, { width: 358, height: 300 }, { top: 8, bottom: 8, left: 8, right: 8 })!;
  fc.assert(
    fc.property(
      fc.double({ min: 119.81, max: 120.19, noNaN: true }),
      fc.double({ min: 30.21, max: 30.49, noNaN: true }),
      (lng, lat) => {
        const at = positionUnder(place(...toPlane(lng, lat)), place);
        expect(Math.abs(at.lng - lng)).toBeLessThan(1e-5);
        expect(Math.abs(at.lat - lat)).toBeLessThan(1e-5);
        expect(townAt(shapes, at)).toBe('330110001');
      },
    ),
  );
  expect(townAt(shapes, { lng: 121, lat: 30.3 })).toBeUndefined();
});
