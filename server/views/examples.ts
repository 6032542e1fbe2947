import type { TObject, TSchema } from 'typebox';
import type { AlertBrief } from '../../contract/frame.ts';
import {
  ProblemSchema,
  type AlertDetail,
  type AlertList,
  type EnterpriseAnswer,
  type Neighbours,
  type Problem,
  type SeriesAnswer,
} from '../../contract/rest.ts';

/** What `/docs` shows as answers to the reads of alerts, enterprises and series. One alert runs through all of them. */

export function withExample<S extends TSchema>(schema: S, example: unknown): S {
  return { ...schema, examples: [example] };
}

/** Problem answers of a route (RFC 9457), by what it is about. */
export const problemOf = (problem: Omit<Problem, 'type'> & { rule?: string }): TObject =>
  withExample(ProblemSchema as TObject, { type: 'about:blank', ...problem });
/** For every read: the first thing that goes wrong, and what is said while a server starts. */
export const NOT_READY = problemOf({ title: 'Not ready', status: 503, detail: 'the figures are still being loaded' });
export const BAD_FILTER = problemOf({
  title: 'Parameter is not valid',
  status: 400,
  detail: 'must be equal to one of the allowed values: red, orange, yellow, blue',
  parameter: 'tier',
});

const enterprise = { uscc: '91330110MA2B0C1D2E', name: '某某建设有限公司' };
const brief: AlertBrief = {
  region: '330110',
  alertId: 'YH-2026-0003446',
  tier: 'red',
  town: '330110012',
  industry: 'E',
  channel: 'wage-account',
  stage: 'accepted',
  enterprise,
  project: { id: 'P-0117', name: '良渚新城安置房三期' },
  workers: 28,
  amountFen: 41_250_000,
  raisedAt: '2026-11-20T09:12:40+08:00',
  dueAt: '2026-11-23T09:12:40+08:00',
  overdue: false,
  platform: 'tri-colour',
  unit: '良渚街道综合行政执法队',
  recoveredFen: 6_000_000,
  location: { lng: 120.0461, lat: 30.3744 },
  changedAt: '2026-11-21T16:05:11+08:00',
};
/** The alert of all examples, as lists have it. */
export const BRIEF_EXAMPLE = brief;
const other: AlertBrief = {
  region: '330110',
  alertId: 'YH-2026-0003391',
  tier: 'yellow',
  town: '330110012',
  industry: 'H',
  channel: 'water',
  stage: 'raised',
  enterprise: { name: '某某餐饮店' },
  workers: 6,
  amountFen: 2_160_000,
  raisedAt: '2026-11-18T14:00:03+08:00',
  dueAt: '2026-11-25T14:00:03+08:00',
  overdue: false,
  recoveredFen: 0,
  location: { lng: 120.0489, lat: 30.3731 },
  changedAt: '2026-11-18T14:00:03+08:00',
};

export const LIST_EXAMPLE: AlertList = {
  total: 3446,
  items: [brief],
  cursor: 'WzEsMjg2NDAyMTE3MywxNzYzNjAxMTYwMDAwLCJZSC0yMDI2LTAwMDM0NDYiXQ',
  from: '2026-10-22T19:00:00+08:00',
};

