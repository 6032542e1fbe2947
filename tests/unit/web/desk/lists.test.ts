import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DUE_GROUPS, groupEnds, groupOf, listsOf, paramsOf } from '../../../../web/desk/lists.ts';
import { layOut } from '../../../../web/desk/rows.ts';

const at = (text: string) => Date.parse(`${text}+08:00`);

describe('the lists of the desk', () => {
  it('part terms into late, today, this week and later', () => {
    // A Thursday.
    const now = at('2026-11-26T10:00:00');
    const group = (text: string) => groupOf(at(text), now);
    expect(group('2026-11-26T09:59:59')).toBe('late');
    expect(group('2026-11-26T10:00:00')).toBe('today');
    // A term of days ends at 24:00, and belongs to the day that it ends.
    expect(group('2026-11-27T00:00:00')).toBe('today');
    expect(group('2026-11-27T00:00:01')).toBe('week');
    expect(group('2026-11-30T00:00:00')).toBe('week');
    expect(group('2026-11-30T00:00:01')).toBe('later');
    expect(groupOf(undefined, now)).toBe('later');
    // On a Sunday, nothing but today is left of the week.
    expect(groupOf(at('2026-11-30T00:00:00'), at('2026-11-29T08:00:00'))).toBe('today');
    expect(groupOf(at('2026-11-30T08:00:00'), at('2026-11-29T08:00:00'))).toBe('later');
  });

  it('have ends in order, whatever the moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: at('2018-01-01T00:00:00'), max: at('2027-01-01T00:00:00') }), (now) => {
        const { late, today, week } = groupEnds(now);
        expect(late <= today && today <= week && week - late <= 7 * 86_400_000 + 1).toBe(true);
      }),
    );
  });

  it('ask for what is the step of whoever works', () => {
    const stages = (role: 'handler' | 'officer', list: 'mine' | 'waiting') =>
      paramsOf(list, { role, scope: '330110', unit: 'brigade' }).getAll('stage');
    expect(stages('handler', 'mine')).toEqual(['dispatched', 'accepted']);
    expect(stages('handler', 'waiting')).toEqual(['handled', 'audited']);
    expect(stages('officer', 'mine')).toEqual(['raised', 'handled', 'audited']);
    expect(stages('officer', 'waiting')).toEqual(['dispatched', 'accepted']);
    expect(paramsOf('mine', { role: 'leader', scope: '330110' }).get('overdue')).toBe('true');
    expect(listsOf({ role: 'officer', unit: 'brigade' })).toContain('unit');
    expect(listsOf({ role: 'officer' })).not.toContain('unit');
    expect(paramsOf('done', { role: 'officer', scope: '330110' }, ' 某 ').toString()).toBe(
      new URLSearchParams([
        ['scope', '330110'],
        ['stage', 'closed'],
        ['q', '某'],
        ['sort', '-changed'],
      ]).toString(),
    );
  });
});

describe('heads between rows', () => {
  it('stand before each group, and every alert has one place', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4), fc.nat(4)), fc.nat(20), (counts, alerts) => {
        const totals = Object.fromEntries(DUE_GROUPS.map((group, i) => [group, counts[i]!])) as Record<
          (typeof DUE_GROUPS)[number],
          number
        >;
        const rows = layOut(alerts, totals);
        const all = Array.from({ length: rows.length }, (_, i) => rows.at(i));
        expect(all.flatMap((row) => (row.kind === 'alert' ? [row.place] : []))).toEqual(
          Array.from({ length: alerts }, (_, i) => i),
        );
        for (let place = 0; place < alerts; place++)
          expect(rows.at(rows.indexOf(place))).toEqual({ kind: 'alert', place });
        // Under each head as many alerts as it says, as far as the list goes.
        let last = -1;
        for (const [i, row] of all.entries()) {
          if (row.kind !== 'head') continue;
          expect(i).toBeGreaterThan(last);
          last = i;
          const next = all.findIndex((one, j) => j > i && one.kind === 'head');
          if (next >= 0) expect(next - i - 1).toBe(row.total);
        }
      }),
    );
    expect(layOut(3, undefined)).toMatchObject({ length: 3, heads: [] });
  });
});
