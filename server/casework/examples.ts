import type { CluePhoto } from '../../contract/attachments.ts';
import type { ActionOutcomes, ActionPending } from '../../contract/casework.ts';
import type { Attachment } from '../../contract/events.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { DETAIL_EXAMPLE } from '../views/examples.ts';

/** What `/docs` shows of actions; the alert is that of the other examples. */

const [raised, dispatched, accepted] = DETAIL_EXAMPLE.events;
const noted = {
  id: 'act-0J4yTr1kd3mVYz9hVwQzQhX2c1o',
  source: 'urn:wagewatch:desk',
  type: 'wage.case.noted' as const,
  time: '2026-11-21T17:02:10.412+08:00',
  data: { text: '已约项目经理到场，承诺三日内补足专户余额。' },
  actor: 'kq3Zr0aVtW1b',
};
export const DONE_EXAMPLE: AlertDetail = {
  ...DETAIL_EXAMPLE,
  changedAt: noted.time,
  events: [...DETAIL_EXAMPLE.events, noted],
  eventsTotal: DETAIL_EXAMPLE.events.length + 1,
  actions: ['handle', 'recover', 'note', 'assign', 'answer'],
  people: { kq3Zr0aVtW1b: '某经办人' },
};
export const FILE_EXAMPLE: Attachment = {
  digest: 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  name: '工资表.xlsx',
  type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  bytes: 48_213,
};
export const PHOTO_EXAMPLE: CluePhoto = {
  digest: 'sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  name: '店门照片.jpg',
  type: 'image/jpeg',
  bytes: 482_130,
};
export const NOTE_EXAMPLE = {
  action: 'note',
  expect: { stage: DETAIL_EXAMPLE.stage, events: DETAIL_EXAMPLE.events.length },
  text: noted.data.text,
};
export const PENDING_EXAMPLE: ActionPending = {
  region: DETAIL_EXAMPLE.region,
  alertId: DETAIL_EXAMPLE.alertId,
  event: noted.id,
};
const before: AlertDetail = {
  ...DETAIL_EXAMPLE,
  events: [raised!, dispatched!, accepted!],
  eventsTotal: 3,
  actions: ['handle', 'recover', 'note', 'assign', 'answer'],
  people: {},
};
export const CHANGED_EXAMPLE = {
  type: 'about:blank',
  title: 'It has changed',
  status: 409,
  detail: 'when you looked, it was dispatched with 2 events; now it is accepted with 3 events',
  parameter: 'expect',
  alert: before,
};
export const ITEMS_EXAMPLE = {
  actions: [
    {
      action: 'urge',
      alertId: DETAIL_EXAMPLE.alertId,
      expect: { stage: 'accepted', events: 3 },
      text: '请于今日下班前反馈处置情况。',
    },
    {
      action: 'raise',
      town: '330110012',
      tier: 'yellow',
      industry: 'H',
      channel: 'hotline',
      enterprise: { name: '某某餐饮店' },
      workers: 6,
      amountFen: 2_160_000,
    },
  ],
};
export const OUTCOMES_EXAMPLE: ActionOutcomes = {
  outcomes: [
    { index: 0, status: 409, alertId: DETAIL_EXAMPLE.alertId, problem: CHANGED_EXAMPLE },
    { index: 1, status: 202, region: '330110', alertId: 'DK-2026-000017', event: 'act-lq0Vn3cGJm8yY4kOaV7wB2fX9tE' },
  ],
};
