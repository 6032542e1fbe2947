import { describe, expect, it } from 'vitest';
import { MAX_FEN, MAX_WORKERS } from '../../../contract/fields.ts';
import { DAY_MS, dayOf, startOfDay } from '../../../common/regionTime.ts';
import { indicatorText, assessmentView } from '../../../server/signals/assess/view.ts';
import { assessed, compiled, DAY, EVENT, seen, STATE } from './support.ts';

const pack = compiled();
const water = (age: number, days: number, more = {}) =>
  seen(pack, 'water.overdue', age, { value: days * 1000, ...more });
const petition = (age: number, more = {}) => seen(pack, 'petition.received', age, more);
const only = (result: ReturnType<typeof assessed>) => result.indicators[0];

describe('states (signals §3)', () => {
  it('holds while its age is at most validDays', () => {
    expect(only(assessed(pack, [water(45, 30)]))).toMatchObject({ points: 15, measure: 30, until: DAY });
    expect(assessed(pack, [water(46, 30)]).indicators).toEqual([]);
  });

  it('holds through the day of `until`, and no longer than validDays', () => {
    expect(only(assessed(pack, [water(10, 30, { until: DAY })]))?.until).toBe(DAY);
    expect(assessed(pack, [water(10, 30, { until: DAY - 1 })]).indicators).toEqual([]);
    expect(only(assessed(pack, [water(10, 30, { until: DAY + 90 })]))?.until).toBe(DAY + 35);
  });

  it('of one ref the greatest by (time, source, id) holds, whatever the others say', () => {
    const time = startOfDay(DAY);
    const at = (source: string, id: string, days: number) => water(0, days, { time, source, id });
    const all = [at('a', 'z', 60), at('b', 'a', 15), at('b', 'Z', 30)];
    for (const order of [all, all.toReversed()]) expect(only(assessed(pack, order))?.measure).toBe(15);
  });

  it('a value of 0 ends it, and what was before does not come back', () => {
    expect(assessed(pack, [water(3, 60), water(1, 0)]).indicators).toEqual([]);
    expect(assessed(pack, [water(3, 60), water(1, 30, { until: DAY - 1 })]).indicators).toEqual([]);
    expect(only(assessed(pack, [water(3, 60), water(4, 0)]))?.measure).toBe(60);
  });

  it('counts refs, takes the greatest value and adds up people and amounts', () => {
    const refs = [
      water(3, 20, { ref: 'a', workers: 2, amountFen: 100 }),
      water(9, 61, { ref: 'b', workers: 3, amountFen: 250 }),
      water(1, 0, { ref: 'c', workers: 9 }),
    ];
    expect(only(assessed(pack, refs))).toMatchObject({ count: 2, value: 61, workers: 5, amountFen: 350 });
    expect(only(assessed(pack, refs))).toMatchObject({ since: refs[1]!.time, until: DAY + 42 });
  });

  it('looks at the 200 refs that are newest, those that are over among them', () => {
    const refs = Array.from({ length: 201 }, (_, i) =>
      water(i === 0 ? 41 : 40 - (i % 40), i < 5 ? 90 : 0, { ref: `r${i}` }),
    );
    const result = assessed(pack, refs);
    expect(only(result)?.count).toBe(4);
  });
});

describe('events (signals §3)', () => {
  it('counts while its age is less than windowDays', () => {
    expect(only(assessed(pack, [petition(59)]))).toMatchObject({ count: 1, points: 15, until: DAY });
    expect(assessed(pack, [petition(60)]).indicators).toEqual([]);
  });

  it('counts each distinct one, also of value 0, and no repeat', () => {
    const one = petition(3, { value: 0, workers: 4 });
    const other = petition(2, { value: 1500, id: one.id, source: 'urn:test:b' });
    expect(only(assessed(pack, [one, other, { ...one }]))).toMatchObject({ count: 2, value: 1.5, workers: 4 });
  });

  it('does not mind `until`', () => {
    expect(only(assessed(pack, [petition(3, { until: DAY - 2 })]))?.count).toBe(1);
  });

  it('of more than 200 only the newest count', () => {
    const many = Array.from({ length: 230 }, (_, i) => petition(i % 50, { workers: i % 50 === 49 ? 1000 : 1 }));
    expect(only(assessed(pack, many))).toMatchObject({ count: 200, workers: 200 });
  });

  it('of the future (a source whose clock is ahead) has age 0', () => {
    const tomorrow = petition(-1);
    expect(only(assessed(pack, [tomorrow]))).toMatchObject({ count: 1, until: dayOf(tomorrow.time) + 59 });
    expect(assessed(pack, [tomorrow]).changesOn).toBe(DAY + 61);
  });
});

