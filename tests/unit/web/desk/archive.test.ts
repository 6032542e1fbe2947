import { describe, expect, it } from 'vitest';
import type { AlertDetail, RecordedEvent } from '../../../../contract/rest.ts';
import { archiveRows, attachmentsOf, joinPages, recoveriesOf } from '../../../../web/desk/archive.ts';

let n = 0;
const made = (type: string, time: string, data: object = {}, more: Partial<RecordedEvent> = {}) =>
  ({ id: String(n++), source: 's', type, time: `2026-11-${time}:00+08:00`, data, ...more }) as RecordedEvent;
const due = (day: string) => ({ dueAt: `2026-11-${day}:00+08:00` });

describe('a case for the file', () => {
  const events = [
    made('wage.alert.raised', '16T09:00', {}, due('16T10:00')),
    made('wage.alert.dispatched', '16T09:30', { unit: '某队' }, due('16T12:00')),
    made('wage.alert.accepted', '16T13:00', {}, due('18T00:00')),
    made('wage.case.extended', '17T09:00', { reason: '某理由' }, due('20T00:00')),
    made('wage.alert.handled', '19T09:00', { outcome: 'other' }, { ...due('16T10:00'), effect: false }),
    made('wage.alert.handled', '19T10:00', { outcome: 'other' }, due('21T00:00')),
    made('wage.alert.audited', '20T09:00', { verdict: 'returned' }, due('24T00:00')),
    made('wage.wages.recovered', '23T09:00', { amountFen: 100, workers: 1 }),
  ];

  it('has every event, and says of each stage whether it came by the term that held', () => {
    const rows = archiveRows(events);
    expect(rows.map(({ event }) => event)).toEqual(events);
    expect(rows.flatMap(({ term }) => (term ? [[term.step, term.lateMs]] : []))).toEqual([
      ['dispatched', 0],
      ['accepted', 3_600_000],
      ['handled', 0],
      ['returned', 0],
    ]);
    expect(rows.filter(({ isVoid }) => isVoid)).toHaveLength(1);
    expect(recoveriesOf(rows)).toEqual([{ at: Date.parse('2026-11-23T09:00:00+08:00'), amountFen: 100, workers: 1 }]);
  });

  it('names each file once', () => {
    const file = { digest: `sha256:${'a'.repeat(64)}`, name: '某单.pdf', type: 'application/pdf', bytes: 9 };
    const rows = archiveRows([
      made('wage.case.noted', '16T09:00', { text: 'x', attachments: [file] }),
      made('wage.alert.handled', '16T10:00', { outcome: 'other', attachments: [file, { ...file, name: '某照.jpg' }] }),
    ]);
    expect(attachmentsOf(rows).map(({ name, at }) => [name, at])).toEqual([
      ['某单.pdf', Date.parse('2026-11-16T09:00:00+08:00')],
      ['某照.jpg', Date.parse('2026-11-16T10:00:00+08:00')],
    ]);
  });

  it('joins pages: what lies before comes first, and leads on to what lies before that', () => {
    const page = (more: Partial<AlertDetail>) => more as AlertDetail;
    const later = page({ events: events.slice(5), people: { a: '甲' }, cursor: 'c5', eventsBefore: 5 });
    const middle = page({ events: events.slice(2, 5), people: { b: '乙' }, cursor: 'c2', eventsBefore: 2 });
    const first = page({ events: events.slice(0, 2), people: {} });
    const two = joinPages(middle, later);
    expect([two.cursor, two.eventsBefore, two.events.length]).toEqual(['c2', 2, 6]);
    const all = joinPages(first, two);
    expect(all.events).toEqual(events);
    expect([all.cursor, all.eventsBefore, all.people]).toEqual([undefined, undefined, { a: '甲', b: '乙' }]);
  });
});
