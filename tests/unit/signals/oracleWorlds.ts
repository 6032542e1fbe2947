import fc from 'fast-check';
import { TIERS, type Channel } from '../../../contract/codes.ts';
import { MAX_FEN, MAX_WORKERS } from '../../../contract/fields.ts';
import {
  OPERATORS,
  type Comparison,
  type Condition,
  type PackIndicator,
  type RulePack,
} from '../../../contract/rulePack.ts';
import type { RawObservation, RawRegistration } from '../../support/signalsOracle.ts';

/** Random packs, registers and observations, with all that the rules of docs/signals.md §1 to §3 name, for the oracle. */

export const REGION = '330110';
export const TOWN = '330110001';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The two years that a world lasts begin at this midnight of the region. */
export const START = Date.parse('2025-01-01T00:00:00+08:00');
export const DAYS = 730;

const name = { 'zh-CN': '某规则', en: 'some rule' };
const PACK_CHANNELS = ['water', 'petition', 'wage-account', 'other'] as const satisfies readonly Channel[];
const CODES = ['water.a', 'water.b', 'petition.a', 'constructor', 'x9'] as const;
/** At most 3 decimals, and where measures of the observations below lie. */
const LIMITS = [0, 0.001, 0.5, 1, 1.001, 2, 3, 10, 15, 30, 60, 123.45, 1_000, 10_000_000_000];
const POINTS = [0, 0.001, 0.005, 0.049, 0.05, 0.95, 5, 12.345, 15, 30, 70];

const points = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...LIMITS), { minLength: 1, maxLength: 5 }),
    fc.array(fc.constantFrom(...POINTS), { minLength: 5, maxLength: 5 }),
  )
  .map(([thresholds, given]) => {
    const rising = given.toSorted((a, b) => a - b);
    return thresholds.toSorted((a, b) => a - b).map((threshold, i): [number, number] => [threshold, rising[i]!]);
  });

/** What versions of a pack may differ in; the kind of a code is the same in all. */
const indicator = (kind: 'state' | 'event'): fc.Arbitrary<PackIndicator> =>
  fc
    .record({
      channel: fc.constantFrom(...PACK_CHANNELS),
      measure: fc.constantFrom('value' as const, 'count' as const, 'amountYuan' as const, 'workers' as const),
      days: fc.constantFrom(1, 2, 5, 45, 60, 365, 366),
      points,
      owed: fc.boolean(),
      months: fc.boolean(),
    })
    .map(({ days, ...rest }) => ({
      ...rest,
      kind,
      unit: 'day',
      ...(kind === 'state' ? { validDays: days } : { windowDays: days }),
      text: name,
    }));

