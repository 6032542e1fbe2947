import type { AlertEventType } from '../../contract/codes.ts';
import type { EventData, WageEvent } from '../../contract/events.ts';
import { toRfc3339 } from '../../common/regionTime.ts';

/** Builds valid events for tests, each with an id of its own. */
let last = 0;

type Given<T extends AlertEventType> = Partial<Omit<EventData[T], 'region'>> & { alertId: string };

const DEFAULTS: { [T in AlertEventType]: Omit<EventData[T], 'alertId' | 'region'> } = {
  'wage.alert.raised': {
    town: '330110010',
    tier: 'yellow',
    industry: 'E',
    channel: 'wage-account',
    enterprise: { name: '某良禾建筑劳务有限公司' },
    workers: 3,
    amountFen: 1_250_000,
  },
  'wage.alert.amended': {},
  'wage.alert.dispatched': { platform: 'four-platforms', unit: '良渚街道综合执法队' },
  'wage.alert.accepted': { unit: '良渚街道综合执法队' },
  'wage.alert.handled': { outcome: '已约谈，限期支付' },
  'wage.alert.audited': { verdict: 'effective' },
  'wage.alert.closed': {},
  'wage.case.noted': { text: '某笔记' },
  'wage.case.assigned': { unit: '某街道综合执法队' },
  'wage.case.extended': { dueAt: '2026-12-31T18:00:00+08:00', reason: '某理由' },
  'wage.case.urged': {},
  'wage.case.supervised': { level: 'notice', text: '某督办事由' },
  'wage.case.answered': { text: '某回复' },
  'wage.wages.recovered': { amountFen: 500_000, workers: 2 },
};

/** @param time epoch ms */
export function event<T extends AlertEventType>(
  type: T,
  time: number,
  data: Given<T>,
  envelope: object = {},
): WageEvent<T> {
  return {
    specversion: '1.0',
    id: `test-${++last}`,
    source: 'urn:test',
    type,
    time: toRfc3339(time),
    data: { region: '330110', ...DEFAULTS[type], ...data },
    ...envelope,
  } as unknown as WageEvent<T>;
}

export const raised = (time: number, data: Given<'wage.alert.raised'>, envelope?: object) =>
  event('wage.alert.raised', time, data, envelope);
