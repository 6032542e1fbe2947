import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IncrementSum } from '../../../server/aggregations/contributions.ts';
import { decodeDocument, encodeDocument, partsOfDocument } from '../../../server/alerts/document.ts';
import { compareEvents, foldAlert } from '../../../server/alerts/fold.ts';
import { LongFold } from '../../../server/alerts/longFold.ts';
import { toRow, type AlertRow, type RecoveryTuple } from '../../../server/alerts/row.ts';
import type { AlertState, StoredEvent } from '../../../server/alerts/state.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { foldBatch, knownFrom, type Known } from '../../../server/streams/counting/foldBatch.ts';
import { LongAlert } from '../../../server/streams/counting/longAlert.ts';
import { summed } from '../../support/increments.ts';
import { PACK } from '../lists/support.ts';
import { alertEvents, RULES } from './arbitraries.ts';

/** Some hundreds of distinct events of one alert, mostly in order of time, in batches. */
const lives = fc
  .record({
    shapes: fc.array(alertEvents, { minLength: 6, maxLength: 12 }),
    times: fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 20, maxLength: 20 }),
    late: fc.integer({ min: 2, max: 60 }),
    cuts: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 3, maxLength: 8 }),
  })
  .map(({ shapes, times, late, cuts }) => {
    const pool = shapes.flat();
    const events = Array.from({ length: 400 }, (_, i): StoredEvent => {
      const at = i % late === 0 ? times[i % times.length]! : i;
      return { ...pool[i % pool.length]!, time: at * 3_600_000, id: String(i) };
    });
    const batches: StoredEvent[][] = [];
    for (let at = 0; at < events.length;) {
      const size = cuts[batches.length % cuts.length]!;
      batches.push(events.slice(at, at + size));
      at += size;
    }
    return { events, batches };
  });

const byTime = (list: readonly RecoveryTuple[]) => [...list].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
const ordered = (state: AlertState | undefined) =>
  state && {
    ...state,
    recoveries: [...state.recoveries].sort((a, b) => a.at - b.at || a.amountFen - b.amountFen || a.workers - b.workers),
  };

describe('an alert with very many events', () => {
  it('folds to the same, batch by batch, in whatever order they come', () => {
    fc.assert(
      fc.property(lives, ({ batches }) => {
        const long = new LongFold('A', RULES);
        const so: StoredEvent[] = [];
        for (const batch of batches) {
          long.add(batch);
          so.push(...batch);
          expect(ordered(long.state)).toEqual(ordered(foldAlert('A', [...so], RULES)));
        }
        expect(long.events).toEqual([...so].sort(compareEvents));
      }),
      { numRuns: 60 },
    );
  });

  it('adds up to the same increments, rows and documents, also when it is read again in between', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 1, max: 20 }), ({ events, batches }, readAgain) => {
        const known = new Map<string, Known>();
        const heads = new Map<string, string>();
        const parts = new Map<string, string>();
        const table = new AlertTable(PACK);
        const rows: AlertRow[] = [];
        const increments = batches.map((batch, i) => {
          if (i % readAgain === 0 && heads.has('A')) known.set('A', knownFrom('A', joined(heads, parts), RULES));
          const folded = foldBatch(new Map([['A', batch]]), known, RULES);
          known.set('A', folded.known.get('A')!);
          for (const [id, document] of folded.documents) heads.set(id, document);
          for (const [field, part] of folded.parts) parts.set(field, part);
          for (const row of folded.rows) {
            rows.push(row);
            table.upsert(row);
          }
          return folded.increments;
        });
        expect(known.get('A')).toBeInstanceOf(LongAlert);
        const state = foldAlert('A', [...events], RULES);
        const whole = new IncrementSum();
        if (state) whole.add(state, 1);
        expect(summed(increments)).toEqual(summed([whole.take()]));
        expect(decodeDocument(joined(heads, parts)).sort(compareEvents)).toEqual([...events].sort(compareEvents));
        if (!state) return;
        const expected = toRow(state);
        const listed = () => {
          const row = table.get('A')!;
          return { ...row, recoveries: byTime(row.recoveries ?? []) };
        };
        expect(listed()).toEqual({ ...expected, region: PACK.code, recoveries: byTime(expected.recoveries ?? []) });
        // A process that begins with a checkpoint reads the end of the feed again.
        const before = listed();
        for (const row of rows.slice(-7)) table.upsert(row);
        expect(listed()).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('is taken over from a document in one piece, as versions before wrote it', () => {
    const events = fc.sample(lives, { numRuns: 1, seed: 2 })[0]!.events;
    const [last] = events.splice(-1);
    const known = new Map([['A', knownFrom('A', encodeDocument(events), RULES)]]);
    const folded = foldBatch(new Map([['A', [last!]]]), known, RULES);
    expect(folded.parts).toEqual([]);
    const [[, head]] = folded.documents as [[string, string]];
    expect(decodeDocument(head).sort(compareEvents)).toEqual([...events, last!].sort(compareEvents));
    expect(partsOfDocument(head)).toBe(0);
  });

  it('costs what a further event changes, not what came before', () => {
    const recovered = (n: number): StoredEvent => ({
      type: 'wage.wages.recovered',
      time: n * 60_000,
      source: 's',
      id: String(n),
      data: { amountFen: n, workers: 1 },
    });
    const [life] = fc.sample(alertEvents, { numRuns: 1, seed: 5 });
    const raised = life!.find(({ type }) => type === 'wage.alert.raised') ?? { type: 'wage.alert.raised' as const };
    const first = {
      ...raised,
      time: 0,
      id: 'first',
      source: 's',
      data: {
        tier: 'red',
        town: '330110001',
        industry: 'E',
        channel: 'water',
        enterprise: { name: '某' },
        workers: 1,
        amountFen: 1,
      },
    } as StoredEvent;
    const known = new Map<string, Known>();
    const events = [first, ...Array.from({ length: 100_000 }, (_, n) => recovered(n + 1))];
    for (let at = 0; at < events.length; at += 20_000)
      foldBatch(new Map([['A', events.slice(at, at + 20_000)]]), known, RULES).known.forEach((now, id) =>
        known.set(id, now),
      );
    for (let n = 200_000; n < 200_500; n++) {
      const folded = foldBatch(new Map([['A', [recovered(n)]]]), known, RULES);
      expect(folded.documents).toEqual([]);
      // One part of 64 events, its number when it is new; the one recovery that is new; the cell and the payer of one minute.
      expect(JSON.stringify(folded.parts).length).toBeLessThan(64 * 100);
      expect(folded.rows[0]).toMatchObject({ kept: 100_000 + n - 200_000, recoveries: [[n * 60_000, n, 1]] });
      expect(folded.increments.cells.length + folded.increments.paid.length).toBe(2);
    }
  });
});

/** The whole document, as Redis joins it (documentParts.lua). */
function joined(heads: ReadonlyMap<string, string>, parts: ReadonlyMap<string, string>): string {
  const head = heads.get('A')!;
  if (!head.startsWith('[0,')) return head;
  const n = Number(parts.get('#A') ?? 0);
  const texts = Array.from({ length: n }, (_, i) => parts.get(`${i}#A`)!.slice(1, -1));
  return `[${[String(n), head.slice(3, -1), ...texts].join(',')}]`;
}
