import { describe, expect, it } from 'vitest';
import { ALERT_EVENT_TYPES, EVENT_TYPE_CODES, EVENT_TYPES } from '../../../contract/codes.ts';
import { decodeDocument, encodeDocument } from '../../../server/alerts/document.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { createValidator } from '../../../server/streams/intake/validate.ts';

/** Stored data of every version holds these numbers: a line here is added, never changed. */
const FOR_EVER = {
  'wage.alert.raised': 0,
  'wage.alert.amended': 1,
  'wage.alert.dispatched': 2,
  'wage.alert.accepted': 3,
  'wage.alert.handled': 4,
  'wage.alert.audited': 5,
  'wage.alert.closed': 6,
  'wage.wages.recovered': 7,
  'wage.subject.registered': 8,
  'wage.signal.observed': 9,
  'wage.case.noted': 10,
  'wage.case.assigned': 11,
  'wage.case.extended': 12,
  'wage.case.urged': 13,
  'wage.case.supervised': 14,
  'wage.case.answered': 15,
  'wage.project.reported': 16,
  'wage.account.opened': 17,
  'wage.account.closed': 18,
  'wage.account.moved': 19,
  'wage.payroll.reported': 20,
  'wage.attendance.reported': 21,
  'wage.output.reported': 22,
  'wage.deposit.reported': 23,
};

describe('the numbers of event types', () => {
  it('are those of all stored data, each once', () => {
    expect(EVENT_TYPE_CODES).toEqual(FOR_EVER);
    expect(new Set(Object.values(EVENT_TYPE_CODES)).size).toBe(Object.keys(FOR_EVER).length);
  });

  it('are what a document holds', () => {
    const events = ALERT_EVENT_TYPES.map(
      (type, i) => ({ type, time: i, source: 's', id: `${i}`, data: {} }) as StoredEvent,
    );
    const document = encodeDocument(events);
    expect((JSON.parse(document) as [number][]).map(([code]) => code)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15,
    ]);
    expect(decodeDocument(document)).toEqual(events);
  });

  it('of types that are not accepted yet let none of them in', () => {
    const validate = createValidator(() => ({ towns: new Set(), tiers: new Set() }));
    const waiting = Object.keys(EVENT_TYPE_CODES).filter((type) => !(EVENT_TYPES as readonly string[]).includes(type));
    expect(waiting).toHaveLength(8);
    for (const type of waiting) {
      const result = validate({ specversion: '1.0', id: '1', source: 's', type, time: '2026-01-01T00:00:00Z' }, 0);
      expect(result).toMatchObject({ ok: false, problem: expect.stringContaining(`"${type}" is unknown`) as string });
    }
  });
});
