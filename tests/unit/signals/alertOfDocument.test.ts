import { expect, it } from 'vitest';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { alertOfDocument } from '../../../server/signals/engine/alertMarks.ts';

const RULES = { terms: {} };
const raised = {
  type: 'wage.alert.raised',
  time: 1,
  source: 's',
  id: 'r',
  data: {
    tier: 'yellow',
    town: '330110001',
    industry: 'E',
    channel: 'petition',
    enterprise: { name: '某建筑企业' },
    workers: 3,
    amountFen: 0,
  },
} as StoredEvent;
const graver = (by?: StoredEvent['by']): StoredEvent => ({
  type: 'wage.alert.amended',
  time: 2,
  source: 's',
  id: 'a',
  data: { tier: 'red' },
  ...(by ? { by } : {}),
});
const gravestOf = (events: StoredEvent[]) => alertOfDocument('A', events, RULES)!.mark.gravest;

it('the gravest tier of an alert is of what had an effect: a platform that it was not dispatched to makes none graver', () => {
  expect(gravestOf([raised, graver()])).toBe('red');
  expect(gravestOf([raised, graver({ platform: 'tri-colour' })])).toBe('yellow');
});
