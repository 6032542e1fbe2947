import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUnitFinder } from '../../../common/units.ts';
import { stageClockOf } from '../../../server/alerts/stageClock.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { historyOf, type Deed } from '../../../server/casework/oversight/history.ts';
import { countPerformance, spanOf } from '../../../server/casework/oversight/performance.ts';
import { alertEvents, CLOCK_TERMS, RULES } from '../alerts/arbitraries.ts';
import { oracleEvents, oracleFold } from '../alerts/foldOracle.ts';
import { SHIPPED } from '../terms/support.ts';

/**
 * docs/casework.md §8 once more, as a reader would write it down: of each event, look back to see with whom the alert was, since when, and
 * what term held. Shares nothing with what it checks but the arithmetic of terms, which has an oracle of its own.
 */

const UNITS = [
  { code: 'jia', name: { 'zh-CN': '甲队', en: 'First' }, platform: 'tri-colour' as const, kind: 'brigade' as const },
];
const FOLD = { ...RULES, clock: stageClockOf({ terms: CLOCK_TERMS, units: UNITS }, SHIPPED) };
const ORACLE = {
  ...RULES,
  clock: { terms: CLOCK_TERMS, calendars: SHIPPED, dayEnds: '24:00', units: { jia: '甲队' } },
};
const rules = { fold: FOLD, unitOf: createUnitFinder({ units: UNITS }) };
const plain = (text: string) => text.normalize('NFKC').replaceAll(/\s/gu, '');
const codeOf = (text: string) => (['甲队', 'jia'].includes(plain(text)) ? 'jia' : '');

type Event = StoredEvent & { data: Record<string, unknown> };
const is = (event: Event | undefined, ...names: string[]) =>
  event !== undefined && names.some((name) => event.type === `wage.alert.${name}`);
const isReturn = (event: Event | undefined) => is(event, 'audited') && event!.data.verdict === 'returned';

function naive(all: readonly StoredEvent[]): Deed[] | undefined {
  const events = oracleEvents(all) as Event[];
  if (!events.some((event) => is(event, 'raised'))) return undefined;
  const back = (i: number, wanted: (event: Event) => boolean) => {
    for (let k = i - 1; k >= 0; k--) if (wanted(events[k]!)) return k;
    return -1;
  };
  const sentBefore = (i: number) => events[back(i, (event) => is(event, 'dispatched'))];
  const unitBefore = (i: number) => {
    const sent = sentBefore(i);
    return sent && codeOf(String(sent.data.unit));
  };
  const holder = (i: number) => {
    const k = back(i, (event) => is(event, 'raised', 'dispatched', 'handled', 'audited', 'closed'));
    if (is(events[k], 'dispatched')) return codeOf(String(events[k]!.data.unit));
    return isReturn(events[k]) ? unitBefore(k) : undefined;
  };
  const stage = (i: number) => {
    const k = back(i, (event) => is(event, 'raised', 'dispatched', 'accepted', 'handled', 'audited', 'closed'));
    if (k < 0) return 'raised';
    return isReturn(events[k]) ? 'dispatched' : events[k]!.type.slice('wage.alert.'.length);
  };
  /** Which event began the stay that goes on before the i-th. */
  const begin = (i: number) => {
    let k = i - 1;
    while (!isReturn(events[k]) && holder(k) === holder(i)) k--;
    return k;
  };
  const term = (i: number) => {
    const before = events.slice(0, i);
    return before.some((event) => is(event, 'raised')) ? oracleFold('A', before, ORACLE)!.dueAt : Infinity;
  };
  /** Whoever worked on it before, since it was last handled, goes on working on it: nothing is to be accepted. */
  const worksAlready = (i: number) => {
    const whose = (k: number) => {
      const { unit, platform } = sentBefore(k)?.data ?? {};
      return unit === undefined ? 'nobody' : codeOf(String(unit)) || `${String(platform)} ${plain(String(unit))}`;
    };
    const reset = back(i, (event) => is(event, 'raised', 'handled', 'audited', 'closed'));
    if (isReturn(events[reset]) && whose(reset) === whose(i)) return true;
    return events.some((event, k) => k > reset && k < i && is(event, 'accepted') && whose(k) === whose(i));
  };
  return events.flatMap((event, i): Deed[] => {
    const [at, unit] = [event.time, holder(i)];
    const began = unit === undefined ? -1 : begin(i);
    const since = events[began]?.time ?? NaN;
    if (is(event, 'dispatched')) {
      const to = codeOf(String(event.data.unit));
      return to === unit ? [] : [{ kind: 'received', unit: to, at }];
    }
    if (is(event, 'accepted') && unit !== undefined && stage(i) === 'dispatched' && !worksAlready(i)) {
      // Before it is raised there is no term to accept.
      if (!events.slice(0, i).some((one) => is(one, 'raised'))) return [];
      return [{ kind: 'accepted', unit, at, late: at > term(i), ms: at - since }];
    }
    if (is(event, 'handled') && unit !== undefined) {
      const first = events.findIndex(
        (one, k) => k > began && k < i && is(one, 'accepted') && stage(k) === 'dispatched',
      );
      const from = isReturn(events[began]) || first < 0 ? since : events[first]!.time;
      return [{ kind: 'handled', unit, at, late: at > term(i), ms: at - from }];
    }
    if (is(event, 'audited') && stage(i) === 'handled') {
      const handled = back(i, (one) => is(one, 'handled'));
      // Handled twice without having been sent out again: it was the first time that counts.
      let first = handled;
      while (first >= 0 && holder(first) === undefined) {
        const before = back(first, (one) => is(one, 'raised', 'dispatched', 'handled', 'audited', 'closed'));
        first = is(events[before], 'handled') ? before : -1;
      }
      const by = first < 0 ? undefined : holder(first);
      return by === undefined ? [] : [{ kind: 'audited', unit: by, at, returned: isReturn(event) }];
    }
    if (event.type === 'wage.case.extended') return unit === undefined ? [] : [{ kind: 'extended', unit, at }];
    if (event.type === 'wage.wages.recovered') {
      const of = unitBefore(i);
      const { amountFen, workers } = event.data as { amountFen: number; workers: number };
      return of === undefined ? [] : [{ kind: 'recovered', unit: of, at, amountFen, workers }];
    }
    return [];
  });
}

