import { expect, it } from 'vitest';
import { PACK_LIMITS } from '../../../contract/rulePack.ts';
import { checkPack } from '../../../server/signals/packs/checkPack.ts';
import { EVENT, packOf, STATE } from './support.ts';

/** The siblings of badPacks.test.ts: each bound of a pack from its other side, each field with a value of another kind. */

const REGION = { code: '330110', tiers: [{ tier: 'red', termHours: 24, platform: 'other' }] as never };
const name = STATE.text;
const channels = (water: unknown) => ({ ...packOf(), channels: { water, petition: { cap: 1 } } });
const water = (change: object) => ({ ...packOf(), indicators: { 'water.overdue': { ...STATE, ...change } } });
const petition = (change: object) => ({ ...packOf(), indicators: { 'petition.received': { ...EVENT, ...change } } });
const rule = (change: object) => ({
  ...packOf(),
  tiers: [{ id: 'R1', tier: 'red', name, when: ['score', '>=', 1], ...change }],
});
const when = (condition: unknown) => rule({ when: condition });
const seen = { time: '2026-11-30T09:00:00+08:00', data: { indicator: 'petition.received' } };
const test = (change: object) => ({
  ...packOf(),
  tests: [{ name: 'one', day: '2026-12-01', events: [seen], expect: {}, ...change }],
});
const many = (n: number, of: (i: number) => unknown) => Array.from({ length: n }, (_, i) => of(i));
/** `not` within `not`, with nothing in the innermost. */
const cycleOfNothing = (depth: number): unknown => (depth === 0 ? { all: [] } : { not: cycleOfNothing(depth - 1) });

