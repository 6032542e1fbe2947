import { latLngToCell } from 'h3-js';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inBox } from '../../../common/box.ts';
import type { Boundaries } from '../../../contract/boundaries.ts';
import type { LngLat } from '../../../contract/frame.ts';
import { foldAlert, foldRulesOf } from '../../../server/alerts/fold.ts';
import { toRow } from '../../../server/alerts/row.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { IncrementSum } from '../../../server/aggregations/contributions.ts';
import { PROJECT_ROOT } from '../../../server/platform/paths.ts';
import { boxOf } from '../../../server/region/box.ts';
import { loadRegionPacks } from '../../../server/region/packs.ts';
import { Situation } from '../../../server/situation/situation.ts';
import { UpperSituation } from '../../../server/situation/upperSituation.ts';
import { alertDetail } from '../../../server/views/alerts/alertDetail.ts';

/** Positions outside a region are kept with their alert, counted, and in no heat and on no map (contract §1). */

const CITY = '330100';
const packs = loadRegionPacks({ assetsDir: join(PROJECT_ROOT, 'assets/geo'), dataDir: '/nowhere', codes: [CITY] });
const PACK = packs.get('330110')!;
const NOW = Date.parse('2026-11-21T18:24:07+08:00');

const raisedAt = (location: LngLat | undefined, amended?: LngLat): StoredEvent[] => {
  const data = {
    town: PACK.towns[0]!.code,
    tier: 'red',
    industry: 'E',
    channel: 'petition',
    enterprise: { name: '甲' },
    workers: 1,
    amountFen: 100,
    ...(location ? { location } : {}),
  };
  const events = [{ type: 'wage.alert.raised', time: NOW - 60_000, source: 's', id: '1', data }];
  if (amended)
    events.push({
      type: 'wage.alert.amended',
      time: NOW - 50_000,
      source: 's',
      id: '2',
      data: { location: amended } as never,
    });
  return events as StoredEvent[];
};

function situationOf(alerts: readonly StoredEvent[][]): Situation {
  const situation = new Situation(PACK);
  const rules = foldRulesOf(PACK, []);
  const sum = new IncrementSum();
  const rows = alerts.map((events, i) => {
    const state = foldAlert(`A${i}`, events, rules)!;
    sum.add(state, 1);
    return toRow(state);
  });
  situation.apply({ rows, increments: sum.take() }, undefined, NOW);
  return situation;
}
const frame = (situation: Situation) => situation.frame(PACK.code, '30d', NOW, 1);
const INSIDE = { lng: 120.04, lat: 30.37 };
const PAGE = { limit: 200 };
const ZERO = { lng: 0, lat: 0 };

describe('the box of a region', () => {
  it('holds its drawing and its towns with a margin, for every shipped pack', () => {
    for (const pack of packs.list()) {
      const { features } = JSON.parse(packs.boundaries(pack.code)!.body) as Boundaries;
      for (const { geometry } of features) {
        const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
        for (const [lng, lat] of rings.flat())
          for (const dx of [-0.09, 0.09]) expect(inBox(pack.box!, { lng: lng + dx, lat: lat - dx })).toBe(true);
      }
      for (const { seat } of pack.towns) expect(inBox(pack.box!, { lng: seat[0], lat: seat[1] })).toBe(true);
      for (const wrong of [ZERO, { lng: 30.37, lat: 120.04 - 90 }, { lng: 116.4, lat: 39.9 }])
        expect(inBox(pack.box!, wrong), pack.code).toBe(false);
    }
  });

  it('is around the seats of its towns where there is no drawing', () => {
    const towns = [
      { ...PACK.towns[0]!, seat: [120, 30] as [number, number], areaKm2: 100 },
      { ...PACK.towns[1]!, seat: [121, 30.5] as [number, number], areaKm2: 25 },
    ];
    const box = boxOf({ towns }, undefined);
    for (const inside of [
      { lng: 119.75, lat: 29.75 },
      { lng: 121.1, lat: 30.6 },
    ])
      expect(inBox(box, inside)).toBe(true);
    for (const outside of [
      { lng: 119, lat: 30 },
      { lng: 120, lat: 32 },
      { lng: 122, lat: 30 },
    ])
      expect(inBox(box, outside)).toBe(false);
  });
});

