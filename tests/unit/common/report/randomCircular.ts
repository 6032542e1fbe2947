import type { LetterState } from '../../../../contract/oversightNames.ts';
import type { LetterCounts, SupervisedLetter, SupervisionSituation } from '../../../../contract/reportSituation.ts';
import { AREAS, randomOf } from './randomSituation.ts';
import { randomSpan } from './randomSpan.ts';

/** What may have been supervised, from a seed: nothing, one letter or many, of one unit or several, answered or not. */

export const UNITS = [
  { 'zh-CN': '某监察大队', en: 'Mou Brigade' },
  { 'zh-CN': '某东街道办', en: 'Moudong Office' },
  undefined,
];
export const LEVELS = ['notice', 'talk', 'circular'] as const;

export function randomCircular(seed: number): SupervisionSituation {
  const random = randomOf(seed);
  const upTo = (n: number) => Math.floor(random() * (n + 1));
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const town = random() < 0.2;
  const one = random() < 0.3;
  const states: readonly LetterState[] = random() < 0.3 ? ['answered'] : ['answered', 'overdue', 'open', 'ended'];
  const letters = Array.from({ length: oneOf([0, 1, 1, 2, 7, 30]) }, (_, i): SupervisedLetter => {
    const state = oneOf(states);
    const unit = one ? UNITS[0] : oneOf(UNITS);
    return {
      alertId: `A${upTo(i)}`,
      level: one ? 'notice' : oneOf(LEVELS),
      ...(random() < 0.7 ? { number: `督〔2026〕${i + 1}号` } : {}),
      ...(unit ? { unit } : {}),
      enterprise: '某某建筑有限公司',
      area: AREAS[0]!.code,
      tier: 'red',
      workers: upTo(80),
      amountFen: upTo(90_000_000),
      stage: oneOf(['dispatched', 'accepted', 'handled'] as const),
      late: random() < 0.5,
      at: '2026-10-05T09:30:00+08:00',
      ...(state === 'overdue' || random() < 0.7 ? { answerBy: '2026-10-09T00:00:00+08:00' } : {}),
      state,
      ...(state === 'answered' ? { answeredAt: '2026-10-10T11:00:00+08:00' } : {}),
      answeredLate: false,
      stageNow: oneOf(['accepted', 'closed'] as const),
      recoveredFen: 0,
    };
  });
  for (const letter of letters)
    letter.answeredLate = letter.state === 'answered' && letter.answerBy !== undefined && random() < 0.6;
  const counts = (some: readonly SupervisedLetter[]): LetterCounts => ({
    issued: some.length,
    answered: some.filter(({ state }) => state === 'answered').length,
    answeredLate: some.filter(({ answeredLate }) => answeredLate).length,
    overdue: some.filter(({ state }) => state === 'overdue').length,
    open: some.filter(({ state }) => state === 'open').length,
    ended: some.filter(({ state }) => state === 'ended').length,
  });
  const alerts = [...new Set(letters.map(({ alertId }) => alertId))];
  const span = randomSpan(random, () =>
    random() < 0.2 ? { missing: 'beginning' } : { figures: { issued: oneOf([0, letters.length, 1, 4, 25]) } },
  );
  const names = [...new Set(letters.map(({ unit }) => unit))];
  return {
    version: 1,
    about: 'supervision',
    scope: town ? AREAS[0]!.code : '330110',
    scopeName: town ? AREAS[0]!.name : { 'zh-CN': '某区', en: 'Mou District' },
    areas: town ? [AREAS[0]!] : AREAS,
    ...span,
    beginning: '2025-03-01T00:00:00+08:00',
    figures: { issued: letters.length },
    state: {
      ...counts(letters),
      alerts: alerts.length,
      closed: oneOf([0, upTo(alerts.length), alerts.length]),
      workers: letters.reduce((sum, { workers }) => sum + workers, 0),
      amountFen: letters.reduce((sum, { amountFen }) => sum + amountFen, 0),
    },
    byLevel: Object.fromEntries(
      LEVELS.flatMap((level) => {
        const some = letters.filter((letter) => letter.level === level).length;
        return some > 0 ? [[level, some]] : [];
      }),
    ),
    byUnit: names
      .map((name) => ({ ...(name ? { name } : {}), ...counts(letters.filter(({ unit }) => unit === name)) }))
      .sort((a, b) => b.issued - a.issued),
    letters,
  };
}
