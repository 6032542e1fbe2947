import { describe, expect, it } from 'vitest';
import { fromThousandths, isThousandths, roundToTenth, thousandths } from '../../../common/decimal.ts';
import type { Condition, RulePack } from '../../../contract/rulePack.ts';
import { compilePack } from '../../../server/signals/assess/compilePack.ts';
import { checkPack } from '../../../server/signals/packs/checkPack.ts';
import { EVENT, packOf, STATE } from './support.ts';

/** Rule packs that are refused (signals §2), each with the path of its fault and the reason. */

const REGION = {
  code: '330110',
  tiers: [
    { tier: 'red', termHours: 24, platform: 'other' },
    { tier: 'yellow', termHours: 24, platform: 'other' },
  ] as never,
};
const KNOWN = new Map([['water.overdue', { number: 0, kind: 'state' as const, channel: 'water' }]]);
const name = STATE.text;
const water = (change: object) => packOf({ indicators: { 'water.overdue': { ...STATE, ...change } } });
const when = (condition: unknown, more: object = {}) =>
  packOf({ tiers: [{ id: 'R1', tier: 'red', name, when: condition as Condition, ...more }] });
const rules = (count: number): RulePack['tiers'] =>
  Array.from({ length: count }, (_, i) => ({ id: `R${i}`, tier: 'red', name, when: ['score', '>=', 1] }));
const nested = (depth: number): unknown => (depth === 0 ? ['score', '>=', 1] : { not: nested(depth - 1) });
const petition = { time: '2026-11-30T09:00:00+08:00', data: { indicator: 'petition.received' } };
const test = (change: object) =>
  packOf({ tests: [{ name: 'one', day: '2026-12-01', events: [petition], expect: {}, ...change }] as never });