const raised = {
  town: '330110012',
  tier: 'red',
  industry: 'E',
  channel: 'wage-account',
  enterprise,
  project: brief.project,
  workers: 31,
  amountFen: 41_250_000,
  location: brief.location,
  score: 86,
  reasons: [{ channel: 'wage-account', text: '工资专户连续两月未足额拨付', weight: 40 }],
};
export const DETAIL_EXAMPLE: AlertDetail = {
  ...brief,
  score: 86,
  reasons: [
    { channel: 'wage-account', text: '工资专户连续两月未足额拨付', weight: 40 },
    { channel: 'petition', text: '近 30 日信访 3 件', weight: 25 },
  ],
  remainingMs: 139_649_000,
  conflicts: 0,
  recoveries: [{ at: '2026-11-21T16:05:11+08:00', amountFen: 6_000_000, workers: 5 }],
  events: [
    {
      id: '7f1c-1',
      source: 'urn:yuhang:wage-account',
      type: 'wage.alert.raised',
      time: '2026-11-20T09:12:40+08:00',
      data: raised,
    },
    {
      id: '7f1c-2',
      source: 'urn:yuhang:desk',
      type: 'wage.alert.dispatched',
      time: '2026-11-20T10:02:00+08:00',
      data: { platform: 'tri-colour', unit: '良渚街道综合行政执法队' },
    },
    {
      id: '7f1c-3',
      source: 'urn:yuhang:desk',
      type: 'wage.alert.accepted',
      time: '2026-11-20T11:30:25+08:00',
      data: { unit: '良渚街道综合行政执法队' },
    },
    {
      id: '7f1c-4',
      source: 'urn:yuhang:desk',
      type: 'wage.alert.amended',
      time: '2026-11-20T15:40:00+08:00',
      data: { workers: 28, reason: '现场核实' },
    },
    {
      id: '7f1c-5',
      source: 'urn:yuhang:desk',
      type: 'wage.wages.recovered',
      time: '2026-11-21T16:05:11+08:00',
      data: { amountFen: 6_000_000, workers: 5 },
    },
  ],
};
export const NO_ALERT = problemOf({
  title: 'Unknown alert',
  status: 404,
  detail: 'there is no alert YH-2026-9999999',
  parameter: 'id',
});

export const NEIGHBOURS_EXAMPLE: Neighbours = { items: [{ ...other, metres: 304 }] };

export const ENTERPRISE_EXAMPLE: EnterpriseAnswer = {
  ...enterprise,
  totals: {
    raised: 4,
    workers: 96,
    amountFen: 98_400_000,
    effective: 2,
    falseAlarm: 1,
    recoveredFen: 18_300_000,
    recoveredWorkers: 19,
    closed: 3,
    closeMs: 1_468_800_000,
    open: 1,
    successRate: 0.6666666666666666,
  },
  byChannel: { 'wage-account': 2, petition: 1, water: 1 },
  alerts: [brief],
  standing: { industry: { code: 'E', rank: 3, of: 214 }, town: { code: '330110012', rank: 2, of: 87 } },
  timeline: [
    {
      at: '2026-11-20T09:12:40+08:00',
      alertId: brief.alertId,
      type: 'wage.alert.raised',
      amountFen: 41_250_000,
      workers: 31,
    },
    {
      at: '2026-11-20T10:02:00+08:00',
      alertId: brief.alertId,
      type: 'wage.alert.dispatched',
      unit: '良渚街道综合行政执法队',
    },
    {
      at: '2026-11-21T16:05:11+08:00',
      alertId: brief.alertId,
      type: 'wage.wages.recovered',
      amountFen: 6_000_000,
      workers: 5,
    },
  ],
};
export const NO_ENTERPRISE = problemOf({
  title: 'Unknown enterprise',
  status: 404,
  detail: 'no alert is of 91330110MA2B0C1D2E',
  parameter: 'uscc',
});

export const SERIES_EXAMPLE: SeriesAnswer = {
  measure: 'raised',
  split: 'tier',
  step: 'day',
  from: '2026-11-19T00:00:00+08:00',
  to: '2026-11-21T00:00:00+08:00',
  steps: {
    '2026-11-19T00:00:00+08:00': { red: 2, yellow: 9 },
    '2026-11-20T00:00:00+08:00': { red: 1, orange: 4, yellow: 7 },
  },
};
export const SERIES_PROBLEM = problemOf({
  title: 'Step is too fine for the span',
  status: 400,
  parameter: 'step',
  detail:
    'Figures by the minute are kept for 50 hours, since 2026-11-19T16:24:00+08:00. Let the span begin later, or use the step "hour".',
});