describe('days', () => {
  it('are those of the region: a fact of 23:59 and one of 00:00 lie in two', () => {
    const midnight = startOfDay(DAY);
    const short = compiled({
      indicators: { 'water.overdue': STATE, 'petition.received': { ...EVENT, windowDays: 1 } },
    });
    const at = (time: number) => assessed(short, [seen(short, 'petition.received', 0, { time })]).indicators.length;
    expect([at(midnight - 1), at(midnight), at(midnight + DAY_MS - 1)]).toEqual([0, 1, 1]);
  });
});

describe('what has been settled', () => {
  it('does not count; what is newer by a millisecond does', () => {
    const one = petition(5);
    expect(assessed(pack, [one], { settledAt: one.time }).indicators).toEqual([]);
    expect(assessed(pack, [one], { settledAt: one.time - 1 }).indicators).toHaveLength(1);
  });

  it('an older state does not come back when the newer one is settled', () => {
    expect(assessed(pack, [water(9, 60), water(5, 60)], { settledAt: water(5, 1).time }).indicators).toEqual([]);
  });
});

describe('points and score', () => {
  it.each([
    [14, 0],
    [14.999, 0],
    [15, 5],
    [29.999, 5],
    [30, 15],
    [60, 30],
    [1_000_000_000, 30],
  ])('%s days overdue are worth %s points', (days, points) => {
    expect(only(assessed(pack, [water(0, 0, { value: Math.round(days * 1000) })]))?.points).toBe(points);
  });

  it('a channel adds no more than its cap, and the score is rounded half up to one decimal', () => {
    const points = (given: number): typeof STATE => ({ ...STATE, points: [[1, given]] });
    const two = compiled({
      channels: { water: { cap: 10.5 }, petition: { cap: 50 } },
      indicators: { 'water.a': points(8), 'water.b': points(7), 'petition.a': { ...EVENT, points: [[1, 0.05]] } },
    });
    const result = assessed(two, [seen(two, 'water.a', 0), seen(two, 'water.b', 0), seen(two, 'petition.a', 0)]);
    expect(result.channelPoints).toEqual([
      { channel: 'water', points: 10.5 },
      { channel: 'petition', points: 0.05 },
    ]);
    expect(result).toMatchObject({ score: 10.6, channels: 2, watch: false });
  });

  it('adds decimals exactly', () => {
    const indicators = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`water.i${i}`, { ...STATE, points: [[1, 0.005]] as [number, number][] }]),
    );
    const ten = compiled({ indicators, watch: 0.1 });
    const result = assessed(
      ten,
      ten.indicators.map(({ code }) => seen(ten, code, 0)),
    );
    expect(result).toMatchObject({ score: 0.1, watch: true });
  });

  it('counts as a channel only what has points', () => {
    expect(assessed(pack, [water(0, 3), petition(0)])).toMatchObject({ channels: 1, score: 15 });
  });
});