const BAD: [what: string, pack: unknown, path: string, problem: RegExp][] = [
  ['no object', [], '', /is a JSON object/],
  ['null', null, '', /is a JSON object/],
  ['nothing in it', {}, '/region', /is missing/],
  ['another field', { ...packOf(), extra: 1 }, '/extra', /is not a field/],
  ['another region', packOf({ region: '330111' }), '/region', /is 330111, but the pack is for 330110/],
  ['a version with a space', packOf({ version: '1 2' }), '/version', /must match/],
  ['a version of 41', packOf({ version: 'x'.repeat(41) }), '/version', /must match/],
  ['watch below zero', packOf({ watch: -1 }), '/watch', /must be >= 0/],
  ['watch with 4 decimals', packOf({ watch: 20.0001 }), '/watch', /more than 3 decimals/],
  ['quiet for ever', packOf({ quietDays: 367 }), '/quietDays', /must be <= 366/],
  [
    'an unknown channel',
    packOf({ channels: { ...packOf().channels, gas: { cap: 5 } } }),
    '/channels/gas',
    /no such channel/,
  ],
  [
    'a cap below zero',
    packOf({ channels: { water: { cap: -1 }, petition: { cap: 1 } } }),
    '/channels/water/cap',
    /must be >= 0/,
  ],
  [
    'a cap with 4 decimals',
    packOf({ channels: { water: { cap: 0.0001 }, petition: { cap: 1 } } }),
    '/channels/water/cap',
    /decimals/,
  ],
  [
    'a source that speaks every 0 days',
    packOf({ channels: { water: { cap: 1, everyDays: 0 }, petition: { cap: 1 } } }),
    '/channels/water/everyDays',
    /must be > 0/,
  ],
  [
    'an indicator of a channel without cap',
    water({ channel: 'tax' }),
    '/indicators/water.overdue/channel',
    /not among the channels/,
  ],
  [
    'an indicator of no channel',
    water({ channel: 'gas' }),
    '/indicators/water.overdue/channel',
    /must be one of water/,
  ],
  ['a code in capitals', packOf({ indicators: { 'Water/x': STATE } }), '/indicators/Water~1x', /is no code/],
  ['a code of 61', packOf({ indicators: { ['x'.repeat(61)]: STATE } }), `/indicators/${'x'.repeat(61)}`, /is no code/],
  [
    'another kind than before',
    water({ kind: 'event', validDays: undefined, windowDays: 5 }),
    '/indicators/water.overdue/kind',
    /never changes its kind/,
  ],
  ['an unknown kind', water({ kind: 'fact' }), '/indicators/water.overdue/kind', /must be one of state, event/],
  ['an unknown measure', water({ measure: 'sum' }), '/indicators/water.overdue/measure', /must be one of value/],
  ['a state without validDays', water({ validDays: undefined }), '/indicators/water.overdue/validDays', /is missing/],
  [
    'a state with windowDays',
    water({ windowDays: 5 }),
    '/indicators/water.overdue/windowDays',
    /has validDays instead/,
  ],
  ['validDays of 367', water({ validDays: 367 }), '/indicators/water.overdue/validDays', /must be <= 366/],
  ['validDays of 0', water({ validDays: 0 }), '/indicators/water.overdue/validDays', /must be >= 1/],
  ['half a day', water({ validDays: 1.5 }), '/indicators/water.overdue/validDays', /must be integer/],
  [
    'windowDays of 367',
    packOf({ indicators: { 'petition.received': { ...EVENT, windowDays: 367 } } }),
    '/indicators/petition.received/windowDays',
    /must be <= 366/,
  ],
  ['no points', water({ points: [] }), '/indicators/water.overdue/points', /fewer than 1/],
  [
    'a step of three',
    water({ points: [[1, 2, 3]] }),
    '/indicators/water.overdue/points/0',
    /must NOT have more than 2/,
  ],
  [
    'points that fall',
    water({
      points: [
        [1, 5],
        [2, 4],
      ],
    }),
    '/indicators/water.overdue/points/1/1',
    /4 points are fewer than 5/,
  ],
  ['points below zero', water({ points: [[1, -5]] }), '/indicators/water.overdue/points/0/1', /must be >= 0/],
  ['points with 4 decimals', water({ points: [[1, 0.1234]] }), '/indicators/water.overdue/points/0/1', /decimals/],
  [
    'thresholds out of order',
    water({
      points: [
        [2, 1],
        [1, 2],
      ],
    }),
    '/indicators/water.overdue/points/1/0',
    /not above 2/,
  ],
  [
    'two equal thresholds',
    water({
      points: [
        [2, 1],
        [2, 2],
      ],
    }),
    '/indicators/water.overdue/points/1/0',
    /not above 2/,
  ],
  ['a threshold with 4 decimals', water({ points: [[1.0005, 1]] }), '/indicators/water.overdue/points/0/0', /decimals/],
  ['a threshold of 1e-7', water({ points: [[1e-7, 1]] }), '/indicators/water.overdue/points/0/0', /decimals/],
  ['a threshold beyond all', water({ points: [[1e13, 1]] }), '/indicators/water.overdue/points/0/0', /must be <= /],
  [
    'a text that names nothing known',
    water({ text: { 'zh-CN': '{name}', en: 'x' } }),
    '/indicators/water.overdue/text/zh-CN',
    /\{name\} is unknown/,
  ],
  ['a text without English', water({ text: { 'zh-CN': '逾期' } }), '/indicators/water.overdue/text/en', /is missing/],
  ['no rules', packOf({ tiers: [] }), '/tiers', /fewer than 1/],
  ['10,000 rules', packOf({ tiers: rules(10_000) }), '/tiers', /must NOT have more than 100/],
  ['two rules of one id', packOf({ tiers: [...rules(1), ...rules(1)] }), '/tiers/1/id', /another rule/],
  ['a tier that there is not', when(['score', '>=', 1], { tier: 'green' }), '/tiers/0/tier', /must be one of red/],
  [
    'a tier that the region does not use',
    when(['score', '>=', 1], { tier: 'blue' }),
    '/tiers/0/tier',
    /not a tier of the region/,
  ],
  [
    'a graver tier after a lesser',
    packOf({ tiers: [{ id: 'Y', tier: 'yellow', name, when: ['score', '>=', 1] }, ...rules(1)] }),
    '/tiers/1/tier',
    /red is graver than yellow/,
  ],
  [
    'a rule without a condition',
    packOf({ tiers: [{ id: 'R', tier: 'red', name } as never] }),
    '/tiers/0/when',
    /is missing/,
  ],
  ['a condition that is none', when('score >= 1'), '/tiers/0/when', /must be \{all/],
  ['an empty condition', when({}), '/tiers/0/when', /must be \{all/],
  ['two groups in one', when({ all: [['score', '>', 1]], any: [['score', '>', 1]] }), '/tiers/0/when', /must be \{all/],
  ['a group of another name', when({ none: [] }), '/tiers/0/when', /must be \{all/],
  ['all of nothing', when({ all: [] }), '/tiers/0/when/all', /at least one condition/],
  ['any of no list', when({ any: ['score', '>', 1].join() }), '/tiers/0/when/any', /at least one condition/],
  ['not of a list of conditions', when({ not: [['score', '>', 1]] }), '/tiers/0/when/not', /must be \[variable/],
  ['an unknown variable', when(['points', '>', 1]), '/tiers/0/when/0', /"points" is no variable/],
  [
    'an unknown indicator',
    when({ all: [['indicator:gas', '>', 1]] }),
    '/tiers/0/when/all/0/0',
    /"indicator:gas" is no variable/,
  ],
  ['a channel without cap', when(['channel:tax', '>', 1]), '/tiers/0/when/0', /"channel:tax" is no variable/],
  ['an inherited variable', when(['constructor', '>', 1]), '/tiers/0/when/0', /is no variable/],
  ['an unknown operator', when(['score', '=', 1]), '/tiers/0/when/1', /must be one of >=/],
  ['a number as text', when(['score', '>', '1']), '/tiers/0/when/2', /must be a number/],
  ['a number with 4 decimals', when(['score', '>', 1.0001]), '/tiers/0/when/2', /decimals/],
  ['nesting of 6', when(nested(6)), `/tiers/0/when${'/not'.repeat(5)}`, /nested deeper than 5/],
  ['nesting of 100', when(nested(40)), `/tiers/0/when${'/not'.repeat(5)}`, /nested deeper than 5/],
  [
    'nesting of 10,000',
    when(JSON.parse('{"not":'.repeat(10_000) + '1' + '}'.repeat(10_000))),
    '',
    /nested deeper than 64/,
  ],
  [
    '101 comparisons',
    when({ any: Array.from({ length: 101 }, () => ['score', '>', 1]) }),
    '/tiers/0/when',
    /more than 100 comparisons/,
  ],
  ['a test on no day', test({ day: '2026-02-30' }), '/tests/0/day', /is no date/],
  ['a test that fails', test({ expect: { score: 16 } }), '/tests/0', /one: score is 15, not 16/],
  ['a test that wants another tier', test({ expect: { tier: 'red' } }), '/tests/0', /tier is null, not "red"/],
  [
    'a test of an unknown code',
    test({ events: [{ ...petition, data: { indicator: 'gas' } }] }),
    '/tests/0',
    /"gas" is unknown/,
  ],
  ['a test without a time', test({ events: [{ data: petition.data }] }), '/tests/0', /time must be a time/],
  [
    'a test about two',
    test({ events: [petition, { ...petition, data: { ...petition.data, enterprise: { name: '乙' } } }] }),
    '/tests/0',
    /about 2 subjects/,
  ],
  ['a test of an alert', test({ events: [{ ...petition, type: 'wage.alert.raised' }] }), '/tests/0', /type must be/],
];

describe('a pack with a fault is refused with its path', () => {
  it.each(BAD)('%s', (_what, pack, path, problem) => {
    // As it comes in: what is undefined is not there.
    const json: unknown = _what === 'nesting of 10,000' ? pack : JSON.parse(JSON.stringify(pack));
    const checked = checkPack(json, REGION, KNOWN);
    expect(checked).toMatchObject({ ok: false });
    if (checked.ok) return;
    expect(checked.faults.map((fault) => fault.path)).toContain(path);
    expect(checked.faults.find((fault) => fault.path === path)!.problem).toMatch(problem);
  });

  it('tells at most 50 faults, and how many more there are', () => {
    const many = packOf({ tiers: rules(90).map((rule) => ({ ...rule, when: ['nothing', '=', 'x'] as never })) });
    const checked = compilePack(many);
    expect(checked.ok ? [] : checked.faults).toHaveLength(51);
    expect(checked.ok ? '' : checked.faults.at(-1)!.problem).toBe('and 220 further faults');
  });
});

describe('a pack without a fault', () => {
  it('may nest 5 groups, and have 100 rules', () => {
    expect(compilePack(when(nested(5))).ok).toBe(true);
    expect(compilePack(packOf({ tiers: rules(100) })).ok).toBe(true);
  });

  it('numbers new codes after those that are known', () => {
    const compiled = compilePack(packOf(), {
      indicators: new Map([
        ['old', { number: 0, kind: 'event' }],
        ['petition.received', { number: 1, kind: 'event' }],
      ]),
    });
    expect(compiled.ok && compiled.pack.indicators.map(({ code, number }) => [code, number])).toEqual([
      ['water.overdue', 2],
      ['petition.received', 1],
    ]);
  });

  it('tests events about one subject, told by names that its registrations join', () => {
    const register = {
      type: 'wage.subject.registered',
      time: '2026-01-01T00:00:00+08:00',
      data: {
        kind: 'enterprise',
        enterprise: { uscc: '91330110MA2B0C1D2E', name: '某企业' },
        town: '330110001',
        industry: 'C',
        status: 'active',
        headcount: 40,
      },
    };
    expect(checkPack(test({ events: [register, petition], expect: { score: 15 } }), REGION, new Map()).ok).toBe(true);
  });
});

describe('decimals', () => {
  it.each([
    [0, 0],
    [1, 1000],
    [1.0004, 1000],
    [1.0005, 1001],
    [0.0005, 1],
    [0.00049999, 0],
    [1e-7, 0],
    [2.675, 2675],
    [1.005, 1005],
    [999_999_999.9995, 1_000_000_000_000],
    [0.1 + 0.2, 300],
  ])('%s is %s thousandths', (value, expected) => expect(thousandths(value)).toBe(expected));

  it('are told by how they are written', () => {
    expect([1, 0.001, 1.125, -2.5].map(isThousandths)).toEqual([true, true, true, true]);
    expect([0.0001, 1e-7, -0.1234].map(isThousandths)).toEqual([false, false, false]);
    expect([80_049, 80_050, 0, 50, 49].map(roundToTenth)).toEqual([80_000, 80_100, 0, 100, 0]);
    expect(fromThousandths(1001)).toBe(1.001);
  });
});
