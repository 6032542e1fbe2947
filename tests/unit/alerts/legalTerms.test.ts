import { describe, expect, it } from 'vitest';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { CalendarYear } from '../../../contract/calendar.ts';
import { legalTerms } from '../../../server/alerts/legalTerms.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { SHIPPED } from '../terms/support.ts';
import { walkTerm } from '../terms/walk.ts';

const clock = (calendars: readonly CalendarYear[] = SHIPPED, dayEnds = '24:00') => ({ calendars, dayEnds });
let last = 0;
const at = (time: string, type: StoredEvent['type'], data: object, by?: StoredEvent['by']) =>
  ({ type, time: Date.parse(time), source: 'urn:test', id: `e${++last}`, data, ...(by ? { by } : {}) }) as StoredEvent;
const filed = (time: string, by?: StoredEvent['by']) => at(time, 'wage.alert.handled', { outcome: 'case-filed' }, by);
const dispatched = (time: string, platform: string) => at(time, 'wage.alert.dispatched', { platform, unit: '某单位' });
const told = (events: StoredEvent[], of = clock()) => {
  const terms = legalTerms(events, of);
  return (
    terms && [toRfc3339(terms.filedAt), toRfc3339(terms.settleBy), toRfc3339(terms.settleExtended), terms.provisional]
  );
};

describe('the legal clock of a case that was filed', () => {
  it('runs 60 working days, and 30 more with leave (劳动保障监察条例 17)', () => {
    // The worked examples of docs/terms.md, Spring Festival and its make-up days between them.
    expect(told([filed('2026-01-05T10:00:00+08:00')])).toEqual([
      '2026-01-05T10:00:00+08:00',
      '2026-04-04T00:00:00+08:00',
      '2026-05-21T00:00:00+08:00',
      false,
    ]);
  });
  it('is what walking from day to day gives, with the end of business hours too', () => {
    for (const day of ['2025-02-03', '2025-09-28', '2026-02-14', '2026-06-30'])
      for (const dayEnds of ['24:00', '17:30']) {
        const from = `${day}T23:30:00+08:00`;
        const terms = legalTerms([filed(from)], clock(SHIPPED, dayEnds))!;
        expect(terms.settleBy).toBe(walkTerm(from, '60wd', SHIPPED, dayEnds).dueAt);
        expect(terms.settleExtended).toBe(walkTerm(from, '90wd', SHIPPED, dayEnds).dueAt);
      }
  });
  it('is provisional where one of its ends rests on a year that is not there', () => {
    expect(told([filed('2026-08-03T10:00:00+08:00')])?.[3]).toBe(false);
    expect(told([filed('2026-09-14T10:00:00+08:00')])?.[3]).toBe(true);
  });
  it('does not begin for another outcome, and does not begin anew', () => {
    const other = at('2026-03-02T10:00:00+08:00', 'wage.alert.handled', { outcome: 'paid-in-full' });
    expect(told([other])).toBeUndefined();
    const returned = at('2026-03-04T10:00:00+08:00', 'wage.alert.audited', { verdict: 'returned' });
    expect(told([other, filed('2026-03-03T10:00:00+08:00'), returned, filed('2026-03-10T10:00:00+08:00')])?.[0]).toBe(
      '2026-03-03T10:00:00+08:00',
    );
  });
  it('begins by what a platform sends only where the alert stands dispatched to it', () => {
    const foreign = filed('2026-03-03T10:00:00+08:00', { platform: 'four-platforms' });
    expect(told([dispatched('2026-03-02T10:00:00+08:00', 'tri-colour'), foreign])).toBeUndefined();
    expect(told([dispatched('2026-03-02T10:00:00+08:00', 'four-platforms'), foreign])?.[0]).toBe(
      '2026-03-03T10:00:00+08:00',
    );
  });
});
