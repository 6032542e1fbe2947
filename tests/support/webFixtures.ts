import { latLngToCell } from 'h3-js';
import cityJson from '../../assets/geo/330100/region.json' with { type: 'json' };
import regionJson from '../../assets/geo/330110/region.json' with { type: 'json' };
import {
  CHANNELS,
  INDUSTRIES,
  STAGES,
  TIERS,
  type Channel,
  type Industry,
  type Stage,
  type Tier,
  type WindowName,
} from '../../contract/codes.ts';
import type { AlertBrief, Compared, Frame, Measures, Row, SeriesStep, TownRow } from '../../contract/frame.ts';
import { DAY_MS, floorTo, HOUR_MS, isoDate, startOfMonth, toRfc3339 } from '../../common/regionTime.ts';
import type { RegionAnswer } from '../../contract/rest.ts';

/**
 * Frames and packs for tests of screens and panels: believable figures of 3,446 alerts in 20 towns, and
 * variants that try a layout hard. Seeded: the same options give the same frame.
 */
export type FixtureVariant = 'normal' | 'empty' | 'tenfold' | 'manyTowns' | 'city' | 'province';
export interface FixtureOptions {
  variant?: FixtureVariant;
  window?: WindowName;
  /** The moment of the frame, epoch ms. */
  now?: number;
  seed?: number;
}
export interface Fixture {
  frame: Frame;
  pack: RegionAnswer;
  now: number;
}

/** 2026-11-21 18:24:07 in the region. */
export const FIXTURE_NOW = Date.UTC(2026, 10, 21, 10, 24, 7);

/** Mulberry32: small, seeded, good enough for pictures. */
export function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Splits `total` over `weights` in whole parts that add up to it. */
function split(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const parts = weights.map((w) => Math.floor((total * w) / sum));
  let rest = total - parts.reduce((a, b) => a + b, 0);
  for (let i = 0; rest > 0; i = (i + 1) % parts.length, rest--) parts[i]!++;
  return parts;
}

const ENTERPRISES = [
  '某峰建设工程有限公司',
  '某和餐饮管理有限公司',
  '某达精密机械制造有限公司',
  '某远物流有限公司',
  '某锦纺织服装有限公司',
  '某盛房地产开发有限公司',
  '某联网络科技有限公司',
  '某润物业服务有限公司',
  '某康体育文化发展有限公司',
  '某宏幕墙装饰工程有限公司',
];
const PROJECTS = ['未来社区二期', '云谷产业园', '东湖安置房', '科创中心三标段', '良渚文旅综合体'];
const INDUSTRY_WEIGHTS: Partial<Record<Industry, number>> = {
  E: 38,
  C: 22,
  H: 13,
  F: 8,
  O: 5,
  L: 4,
  I: 3,
  G: 3,
  K: 2,
  R: 1.5,
  P: 1,
  A: 0.5,
};
const CHANNEL_WEIGHTS: Partial<Record<Channel, number>> = {
  water: 9,
  electricity: 12,
  'social-insurance': 15,
  petition: 17,
  penalty: 5,
  construction: 13,
  'wage-account': 11,
  litigation: 7,
  dishonest: 4,
  opinion: 3,
  tax: 2,
  hotline: 6,
  grid: 3,
  arbitration: 2,
};
const UNITS = ['劳动保障监察大队', '某街道综合执法队', '某镇劳动纠纷调处中心', '区住建局工资专班'];
const LONG_NAME = '一二三四五六七八九十'.repeat(4);

/** A province of eleven cities of which no boundaries are known. */
function provincePack(pack: RegionAnswer): RegionAnswer {
  const towns = Array.from({ length: 11 }, (_, i) => ({
    code: `33${String(i + 1).padStart(2, '0')}00`,
    name: { 'zh-CN': `某${'甲乙丙丁戊己庚辛壬癸子'[i]}市`, en: `City ${i + 1}` },
    seat: [119.0 + (i % 4) * 0.95 + (i > 7 ? 0.5 : 0), 30.7 - Math.floor(i / 4) * 1.05] as [number, number],
    areaKm2: 5_000 + ((i * 2_311) % 6_000),
  }));
  return { ...pack, code: '330000', name: { 'zh-CN': '某省', en: 'A province' }, towns };
}

