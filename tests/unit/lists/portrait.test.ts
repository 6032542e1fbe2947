import fc from 'fast-check';
import { cellToLatLng, getRes0Cells, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import type { AlertRow } from '../../../server/alerts/row.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { cellShape, cellsAround, gridCell, haversine } from '../../../server/lists/geo.ts';
import { arbitraryRow, boundaryPoint, keyOf, naiveKey, naiveMatch, PACK } from './support.ts';

const history = fc.array(arbitraryRow, { minLength: 1, maxLength: 120 });
const byLatest = (a: AlertRow, b: AlertRow) => b.raisedAt - a.raisedAt || (a.alertId < b.alertId ? -1 : 1);

function tableOf(rows: readonly AlertRow[], warm: boolean): { table: AlertTable; all: AlertRow[] } {
  const table = new AlertTable(PACK);
  const half = rows.length >> 1;
  const naive = new Map<string, AlertRow>();
  rows.forEach((row, i) => {
    if (warm && i === half) {
      table.warm();
      while (table.maintain(10));
    }
    table.upsert(row);
    naive.set(row.alertId, row);
  });
  return { table, all: [...naive.values()] };
}

describe('an enterprise', () => {
  it('is told to somebody of a unit by its alerts, and of others by how many there are', () => {
    fc.assert(
      fc.property(
        history,
        fc.constantFrom('91330110MA1', 'Acme 餐饮管理 Co.', '杭州建工集团', '良渚物流有限公司', 'none'),
        fc.constantFrom('street', 'brigade', 'nobody'),
        fc.constantFrom(PACK.code, PACK.towns[0]!.code),
        (rows, name, unit, scope) => {
          const { table, all } = tableOf(rows, false);
          const key = naiveKey(all, name);
          const there = all.filter((row) => keyOf(row) === key && (scope === PACK.code || row.town === scope));
          const own = naiveMatch(there, { scope, unit }, 0).sort(byLatest);
          const portrait = table.enterpriseForUnit(name, { unit, scope });
          if (own.length === 0) {
            expect(portrait).toBeUndefined();
            return;
          }
          expect(portrait!.alerts).toEqual(own);
          expect(portrait!.enterprise).toEqual(own[0]!.enterprise);
          expect(portrait!.totals.raised).toBe(own.length);
          expect(portrait!.totals.workers).toBe(own.reduce((total, { workers }) => total + workers, 0));
          const others: Record<string, Record<string, number>> = {};
          for (const { tier, stage } of there.filter((row) => !own.includes(row)))
            (others[tier] ??= {})[stage] = (others[tier]?.[stage] ?? 0) + 1;
          expect(portrait!.others).toEqual(others);
          expect(portrait).not.toHaveProperty('standing');
        },
      ),
    );
  });

  it('is the sum of its alerts, and stands where a naive ranking puts it', () => {
    fc.assert(
      fc.property(
        history,
        fc.boolean(),
        fc.constantFrom('91330110MA1', '91330110MA3', 'Acme 餐饮管理 Co.', '杭州建工集团', '良渚物流有限公司', 'none'),
        (rows, warm, name) => {
          const { table, all } = tableOf(rows, warm);
          const key = naiveKey(all, name);
          const portrait = table.enterprise(name);
          if (key === undefined) {
            expect(portrait).toBeUndefined();
            return;
          }
          const mine = all.filter((row) => keyOf(row) === key).sort(byLatest);
          const sum = (of: (row: AlertRow) => number) => mine.reduce((total, row) => total + of(row), 0);
          const effective = sum((row) => (row.verdict === 'effective' ? 1 : 0));
          const falseAlarm = sum((row) => (row.verdict === 'false-alarm' ? 1 : 0));
          expect(portrait!.alerts).toEqual(mine);
          expect(portrait!.enterprise).toEqual(mine[0]!.enterprise);
          expect(portrait!.totals).toEqual({
            raised: mine.length,
            workers: sum((row) => row.workers),
            amountFen: sum((row) => row.amountFen),
            effective,
            falseAlarm,
            recoveredFen: sum((row) => row.recoveredFen),
            recoveredWorkers: sum((row) => (row.recoveries ?? []).reduce((total, [, , workers]) => total + workers, 0)),
            closed: sum((row) => (row.stage === 'closed' ? 1 : 0)),
            closeMs: sum((row) => (row.closedAt === undefined ? 0 : row.closedAt - row.raisedAt)),
            open: sum((row) => (row.stage === 'closed' ? 0 : 1)),
            ...(effective + falseAlarm > 0 ? { successRate: effective / (effective + falseAlarm) } : {}),
          });
          for (const [channel, count] of Object.entries(portrait!.byChannel)) {
            expect(count).toBe(mine.filter((row) => row.channel === channel).length);
          }
          expect(Object.values(portrait!.byChannel).reduce((a, b) => a + b, 0)).toBe(mine.length);

          const enterprises = new Map<string, AlertRow[]>();
          for (const row of all) enterprises.set(keyOf(row), [...(enterprises.get(keyOf(row)) ?? []), row]);
          for (const group of ['industry', 'town'] as const) {
            const code = mine[0]![group];
            const peers = [...enterprises.values()].filter((alerts) => alerts.sort(byLatest)[0]![group] === code);
            expect(portrait!.standing[group]).toEqual({
              code,
              rank: 1 + peers.filter((alerts) => alerts.length > mine.length).length,
              of: peers.length,
            });
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('neighbours', () => {
  it('are all alerts within the distance, nearest first', () => {
    fc.assert(
      fc.property(history, fc.boolean(), fc.integer({ min: 0, max: 3000 }), fc.nat(20), (rows, warm, metres, limit) => {
        const { table, all } = tableOf(rows, warm);
        const centre = all.find((row) => row.location)?.location ?? { lng: 119.98, lat: 30.27 };
        const distance = (row: AlertRow) => haversine(centre.lng, centre.lat, row.location!.lng, row.location!.lat);
        const expected = all.filter((row) => row.location && !row.positionOutside && distance(row) <= metres);
        const found = table.near(centre, metres);
        expect(new Set(found.map((row) => row.alertId))).toEqual(new Set(expected.map((row) => row.alertId)));
        expect(found.map(distance)).toEqual(expected.map(distance).sort((a, b) => a - b));
        expect(table.near(centre, metres, limit)).toEqual(found.slice(0, limit));
      }),
    );
  });

  it('are in the grid cells that are looked at, anywhere on the globe', () => {
    const lng = fc.double({ min: -180, max: 180, noNaN: true });
    const lat = fc.double({ min: -90, max: 90, noNaN: true });
    fc.assert(
      fc.property(
        lng,
        lat,
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        fc.double({ min: 0, max: 5000, noNaN: true }),
        (lng0, lat0, bearing, metres) => {
          // The point at that bearing and distance on the sphere.
          const angle = metres / 6_371_008.8,
            phi = (lat0 * Math.PI) / 180;
          const lat1 = Math.asin(
            Math.min(
              1,
              Math.max(-1, Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing)),
            ),
          );
          const turn = Math.atan2(
            Math.sin(bearing) * Math.sin(angle) * Math.cos(phi),
            Math.cos(angle) - Math.sin(phi) * Math.sin(lat1),
          );
          const there = { lng: ((lng0 + (turn * 180) / Math.PI + 540) % 360) - 180, lat: (lat1 * 180) / Math.PI };
          const cell = gridCell(there.lng, there.lat);
          const ranges = cellsAround({ lng: lng0, lat: lat0 }, metres + 1);
          expect(ranges.some(([first, last]) => cell >= first && cell <= last)).toBe(true);
          expect(ranges).toEqual([...ranges].sort((a, b) => a[0] - b[0]));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('the shape of an H3 cell', () => {
  it('agrees with H3, near edges and corners, too', () => {
    const anywhere = fc.constantFrom(...getRes0Cells()).map((cell) => cellToLatLng(cell));
    const district = fc.tuple(
      fc.double({ min: 30.1, max: 30.6, noNaN: true }),
      fc.double({ min: 119.6, max: 120.4, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.oneof(district, anywhere),
        fc.nat(5),
        fc.oneof(
          fc.double({ min: -0.00005, max: 0.00005, noNaN: true }),
          fc.double({ min: -0.01, max: 0.01, noNaN: true }),
        ),
        ([lat, lng], corner, inward) => {
          const cell = latLngToCell(lat, lng, 8);
          const shape = cellShape(cell);
          const point = boundaryPoint(cell, corner, inward);
          expect(shape.contains(point.lng, point.lat)).toBe(latLngToCell(point.lat, point.lng, 8) === cell);
          if (shape.contains(point.lng, point.lat)) {
            expect(haversine(shape.centre.lng, shape.centre.lat, point.lng, point.lat)).toBeLessThanOrEqual(
              shape.radius,
            );
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});