describe('what rules read', () => {
  const when = (...comparison: [string, '>=' | '>' | '<=' | '<' | '==' | '!=', number]) =>
    compiled({ tiers: [{ id: 'X', tier: 'red', name: STATE.text, when: comparison }] });
  const holds = (comparison: Parameters<typeof when>, headcount?: number) =>
    assessed(
      when(...comparison),
      [
        water(0, 31, { workers: 900, amountFen: 5 }),
        petition(1, { workers: 4, amountFen: 1001 }),
        petition(2, { workers: 5 }),
      ],
      headcount === undefined ? {} : { headcount },
    ).rule === 'X';

  it.each([
    [['score', '==', 45]],
    [['channels', '==', 2]],
    [['workers', '==', 9]],
    [['amountYuan', '==', 10.01]],
    [['months', '==', 0]],
    [['headcount', '==', 0]],
    [['indicator:water.overdue', '==', 31]],
    [['indicator:petition.received', '==', 2]],
    [['channel:water', '==', 15]],
    [['channel:petition', '==', 30]],
    [['score', '>', 44.999]],
    [['score', '<', 45.001]],
    [['score', '<=', 45]],
    [['score', '>=', 45]],
    [['score', '!=', 44]],
    [['score', '>', -1]],
  ] as [Parameters<typeof when>][])('%j holds', (comparison) => {
    expect(holds(comparison)).toBe(true);
  });

  it.each([[['score', '>', 45]], [['score', '<', 45]], [['score', '!=', 45]], [['score', '==', 45.001]]] as [
    Parameters<typeof when>,
  ][])('%j does not', (comparison) => {
    expect(holds(comparison)).toBe(false);
  });

  it('the headcount is that of the registration', () => {
    expect(holds(['headcount', '>=', 50], 50)).toBe(true);
    expect(holds(['headcount', '>=', 50], 49)).toBe(false);
  });

  it('people and amounts are the greatest of any owed indicator, bounded by the contract', () => {
    const huge = { workers: MAX_WORKERS, amountFen: MAX_FEN };
    expect(assessed(pack, [petition(1, huge), petition(2, huge)])).toMatchObject(huge);
    expect(assessed(pack, [water(1, 31, huge)])).toMatchObject({ workers: 0, amountFen: 0 });
  });

  it('months are the greatest value of any indicator with `months`', () => {
    const months = compiled({
      indicators: {
        'wage.unpaid': { ...STATE, months: true, points: [[1, 1]] },
        'wage.late': { ...STATE, months: true, points: [[9, 1]] },
      },
    });
    const at = (code: string, value: number) => seen(months, code, 0, { value });
    expect(assessed(months, [at('wage.unpaid', 1500), at('wage.late', 2250)]).months).toBe(2.25);
  });

  it('groups: all, any, not', () => {
    const three = compiled({
      tiers: [
        {
          id: 'X',
          tier: 'red',
          name: STATE.text,
          when: {
            all: [
              {
                any: [
                  ['score', '>', 99],
                  ['channels', '>=', 1],
                ],
              },
              { not: ['channel:water', '>', 0] },
            ],
          },
        },
      ],
    });
    expect(assessed(three, [petition(1)]).rule).toBe('X');
    expect(assessed(three, [petition(1), water(0, 30)]).rule).toBeUndefined();
    expect(assessed(three, []).rule).toBeUndefined();
  });

  it('the first rule that matches gives the tier', () => {
    const rule = (id: string, tier: 'red' | 'yellow', score: number) =>
      ({ id, tier, name: STATE.text, when: ['score', '>=', score] }) as const;
    const rules = compiled({ tiers: [rule('R', 'red', 40), rule('Y1', 'yellow', 15), rule('Y2', 'yellow', 0)] });
    expect(assessed(rules, [petition(1)])).toMatchObject({ tier: 'yellow', rule: 'Y1' });
    expect(assessed(rules, [petition(1), water(0, 61)])).toMatchObject({ tier: 'red', rule: 'R' });
  });
});

describe('the result', () => {
  it('lists what counts, most points first, then by code', () => {
    const indicators = { 'water.b': STATE, 'water.a': STATE, 'petition.z': EVENT, 'water.none': STATE };
    const four = compiled({ indicators });
    const result = assessed(four, [
      seen(four, 'water.b', 0, { value: 30_000 }),
      seen(four, 'water.a', 0, { value: 31_000 }),
      seen(four, 'petition.z', 0),
      seen(four, 'water.none', 0, { value: 1 }),
    ]);
    expect(result.indicators.map(({ code }) => code)).toEqual(['petition.z', 'water.a', 'water.b', 'water.none']);
  });

  it('tells the next day on which passing time alone may change it', () => {
    expect(assessed(pack, []).changesOn).toBeUndefined();
    expect(assessed(pack, [water(5, 30), petition(58), petition(2)]).changesOn).toBe(DAY + 2);
    expect(assessed(pack, [water(5, 30, { until: DAY })]).changesOn).toBe(DAY + 1);
  });

  it('passes over codes that the pack does not use', () => {
    expect(assessed(pack, [{ ...petition(0), indicator: 99 }]).indicators).toEqual([]);
  });

  it('goes out with times and dates, and says in words what it found', () => {
    const result = assessed(pack, [petition(1, { workers: 3 }), petition(2)]);
    expect(assessmentView(result, pack, DAY)).toMatchObject({
      day: '2026-12-01',
      pack: '330110',
      version: 'test.1',
      channelPoints: { petition: 30 },
      indicators: [{ code: 'petition.received', since: '2026-11-29T12:00:00+08:00', until: '2027-01-28' }],
    });
    expect(indicatorText(pack, result.indicators[0]!, 'zh-CN')).toBe('近 60 天 2 起');
  });
});