/** The pack of the fixtures; `manyTowns` has 60 towns whose names are 40 characters long. */
export function fixturePack(variant: FixtureVariant = 'normal'): RegionAnswer {
  const pack = { ...(regionJson as unknown as Omit<RegionAnswer, 'demo'>), demo: true };
  if (variant === 'city') return { ...(cityJson as unknown as Omit<RegionAnswer, 'demo'>), demo: true };
  if (variant === 'province') return provincePack(pack);
  if (variant !== 'manyTowns') return pack;
  const towns = Array.from({ length: 60 }, (_, i) => {
    const base = pack.towns[i % pack.towns.length]!;
    return {
      ...base,
      code: `3301${10}${String(i + 1).padStart(3, '0')}`,
      name: {
        'zh-CN': `${String(i + 1).padStart(2, '0')}${LONG_NAME.slice(2)}`,
        en: `${i + 1} Subdistrict of the very long and winding river`.slice(0, 40),
      },
      seat: [119.7 + (i % 10) * 0.06, 30.25 + Math.floor(i / 10) * 0.05] as [number, number],
    };
  });
  return { ...pack, towns };
}

function measures(raised: number, random: () => number, recoveredFen: number, recoveredWorkers: number): Measures {
  const audited = Math.round(raised * 0.981);
  const effective = Math.round(audited * (0.76 + random() * 0.1));
  const closed = Math.round(raised * 0.95);
  return {
    raised,
    workers: raised * 12 + Math.floor(random() * 50),
    amountFen: raised * 18_640_050 + Math.floor(random() * 1e6),
    effective,
    falseAlarm: audited - effective,
    recoveredFen,
    recoveredWorkers,
    closed,
    closeMs: closed * Math.round((30 + random() * 40) * HOUR_MS),
  };
}

function rowOf(m: Measures, open: number): Row {
  const audited = m.effective + m.falseAlarm;
  return audited ? { ...m, open, successRate: m.effective / audited } : { ...m, open };
}

const compared = (m: Measures): Compared => {
  const audited = m.effective + m.falseAlarm;
  return {
    ...m,
    ...(audited ? { successRate: m.effective / audited } : {}),
    ...(m.closed ? { avgCloseHours: m.closeMs / m.closed / HOUR_MS } : {}),
  };
};

/** One alert as the ticker and the lists show it. */
export function fixtureBrief(
  i: number,
  pack: RegionAnswer,
  now: number,
  random: () => number = seeded(i + 1),
): AlertBrief {
  const tiers = pack.tiers.map((rule) => rule.tier);
  const town = pack.towns[Math.floor(random() * pack.towns.length)]!;
  const tier = tiers[Math.min(tiers.length - 1, Math.floor(random() * tiers.length))]!;
  const raised = now - Math.floor((i + random()) * 7 * 60_000);
  const stage = STAGES[Math.floor(random() * 4)]!;
  const industries = Object.keys(INDUSTRY_WEIGHTS) as Industry[];
  const channels = Object.keys(CHANNEL_WEIGHTS) as Channel[];
  const industry = industries[Math.floor(random() * random() * industries.length)]!;
  // In a city or province the areas are regions, and alerts are of towns in them.
  const upper = town.code.length === 6;
  return {
    region: upper ? town.code : pack.code,
    alertId: `YH-${20_261_121_000 + i}`,
    tier,
    town: upper ? `${town.code}001` : town.code,
    industry,
    channel: channels[Math.floor(random() * channels.length)]!,
    stage,
    enterprise: {
      name: ENTERPRISES[Math.floor(random() * ENTERPRISES.length)]!,
      uscc: `91330110MA2${String(i).padStart(7, '0')}`,
    },
    ...(industry === 'E' ? { project: { id: `P${i % 5}`, name: PROJECTS[i % 5]! } } : {}),
    workers: 2 + Math.floor(random() * 60),
    amountFen: Math.floor(random() * random() * 3e8) + 350_000,
    raisedAt: toRfc3339(raised),
    dueAt: toRfc3339(raised + 24 * HOUR_MS),
    overdue: random() < 0.1,
    recoveredFen: 0,
    location: { lng: town.seat[0] + (random() - 0.5) * 0.04, lat: town.seat[1] + (random() - 0.5) * 0.03 },
    changedAt: toRfc3339(raised + 60_000),
  };
}

const STEP: Record<WindowName, 'minute' | 'hour' | 'day' | 'month'> = {
  '1h': 'minute',
  '24h': 'hour',
  '7d': 'day',
  '30d': 'day',
  '365d': 'day',
  today: 'hour',
  week: 'day',
  month: 'day',
  year: 'day',
  all: 'month',
};
const STEPS: Record<WindowName, number> = {
  '1h': 60,
  '24h': 24,
  '7d': 7,
  '30d': 30,
  '365d': 365,
  today: 19,
  week: 6,
  month: 21,
  year: 325,
  all: 36,
};

