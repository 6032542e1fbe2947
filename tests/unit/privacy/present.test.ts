import { NO_TERM } from '../../../common/termBounds.ts';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../contract/frame.ts';
import type { AlertState } from '../../../server/alerts/state.ts';
import { createMask } from '../../../server/privacy/mask.ts';
import { withhold } from '../../../server/privacy/withhold.ts';
import { PACK, TOWNS } from '../aggregations/support/pack.ts';
import { World } from '../aggregations/support/world.ts';
import { NOW } from './support/frames.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const UNIT = '某街道综合执法队';

type Wanted = Partial<Omit<AlertState, 'facts'>> & { town?: string; many: number };
/** A region with so many alerts of each kind. */
function frameOf(kinds: readonly Wanted[], window: Frame['window'] = '30d'): Frame {
  const world = new World();
  let id = 0;
  for (const { many, town = TOWNS[0]!, ...rest } of kinds)
    for (let i = 0; i < many; i++)
      world.upsert(
        {
          alertId: `a${id++}`,
          raisedAt: NOW - HOUR,
          stage: 'raised',
          recoveries: [],
          dueAt: NOW + HOUR,
          changedAt: NOW - HOUR,
          conflicts: 0,
          stageAt: 0,
          stageEvent: '',
          stageSource: '',
          termFrom: 0,
          namedDueAt: NaN,
          ...rest,
          facts: {
            tier: 'red',
            town,
            industry: 'E',
            channel: 'water',
            enterprise: { name: '某某建筑有限公司', uscc: '91330110MA2B0C1D2E' },
            project: { id: 'P1', name: '某某安置房' },
            workers: 1,
            amountFen: 1,
          },
        },
        NOW,
      );
  return world.frame(PACK.code, window, NOW);
}

describe('the agenda of a display', () => {
  const sent = { stage: 'dispatched', platform: 'other', many: 1 } as const;

  it('is masked like the latest alerts, but says which unit must act', () => {
    const frame = frameOf([{ ...sent, unit: UNIT }]);
    const mask = createMask({ names: 'industry', least: 0 });
    const { latest, agenda } = mask.frame(frame, 'masked');
    expect(agenda!.a0).toEqual({ ...latest.a0, unit: UNIT });
    expect(latest.a0).not.toHaveProperty('unit');
    expect(agenda!.a0!.enterprise).toEqual({ name: '某建筑企业' });
    expect(agenda!.a0).not.toHaveProperty('project');
    expect(mask.frame(frame, 'full')).toBe(frame);
    // What has not changed is the same object, for whoever looks for differences.
    expect(mask.frame(frame, 'masked').agenda).toBe(agenda);
  });

  it.each([
    ['某街道综合执法队（张三 13800138000）', /张三|138/],
    ['某某建筑有限公司工会', /某某建筑有限公司/],
  ])('does not say what is personal in the name of a unit: %s', (unit, secret) => {
    const frame = frameOf([{ ...sent, unit, many: 6 }]);
    for (const least of [0, 5])
      expect(JSON.stringify(createMask({ names: 'industry', least }).frame(frame, 'masked'))).not.toMatch(secret);
  });

  it('gives way, where small figures are withheld, to how many of its alerts each unit has', () => {
    const shown = withhold(
      frameOf([
        { ...sent, unit: '甲队', many: 8 },
        { ...sent, unit: '乙队', many: 6 },
        { ...sent, unit: '丙队', many: 7 },
        { many: 3 },
      ]),
      5,
    );
    expect(shown.agenda).toEqual({});
    // 3 have no unit: so one that is large is lost beside them, the last in order.
    expect(shown.agendaByUnit).toEqual({ 乙队: 6, 丙队: 7 });
    expect(withhold(frameOf([{ ...sent, unit: '甲队', many: 4 }]), 5).agendaByUnit).toEqual({});
  });
});

describe('what only the present has, where small figures are withheld', () => {
  it('is nothing of single alerts', () => {
    const frame = frameOf([{ many: 9 }]);
    expect(frame.byTown[TOWNS[0]!]!.oldestOpenAt).toBeDefined();
    expect(frame.lastByChannel).toHaveProperty('water');
    const shown = withhold({ ...frame, monitor: { enterprises: 1, projects: 1, watch: 1 } }, 5);
    expect(shown.lastByChannel).toBeUndefined();
    expect(shown.monitor).toBeUndefined();
    for (const row of Object.values(shown.byTown)) expect(row).not.toHaveProperty('oldestOpenAt');
  });

  it.each([
    ['large, and its rest as well', 9, 9, 9, { dueToday: 9, overdue: 9 }],
    ['small', 3, 9, 9, { dueToday: 0, overdue: 9 }],
    ['small by what is overdue besides: 9 of 20 leave 2', 9, 9, 2, { dueToday: 0, overdue: 9 }],
    ['all that runs', 9, 0, 0, { dueToday: 9, overdue: 0 }],
    ['beside a small overdue', 9, 2, 9, { dueToday: 9, overdue: 0 }],
  ])('is due today: %s', (_, today, late, later, expected) => {
    const frame = frameOf([
      { many: today },
      { many: late, dueAt: NOW - HOUR },
      { many: later, dueAt: NOW + 3 * DAY },
      { many: 20, stage: 'handled', dueAt: NO_TERM },
    ]);
    expect(frame.totals).toMatchObject({ dueToday: today, overdue: late });
    expect(withhold(frame, 5).totals).toMatchObject(expected);
  });

  const daysOf = (frame: Frame) => withhold(frame, 5).byTown[TOWNS[0]!]!.days;
  const day = (n: number, many: number, town = TOWNS[0]!, hours = 0): Wanted => ({
    many,
    town,
    raisedAt: NOW - n * DAY + hours * HOUR,
  });

  it('are the days of towns, all or none', () => {
    const plain = [day(0, 6), day(1, 7), day(3, 9, TOWNS[1])];
    expect(daysOf(frameOf(plain))).toEqual({ '2026-11-20': 7, '2026-11-21': 6 });
    expect(daysOf(frameOf([...plain, day(5, 2)]))).toBeUndefined();
    expect(daysOf(frameOf([...plain, day(5, 2, TOWNS[1])]))).toBeUndefined();
    expect(frameOf(plain).byTown[TOWNS[0]!]!.days).toEqual({ '2026-11-20': 7, '2026-11-21': 6 });
  });

  it.each<[string, Frame['window'], Wanted[]]>([
    ['yesterday less the last 24 hours', '24h', [day(1, 6, TOWNS[0], 1), day(1, 2, TOWNS[0], -1), day(0, 6)]],
    ['a step of the series that was lost', '24h', [day(1, 6, TOWNS[0], 1), day(0, 6), day(0, 2, TOWNS[0], -3)]],
    ['the day before at the edge of a week', '7d', [day(7, 6, TOWNS[0], 2), day(7, 3, TOWNS[0], -2), day(0, 9)]],
    ['thirty days and a rest', '30d', [day(30, 2, TOWNS[0], 3), day(0, 8)]],
    ['yesterday after this time of day', 'today', [day(0, 9), day(1, 8, TOWNS[0], -2), day(1, 2, TOWNS[0], 2)]],
    ['how many were ever closed', '1h', [day(2, 9), day(3, 7), { ...day(3, 2), stage: 'closed', closedAt: NOW - DAY }]],
  ])('do not tell, by a difference, %s', (_, window, kinds) => {
    expect(daysOf(frameOf(kinds, window))).toBeUndefined();
  });
});
