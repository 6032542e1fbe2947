import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../../contract/rest.ts';
import { demandsOf } from '../../../../web/desk/demands.ts';

const at = (n: number) => `2026-11-28T10:0${n}:00+08:00`;
const event = (n: number, type: string, data: object = {}) =>
  ({ id: `e${n}`, source: 'urn:test', type, time: at(n), data }) as RecordedEvent;

describe('what is demanded of whoever has a case', () => {
  const back = event(2, 'wage.alert.audited', { verdict: 'returned', note: '请补支付凭证' });

  it('is what an audit found missing, until it is handled anew', () => {
    const events = [event(1, 'wage.alert.handled', { outcome: 'other' }), back];
    const demand = { kind: 'returned', at: at(2), text: '请补支付凭证' };
    expect(demandsOf({ stage: 'dispatched', events })).toEqual([demand]);
    // Also once the unit has accepted it again, and whatever is noted meanwhile.
    const more = [...events, event(3, 'wage.alert.accepted'), event(4, 'wage.case.noted', { text: '某笔记' })];
    expect(demandsOf({ stage: 'accepted', events: more })).toEqual([demand]);
    expect(demandsOf({ stage: 'handled', events: [...more, event(5, 'wage.alert.handled')] })).toEqual([]);
    expect(
      demandsOf({ stage: 'audited', events: [events[0]!, event(2, 'wage.alert.audited', { verdict: 'effective' })] }),
    ).toEqual([]);
  });

  it('is the last supervision, while it waits for an answer', () => {
    const events = [
      event(1, 'wage.case.supervised', { level: 'notice', text: '某要求' }),
      event(2, 'wage.case.supervised', { level: 'talk', text: '又一要求', dueAt: at(9) }),
    ];
    expect(demandsOf({ stage: 'accepted', supervised: true, events })).toEqual([
      { kind: 'supervised', at: at(2), level: 'talk', text: '又一要求', dueAt: at(9) },
    ]);
    expect(demandsOf({ stage: 'accepted', events })).toEqual([]);
  });
});