const BAD: [what: string, pack: unknown, path: string, problem: RegExp][] = [
  ['a text', 'pack', '', /is a JSON object/],
  ['a number as version', packOf({ version: 2026 as never }), '/version', /must be string/],
  ['an empty version', packOf({ version: '' }), '/version', /must match/],
  ['a version that begins with a dot', packOf({ version: '.1' }), '/version', /must match/],
  ['a name in one language', packOf({ name: { 'zh-CN': '某' } as never }), '/name/en', /is missing/],
  ['a city as region', packOf({ region: '330100' }), '/region', /is 330100, but the pack is for 330110/],
  ['a town as region', packOf({ region: '330110001' }), '/region', /must match|must NOT have more/],
  ['watch as text', packOf({ watch: '20' as never }), '/watch', /must be number/],
  ['watch beyond all', packOf({ watch: 1e13 }), '/watch', /must be <= /],
  ['quiet for less than nothing', packOf({ quietDays: -1 }), '/quietDays', /must be >= 0/],
  ['quiet for half a day', packOf({ quietDays: 0.5 }), '/quietDays', /must be integer/],
  ['an empty basis', packOf({ basis: [''] }), '/basis/0', /must NOT have fewer/],
  ['a basis of 501', packOf({ basis: ['x'.repeat(501)] }), '/basis/0', /must NOT have more/],
  ['101 bases', packOf({ basis: many(101, () => 'site') as string[] }), '/basis', /must NOT have more than 100/],
  // Channels.
  ['channels as a list', { ...packOf(), channels: [] }, '/channels', /must be object/],
  ['a channel without cap', channels({}), '/channels/water/cap', /is missing/],
  ['a cap as text', channels({ cap: '30' }), '/channels/water/cap', /must be number/],
  ['a cap beyond all', channels({ cap: 1e13 }), '/channels/water/cap', /must be <= /],
  ['a cap of −0.001', channels({ cap: -0.001 }), '/channels/water/cap', /must be >= 0/],
  ['everyDays below zero', channels({ cap: 1, everyDays: -7 }), '/channels/water/everyDays', /must be > 0/],
  ['everyDays of 367', channels({ cap: 1, everyDays: 367 }), '/channels/water/everyDays', /must be <= 366/],
  ['a field too many', channels({ cap: 1, weight: 2 }), '/channels/water/weight', /is not a field/],
  [
    'an inherited channel',
    { ...packOf(), channels: { ...packOf().channels, ['__proto__']: { cap: 1 } } },
    '/channels/__proto__',
    /no such channel/,
  ],
  // Indicators.
  [
    '301 indicators',
    { ...packOf(), indicators: Object.fromEntries(many(301, (i) => [`water.n${i}`, STATE]) as [string, unknown][]) },
    '/indicators',
    /must NOT have more than 300/,
  ],
  ['an empty code', { ...packOf(), indicators: { '': STATE } }, '/indicators/', /is no code/],
  ['a code that ends with a dot', { ...packOf(), indicators: { 'water.': STATE } }, '/indicators/water.', /is no code/],
  ['an inherited code', { ...packOf(), indicators: { ['__proto__']: STATE } }, '/indicators/__proto__', /is no code/],
  ['an indicator without unit', water({ unit: undefined }), '/indicators/water.overdue/unit', /is missing/],
  ['an empty unit', water({ unit: '' }), '/indicators/water.overdue/unit', /must NOT have fewer/],
  ['owed as text', water({ owed: 'yes' }), '/indicators/water.overdue/owed', /must be boolean/],
  ['months as a number', water({ months: 1 }), '/indicators/water.overdue/months', /must be boolean/],
  [
    'an event without windowDays',
    petition({ windowDays: undefined }),
    '/indicators/petition.received/windowDays',
    /is missing: an event/,
  ],
  [
    'an event with validDays',
    petition({ validDays: 5 }),
    '/indicators/petition.received/validDays',
    /has windowDays instead/,
  ],
  ['windowDays of 0', petition({ windowDays: 0 }), '/indicators/petition.received/windowDays', /must be >= 1/],
  ['half a day', petition({ windowDays: 0.5 }), '/indicators/petition.received/windowDays', /must be integer/],
  ['points as a number', water({ points: 5 }), '/indicators/water.overdue/points', /must be array/],
  [
    '21 steps',
    water({ points: many(21, (i) => [i, i]) }),
    '/indicators/water.overdue/points',
    /must NOT have more than 20/,
  ],
  ['a step of one', water({ points: [[1]] }), '/indicators/water.overdue/points/0', /must NOT have fewer than 2/],
  ['a step as a number', water({ points: [1] }), '/indicators/water.overdue/points/0', /must be array/],
  ['a threshold as text', water({ points: [['1', 1]] }), '/indicators/water.overdue/points/0/0', /must be number/],
  ['a threshold below zero', water({ points: [[-1, 1]] }), '/indicators/water.overdue/points/0/0', /must be >= 0/],
  ['points beyond all', water({ points: [[1, 1e13]] }), '/indicators/water.overdue/points/0/1', /must be <= /],
  [
    'points that fall by a thousandth, at the end',
    water({
      points: [
        [1, 5],
        [2, 10],
        [3, 9.999],
      ],
    }),
    '/indicators/water.overdue/points/2/1',
    /9.999 points are fewer than 10/,
  ],
  [
    'the last two thresholds out of order',
    water({
      points: [
        [1, 5],
        [3, 10],
        [2.999, 20],
      ],
    }),
    '/indicators/water.overdue/points/2/0',
    /2.999 is not above 3/,
  ],
  [
    'a text with an empty name in it',
    water({ text: { 'zh-CN': '{}', en: 'x' } }),
    '/indicators/water.overdue/text/zh-CN',
    /\{\} is unknown/,
  ],
  [
    'an English text that names more',
    water({ text: { 'zh-CN': 'x', en: '{score}' } }),
    '/indicators/water.overdue/text/en',
    /\{score\} is unknown/,
  ],
  ['a weight', water({ weight: 3 }), '/indicators/water.overdue/weight', /is not a field/],
  // Rules.
  ['rules as an object', { ...packOf(), tiers: {} }, '/tiers', /must be array/],
  [
    '101 rules',
    { ...packOf(), tiers: many(101, (i) => ({ id: `R${i}`, tier: 'red', name, when: ['score', '>', i] })) },
    '/tiers',
    /must NOT have more than 100/,
  ],
  ['a rule id with a space', rule({ id: 'R 1' }), '/tiers/0/id', /must match/],
  ['a rule id as a number', rule({ id: 1 }), '/tiers/0/id', /must be string/],
  ['a rule without a name', rule({ name: undefined }), '/tiers/0/name', /is missing/],
  ['a rule with an empty basis', rule({ basis: '' }), '/tiers/0/basis', /must NOT have fewer/],
  ['a rule that does something', rule({ then: 'raise' }), '/tiers/0/then', /is not a field/],
  ['no condition at all', when(null), '/tiers/0/when', /must be \{all/],
  ['a condition that is yes', when(true), '/tiers/0/when', /must be \{all/],
  ['an empty list', when([]), '/tiers/0/when', /it has 0 elements/],
  ['a comparison of two', when(['score', '>']), '/tiers/0/when', /it has 2 elements/],
  ['a comparison of four', when(['score', '>', 1, 2]), '/tiers/0/when', /it has 4 elements/],
  ['a comparison between variables', when(['score', '>', 'months']), '/tiers/0/when/2', /must be a number/],
  ['a number beyond all', when(['score', '>', -1e13]), '/tiers/0/when/2', /must be a number of at most/],
  ['infinity', when(['score', '>', Infinity]), '/tiers/0/when/2', /must be a number/],
  ['a variable that is a number', when([1, '>', 1]), '/tiers/0/when/0', /is no variable/],
  ['an indicator without a code', when(['indicator:', '>', 1]), '/tiers/0/when/0', /is no variable/],
  ['a code without indicator:', when(['water.overdue', '>', 1]), '/tiers/0/when/0', /is no variable/],
  ['a variable in capitals', when(['Score', '>', 1]), '/tiers/0/when/0', /is no variable/],
  ['an inherited variable', when(['__proto__', '>', 1]), '/tiers/0/when/0', /is no variable/],
  ['an operator in words', when(['score', 'at least', 1]), '/tiers/0/when/1', /must be one of >=/],
  ['any of nothing', when({ any: [] }), '/tiers/0/when/any', /at least one condition/],
  ['not of nothing', when({ not: null }), '/tiers/0/when/not', /must be \{all/],
  ['a cycle of nothing', when(cycleOfNothing(1)), '/tiers/0/when/not/all', /at least one condition/],
  [
    'a long cycle of nothing',
    when(cycleOfNothing(4)),
    `/tiers/0/when${'/not'.repeat(4)}/all`,
    /at least one condition/,
  ],
  [
    'a cycle of nothing that is too deep',
    when(cycleOfNothing(5)),
    `/tiers/0/when${'/not'.repeat(5)}`,
    /nested deeper than 5/,
  ],
  [
    'one empty group among full ones',
    when({ any: [['score', '>', 1], { all: [] }] }),
    '/tiers/0/when/any/1/all',
    /at least one condition/,
  ],
  ['all as an object', when({ all: { 0: ['score', '>', 1] } }), '/tiers/0/when/all', /at least one condition/],
  // Tests.
  ['301 tests', { ...packOf(), tests: many(301, () => test({}).tests[0]) }, '/tests', /must NOT have more than 300/],
  ['a test of 301 events', test({ events: many(301, () => seen) }), '/tests/0/events', /must NOT have more than 300/],
  ['a test without a name', test({ name: '' }), '/tests/0/name', /must NOT have fewer/],
  ['a test that expects nothing known', test({ expect: { alerts: 1 } }), '/tests/0/expect/alerts', /is not a field/],
  ['a test of a tier that there is not', test({ expect: { tier: 'green' } }), '/tests/0/expect/tier', /must be/],
  ['a test settled at no time', test({ settledAt: 'now' }), '/tests/0/settledAt', /must match format/],
  ['a test with a text as event', test({ events: ['petition'] }), '/tests/0/events/0', /must be object/],
];

it.each(BAD)('%s is refused with its path', (what, pack, path, problem) => {
  // As it comes in: what is undefined is not there. JSON has no infinity.
  const json: unknown = what === 'infinity' ? pack : JSON.parse(JSON.stringify(pack));
  const checked = checkPack(json, REGION, new Map());
  expect(checked).toMatchObject({ ok: false });
  if (checked.ok) return;
  expect(checked.faults.map((fault) => fault.path)).toContain(path);
  expect(checked.faults.find((fault) => fault.path === path)!.problem).toMatch(problem);
  expect(checked.faults.length).toBeLessThanOrEqual(51);
});

it('every bound may be reached', () => {
  const pack = {
    ...packOf(),
    quietDays: 0,
    channels: { water: { cap: 0, everyDays: 366 }, petition: { cap: PACK_LIMITS.number } },
    indicators: Object.fromEntries(
      many(PACK_LIMITS.indicators, (i) => [
        `water.n${i}`,
        { ...STATE, validDays: i % 2 ? 1 : 366, points: many(20, (n) => [n, 5]) },
      ]) as [string, unknown][],
    ),
    tiers: many(PACK_LIMITS.rules, (i) => ({ id: `R${i}`, tier: 'red', name, when: ['score', '>', -i] })),
  };
  expect(checkPack(JSON.parse(JSON.stringify(pack)), REGION, new Map())).toMatchObject({ ok: true });
});

it('a pack without any other fault may be too long', () => {
  const test = { name: 'x'.repeat(200), day: '2026-12-01', events: [{ note: 'x'.repeat(5_000) }], expect: {} };
  const checked = checkPack({ ...packOf(), tests: many(300, () => test) }, REGION, new Map());
  expect(checked).toMatchObject({
    ok: false,
    faults: [{ path: '', problem: expect.stringMatching(/bytes long/) as string }],
  });
});
