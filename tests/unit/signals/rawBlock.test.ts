import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_UNTIL } from '../../../server/signals/assess/observation.ts';
import { decodeBlock, encodeBlock, type RawObservation } from '../../../server/signals/engine/rawBlock.ts';
import { Words } from '../../../server/signals/engine/words.ts';
import { randomOf } from '../../support/workload.ts';
import { NOW } from './engineEvents.ts';

const one: fc.Arbitrary<RawObservation> = fc.record({
  subject: fc.nat(300_000),
  indicator: fc.nat(40),
  ref: fc.constantFrom('', '户号1', 'a'),
  time: fc.integer({ min: NOW - 1e10, max: NOW }),
  received: fc.integer({ min: NOW - 1e6, max: NOW }),
  source: fc.constantFrom('urn:test:a', 'urn:test:b'),
  id: fc.oneof(fc.nat().map(String), fc.constantFrom('007', '1e3', '-1', '99999999999999999999', 'x'), fc.string()),
  value: fc.oneof(
    fc.nat(1_000_000).map((n) => n * 1000),
    fc.nat(1_000_000),
  ),
  amountFen: fc.constantFrom(0, 1, 1_000_000_000_000),
  workers: fc.nat(99),
  until: fc.constantFrom(NO_UNTIL, 20_000, 2_932_896),
  more: fc.constantFrom(undefined, { name: '某甲', location: { lng: 120.1, lat: 30.4 } }),
});

describe('blocks of observations as they came', () => {
  it('give back what was put in', () => {
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), (observations) => {
        const words = new Words();
        const block = encodeBlock(observations, words);
        expect(decodeBlock(block, words)).toEqual(observations);
      }),
    );
  });

  it('take at most 30 bytes each where ids are numbers and nobody adds a text', () => {
    const random = randomOf(8);
    const below = (n: number) => Math.floor(random() * n);
    const observations = Array.from({ length: 1_500 }, (_, i): RawObservation => ({
      subject: below(260_000),
      indicator: below(40),
      ref: '',
      time: NOW - below(30 * 86_400) * 1000,
      received: NOW + Math.floor(i / 500) * 1_000,
      source: `urn:test:${below(12)}`,
      id: String(4_000_000 + below(2_000_000)),
      value: below(100) * 1000,
      amountFen: below(3) ? 0 : below(5_000) * 10_000,
      workers: below(3) ? 0 : below(60),
      until: NO_UNTIL,
      more: undefined,
    }));
    expect(encodeBlock(observations, new Words()).length / observations.length).toBeLessThan(30);
  });
});
