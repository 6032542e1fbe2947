import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { encodeDocument, decodeDocument } from '../../../server/alerts/document.ts';
import { effectsOf } from '../../../server/alerts/effects.ts';
import { compareEvents, foldAlert } from '../../../server/alerts/fold.ts';
import { IncrementSum } from '../../../server/aggregations/contributions.ts';
import type { Increments } from '../../../server/aggregations/increments.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import {
  distinct,
  foldBatch,
  groupByAlert,
  type Known,
  type ShortAlert,
} from '../../../server/streams/counting/foldBatch.ts';
import { termsAfter } from '../../../server/alerts/termsAfter.ts';
import { stageClockOf } from '../../../server/alerts/stageClock.ts';
import { SHIPPED } from '../terms/support.ts';
import { alertEvents, CLOCK_TERMS, RULES } from './arbitraries.ts';
import { summed } from '../../support/increments.ts';
import { oracleFold } from './foldOracle.ts';

const shuffled = (events: StoredEvent[], order: number[]) =>
  events
    .map((event, i) => ({ event, key: order[i % order.length]! * 31 + i * (order[0]! % 7) }))
    .sort((a, b) => a.key - b.key)
    .map(({ event }) => event);

describe('the fold of an alert', () => {
  it('equals contract §2 read literally', () => {
    fc.assert(
      fc.property(alertEvents, (events) => {
        expect(foldAlert('A', [...events], RULES)).toEqual(oracleFold('A', events, RULES));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reckons the terms of all stages by one clock where the pack gives them', () => {
    const clock = { terms: CLOCK_TERMS, calendars: SHIPPED, dayEnds: '17:30', units: { jia: '甲队' } };
    const units = [
      { code: 'jia', name: { 'zh-CN': '甲队', en: 'A' }, platform: 'tri-colour', kind: 'brigade' },
    ] as const;
    const rules = {
      ...RULES,
      clock: stageClockOf({ terms: CLOCK_TERMS, dayEnds: '17:30', units: [...units] }, SHIPPED),
    };
    fc.assert(
      fc.property(alertEvents, (events) => {
        expect(foldAlert('A', [...events], rules)).toEqual(oracleFold('A', events, { ...RULES, clock }));
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives a unit that gets an alert back the term that it had', () => {
    const clock = { terms: CLOCK_TERMS, calendars: SHIPPED, dayEnds: '24:00', units: { jia: '甲队' } };
    const units = [
      { code: 'jia', name: { 'zh-CN': '甲队', en: 'A' }, platform: 'tri-colour', kind: 'brigade' },
    ] as const;
    const rules = { ...RULES, clock: stageClockOf({ terms: CLOCK_TERMS, units: [...units] }, SHIPPED) };
    const [sent] = fc.sample(
      alertEvents
        .map((events) => events.filter(({ type }) => type === 'wage.alert.raised'))
        .filter((events) => events.length > 0),
      { numRuns: 1, seed: 7 },
    );
    const at = Date.parse('2026-11-16T09:00:00+08:00');
    const raised = { ...sent![0]!, time: at };
    const handedOn = fc.array(
      fc.record({
        type: fc.constantFrom('wage.alert.dispatched', 'wage.alert.accepted', 'wage.alert.handled', 'returned'),
        minutes: fc.integer({ min: 1, max: 3_000 }),
        unit: fc.constantFrom('甲队', 'jia', ' 甲　队', '乙队'),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(handedOn, (steps) => {
        const events = steps.map(({ type, minutes, unit }, i): StoredEvent => {
          const common = { time: at + minutes * 60_000, source: 's', id: `e${i}` };
          if (type === 'wage.alert.dispatched') return { ...common, type, data: { platform: 'tri-colour', unit } };
          if (type === 'wage.alert.accepted') return { ...common, type, data: { unit } };
          if (type === 'wage.alert.handled') return { ...common, type, data: { outcome: 'other' } };
          return { ...common, type: 'wage.alert.audited', data: { verdict: 'returned' } };
        });
        expect(foldAlert('A', [raised, ...events], rules)).toEqual(
          oracleFold('A', [raised, ...events], { ...RULES, clock }),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('brings each name of a unit into its normal form a few times, however often the alert is handed on', () => {
    const rules = { ...RULES, clock: stageClockOf({ terms: CLOCK_TERMS }, SHIPPED) };
    const facts = {
      tier: 'red',
      town: '330110001',
      industry: 'E',
      channel: 'petition',
      workers: 1,
      amountFen: 1,
    } as const;
    const raised: StoredEvent = {
      ...{ type: 'wage.alert.raised', time: 0, source: 's', id: 'r' },
      data: { ...facts, enterprise: { name: '某公司' } },
    };
    const calls = (n: number) => {
      const sent = Array.from({ length: n }, (_, i): StoredEvent => ({
        ...{ type: 'wage.alert.dispatched', time: i + 1, source: 's', id: `d${i}` },
        data: { platform: 'other', unit: `某　队 ${i}` },
      }));
      const normalize = vi.spyOn(String.prototype, 'normalize');
      try {
        termsAfter('A', [raised, ...sent], rules);
        return normalize.mock.calls.length;
      } finally {
        normalize.mockRestore();
      }
    };
    expect(calls(40)).toBeLessThanOrEqual(40 * 3);
    expect(calls(400)).toBeLessThanOrEqual(400 * 3);
  });

  it.each([
    ['other', '某法院', true],
    ['other', 'court', true],
    ['other', ' 某　法院', true],
    ['other', '某另一法院', false],
    ['tri-colour', '某法院', false],
  ] as const)('lets a unit of other answer where it stands dispatched to it: %s, %s', (platform, unit, effect) => {
    const made = (type: string, time: number, data: object, by?: StoredEvent['by']) =>
      ({ type, time, source: 's', id: `${type} ${time}`, data, ...(by ? { by } : {}) }) as StoredEvent;
    const facts = { tier: 'red', town: 't', industry: 'E', channel: 'petition', workers: 1, amountFen: 1 };
    const court = { platform: 'other:court', platformname: '某法院' } as const;
    const elsewhere = { platform: 'other', unit: '某处' };
    const events = [
      made('wage.alert.raised', 0, { ...facts, enterprise: { name: '某公司' } }),
      made('wage.alert.dispatched', 1, elsewhere),
      made('wage.alert.accepted', 2, { unit: '某处' }, court),
      made('wage.alert.dispatched', 3, { platform, unit }),
      made('wage.alert.accepted', 4, { unit }, court),
      made('wage.alert.dispatched', 5, elsewhere),
      made('wage.alert.handled', 6, { outcome: 'other' }, court),
    ];
    expect(effectsOf(events)).toEqual([true, true, false, true, effect, true, false]);
    expect(foldAlert('A', events.slice(0, 5).reverse(), RULES)!.stage).toBe(effect ? 'accepted' : 'dispatched');
  });

  it('does not depend on the order of the events', () => {
    fc.assert(
      fc.property(alertEvents, fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 }), (events, order) => {
        expect(foldAlert('A', shuffled(events, order), RULES)).toEqual(foldAlert('A', [...events], RULES));
      }),
      { numRuns: 1_000 },
    );
  });

  it('puts events of one time, rank and source in the order of their ids, from both sides', () => {
    const named = (id: string): StoredEvent => ({
      type: 'wage.alert.closed',
      time: 1_700_000_000_000,
      source: 'urn:test',
      id,
      data: {},
    });
    expect(compareEvents(named('a'), named('b'))).toBeLessThan(0);
    expect(compareEvents(named('b'), named('a'))).toBeGreaterThan(0);
    expect(compareEvents(named('a'), named('a'))).toBe(0);
  });

  it('says nothing of an alert without its raised, and everything once it is there', () => {
    fc.assert(
      fc.property(alertEvents, (events) => {
        const others = events.filter(({ type }) => type !== 'wage.alert.raised');
        expect(foldAlert('A', others, RULES)).toBeUndefined();
      }),
    );
  });

  it('survives its way through a document', () => {
    fc.assert(
      fc.property(alertEvents, (events) => {
        expect(decodeDocument(encodeDocument(events))).toEqual(events);
      }),
    );
  });
});

describe('batches of events', () => {
  it('add up to the same increments and documents whatever the batches, the order and the duplicates (invariant 3)', () => {
    const workload = fc.record({
      alerts: fc.array(alertEvents, { minLength: 1, maxLength: 4 }),
      order: fc.array(fc.nat(1000), { minLength: 30, maxLength: 60 }),
      repeat: fc.array(fc.nat(50), { maxLength: 10 }),
      cuts: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 20 }),
    });
    fc.assert(
      fc.property(workload, ({ alerts, order, repeat, cuts }) => {
        // Ids must differ between alerts: (source, id) identifies an event wherever it belongs.
        const all = alerts.flatMap((events, n) =>
          events.map((event) => ({ alertId: `A${n}`, event: { ...event, id: `${n}-${event.id}` } })),
        );
        const arriving = [...all, ...repeat.map((i) => all[i % all.length]!)]
          .map((accepted, i) => ({ accepted, key: order[i % order.length]! }))
          .sort((a, b) => a.key - b.key)
          .map(({ accepted }) => accepted);

        const known = new Map<string, Known>();
        const counted = new Set<string>();
        const increments: Increments[] = [];
        for (let at = 0, cut = 0; at < arriving.length; cut++) {
          const size = cuts[cut % cuts.length]!;
          const fresh = distinct(arriving.slice(at, at + size)).list.filter(({ digest }) => !counted.has(digest));
          at += size;
          const folded = foldBatch(groupByAlert(fresh), known, RULES);
          for (const { digest } of fresh) counted.add(digest);
          for (const [alertId, now] of folded.known) known.set(alertId, now);
          increments.push(folded.increments);
        }

        const whole = new IncrementSum();
        for (const alertId of new Set(all.map((accepted) => accepted.alertId))) {
          const state = oracleFold(
            alertId,
            all.filter((accepted) => accepted.alertId === alertId).map(({ event }) => event),
            RULES,
          );
          expect(known.get(alertId)!.state).toEqual(state);
          // The document does not tell in what order or pieces the events came.
          const events = all.filter((accepted) => accepted.alertId === alertId).map(({ event }) => event);
          expect((known.get(alertId) as ShortAlert).document).toBe(
            encodeDocument(
              distinct(events.map((event) => ({ alertId, event })))
                .list.map(({ event }) => event)
                .sort(compareEvents),
            ),
          );
          if (state) whole.add(state, 1);
        }
        expect(summed(increments)).toEqual(summed([whole.take()]));
      }),
      { numRuns: 500 },
    );
  });

  it('count the same (source, id) once even if it comes again for another alert', () => {
    const first: StoredEvent = { type: 'wage.alert.closed', time: 0, source: 's', id: '1', data: {} };
    expect(
      distinct([
        { alertId: 'A', event: first },
        { alertId: 'B', event: first },
      ]).list.map(({ alertId }) => alertId),
    ).toEqual(['A']);
  });
});
