import { CHANNELS, INDUSTRIES, MEASURES, STAGES, type Stage } from '../../../../contract/codes.ts';
import type { ReportSituation, SpanFigures, SpanRow } from '../../../../contract/reportSituation.ts';
import { randomSpan } from './randomSpan.ts';

/** Situations as they may be, from a seed: none, one, several or all of everything. */

export const AREAS = [
  { code: '330110001', name: { 'zh-CN': '某东街道', en: 'Moudong' } },
  { code: '330110002', name: { 'zh-CN': '某西镇', en: 'Mouxi' } },
  { code: '330110003', name: { 'zh-CN': '某南镇', en: 'Mounan' } },
  { code: '330110004', name: { 'zh-CN': '某北街道', en: 'Moubei' } },
];
/** Of each level. */
const PLACES = [
  { scope: AREAS[0]!.code, name: AREAS[0]!.name },
  { scope: '330110', name: { 'zh-CN': '某区', en: 'Mou District' } },
  { scope: '330110', name: { 'zh-CN': '某区', en: 'Mou District' } },
  { scope: '330100', name: { 'zh-CN': '某市', en: 'Mou City' } },
  { scope: '330000', name: { 'zh-CN': '某省', en: 'Mou Province' } },
];
const TIERS = ['red', 'orange', 'yellow'] as const;

export function randomOf(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5) | 0;
    state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
    return ((state ^ (state >>> 14)) >>> 0) / 4294967296;
  };
}

export function randomSituation(seed: number): ReportSituation {
  const random = randomOf(seed);
  const upTo = (n: number) => Math.floor(random() * (n + 1));
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const place = oneOf(PLACES);
  const town = place.scope.length === 9;
  const { scope } = place;
  const areas = town ? [AREAS[0]!] : AREAS;

  const empty = (): SpanRow =>
    ({ ...Object.fromEntries(MEASURES.map((measure) => [measure, 0])), open: 0 }) as unknown as SpanRow;
  const figures = (): SpanFigures => {
    const size = oneOf([0, 1, 2, 8, 40, 3_000]);
    const rows: { tier: string; town: string; industry: string; channel: string; row: SpanRow }[] = [];
    const few = random() < 0.3;
    for (let i = 0; i < (size === 0 ? 0 : Math.min(size, 12)); i++) {
      const row = empty();
      row.raised = size <= 12 ? 1 : upTo(size / 6);
      row.workers = row.raised * upTo(30);
      row.amountFen = row.raised * upTo(90_000_000);
      row.effective = upTo(row.raised);
      row.falseAlarm = random() < 0.4 ? 0 : upTo(row.raised);
      row.closed = random() < 0.4 ? 0 : upTo(row.raised);
      row.closeMs = row.closed * upTo(30 * 86_400_000);
      if (random() < 0.5) {
        row.recoveredFen = upTo(50_000_000);
        row.recoveredWorkers = row.recoveredFen > 0 ? upTo(90) : 0;
      }
      row.open = upTo(3);
      rows.push({
        tier: few ? 'red' : oneOf(TIERS),
        town: few ? areas[0]!.code : oneOf(areas).code,
        industry: few ? 'E' : oneOf(INDUSTRIES.slice(0, 5)),
        channel: few ? 'petition' : oneOf(CHANNELS.slice(0, 5)),
        row,
      });
    }
    const sum = (chosen: typeof rows): SpanRow => {
      const total = empty();
      for (const { row } of chosen) for (const key of [...MEASURES, 'open'] as const) total[key] += row[key];
      return total;
    };
    const by = (key: 'tier' | 'town' | 'industry' | 'channel', codes: Iterable<string>) =>
      Object.fromEntries([...codes].map((code) => [code, sum(rows.filter((one) => one[key] === code))]));
    const total = sum(rows);
    return {
      totals: { ...total, enterprisesPaid: total.recoveredFen > 0 ? 1 + upTo(20) : 0 },
      byTier: by('tier', TIERS),
      byTown: by(
        'town',
        areas.map(({ code }) => code),
      ),
      byIndustry: by('industry', new Set(rows.map(({ industry }) => industry))),
      byChannel: by('channel', new Set(rows.map(({ channel }) => channel))),
    };
  };
  const now = figures();
  const span = randomSpan(random, () => {
    const dice = random();
    if (dice < 0.15) return { missing: dice < 0.08 ? 'beginning' : 'hours' };
    return { figures: dice < 0.3 ? structuredClone(now) : figures() };
  });
  const open = upTo(40);
  const stages = STAGES.filter((stage) => stage !== 'closed');
  const byStage: Partial<Record<Stage, number>> = {};
  const overdueByStage: Partial<Record<Stage, number>> = {};
  for (let i = 0; i < open; i++) {
    const stage = oneOf(stages);
    byStage[stage] = (byStage[stage] ?? 0) + 1;
    if (random() < 0.2) overdueByStage[stage] = (overdueByStage[stage] ?? 0) + 1;
  }
  return {
    version: 1,
    scope,
    scopeName: place.name,
    areas,
    tiers: [...TIERS],
    ...span,
    beginning: '2025-03-01T00:00:00+08:00',
    figures: now,
    series: {},
    state:
      random() < 0.2
        ? { missing: 'not-kept' }
        : {
            source: random() < 0.5 ? 'kept' : 'now',
            at: span.to,
            open,
            overdue: Object.values(overdueByStage).reduce((a, b) => a + b, 0),
            supervised: upTo(3),
            byStage,
            overdueByStage,
          },
    gravest: Array.from({ length: Math.min(now.totals.raised, upTo(6)) }, (_, i) => ({
      region: '330110',
      alertId: `A${i}`,
      tier: oneOf(TIERS),
      area: oneOf(areas).code,
      industry: 'E' as const,
      channel: 'petition' as const,
      workers: upTo(60),
      amountFen: upTo(80_000_000),
      recoveredFen: 0,
      raisedAt: '2026-10-03T08:15:00+08:00',
      stage: 'accepted' as const,
    })),
  };
}
