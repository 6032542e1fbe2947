import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertBrief } from '../../../../contract/frame.ts';
import { areaOf, areaStates, worstArea, type AreaState } from '../../../../web/map/mapping/worst.ts';
import { fixture, fixtureBrief } from '../../../support/webFixtures.ts';

const area = (code: string, tiers: AreaState['tiers'], overdue = 0, oldestMs?: number): AreaState => ({
  code,
  tiers,
  overdue,
  ...(oldestMs === undefined ? {} : { oldestMs }),
});
const { frame, pack, now } = fixture();

describe('the worst place', () => {
  it('has the most red, then orange, then overdue alerts, then the longest wait, then the first code', () => {
    const ranked = [
      area('6', { red: 2 }),
      area('5', { red: 1, orange: 3 }),
      area('4', { red: 1, orange: 2, yellow: 1 }, 2),
      area('3', { red: 1, orange: 2, yellow: 90 }, 1, 100),
      area('2', { red: 1, orange: 2 }, 1, 200),
      area('1', { red: 1, orange: 2 }, 1, 200),
    ];
    // Of the last two, only the code differs.
    const expected = ['6', '5', '4', '3', '1', '2'];
    for (let left = ranked; left.length > 0;) {
      const worst = worstArea([...left, area('0', { yellow: 99 })])!;
      expect(worst.code).toBe(expected.shift());
      left = left.filter((each) => each !== worst);
    }
  });

  it('is none where nothing grave is open and nothing is overdue', () => {
    expect(worstArea([])).toBeUndefined();
    expect(worstArea([area('1', { yellow: 40, blue: 3 }), area('2', {})])).toBeUndefined();
    expect(worstArea([area('1', { yellow: 40 }), area('2', { yellow: 1 }, 1)])!.code).toBe('2');
  });

  it('is the same in whatever order they come', () => {
    const areas = fc.uniqueArray(
      fc.record({
        code: fc.stringMatching(/^[0-9]{3}$/),
        tiers: fc.record({ red: fc.nat(2), orange: fc.nat(2), yellow: fc.nat(3) }),
        overdue: fc.nat(2),
        oldestMs: fc.integer({ min: 1, max: 4 }),
      }),
      { selector: ({ code }) => code, maxLength: 12 },
    );
    fc.assert(
      fc.property(areas, (list) => {
        const worst = worstArea(list);
        expect(worstArea([...list].reverse())).toBe(worst);
        for (const other of list) {
          if (other.tiers.red + other.tiers.orange + other.overdue === 0) continue;
          expect(other.tiers.red).toBeLessThanOrEqual(worst!.tiers.red!);
        }
      }),
    );
  });
});

describe('the state of a place', () => {
  it('counts its overdue alerts and knows since when the oldest waits', () => {
    const [town] = pack.towns;
    const brief = (i: number, change: Partial<AlertBrief>): AlertBrief => ({
      ...fixtureBrief(i, pack, now),
      town: town!.code,
      stage: 'raised',
      overdue: false,
      ...change,
    });
    // Frames of the past know neither when the oldest was raised nor what is due.
    const past = structuredClone(frame);
    delete past.agenda;
    for (const row of Object.values(past.byTown)) delete row.oldestOpenAt;
    const states = areaStates(past, [
      brief(1, { overdue: true, raisedAt: '2026-11-20T10:00:00+08:00' }),
      brief(2, { raisedAt: '2026-11-18T10:00:00+08:00' }),
      brief(3, { overdue: true, stage: 'closed', raisedAt: '2026-01-01T10:00:00+08:00' }),
    ]);
    expect(states.find(({ code }) => code === town!.code)).toMatchObject({
      overdue: 1,
      oldestMs: Date.parse('2026-11-18T10:00:00+08:00'),
      tiers: frame.byTown[town!.code]!.tiers,
    });
    // The frame knows better since when, and who must act first.
    const row = { ...frame.byTown[town!.code]!, oldestOpenAt: '2026-11-02T08:00:00+08:00' };
    const agenda = {
      late: brief(4, { overdue: true, unit: '某街道综合执法队', dueAt: '2026-11-19T10:00:00+08:00' }),
      later: brief(5, { unit: '某区劳动保障监察大队', dueAt: '2026-11-29T10:00:00+08:00' }),
    };
    const known = areaStates({ ...frame, byTown: { ...frame.byTown, [town!.code]: row }, agenda }, [agenda.late]);
    expect(known.find(({ code }) => code === town!.code)).toMatchObject({
      overdue: 1,
      oldestMs: Date.parse('2026-11-02T08:00:00+08:00'),
      unit: '某街道综合执法队',
    });
    expect(areaStates(undefined, [])).toEqual([]);
  });

  it('takes alerts for their town, their region or their city, whichever the map shows', () => {
    const alert = { region: '330110', town: '330110010' };
    expect(areaOf(new Set(['330110010']), alert)).toBe('330110010');
    expect(areaOf(new Set(['330102', '330110']), alert)).toBe('330110');
    expect(areaOf(new Set(['330100', '330200']), alert)).toBe('330100');
    expect(areaOf(new Set(['330102']), alert)).toBeUndefined();
  });
});
