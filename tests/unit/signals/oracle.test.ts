import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RulePack } from '../../../contract/rulePack.ts';
import { usccFault } from '../../../common/identity.ts';
import { oracleKey, oracleThousandths, oracleUscc, oracleUsccIsRight } from '../../support/signalsOracle.ts';
import { compileAll, validatorOf, WorldRun } from './oracleRun.ts';
import { REGION, START, TOWN, twoVersions, worldOf, type World } from './oracleWorlds.ts';

/**
 * The program against a second implementation of docs/signals.md §1 to §3 (tests/support/signalsOracle.ts). `npm test` tries a
 * few worlds of fixed seeds and of a random one, which is printed; `npm run test:signals` tries 10,000 subjects.
 * `SIGNALS_SEED` sets the random one again.
 */

const LONG = process.env.SIGNALS === 'long';
const RANDOM = Number(process.env.SIGNALS_SEED ?? Math.floor(Math.random() * 0x7fff_ffff));
const SEEDS = LONG ? [RANDOM] : [18, RANDOM];
console.info(`signals oracle: the random seed is ${RANDOM} (SIGNALS_SEED=${RANDOM} repeats it)`);

function live(worlds: fc.Arbitrary<World>, seed: number, numRuns: number): { subjects: number; comparisons: number } {
  const total = { subjects: 0, comparisons: 0 };
  fc.assert(
    fc.property(worlds, (world) => {
      const { subjects, comparisons } = new WorldRun(world).run();
      total.subjects += subjects;
      total.comparisons += comparisons;
    }),
    // A large world shrinks slowly: what has been found by then is told.
    { seed, numRuns, interruptAfterTimeLimit: LONG ? 1_800_000 : 30_000 },
  );
  return total;
}

const shipped = (region: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../../assets/rules/${region}.json`), 'utf8')) as RulePack;

describe.each(SEEDS)('with seed %i, the program and the oracle agree', (seed) => {
  it(
    'on random packs, registers and observations, on every day on which something may change',
    () => {
      const { subjects, comparisons } = live(worldOf(twoVersions), seed, LONG ? 1_800 : 6);
      if (LONG) console.info(`signals oracle: ${subjects} subjects, ${comparisons} comparisons`);
      expect(subjects).toBeGreaterThan(LONG ? 10_000 : 10);
    },
    LONG ? 3_600_000 : 60_000,
  );

  it.each(['330110', '310113', '370811'])(
    'on the shipped pack of %s with random observations',
    (region) => {
      // The region of the pack is of no account here; its own region's towns and tiers would be in the way.
      const pack = fc.constant<RulePack[]>([{ ...shipped(region), region: REGION }]);
      expect(live(worldOf(pack, 60), seed, LONG ? 100 : 1).comparisons).toBeGreaterThan(0);
    },
    LONG ? 3_600_000 : 60_000,
  );

  it('on keys: who is named in whatever writing, and what has to be rejected', () => {
    const [pack] = compileAll(fc.sample(twoVersions, { seed: 1, numRuns: 1 })[0]!);
    const validate = validatorOf(pack!);
    const letters = [
      ...'甲乙Aa1９Ａ（(éß㈱ﬁÅſıⅧ\u0345',
      ' ',
      '\t',
      '\u0085',
      '\u00a0',
      '\u1680',
      '\u180e',
      '\u2003',
      '\u200b',
      '\u202f',
      '\u205f',
      '\u2060',
      '\u3000',
      '\ufeff',
      '¨',
      '\u0301',
      '𠀀',
      '🈂',
    ];
    const text = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 6 }).map((all) => all.join(''));
    const symbols = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'];
    const uscc = fc.oneof(
      text,
      fc
        .record({
          start: fc.array(fc.constantFrom(...symbols, ...symbols, 'I', 'a', 'ｂ', 'ß', 'ǰ'), {
            minLength: 16,
            maxLength: 18,
          }),
          space: fc.constantFrom('', ' ', '\u3000', '\u200b', '\u0085'),
        })
        .map(({ start, space }) => start.join('').slice(0, 9) + space + start.join('').slice(9)),
    );
    const option = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
    const data = fc.record({
      enterprise: option(fc.record({ uscc: option(uscc), name: option(text) })),
      project: fc.option(fc.record({ id: text }), { nil: undefined, freq: 2 }),
    });
    fc.assert(
      fc.property(data, (given) => {
        const event = {
          specversion: '1.0',
          type: 'wage.signal.observed',
          source: 'urn:test:a',
          id: '1',
          time: new Date(START).toISOString(),
          data: JSON.parse(
            JSON.stringify({ region: REGION, indicator: pack!.indicators[0]!.code, town: TOWN, ...given }),
          ) as object,
        };
        const result = validate(event, START);
        const key = result.ok && 'signal' in result ? result.signal.key : undefined;
        expect(key).toBe(oracleKey({ region: REGION, indicator: '', ...given } as Parameters<typeof oracleKey>[0]));
      }),
      { seed, numRuns: LONG ? 100_000 : 1_500 },
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...symbols), { minLength: 18, maxLength: 18 }), (all) => {
        const code = all.join('');
        expect(oracleUscc(code)).toBe(code);
        expect(usccFault(code)).toBe(oracleUsccIsRight(code) ? undefined : 'check');
      }),
      { seed, numRuns: LONG ? 100_000 : 1_000 },
    );
  });

  it('on values: whole thousandths, half up from the decimal writing', () => {
    const [pack] = compileAll(fc.sample(twoVersions, { seed: 1, numRuns: 1 })[0]!);
    const validate = validatorOf(pack!);
    const decimals = fc
      .tuple(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 9_999 }))
      .map(([whole, part]) => Number(`${whole}.${String(part).padStart(4, '0')}`));
    const tiny = fc.integer({ min: 0, max: 99_999 }).map((n) => Number(`0.00${n}`));
    const value = fc.oneof(
      decimals,
      tiny,
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.constantFrom(0, -0, 5e-324, 5e-4, 1e9),
    );
    fc.assert(
      fc.property(value, (given) => {
        const event = {
          specversion: '1.0',
          type: 'wage.signal.observed',
          source: 'urn:test:a',
          id: '1',
          time: new Date(START).toISOString(),
          data: { region: REGION, indicator: pack!.indicators[0]!.code, project: { id: 'p1' }, value: given },
        };
        const result = validate(JSON.parse(JSON.stringify(event)), START);
        if (!result.ok || !('signal' in result) || result.signal.type !== 'observed') throw new Error('rejected');
        expect(BigInt(result.signal.value)).toBe(oracleThousandths(given));
      }),
      { seed, numRuns: LONG ? 200_000 : 2_000 },
    );
  });
});