/** Alerts whose terms run, the earliest first: `overdue` that are late, then `today` that end today, then some of tomorrow. */
function fixtureAgenda(pack: RegionAnswer, now: number, overdue: number, today: number): Record<string, AlertBrief> {
  const random = seeded(77);
  const midnight = floorTo(now, DAY_MS) + DAY_MS;
  const agenda: Record<string, AlertBrief> = {};
  for (let i = 0; i < 30; i++) {
    const brief = fixtureBrief(1_000 + i, pack, now, seeded(i + 50));
    const late = i < overdue;
    const due = late
      ? now - Math.floor((1 + random() * 30) * HOUR_MS)
      : i < overdue + today
        ? now + Math.floor((midnight - now) * (0.1 + random() * 0.8))
        : midnight + Math.floor(random() * 20 * HOUR_MS);
    const stage = STAGES[Math.floor(random() * 3)]!;
    agenda[brief.alertId] = {
      ...brief,
      stage,
      dueAt: toRfc3339(due),
      overdue: late,
      ...(stage === 'raised'
        ? {}
        : { platform: 'four-platforms' as const, unit: UNITS[Math.floor(random() * UNITS.length)]! }),
    };
  }
  return agenda;
}

function stepStarts(window: WindowName, now: number): number[] {
  const kind = STEP[window];
  if (kind === 'month') {
    const starts = [startOfMonth(now)];
    while (starts.length < STEPS[window]) starts.unshift(startOfMonth(starts[0]! - 1));
    return starts;
  }
  const size = kind === 'minute' ? 60_000 : kind === 'hour' ? HOUR_MS : DAY_MS;
  const last = floorTo(now, size);
  return Array.from({ length: STEPS[window] }, (_, i) => last - (STEPS[window] - 1 - i) * size);
}

