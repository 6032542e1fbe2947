import type { UnitSituation, UnitSpanFigures, UnitTownRow } from '../../../../contract/reportSituation.ts';
import { AREAS, randomOf } from './randomSituation.ts';
import { randomSpan } from './randomSpan.ts';

/** What a unit may have done, from a seed: nothing, little or much, in one town or several. */

export const UNIT = { code: 'brigade', name: { 'zh-CN': '某监察大队', en: 'Mou Brigade' } };

export function randomUnit(seed: number): UnitSituation {
  const random = randomOf(seed);
  const upTo = (n: number) => Math.floor(random() * (n + 1));
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const town = random() < 0.2;
  const areas = town ? [AREAS[0]!] : AREAS;
  const counts = (): UnitSpanFigures => {
    const size = oneOf([0, 1, 3, 12, 90, 2_000]);
    const [accepted, handled, audited] = [upTo(size), upTo(size), upTo(size)];
    const recoveredFen = random() < 0.5 ? 0 : upTo(90_000_000);
    return {
      received: upTo(size),
      accepted,
      acceptedLate: upTo(accepted),
      handled,
      handledLate: random() < 0.3 ? 0 : upTo(handled),
      ...(handled > 0 ? { toHandle: { count: handled, meanMs: random() * 9e8, medianMs: random() * 9e8 } } : {}),
      extended: random() < 0.5 ? 0 : upTo(5),
      audited,
      returned: random() < 0.4 ? 0 : upTo(audited),
      recoveredFen,
      recoveredWorkers: recoveredFen > 0 ? upTo(90) : 0,
    };
  };
  const figures = counts();
  const byTown: Record<string, UnitTownRow> = {};
  const few = random() < 0.3;
  for (let i = 0; i < figures.received; i++) {
    const { code } = few ? areas[0]! : oneOf(areas);
    const row = (byTown[code] ??= { received: 0, handled: 0, handledLate: 0, returned: 0, recoveredFen: 0 });
    row.received++;
  }
  const span = randomSpan(random, () => {
    const dice = random();
    if (dice < 0.15) return { missing: 'beginning' };
    return { figures: dice < 0.3 ? structuredClone(figures) : counts() };
  });
  const open = upTo(12);
  return {
    version: 1,
    about: 'unit',
    unit: UNIT,
    scope: town ? AREAS[0]!.code : '330110',
    scopeName: town ? AREAS[0]!.name : { 'zh-CN': '某区', en: 'Mou District' },
    areas,
    ...span,
    beginning: '2025-03-01T00:00:00+08:00',
    figures,
    byTown,
    series: { [span.from]: { received: figures.received, handled: figures.handled } },
    held: { open, overdue: upTo(open) },
    gravest: Array.from({ length: Math.min(open, 6) }, (_, i) => ({
      region: '330110',
      alertId: `A${i}`,
      tier: 'red' as const,
      area: oneOf(areas).code,
      industry: 'E' as const,
      channel: 'petition' as const,
      workers: upTo(60),
      amountFen: upTo(80_000_000),
      recoveredFen: 0,
      raisedAt: '2026-10-03T08:15:00+08:00',
      stage: 'accepted' as const,
      overdue: random() < 0.5,
      ...(random() < 0.8 ? { dueAt: '2026-10-23T08:15:00+08:00' } : {}),
    })),
  };
}
