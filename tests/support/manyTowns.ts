import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { WageEvent } from '../../contract/events.ts';
import type { RegionPack } from '../../contract/region.ts';
import { raised } from './events.ts';
import { randomOf } from './workload.ts';

/**
 * A region that tries the wall hard: 60 towns with names of 40 characters, and many times the alerts of a district,
 * whose enterprises and projects have long names, too.
 */
export const MANY_TOWNS = '330198';

const long = (n: number) => `${String(n).padStart(2, '0')}号${'钱塘江畔千年古镇工业园区'.repeat(4)}`.slice(0, 38);

export const manyTowns: RegionPack = {
  code: MANY_TOWNS,
  name: { 'zh-CN': '试验区', en: 'Test District' },
  title: {
    'zh-CN': '杭州湾上虞经济技术开发区欠薪一体化预警处置态势感知大屏',
    en: 'Hangzhou Bay Economic and Technological Development Zone Wage Arrears Early-Warning Situation',
  },
  timeZone: 'Asia/Shanghai',
  tiers: [
    { tier: 'red', termHours: 24, platform: 'tri-colour' },
    { tier: 'orange', termHours: 72, platform: 'tri-colour' },
    { tier: 'yellow', termHours: 168, platform: 'four-platforms' },
    { tier: 'blue', termHours: 240, platform: 'other' },
  ],
  towns: Array.from({ length: 60 }, (_, i) => ({
    code: `${MANY_TOWNS}${String(i + 1).padStart(3, '0')}`,
    name: { 'zh-CN': `${long(i + 1)}街道`, en: `${i + 1} Upper Riverside Industrial Park Subdistrict`.slice(0, 40) },
    seat: [119.7 + (i % 10) * 0.06 + (Math.floor(i / 10) % 2) * 0.03, 30.25 + Math.floor(i / 10) * 0.05] as [
      number,
      number,
    ],
    areaKm2: 18 + ((i * 7) % 20),
  })),
  map: { kind: 'schematic' },
  sources: ['test fixture: made up from one end to the other'],
};

/** Bricks around the seats: drawn at once, where a schematic of so many towns takes minutes. */
const bricks = (): Boundaries => ({
  type: 'FeatureCollection',
  features: manyTowns.towns.map(({ code, name, seat: [lng, lat] }) => ({
    type: 'Feature',
    properties: { code, name: name['zh-CN'], label: [lng, lat] },
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [-1, -1],
          [1, -1],
          [1, 1],
          [-1, 1],
          [-1, -1],
        ].map(([x, y]) => [lng + x! * 0.03, lat + y! * 0.025]),
      ],
    },
  })),
});

/** Puts the region and its drawing where a server looks for a site's own: start it with this DATA_DIR and REGION. */
export function writeManyTowns(dataDir: string): void {
  const home = join(dataDir, 'regions', MANY_TOWNS);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'region.json'), JSON.stringify(manyTowns));
  writeFileSync(join(home, 'boundaries.geojson'), JSON.stringify(bricks()));
}

/** Open alerts of the last month in these towns. Nothing red among the last day's: an alarm is another picture. */
export function manyAlerts(count: number, now = Date.now()): WageEvent[] {
  const random = randomOf(60);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() ** 2 * list.length)]!;
  return Array.from({ length: count }, (_, n) => {
    const town = pick(manyTowns.towns);
    const at = now - random() ** 3 * 40 * 86_400_000;
    return raised(at, {
      alertId: `M${n}`,
      region: MANY_TOWNS,
      town: town.code,
      tier: now - at < 86_400_000 ? pick(['yellow', 'orange', 'blue']) : pick(['yellow', 'orange', 'red', 'blue']),
      industry: pick(['E', 'C', 'H', 'F', 'I', 'O', 'L', 'G', 'M', 'K', 'N', 'R', 'Q', 'A', 'P']),
      channel: pick([
        'petition',
        'social-insurance',
        'electricity',
        'hotline',
        'litigation',
        'water',
        'opinion',
        'dishonest',
        'wage-account',
        'penalty',
        'construction',
        'arbitration',
        'tax',
        'grid',
        'layoff',
        'other',
      ]),
      enterprise: { name: `某${n % 300}号${'浙江之江建筑安装装饰工程'.repeat(3)}有限公司` },
      workers: 1 + Math.floor(random() * 400),
      project: { id: `P${n % 90}`, name: `某${'未来社区安置房及配套设施'.repeat(3)}${n % 90}标段` },
      amountFen: Math.floor(random() * 9e9),
      location: { lng: town.seat[0] + (random() - 0.5) * 0.03, lat: town.seat[1] + (random() - 0.5) * 0.03 },
    } as never);
  });
}
