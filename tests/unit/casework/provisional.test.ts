import { expect, it } from 'vitest';
import { foldRulesOf } from '../../../server/alerts/fold.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { alertDetail } from '../../../server/views/alerts/alertDetail.ts';
import { casePack } from '../../support/casework.ts';
import { SHIPPED } from '../terms/support.ts';

/** Terms that rest on a year whose calendar is not there yet are marked (docs/terms.md). */

const rules = foldRulesOf(casePack(), SHIPPED);
const START = Date.parse('2026-12-30T10:00:00+08:00');
const raised: StoredEvent = {
  type: 'wage.alert.raised',
  time: START,
  source: 'urn:test',
  id: 'r',
  data: {
    tier: 'yellow',
    town: '330110010',
    industry: 'H',
    channel: 'water',
    enterprise: { name: '某甲餐饮店' },
    workers: 3,
    amountFen: 100,
  },
};
const dispatched = (dueAt?: string): StoredEvent => ({
  type: 'wage.alert.dispatched',
  time: START + 1,
  source: 'urn:test',
  id: 'd',
  data: { platform: 'four-platforms', unit: 'town-010', ...(dueAt === undefined ? {} : { dueAt }) },
});
const accepted: StoredEvent = {
  type: 'wage.alert.accepted',
  time: START + 2,
  source: 'urn:test',
  id: 'a',
  data: { unit: 'town-010' },
};
const marked = (...events: StoredEvent[]) => {
  const { dueAt, dueProvisional } = alertDetail('330110', rules, 'A', [raised, ...events], START + 5, { limit: 10 })!;
  return [dueAt, dueProvisional];
};

it('a term that runs into a year without a calendar is provisional; one of the known year, or that is named, is not', () => {
  expect(marked()).toEqual(['2026-12-30T14:00:00+08:00', undefined]);
  // Two working days after the 30th: the 31st, and by the week alone the 1st of January.
  expect(marked(dispatched())).toEqual(['2027-01-02T00:00:00+08:00', true]);
  expect(marked(dispatched(), accepted)[1]).toBe(true);
  const named = '2027-02-01T00:00:00+08:00';
  expect(marked(dispatched(named), accepted)).toEqual([named, undefined]);
});
