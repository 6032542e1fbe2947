import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../../server/alerts/document.ts';
import { decodeChange } from '../../../server/aggregations/change.ts';
import { IncrementSum } from '../../../server/aggregations/contributions.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { createAlertReducer, type BatchAnswer, type Counted } from '../../../server/streams/counting/alertReducer.ts';
import { BatchPipeline } from '../../../server/streams/worker/batchPipeline.ts';
import { OffsetMoved, type Span } from '../../../server/streams/worker/commit.ts';
import { summed } from '../../support/increments.ts';
import { alertEvents, RULES } from '../alerts/arbitraries.ts';
import { oracleFold } from '../alerts/foldOracle.ts';

type Accepted = { alertId: string; event: StoredEvent };

/**
 * Redis as the pipeline may find it at worst: a question is answered with what was true at any moment after it was
 * asked, commits take as long as they like, and some fail.
 */
class SlowStore {
  readonly documents = new Map<string, string>();
  readonly seen = new Set<string>();
  readonly changes: string[] = [];
  offset = '0';
  duplicates = 0;
  private calls = 0;
  private readonly delays: number[];
  private readonly failing: Set<number>;
  private commits = 0;

  constructor(delays: number[], failing: number[]) {
    this.delays = delays;
    this.failing = new Set(failing);
  }

  private async wait(): Promise<void> {
    for (let turns = this.delays[this.calls++ % this.delays.length]!; turns > 0; turns--)
      await new Promise(setImmediate);
  }

  async ask(alertIds: string[], digests: ReadonlySet<string>): Promise<BatchAnswer> {
    await this.wait();
    const answer = {
      documents: alertIds.map((alertId) => this.documents.get(alertId) ?? null),
      seen: [...digests].map((digest) => (this.seen.has(digest) ? '1' : '0')).join(''),
    };
    await this.wait();
    return answer;
  }

  async commit({ from, to }: Span, batch: Counted): Promise<void> {
    await this.wait();
    if (this.failing.delete(this.commits++)) throw new Error('connection lost');
    if (from[0] !== this.offset) throw new OffsetMoved(`${from[0]} is not ${this.offset}`);
    for (const [alertId, document] of batch.documents) this.documents.set(alertId, document);
    for (const digest of batch.seen) this.seen.add(digest);
    if (batch.change) this.changes.push(batch.change);
    this.offset = to[0]!;
    this.duplicates += batch.duplicates;
    await this.wait();
  }
}

function pipelineOn(store: SlowStore) {
  const reducer = createAlertReducer({
    region: '330110',
    rules: () => RULES,
    ask: (alertIds, digests) => store.ask(alertIds, digests),
    onCounted: () => undefined,
  });
  return new BatchPipeline({
    reducer,
    commit: (span, counted) => store.commit(span, counted),
    offsets: [store.offset],
  });
}

/** Counts all batches, beginning again where the store stands whenever a commit fails, as a worker does. */
async function countAll(store: SlowStore, batches: Accepted[][], flushes: boolean[]): Promise<void> {
  for (let attempts = 0; attempts < 20; attempts++) {
    const first = Number(store.offset);
    const pipeline = pipelineOn(store);
    try {
      for (let i = first; i < batches.length; i++) {
        await pipeline.push([String(i + 1)], batches[i]!);
        if (flushes[i % flushes.length]) await pipeline.flush();
      }
      await pipeline.flush();
      await pipeline.settled();
      return;
    } catch {
      await pipeline.settled().catch(() => undefined);
    }
  }
  throw new Error('never got through');
}

describe('a pipeline of batches', () => {
  it('counts each event once, whatever was asked before what was committed, and whichever commits fail', async () => {
    const workload = fc.record({
      alerts: fc.array(alertEvents, { minLength: 1, maxLength: 3 }),
      order: fc.array(fc.nat(1000), { minLength: 20, maxLength: 40 }),
      repeat: fc.array(fc.nat(50), { maxLength: 15 }),
      cuts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 10 }),
      delays: fc.array(fc.nat(4), { minLength: 1, maxLength: 12 }),
      failing: fc.array(fc.nat(12), { maxLength: 3 }),
      flushes: fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(workload, async ({ alerts, order, repeat, cuts, delays, failing, flushes }) => {
        const all = alerts.flatMap((events, n) =>
          events.map((event) => ({ alertId: `A${n}`, event: { ...event, id: `${n}-${event.id}` } })),
        );
        const arriving = [...all, ...repeat.map((i) => all[i % all.length]!)]
          .map((accepted, i) => ({ accepted, key: order[i % order.length]! }))
          .sort((a, b) => a.key - b.key)
          .map(({ accepted }) => accepted);
        const batches: Accepted[][] = [];
        for (let at = 0; at < arriving.length;) {
          const size = cuts[batches.length % cuts.length]!;
          batches.push(arriving.slice(at, at + size));
          at += size;
        }

        const store = new SlowStore(delays, failing);
        await countAll(store, batches, flushes);

        const whole = new IncrementSum();
        for (const alertId of new Set(all.map((accepted) => accepted.alertId))) {
          const events = all.filter((accepted) => accepted.alertId === alertId).map(({ event }) => event);
          const byId = (list: StoredEvent[]) =>
            [...list].sort((a, b) => (`${a.source} ${a.id}` < `${b.source} ${b.id}` ? -1 : 1));
          expect(byId(decodeDocument(store.documents.get(alertId)!))).toEqual(byId(events));
          const state = oracleFold(alertId, events, RULES);
          if (state) whole.add(state, 1);
        }
        expect(summed(store.changes.map((change) => decodeChange(change).increments))).toEqual(summed([whole.take()]));
        expect(store.duplicates).toBe(arriving.length - all.length);
      }),
      { numRuns: 400 },
    );
  });

  it('tells of a failed commit to whoever waits for it, and commits nothing after', async () => {
    const store = new SlowStore([1], [0]);
    const event = (id: string): Accepted => ({
      alertId: 'A',
      event: { type: 'wage.alert.closed', time: 0, source: 's', id, data: {} },
    });
    const pipeline = pipelineOn(store);
    await pipeline.push(['1'], [event('1')]);
    await pipeline.push(['2'], [event('2')]);
    await expect(pipeline.settled()).rejects.toThrow('connection lost');
    await expect(pipeline.push(['3'], [event('3')])).rejects.toThrow('connection lost');
    expect(store.documents.size).toBe(0);
  });
});
