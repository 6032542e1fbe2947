import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureCollection } from 'geojson';
import { expect, it } from 'vitest';
import { townsPicture } from '../../../../web/briefing/townsMap.ts';
import type { RegionAnswer } from '../../../../contract/rest.ts';
import { PROJECT_ROOT } from '../../../../server/platform/paths.ts';
import { placeName, shortName } from '../../../../web/i18n/places.ts';
import { townShapes } from '../../../../web/map/mapping/townData.ts';
import { loadPack } from '../../../support/packs.ts';

const pack = loadPack('330110') as unknown as RegionAnswer;
const boundaries = JSON.parse(
  readFileSync(join(PROJECT_ROOT, 'assets/geo/330110/boundaries.geojson'), 'utf8'),
) as FeatureCollection;
const shapes = townShapes(pack, boundaries);

/** Rooms of maps on pages of all shapes, in tenths of a rem: alone, beside figures, beside the time bar, and one of two. */
const ROOMS = [
  [1116, 782],
  [979, 951],
  [1096, 568],
  [860, 390],
  [860, 488],
  [759, 481],
  [792, 432],
  [1096, 272],
  [814, 332],
  [715, 417],
  [1052, 309],
] as const;

it.each(ROOMS.flatMap(([width, height]) => (['zh-CN', 'en'] as const).map((lang) => ({ width, height, lang }))))(
  'of a district of twenty towns, some of them small, each has its name: $width × $height, $lang',
  ({ width, height, lang }) => {
    let seed = 1;
    const random = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
    for (let i = 0; i < 15; i++) {
      const towns = shapes
        .map(({ code }) => {
          const name = placeName(pack, code, lang);
          return { code, name, short: shortName(name, lang), open: random(14), change: random(9) - 4 };
        })
        .sort((a, b) => b.open - a.open);
      const { labels } = townsPicture(shapes, towns, { width, height });
      expect(labels.filter(({ name }) => name)).toHaveLength(towns.length);
    }
  },
);