/** A frame of the whole district with its pack. */
export function fixture(options: FixtureOptions = {}): Fixture {
  const { variant = 'normal', window = '365d', now = FIXTURE_NOW, seed = 20_261_121 } = options;
  const random = seeded(seed);
  const pack = fixturePack(variant);
  const factor = variant === 'empty' ? 0 : variant === 'tenfold' ? 10 : 1;
  const raised = 3446 * factor;
  const tiers = pack.tiers.map((rule) => rule.tier);
  const zero = () => measures(0, () => 0, 0, 0);

  const totals = measures(raised, () => 0, 216_530_000 * factor, 208 * factor);
  if (factor === 1)
    Object.assign(totals, { effective: 2741, falseAlarm: 640, closed: 3_318, closeMs: 3_318 * 52 * HOUR_MS });
  const open = totals.raised - totals.closed;

  const spread = <K extends string>(keys: readonly K[], weights: readonly number[]): [K, Row][] => {
    const raisedParts = split(totals.raised, weights);
    const openParts = split(open, weights);
    const fenParts = split(totals.recoveredFen, weights);
    const workerParts = split(totals.recoveredWorkers, weights);
    return keys.map((key, i) => {
      const m = raisedParts[i] ? measures(raisedParts[i], random, fenParts[i]!, workerParts[i]!) : zero();
      return [key, rowOf(m, openParts[i]!)];
    });
  };
  const tierWeights: Partial<Record<Tier, number>> = { red: 14, orange: 31, yellow: 55, blue: 20 };
  const byTier = Object.fromEntries(
    spread(
      tiers,
      tiers.map((tier) => tierWeights[tier] ?? 1),
    ),
  );
  const townWeights = pack.towns.map(() => 0.15 + random() * random() * 2);
  const byTown = Object.fromEntries(
    spread(
      pack.towns.map((town) => town.code),
      townWeights,
    ).map(([code, row]): [string, TownRow] => {
      const parts = split(
        row.open,
        tiers.map((tier) => tierWeights[tier] ?? 1),
      );
      const days: Record<string, number> = {};
      for (let day = 0; day < 30; day++) {
        const n = Math.floor((random() * row.open) / 3);
        if (n > 0) days[isoDate(floorTo(now, DAY_MS) - day * DAY_MS)] = n;
      }
      return [
        code,
        {
          ...row,
          tiers: Object.fromEntries(tiers.map((tier, i) => [tier, parts[i]!])),
          days,
          ...(row.open > 0 ? { oldestOpenAt: toRfc3339(now - Math.floor((2 + random() * 140) * HOUR_MS)) } : {}),
        },
      ];
    }),
  );
  const something = (rows: [string, Row][]) => Object.fromEntries(rows.filter(([, row]) => row.raised || row.open));
  const industries = INDUSTRIES.filter((code) => INDUSTRY_WEIGHTS[code]);
  const channels = CHANNELS.filter((code) => CHANNEL_WEIGHTS[code]);

  const series: Record<string, SeriesStep> = {};
  const starts = stepStarts(window, now);
  const waves = starts.map((ms) => 0.6 + random() * 0.8 + (new Date(ms).getUTCMonth() < 2 ? 1.2 : 0));
  const perStep = split(totals.raised, waves);
  const fenPerStep = split(
    totals.recoveredFen,
    waves.map((w) => w * (random() < 0.6 ? 1 : 0.2)),
  );
  starts.forEach((start, i) => {
    const n = perStep[i]!;
    if (!n) return;
    const parts = split(
      n,
      tiers.map((tier) => (tierWeights[tier] ?? 1) * (0.7 + random() * 0.6)),
    );
    const effective = Math.round(n * 0.8);
    series[toRfc3339(start)] = {
      tiers: Object.fromEntries(tiers.map((tier, j) => [tier, parts[j]!])),
      effective,
      falseAlarm: n - effective,
      recoveredFen: fenPerStep[i]!,
    };
  });

  const heat: Record<string, number> = {};
  for (let i = 0; i < Math.min(totals.raised, 600); i++) {
    const town = pack.towns[Math.floor(random() * pack.towns.length)]!;
    const cell = latLngToCell(town.seat[1] + (random() - 0.5) * 0.06, town.seat[0] + (random() - 0.5) * 0.08, 8);
    heat[cell] = (heat[cell] ?? 0) + 1;
  }

  const overdue = Math.round(open * 0.07);
  const dueToday = Math.round(open * 0.05);
  const lastByChannel: NonNullable<Frame['lastByChannel']> = {};
  if (factor)
    for (const [i, code] of channels.entries()) {
      // The dishonest list has not spoken for long, opinion never did.
      if (code === 'opinion') continue;
      const at = toRfc3339(now - (code === 'dishonest' ? 9 * DAY_MS : (i + 1) * 37 * 60_000));
      lastByChannel[code] = { raisedAt: at, changedAt: at };
    }
  const latest: Record<string, AlertBrief> = {};
  for (let i = 0; i < (factor ? 50 : 0); i++) {
    const brief = fixtureBrief(i, pack, now, random);
    latest[pack.towns[0]!.code.length === 6 ? `${brief.region}/${brief.alertId}` : brief.alertId] = brief;
  }
  const stageParts = split(open, [8, 12, 38, 24, 18]);
  const byStage = Object.fromEntries(
    STAGES.map((stage: Stage, i) => [stage, stage === 'closed' ? totals.closed : stageParts[i]!]),
  );
  const previous = measures(
    Math.round(raised * 0.93),
    () => 0.4,
    Math.round(totals.recoveredFen * 0.88),
    Math.round(totals.recoveredWorkers * 0.9),
  );
  const lastYear = measures(
    Math.round(raised * 1.12),
    () => 0.2,
    Math.round(totals.recoveredFen * 0.7),
    Math.round(totals.recoveredWorkers * 0.72),
  );
  const hasPrevious = window !== 'all';
  const hasLastYear = !['1h', '24h', 'today', 'all'].includes(window);
  const frame: Frame = {
    scope: pack.code,
    window,
    at: toRfc3339(now),
    seq: 1,
    totals: {
      ...rowOf(totals, open),
      overdue,
      dueToday,
      enterprisesPaid: 17 * factor,
      ...(totals.closed ? { avgCloseHours: totals.closeMs / totals.closed / HOUR_MS } : {}),
    },
    compare: {
      ...(hasPrevious ? { previous: compared(previous) } : {}),
      ...(hasLastYear ? { lastYear: compared(lastYear) } : {}),
    },
    byTier,
    byTown,
    byIndustry: something(
      spread(
        industries,
        industries.map((code) => INDUSTRY_WEIGHTS[code]!),
      ),
    ),
    byChannel: something(
      spread(
        channels,
        channels.map((code) => CHANNEL_WEIGHTS[code]!),
      ),
    ),
    byStage,
    series,
    heat,
    latest,
    agenda: factor ? fixtureAgenda(pack, now, overdue, dueToday) : {},
    lastByChannel,
  };
  return { frame, pack, now };
}

/** Every tier there is, for a pack that uses all four. */
export const FOUR_TIERS: readonly Tier[] = TIERS;
