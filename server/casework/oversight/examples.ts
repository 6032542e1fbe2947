import type { AlertLetters, Letters } from '../../../contract/letters.ts';
import type { Performance, PerformanceCases, UnitFigures } from '../../../contract/performance.ts';
import { DETAIL_EXAMPLE, LIST_EXAMPLE } from '../../views/examples.ts';

/** What `/docs` shows of letters and of how units do; the alert is that of the other examples. */

const brief = LIST_EXAMPLE.items[0]!;
const letter = {
  region: brief.region,
  alertId: DETAIL_EXAMPLE.alertId,
  event: 'supervision/5f0c2d1e',
  source: 'urn:wagewatch:clock',
  kind: 'supervised' as const,
  state: 'answered' as const,
  at: '2026-11-19T10:12:00+08:00',
  level: 'notice' as const,
  number: '督〔2026〕7号',
  text: '余杭区劳动保障监察大队：请立即办理，并书面反馈办理情况和超期原因。',
  actor: 'mA1x0Lq7Zt9c',
  unit: '余杭区劳动保障监察大队',
  answerBy: '2026-11-23T00:00:00+08:00',
  answer: { at: '2026-11-20T16:40:00+08:00', text: '已约谈项目经理，承诺三日内付清。', actor: 'kq3Zr0aVtW1b' },
};
const people = { mA1x0Lq7Zt9c: '某领导', kq3Zr0aVtW1b: '某经办人' };
export const LETTERS_EXAMPLE: Letters = {
  total: 1,
  counts: { answered: 1 },
  items: [{ ...letter, alertId: brief.alertId, alert: brief }],
  people,
};
export const ALERT_LETTERS_EXAMPLE: AlertLetters = {
  items: [
    {
      ...letter,
      facts: {
        tier: brief.tier,
        town: brief.town,
        enterprise: brief.enterprise,
        workers: brief.workers,
        amountFen: brief.amountFen,
        raisedAt: brief.raisedAt,
        stage: 'accepted',
        stageAt: '2026-11-16T09:30:00+08:00',
        dueAt: '2026-11-18T00:00:00+08:00',
      },
    },
  ],
  people,
};

const none: UnitFigures = {
  received: 0,
  accepted: 0,
  acceptedLate: 0,
  handled: 0,
  handledLate: 0,
  audited: 0,
  returned: 0,
  recoveredFen: 0,
  recoveredWorkers: 0,
};
const november: UnitFigures = {
  received: 52,
  accepted: 50,
  acceptedLate: 8,
  handled: 41,
  handledLate: 5,
  audited: 38,
  returned: 3,
  toAccept: { count: 50, meanMs: 9_000_000, medianMs: 5_400_000 },
  toHandle: { count: 41, meanMs: 345_600_000, medianMs: 259_200_000 },
  recoveredFen: 164_000_000,
  recoveredWorkers: 211,
};
export const PERFORMANCE_EXAMPLE: Performance = {
  region: '330110',
  at: '2026-11-21T18:24:07+08:00',
  months: ['2026-10', '2026-11'],
  units: [{ unit: 'brigade', open: 11, overdue: 2, total: november, months: [none, november] }],
};
export const PERFORMANCE_CASES_EXAMPLE: PerformanceCases = {
  total: 5,
  hidden: 0,
  items: [{ at: '2026-11-20T16:40:00+08:00', ms: 432_000_000, alert: brief }],
};
