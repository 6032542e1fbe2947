import { describe, expect, it } from 'vitest';
import type { Monitor } from '../../../contract/signals.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { sumMonitors, type Monitored } from '../../../server/situation/monitored.ts';
import { Situation } from '../../../server/situation/situation.ts';
import { UpperSituation } from '../../../server/situation/upperSituation.ts';

/** What is watched, in frames of regions, towns and cities (signals §5). */

const NOW = Date.parse('2026-12-01T12:00:00+08:00');
const packOf = (code: string, towns: string[]): RegionPack =>
  ({
    code,
    name: { 'zh-CN': code, en: code },
    map: { kind: 'schematic' },
    tiers: [{ tier: 'red', name: { 'zh-CN': '红', en: 'red' }, colour: '#f00', termHours: 24 }],
    center: [120, 30],
    towns: towns.map((town) => ({ code: town, name: { 'zh-CN': town, en: town }, seat: [120, 30] })),
  }) as unknown as RegionPack;

const monitorOf = (n: number, sources: Monitor['sources']): Monitor => ({
  enterprises: n,
  projects: 2 * n,
  watch: 3 * n,
  unplaced: 4 * n,
  observations: { today: 5 * n, total: 6 * n },
  sources,
});
const early = '2026-11-01T00:00:00+08:00';
const late = '2026-11-30T00:00:00+08:00';

describe('the sum of several regions', () => {
  it('adds figures up, and tells of a channel the worst state and the last receipt', () => {
    const a = monitorOf(1, {
      water: { state: 'ok', lastAt: late, today: 1 },
      tax: { state: 'never', today: 0 },
      grid: { state: 'never', today: 0 },
      opinion: { state: 'late', lastAt: early, today: 0 },
    });
    const b = monitorOf(10, {
      water: { state: 'silent', lastAt: early, today: 2 },
      tax: { state: 'ok', lastAt: early, today: 3 },
      grid: { state: 'never', today: 0 },
    });
    const expected = monitorOf(11, {
      water: { state: 'silent', lastAt: late, today: 3 },
      tax: { state: 'silent', lastAt: early, today: 3 },
      grid: { state: 'never', today: 0 },
      opinion: { state: 'late', lastAt: early, today: 0 },
    });
    expect(sumMonitors([a, b])).toEqual(expected);
    expect(sumMonitors([b, undefined, a])).toEqual(expected);
  });

  it('is nothing where none of them watches anything', () => {
    expect(sumMonitors([])).toBeUndefined();
    expect(sumMonitors([undefined])).toBeUndefined();
  });
});

describe('frames', () => {
  it('have it for the region, three figures for a town, the sum for a city; the stamp moves with it; the past has none', () => {
    let n = 1;
    let watching = true;
    const monitored: Monitored = {
      get stamp() {
        return String(n);
      },
      monitor: () => (watching ? monitorOf(n, { water: { state: 'ok', lastAt: late, today: n } }) : undefined),
      townMonitor: (town) => (watching ? { enterprises: Number(town.slice(-1)), projects: 0, watch: n } : undefined),
    };
    const watched = new Situation(packOf('330110', ['330110001', '330110002']), monitored);
    const other = new Situation(packOf('330102', ['330102001']));
    const city = new UpperSituation(packOf('330100', ['330102', '330110']), [other, watched]);
    const monitorIn = (situation: Situation | UpperSituation, scope: string) =>
      situation.frame(scope, '24h', NOW, 1).monitor;
    expect(monitorIn(watched, '330110')).toEqual(monitorOf(1, { water: { state: 'ok', lastAt: late, today: 1 } }));
    expect(monitorIn(watched, '330110002')).toEqual({ enterprises: 2, projects: 0, watch: 1 });
    expect(monitorIn(city, '330100')).toEqual(monitorIn(watched, '330110'));
    expect(other.frame('330102', '24h', NOW, 1)).not.toHaveProperty('monitor');
    expect(watched.pastFrame('330110', '24h', NOW - 60_000, 1)).not.toHaveProperty('monitor');
    const stamps = [watched.stamp, city.stamp];
    n = 2;
    expect(watched.stamp).not.toBe(stamps[0]);
    expect(city.stamp).not.toBe(stamps[1]);
    watching = false;
    expect(watched.frame('330110', '24h', NOW, 1)).not.toHaveProperty('monitor');
    expect(city.frame('330100', '24h', NOW, 1)).not.toHaveProperty('monitor');
  });
});