const deedsOf = (events: readonly StoredEvent[]) => historyOf('A', [...events], rules)?.deeds;

describe('what units have done', () => {
  it('is as a reader of the text counts it, whatever happens', () => {
    fc.assert(
      fc.property(alertEvents, (events) => {
        expect(deedsOf(events)).toEqual(naive(events));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is the same in whatever order events come', () => {
    fc.assert(
      fc.property(
        alertEvents.chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
        ([events, shuffled]) => {
          expect(historyOf('A', [...shuffled], rules)).toEqual(historyOf('A', [...events], rules));
        },
      ),
    );
  });

  const at = (text: string) => Date.parse(`2026-11-${text}:00+08:00`);
  let n = 0;
  const make = (type: string, time: string, data: object = {}): StoredEvent =>
    ({ type, time: at(time), source: 's', id: String(n++), data }) as StoredEvent;
  const facts = {
    tier: 'red',
    town: '330110010',
    industry: 'E',
    channel: 'petition',
    enterprise: { name: '某甲有限公司' },
    workers: 1,
    amountFen: 1,
  };
  const sent = (time: string, unit: string) => make('wage.alert.dispatched', time, { platform: 'tri-colour', unit });

  it('gives each unit its own time, and the return to whoever handled it', () => {
    const events = [
      make('wage.alert.raised', '16T09:00', facts),
      sent('16T09:10', '甲队'),
      // Past two hours.
      make('wage.alert.accepted', '16T13:10', { unit: '甲队' }),
      sent('17T09:00', '乙队'),
      make('wage.alert.accepted', '17T10:00', { unit: '乙队' }),
      make('wage.alert.handled', '18T10:00', { outcome: 'paid-in-part' }),
      make('wage.alert.audited', '18T12:00', { verdict: 'returned' }),
      make('wage.alert.handled', '19T12:00', { outcome: 'paid-in-full' }),
      make('wage.wages.recovered', '19T12:01', { amountFen: 500, workers: 2 }),
      make('wage.alert.audited', '20T12:00', { verdict: 'effective' }),
    ];
    const history = historyOf('A', events, rules)!;
    const count = countPerformance(['jia'], spanOf('2026-10', '2026-11')!, at('28T09:00'));
    count.add(history);
    const [jia, others] = count.done();
    expect(jia).toMatchObject({
      unit: 'jia',
      open: 0,
      total: { received: 1, accepted: 1, acceptedLate: 1, handled: 0, audited: 0 },
    });
    expect(jia!.months[0]).toMatchObject({ received: 0 });
    expect(jia!.total.toAccept).toEqual({ count: 1, meanMs: 4 * 3_600_000, medianMs: 4 * 3_600_000 });
    expect(jia!.total.toHandle).toBeUndefined();
    expect(others!.unit).toBeUndefined();
    expect(others!.total).toMatchObject({
      received: 1,
      accepted: 1,
      acceptedLate: 0,
      handled: 2,
      handledLate: 0,
      audited: 2,
      returned: 1,
      recoveredFen: 500,
      recoveredWorkers: 2,
      toHandle: { count: 2, meanMs: 24 * 3_600_000 },
    });
  });

  it('moves the term with an extension', () => {
    const events = (extended: boolean) => [
      make('wage.alert.raised', '16T09:00', facts),
      sent('16T09:10', '甲队'),
      make('wage.alert.accepted', '16T09:20', { unit: '甲队' }),
      ...(extended
        ? [make('wage.case.extended', '17T09:00', { dueAt: '2026-11-27T00:00:00+08:00', reason: '某理由' })]
        : []),
      make('wage.alert.handled', '26T10:00', { outcome: 'other' }),
    ];
    const late = (given: StoredEvent[]) =>
      deedsOf(given)!.flatMap((deed) => (deed.kind === 'handled' ? [deed.late] : []));
    expect([late(events(false)), late(events(true))]).toEqual([[true], [false]]);
  });
});

describe('letters', () => {
  it('are answered by what follows them, and end with the case', () => {
    fc.assert(
      fc.property(alertEvents, (events) => {
        const sorted = oracleEvents(events);
        const letters = historyOf('A', [...events], rules)?.letters;
        if (!letters) return;
        const isStage = ({ type }: StoredEvent) => type.startsWith('wage.alert.') && type !== 'wage.alert.amended';
        const stageOf = (i: number) =>
          sorted.slice(0, i).filter(isStage).at(-1) ?? sorted.find(({ type }) => type === 'wage.alert.raised');
        const closed = oracleFold('A', events, ORACLE)!.stage === 'closed';
        const expected = sorted.flatMap((event, i) => {
          if (event.type !== 'wage.case.urged' && event.type !== 'wage.case.supervised') return [];
          const answer = sorted.slice(i).find(({ type }) => type === 'wage.case.answered');
          const moved = stageOf(i) !== stageOf(sorted.length);
          return [
            {
              event: event.id,
              at: event.time,
              answeredAt: answer?.time,
              ended: closed || (event.type === 'wage.case.urged' && moved),
            },
          ];
        });
        expect(letters.map(({ event, at, answer, ended }) => ({ event, at, answeredAt: answer?.at, ended }))).toEqual(
          expected,
        );
      }),
    );
  });
});
