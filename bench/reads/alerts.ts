import { CHANNELS, TIERS, type Channel, type Industry, type Tier } from '../../contract/codes.ts';
import type { RegionPack } from '../../contract/region.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { foldAlert, foldRulesOf } from '../../server/alerts/fold.ts';
import { toRow, type AlertRow } from '../../server/alerts/row.ts';
import type { StoredEvent } from '../../server/alerts/state.ts';

/**
 * Alerts for the benchmark of reads: unlike those of the throughput benchmark they are as various as a district's
 * (about 120,000 employers, 40,000 projects, ids of three numberings and UUIDs), since it is variety that searching
 * and sorting have to get through.
 */
export interface BenchAlert {
  row: AlertRow;
  events: StoredEvent[];
}

const ENTERPRISES = 120_000;
const PROJECTS = 40_000;
const HOUR = 3_600_000;
const SOURCES = ['YH-2026-', 'LD330110', 'HZ-SB-'];
const PLACES =
  '杭州 余杭 良渚 瓶窑 径山 仓前 闲林 中泰 黄湖 鸬鸟 百丈 仁和 临平 塘栖 西溪 未来 运河 五常 东湖 南苑'.split(' ');
const WORDS =
  '远达 宏盛 天诚 恒信 金茂 华宇 中建 新城 万和 瑞丰 嘉业 明德 同创 鼎力 四海 九州 立人 长青 广厦 安泰 正源 博大 启航 永固 海纳 百川 龙腾 东升 云锦 玉成 大禹 通达'.split(
    ' ',
  );
const TRADES =
  '建筑 建设 劳务 装饰 市政 园林 机电 物业 餐饮 物流 服装 电子 家具 食品 包装 印刷 商贸 纺织 保洁 网络科技'.split(' ');
const LATIN = ['Acme', 'Sunrise', 'Delta', 'Orient', 'Pacific', 'Vertex', 'Lotus', 'Falcon'];
const WORKS = '安置房 产业园 地铁三号线 学校 医院 综合体 道路提升 污水厂 公寓 仓储中心'.split(' ');
const TIER_SHARE = [0.1, 0.35, 1];
const INDUSTRY_SHARE: [Industry, number][] = [
  ['E', 0.45],
  ['C', 0.65],
  ['H', 0.76],
  ['F', 0.85],
  ['G', 0.9],
  ['I', 0.94],
  ['O', 0.97],
  ['K', 1],
];

/** A 32-bit hash of two numbers as a fraction: every alert is the same whatever was made before it. */
function fraction(n: number, salt: number): number {
  let h = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(salt + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}
const pick = <T>(list: readonly T[], share: number): T => list[Math.floor(share * list.length)]!;

export function enterpriseOf(n: number): { name: string; uscc?: string } {
  const latin = fraction(n, 50) < 0.05 ? `${pick(LATIN, fraction(n, 51))} ` : '';
  const name = `${pick(PLACES, fraction(n, 52))}${latin}${pick(WORDS, fraction(n, 53))}${pick(WORDS, fraction(n, 54))}${pick(TRADES, fraction(n, 55))}有限公司`;
  // One of twenty is known by its name alone.
  return fraction(n, 56) < 0.05 ? { name } : { name, uscc: `91330110MA${String(n).padStart(7, '0')}X` };
}

function idOf(i: number): string {
  if (fraction(i, 1) < 0.2) {
    const hex = [2, 3, 4, 5]
      .map((salt) =>
        Math.floor(fraction(i, salt) * 2 ** 32)
          .toString(16)
          .padStart(8, '0'),
      )
      .join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
  return `${SOURCES[i % SOURCES.length]!}${String(i).padStart(7, '0')}`;
}

/** Alert number `i` of `count`, raised in the span; everything about it follows from `i`. */
export function benchAlert(pack: RegionPack, i: number, count: number, from: number, to: number): BenchAlert {
  const f = (salt: number) => fraction(i, salt);
  const tiers = pack.tiers.map(({ tier }) => tier);
  // Some busy towns, many quiet ones; and a few employers have many alerts.
  const town = pack.towns[Math.floor(f(10) ** 1.6 * pack.towns.length)]!;
  const raisedAt = Math.floor(from + ((to - from) * (i + f(11) * 2000)) / (count + 2000));
  const enterprise = enterpriseOf(Math.floor(f(12) ** 2 * ENTERPRISES));
  const seat = town.seat;
  const tier: Tier = tiers[TIER_SHARE.findIndex((share) => f(13) < share)] ?? TIERS[0];
  const id = idOf(i);
  const event = (type: StoredEvent['type'], after: number, data: object): StoredEvent =>
    ({
      type,
      time: Math.min(to, raisedAt + Math.floor(after * HOUR)),
      source: 'urn:bench:reads',
      id: `${id}/${type.slice(5)}`,
      data,
    }) as StoredEvent;
  const events: StoredEvent[] = [
    event('wage.alert.raised', 0, {
      town: town.code,
      tier,
      industry: INDUSTRY_SHARE.find(([, share]) => f(14) < share)![0],
      channel: pick(CHANNELS, f(15) ** 1.5) satisfies Channel,
      enterprise,
      ...(f(16) < 0.4
        ? {
            project: {
              id: `P-${Math.floor(f(17) * PROJECTS)}`,
              name: `${pick(PLACES, f(18))}${pick(WORKS, f(19))}${Math.floor(f(17) * PROJECTS)}号`,
            },
          }
        : {}),
      workers: 1 + Math.floor(f(20) ** 4 * 300),
      amountFen: Math.floor(1e5 + f(21) ** 5 * 1e9),
      location: { lng: round(seat[0] + (f(22) - 0.5) * 0.06), lat: round(seat[1] + (f(23) - 0.5) * 0.05) },
      reasons: [{ channel: 'water', text: '用水量较上月下降 62%', weight: 40 }],
    }),
  ];
  // The older, the further along; a thousandth is still open however old.
  const fate = f(24);
  if (fate < 0.85)
    events.push(event('wage.alert.dispatched', 1 + f(25) * 24, { platform: 'four-platforms', unit: '街道综合执法队' }));
  if (fate < 0.6)
    events.push(event('wage.alert.audited', 60 + f(26) * 200, { verdict: f(27) < 0.81 ? 'effective' : 'false-alarm' }));
  if (fate < 0.15)
    events.push(
      event('wage.wages.recovered', 80 + f(28) * 300, {
        amountFen: Math.floor(1e5 + f(29) * 1e6),
        workers: 1 + Math.floor(f(30) * 9),
      }),
    );
  if (fate < 0.5) events.push(event('wage.alert.closed', 400 + f(31) * 400, {}));
  return { row: toRow(foldAlert(id, events, foldRulesOf(pack, []))!), events };
}
const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;

/** The events of an alert as lines of NDJSON. */
export function linesOf(pack: RegionPack, { row, events }: BenchAlert): string {
  let lines = '';
  for (const { type, id, source, time, data } of events) {
    lines += `${JSON.stringify({ specversion: '1.0', id, source, type, time: toRfc3339(time), data: { alertId: row.alertId, region: pack.code, ...data } })}\n`;
  }
  return lines;
}