const VARIABLES = [
  ...['score', 'channels', 'workers', 'amountYuan', 'months', 'headcount'],
  ...PACK_CHANNELS.map((channel) => `channel:${channel}`),
];
const condition = (codes: readonly string[]): fc.Arbitrary<Condition> => {
  const comparison: fc.Arbitrary<Comparison> = fc.tuple(
    fc.constantFrom(...VARIABLES, ...codes.map((code) => `indicator:${code}`)),
    fc.constantFrom(...OPERATORS),
    fc.constantFrom(-1, -0.5, ...LIMITS),
  );
  return fc.letrec<{ when: Condition }>((tie) => ({
    when: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      { weight: 3, arbitrary: comparison },
      fc.array(tie('when'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('when'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie('when').map((not) => ({ not })),
    ),
  })).when;
};

const version = (kinds: Record<string, 'state' | 'event'>, id: string): fc.Arbitrary<RulePack> => {
  const codes = Object.keys(kinds);
  return fc
    .record({
      watch: fc.constantFrom(0, 0.1, 5, 20, 40.05),
      caps: fc.array(fc.constantFrom(0, 0.05, 5, 10.5, 30, 70), { minLength: 4, maxLength: 4 }),
      indicators: fc.tuple(...codes.map((code) => indicator(kinds[code]!))),
      rules: fc.array(fc.record({ tier: fc.constantFrom(...TIERS), when: condition(codes) }), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    .map(({ watch, caps, indicators, rules }) => ({
      region: REGION,
      version: id,
      name,
      watch,
      channels: Object.fromEntries(PACK_CHANNELS.map((channel, i) => [channel, { cap: caps[i]! }])),
      indicators: Object.fromEntries(codes.map((code, i) => [code, indicators[i]!])),
      tiers: rules
        .toSorted((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier))
        .map(({ tier, when }, i) => ({ id: `R${i}`, tier, name, when })),
    }));
};

/** Two versions: the second one uses some of the codes of the first. */
export const twoVersions: fc.Arbitrary<RulePack[]> = fc
  .record({
    codes: fc.uniqueArray(fc.constantFrom(...CODES), { minLength: 2 }),
    kinds: fc.array(fc.constantFrom('state' as const, 'event' as const), { minLength: 5, maxLength: 5 }),
    used: fc.integer({ min: 1, max: 5 }),
  })
  .chain(({ codes, kinds, used }) => {
    const all = Object.fromEntries(codes.map((code, i) => [code, kinds[i]!]));
    const some = Object.fromEntries(codes.slice(0, used).map((code) => [code, all[code]!]));
    return fc.tuple(version(all, 'v1'), version(some, 'v2'));
  });

// Who: some employers with a code (the check character of one is wrong) and names that they share, in many ways of writing.

const USCCS = ['91330110MA0000001X', '91330110MA0000002X', '9133 0110ma00 00002x', '９１330110MA0000001X'];
export const NAMES = ['某甲', '某甲', ' 某\u3000甲', '某\u0085甲', '某乙(A)', '某乙（Ａ）', '某\u200b乙(A)', '某丙'];
const uscc = fc.constantFrom(...USCCS);
const written = fc.constantFrom(...NAMES);
const project = fc.constantFrom('p1', 'P1');
const who = fc.oneof(
  uscc.map((code) => ({ enterprise: { uscc: code } })),
  { weight: 3, arbitrary: written.map((one) => ({ enterprise: { name: one } })) },
  fc.tuple(uscc, written).map(([code, one]) => ({ enterprise: { uscc: code, name: one } })),
  project.map((id) => ({ project: { id } })),
  fc.tuple(project, written).map(([id, one]) => ({ project: { id, name: '某工地' }, enterprise: { name: one } })),
);

/** When: any day, some of them often; first and last moments of days; written in several zones. */
const anyInstant = fc
  .tuple(
    fc.oneof(fc.integer({ min: -410, max: DAYS }), fc.constantFrom(-400, -366, -1, 0, 1, 44, 45, 46, 59, 60, 365, 366)),
    fc.constantFrom(0, 1, 8 * HOUR - 1, 8 * HOUR, 12 * HOUR, DAY - 1),
  )
  .map(([day, ms]) => START + day * DAY + ms);
/** Many things happen at two moments, so that source and id must decide. */
const instant = fc.oneof(
  { weight: 2, arbitrary: anyInstant },
  { weight: 1, arbitrary: fc.constantFrom(START + 20 * DAY, START + 50 * DAY) },
);
const OFFSETS = [0, 480, -300, 840, 345];
function timeText(ms: number, offset: number): string {
  const local = new Date(ms + offset * 60_000).toISOString();
  const pad = (n: number) => String(n).padStart(2, '0');
  if (offset === 0) return local;
  return `${local.slice(0, -1)}${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
}
const dateText = (ms: number): string => new Date(ms + 8 * HOUR).toISOString().slice(0, 10);

/** Code units order `𠀀` before `ａ`, code points the other way. */
const named = fc.record({
  source: fc.constantFrom('urn:test:a', 'urn:test:b'),
  id: fc.tuple(fc.constantFrom('', '𠀀', 'ａ'), fc.integer({ min: 0, max: 99 })).map(([a, n]) => `${a}${n}`),
  at: instant,
  offset: fc.constantFrom(...OFFSETS),
  /** How late it comes in. */
  delay: fc.constantFrom(0, 0, 1, HOUR, 3 * DAY, 40 * DAY, 401 * DAY),
});
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 });
/** One in so many. */
const rarely = <T, N>(of: fc.Arbitrary<T>, otherwise: N, many: number): fc.Arbitrary<T | N> =>
  fc.oneof({ weight: many - 1, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary: of });

/** What comes in at a moment. */
export type Arrival = { at: number } & (
  { observation: RawObservation } | { registration: RawRegistration } | { activated: string; settle: boolean }
);

const registration: fc.Arbitrary<Arrival> = fc
  .record({
    named,
    who: fc.oneof({ weight: 6, arbitrary: fc.record({ uscc, name: written }) }, fc.record({ name: written })),
    project: rarely(project, undefined, 6),
    status: fc.constantFrom('active' as const, 'active' as const, 'ceased' as const),
    headcount: optional(fc.constantFrom(0, 1, 10, 1_000)),
  })
  .map(({ named: { source, id, at, offset, delay }, who: enterprise, project: own, status, headcount }) => ({
    at: Math.max(at, START) + delay,
    registration: {
      source,
      id: `r${id}`,
      time: timeText(at, offset),
      data: {
        region: REGION,
        kind: own === undefined ? ('enterprise' as const) : ('project' as const),
        enterprise,
        ...(own === undefined ? {} : { project: { id: own, name: '某工地' } }),
        town: TOWN,
        industry: 'C' as const,
        status,
        ...(headcount === undefined ? {} : { headcount }),
      },
    },
  }));

const VALUES = [
  0, 1e-7, 0.0004, 0.0005, 0.0015, 0.9995, 1.0005, 2, 2.9994, 3, 14.9995, 30, 59.9994999, 1e9, 999_999_999.9995,
];

const observation = (codes: readonly string[], ids: fc.Arbitrary<string>): fc.Arbitrary<Arrival> =>
  fc
    .record({
      named,
      n: ids,
      who,
      indicator: fc.constantFrom(...codes),
      ref: optional(fc.constantFrom('', 'a', 'A', 'ａ')),
      value: optional(fc.oneof(fc.constantFrom(...VALUES), fc.double({ min: 0, max: 100, noNaN: true }))),
      amountFen: optional(fc.constantFrom(0, 1, 99, 12_345, MAX_FEN)),
      workers: optional(fc.constantFrom(0, 1, 2, 10, MAX_WORKERS)),
      until: rarely(fc.constantFrom(-2, -1, 0, 1, 10, 100), undefined, 4),
    })
    .map(({ named: { source, id, at, offset, delay }, n, who: whom, indicator: code, until, ...rest }) => ({
      at: Math.max(at, START) + delay,
      observation: {
        source,
        id: `${id}${n}`,
        time: timeText(at, offset),
        data: {
          region: REGION,
          indicator: code,
          ...whom,
          ...Object.fromEntries(Object.entries(rest).filter(([, one]) => one !== undefined)),
          ...(until === undefined ? {} : { until: dateText(at + until * DAY) }),
        },
      },
    }));

/** So many of one indicator and one name that only the newest 200 count; many are of one moment. */
const many = (codes: readonly string[]): fc.Arbitrary<Arrival[]> =>
  fc
    .record({
      code: fc.constantFrom(...codes),
      count: fc.integer({ min: 195, max: 230 }),
      step: fc.constantFrom(3, 7, 11),
      at: fc.integer({ min: -5, max: 300 }),
      moments: fc.integer({ min: 1, max: 9 }),
      spread: fc.constantFrom(1, HOUR, DAY),
    })
    .map(({ code, count, step, at, moments, spread }) =>
      Array.from({ length: count }, (_, i) => {
        const time = START + at * DAY + ((i * step) % moments) * spread;
        return {
          at: Math.max(time, START) + (i % 5) * DAY,
          observation: {
            source: `urn:test:${i % 2 ? 'a' : 'b'}`,
            id: `m${(i * 97) % count}`,
            time: timeText(time, 480),
            data: {
              region: REGION,
              indicator: code,
              enterprise: i % 3 ? { name: NAMES[i % 2]! } : { uscc: USCCS[0]! },
              ref: `${i % 209}`,
              value: i % 4,
              workers: i % 7,
            },
          },
        };
      }),
    );

const keyOf = (one: Arrival): string =>
  'observation' in one
    ? `${one.observation.source} ${one.observation.id}`
    : 'registration' in one
      ? `${one.registration.source} ${one.registration.id}`
      : `${one.activated} ${one.at}`;

export interface World {
  packs: RulePack[];
  /** By the moment at which they come in. */
  arrivals: Arrival[];
  /** Sizes of the pieces in which the engine takes them; it loses its memory after one of size 1. */
  pieces: number[];
}

/** A world of one register and one stream of observations, with packs of which the first has all codes. */
export function worldOf(packs: fc.Arbitrary<RulePack[]>, most = 30): fc.Arbitrary<World> {
  return packs.chain((versions) => {
    const codes = Object.keys(versions[0]!.indicators);
    const ids = fc.constantFrom('', 'x');
    return fc
      .record({
        singles: fc.uniqueArray(
          fc.oneof({ weight: 3, arbitrary: observation(codes, ids) }, { weight: 1, arbitrary: registration }),
          { minLength: 3, maxLength: most, selector: keyOf, size: 'max' },
        ),
        crowd: rarely(many(codes), [], 6),
        again: fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, HOUR, 3 * DAY, 90 * DAY)), { maxLength: 5 }),
        activations: fc.array(
          fc.record({
            at: instant,
            activated: fc.constantFrom(...versions.map((one) => one.version)),
            settle: fc.boolean(),
          }),
          { maxLength: 2 },
        ),
        pieces: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }),
      })
      .map(({ singles, crowd, again, activations, pieces }) => {
        const repeats = again.map(([n, later]) => {
          const one = singles[n % singles.length]!;
          return { ...one, at: one.at + later };
        });
        const first: Arrival = { at: START, activated: versions[0]!.version, settle: false };
        const later = activations.map((one) => ({ ...one, at: Math.max(one.at, START) }));
        const arrivals = [first, ...singles, ...crowd, ...repeats, ...later].sort((a, b) => a.at - b.at);
        return { packs: versions, arrivals, pieces };
      });
  });
}