describe('positions outside the region', () => {
  it('are counted, and in no heat and no brief, by the hundred and anywhere', () => {
    const zeros = Array.from({ length: 400 }, () => raisedAt(ZERO));
    const right = Array.from({ length: 3 }, () => raisedAt(INSIDE));
    const situation = situationOf([...zeros, ...right, raisedAt(undefined)]);
    const shown = frame(situation);
    expect(shown.totals.raised).toBe(404);
    expect(shown.heat).toEqual({ [latLngToCell(INSIDE.lat, INSIDE.lng, 8)]: 3 });
    expect(situation.lists.positionsOutside).toBe(400);
    const { rows } = situation.lists.query({ scope: PACK.code, limit: 200, positionOutside: true }, NOW);
    expect(rows).toHaveLength(200);
    for (const { location, positionOutside } of rows) expect([location, positionOutside]).toEqual([ZERO, true]);
    const briefs = Object.values(shown.latest);
    const outside = briefs.filter(({ positionOutside }) => positionOutside);
    expect(outside.length).toBeGreaterThan(0);
    for (const { location } of outside) expect(location).toBeUndefined();
    // Nobody is near, and nothing is in the cell, wherever the filter begins.
    expect(situation.table.near(ZERO, 10_000)).toEqual([]);
    const h3 = latLngToCell(0, 0, 8);
    for (const more of [{}, { uscc: '甲' }])
      expect(situation.lists.query({ scope: PACK.code, h3, ...more }, NOW).total).toBe(0);
  });

  it('make no frame of megabytes, in the region or in the city above it', () => {
    const scattered = Array.from({ length: 100_000 }, (_, i) =>
      raisedAt({ lng: ((i * 137.508) % 360) - 180, lat: ((i * 0.001_77) % 180) - 90 }),
    );
    const situation = situationOf(scattered);
    const city = new UpperSituation(packs.get(CITY)!, [situation]);
    for (const shown of [
      frame(situation),
      city.frame(CITY, '30d', NOW, 1),
      situation.pastFrame(PACK.code, '30d', NOW, 1),
    ]) {
      expect(shown.totals.raised).toBe(100_000);
      expect(JSON.stringify(shown).length).toBeLessThan(100_000);
    }
    expect(city.lists.positionsOutside).toBe(situation.lists.positionsOutside);
    expect(situation.lists.positionsOutside).toBeGreaterThan(99_900);
  });

  it('come and go with amendments', () => {
    const rules = foldRulesOf(PACK, []);
    const situation = new Situation(PACK);
    const steps = [raisedAt(ZERO), raisedAt(ZERO, INSIDE), raisedAt(INSIDE, ZERO), raisedAt(INSIDE)];
    const sum = new IncrementSum();
    let before: ReturnType<typeof foldAlert>;
    for (const [i, events] of steps.entries()) {
      const state = foldAlert('A', events, rules)!;
      if (before) sum.add(before, -1);
      sum.add((before = state), 1);
      situation.apply({ rows: [toRow(state)], increments: sum.take() }, undefined, NOW);
      const inside = i % 2 === 1;
      expect(Object.values(frame(situation).heat)).toEqual(inside ? [1] : []);
      expect(situation.lists.positionsOutside).toBe(inside ? 0 : 1);
      expect(situation.table.near(INSIDE, 100)).toHaveLength(inside ? 1 : 0);
      const copy = new Situation(PACK);
      copy.table.loadChunk(0, situation.table.encodeChunk(0));
      expect(copy.lists.positionsOutside).toBe(inside ? 0 : 1);
      expect(copy.table.near(ZERO, 100)).toEqual([]);
    }
  });

  it('are told in the detail, where the position is still to be seen', () => {
    expect(alertDetail(PACK.code, foldRulesOf(PACK, []), 'A', raisedAt(ZERO), NOW, PAGE)).toMatchObject({
      positionOutside: true,
      outsideLocation: ZERO,
    });
    expect(alertDetail(PACK.code, foldRulesOf(PACK, []), 'A', raisedAt(ZERO), NOW, PAGE)).not.toHaveProperty(
      'location',
    );
    expect(alertDetail(PACK.code, foldRulesOf(PACK, []), 'A', raisedAt(INSIDE), NOW, PAGE)).toMatchObject({
      location: INSIDE,
    });
    expect(alertDetail(PACK.code, foldRulesOf(PACK, []), 'A', raisedAt(INSIDE), NOW, PAGE)).not.toHaveProperty(
      'positionOutside',
    );
  });
});
