import { latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { alertKey } from '../../../../common/alertRef.ts';
import type { AlertBrief } from '../../../../contract/frame.ts';
import { fixture, fixtureBrief } from '../../../support/webFixtures.ts';
import { inPolygons, toPlane } from '../../../../web/map/geometry.ts';
import { alertPoints, MARK_HALF, MAX_POINTS, samePoints } from '../../../../web/map/mapping/alertData.ts';
import { knownAlerts, MAX_FLIGHTS, newDispatches, platforms, stagesOf } from '../../../../web/map/mapping/flights.ts';
import { heatCells, heatLevel, sameCells, sameCounts } from '../../../../web/map/mapping/heatData.ts';
import { hotSpots, MOST_SPOTS } from '../../../../web/map/overlay/hotSpots.ts';
import { localStyle, tileTemplate } from '../../../../web/map/style.ts';

const { frame, pack, now } = fixture();
const brief = (i: number, change: Partial<AlertBrief> = {}): AlertBrief => ({
  ...fixtureBrief(i, pack, now),
  ...change,
});
const frameOf = (...briefs: AlertBrief[]) => ({
  ...frame,
  latest: Object.fromEntries(briefs.map((b) => [b.alertId, b])),
});

describe('alert points', () => {
  it('are the open alerts with a position', () => {
    const nowhere = brief(3);
    delete nowhere.location;
    const points = alertPoints(frameOf(brief(1), brief(2, { stage: 'closed' }), nowhere), undefined);
    expect(points.map((p) => p.key)).toEqual([alertKey(brief(1))]);
  });

  it('come from the full list where there is one', () => {
    expect(alertPoints(frame, [brief(900, { stage: 'raised' })]).map((p) => p.key)).toEqual([alertKey(brief(900))]);
    expect(alertPoints(frame, [])).toEqual([]);
  });

  it('are two where two districts use one id', () => {
    const twins = [brief(1, { stage: 'raised', region: '330102' }), brief(1, { stage: 'raised', region: '330110' })];
    expect(alertPoints(frame, twins).map((p) => p.key)).toEqual(twins.map(alertKey));
    const latest = Object.fromEntries(twins.map((twin) => [alertKey(twin), twin]));
    expect(knownAlerts({ ...frame, latest }, [{ ...twins[1]!, changedAt: '2020-01-01T00:00:00+08:00' }])).toHaveLength(
      2,
    );
    // One is handed over: one line flies.
    const after = twins.map((twin, i): AlertBrief => ({ ...twin, stage: i ? 'dispatched' : 'raised' }));
    expect(newDispatches(stagesOf(twins), after, pack).map(({ key }) => key)).toEqual([alertKey(twins[1]!)]);
  });

  it('lie with the gravest and newest on top, and lose the least when there are too many', () => {
    const crowd = Array.from({ length: MAX_POINTS + 10 }, (_, i) =>
      brief(i, { stage: 'raised', tier: i < 10 ? 'yellow' : i % 2 ? 'red' : 'orange' }),
    );
    const points = alertPoints(undefined, crowd);
    expect(points).toHaveLength(MAX_POINTS);
    expect(points.some((p) => p.tier === 'yellow')).toBe(false);
    const reds = points.filter((p) => p.tier === 'red');
    expect(points.slice(-reds.length)).toEqual(reds);
    expect(reds.at(-1)!.raisedAt >= reds[0]!.raisedAt).toBe(true);
  });

  it('are the same picture when nothing drawn changed', () => {
    const a = alertPoints(frameOf(brief(1, { stage: 'raised' })), undefined);
    expect(samePoints(a, alertPoints(frameOf(brief(1, { stage: 'accepted', workers: 7 })), undefined))).toBe(true);
    expect(
      samePoints(
        a,
        alertPoints(frameOf(brief(1, { stage: 'raised', tier: a[0]!.tier === 'red' ? 'orange' : 'red' })), undefined),
      ),
    ).toBe(false);
  });

  it('are the larger, the graver', () => {
    const sizes = [MARK_HALF.red, MARK_HALF.orange, MARK_HALF.yellow, MARK_HALF.blue];
    expect([...sizes].sort((a, b) => b - a)).toEqual(sizes);
  });
});

describe('heat', () => {
  it('draws each H3 cell where it is, faintest first', () => {
    const places = [
      [30.4, 120.2],
      [30.3, 120.0],
      [30.45, 119.8],
    ] as const;
    const heat = Object.fromEntries(places.map(([lat, lng], i) => [latLngToCell(lat, lng, 8), [1, 16, 5][i]!]));
    const cells = heatCells({ ...heat, nonsense: 4 });
    expect(cells.map((c) => c.count)).toEqual([1, 5, 16]);
    expect(cells.map((c) => c.level)).toEqual([1, 2, 3]);
    const brightest = cells.at(-1)!;
    expect(inPolygons(toPlane(places[1][1], places[1][0]), [[brightest.outline]])).toBe(true);
    expect(brightest.ring[0]).toEqual(brightest.ring.at(-1));
  });

  it('has levels from 0 to 3', () => {
    expect([1, 100, 400, 900, 1600].map((n) => heatLevel(n, 1600))).toEqual([0, 1, 2, 3, 3]);
    expect(heatCells(undefined)).toEqual([]);
  });

  it('is the same picture while no cell changes its level', () => {
    const cell = latLngToCell(30.4, 120.2, 8);
    const other = latLngToCell(30.3, 120, 8);
    expect(sameCells(heatCells({ [cell]: 1000, [other]: 100 }), heatCells({ [cell]: 1001, [other]: 101 }))).toBe(true);
    expect(sameCells(heatCells({ [cell]: 1000, [other]: 100 }), heatCells({ [cell]: 1000, [other]: 900 }))).toBe(false);
    // Which of two is the fainter draws nothing else; what it says has changed.
    const [before, after] = [heatCells({ [cell]: 100, [other]: 101 }), heatCells({ [cell]: 101, [other]: 100 })];
    expect([sameCells(before, after), sameCounts(before, after), sameCounts(after, after)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('offers the hottest cells in the picture first', () => {
    const cells = heatCells(
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [latLngToCell(30.2 + i / 50, 120, 8), i + 1])),
    );
    const size = { width: 100, height: 100 };
    const all = hotSpots(cells, (x, y) => ({ x: x * 100, y: y * 100 }), size);
    expect(all.map(({ cell }) => cell.count)).toEqual(Array.from({ length: MOST_SPOTS }, (_, i) => 30 - i));
    expect(
      hotSpots(cells, (x, y) => ({ x: x * 100, y: y < cells.at(-1)!.centre[1] + 1e-6 ? -1 : y }), size)[0]!.cell.count,
    ).toBe(29);
    expect(hotSpots(cells, () => undefined, size)).toEqual([]);
  });
});

describe('lines of dispatch', () => {
  const before = stagesOf([brief(1, { stage: 'raised' }), brief(2, { stage: 'audited' })]);

  it('fly once, when an alert seen raised is dispatched, to the platform of its tier', () => {
    const alert = brief(1, { stage: 'dispatched', tier: 'yellow' });
    expect(newDispatches(before, [alert], pack)).toEqual([{ key: alertKey(alert), alert, platform: 'four-platforms' }]);
    expect(newDispatches(stagesOf([alert]), [alert], pack)).toEqual([]);
  });

  it('do not fly on the first frame, for alerts not seen before, or for those returned', () => {
    expect(newDispatches(undefined, [brief(1, { stage: 'dispatched' })], pack)).toEqual([]);
    expect(newDispatches(before, [brief(3, { stage: 'dispatched' }), brief(2, { stage: 'dispatched' })], pack)).toEqual(
      [],
    );
  });

  it('are few at once', () => {
    const raised = Array.from({ length: 40 }, (_, i) => brief(i, { stage: 'raised' }));
    expect(
      newDispatches(
        stagesOf(raised),
        raised.map((b) => ({ ...b, stage: 'dispatched' as const })),
        pack,
      ),
    ).toHaveLength(MAX_FLIGHTS);
  });

  it('go to the platforms of the region', () => {
    expect(platforms(pack)).toEqual(['tri-colour', 'four-platforms']);
    expect(platforms(undefined)).toEqual([]);
  });

  it('use the newer of two views of an alert', () => {
    const old = brief(1, { stage: 'raised', changedAt: '2026-11-21T10:00:00+08:00' });
    const fresh = brief(1, { stage: 'dispatched', changedAt: '2026-11-21T10:00:09+08:00' });
    expect(knownAlerts(frameOf(old), [fresh]).map((a) => a.stage)).toEqual(['dispatched']);
    expect(knownAlerts(frameOf(fresh), [old]).map((a) => a.stage)).toEqual(['dispatched']);
  });
});

describe('style', () => {
  it("asks for nothing but the site's own tiles", () => {
    expect(JSON.stringify(localStyle(undefined))).not.toMatch(/https?:|mapbox:|glyphs|sprite/);
    const style = localStyle({
      tiles: 'http://gis.local/wmts?layer=img&tilematrix={TileMatrix}&tilerow={TileRow}&tilecol={TileCol}',
      attribution: '本地底图',
    });
    expect(style.sources['base']?.tiles).toEqual([
      'http://gis.local/wmts?layer=img&tilematrix={z}&tilerow={y}&tilecol={x}',
    ]);
    expect(style.layers.map((l) => l.type)).toEqual(['background', 'raster']);
    expect(tileTemplate('/tiles/{z}/{x}/{y}.png')).toBe('/tiles/{z}/{x}/{y}.png');
  });
});
