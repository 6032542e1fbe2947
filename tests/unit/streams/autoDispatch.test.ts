import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tier } from '../../../contract/codes.ts';
import { decodeDocument } from '../../../server/alerts/document.ts';
import { digestOf } from '../../../server/alerts/eventDigest.ts';
import { foldAlert, foldRulesOf } from '../../../server/alerts/fold.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { createAlertReducer, type Counted } from '../../../server/streams/counting/alertReducer.ts';
import { decodeChunk, encodeChunk, type Accepted } from '../../../server/streams/intake/chunk.ts';
import { loadPack } from '../../support/packs.ts';

const NOW = Date.parse('2026-11-25T10:00:00+08:00');
const MINUTE = 60_000;
const PACK = loadPack('330110');
const RULES = foldRulesOf(PACK, []);
const BRIGADE = '余杭区劳动保障监察大队';
const LINPING = '临平街道综合信息指挥室';
const SIGNALS = 'urn:wagewatch:signals';

const raised = (tier: Tier, more: Partial<StoredEvent> = {}): StoredEvent =>
  ({
    type: 'wage.alert.raised',
    time: NOW - MINUTE,
    source: SIGNALS,
    id: 'r',
    data: {
      tier,
      town: '330110001',
      industry: 'E',
      channel: 'petition',
      enterprise: { name: '某禾建筑有限公司' },
      workers: 3,
      amountFen: 100,
    },
    ...more,
  }) as StoredEvent;
const step = (type: StoredEvent['type'], at: number, data: object, more: Partial<StoredEvent> = {}): StoredEvent =>
  ({ type, time: NOW - MINUTE + at, source: 'urn:test', id: `${type}-${at}`, data, ...more }) as StoredEvent;
const amended = (tier: Tier, at: number) => step('wage.alert.amended', at, { tier });
const accepted = (at: number) => step('wage.alert.accepted', at, { unit: LINPING });
const sent = (at: number, unit = '某队') => step('wage.alert.dispatched', at, { platform: 'other', unit });

/** A worker that takes batches one by one, with what it has written. */
function workerOf({ pack = PACK, dispatches = true, now = NOW } = {}) {
  const documents = new Map<string, string>();
  const seen = new Set<string>();
  const counted: Counted[] = [];
  const reducer = createAlertReducer({
    region: '330110',
    rules: () => RULES,
    dispatches: dispatches ? { pack, now: () => now } : undefined,
    ask: (alertIds, digests) =>
      Promise.resolve({
        documents: alertIds.map((id) => documents.get(id) ?? null),
        seen: [...digests].map((digest) => (seen.has(digest) ? '1' : '0')).join(''),
      }),
    onCounted: () => undefined,
  });
  return {
    seen,
    counted,
    events: (alertId = 'SG-1') => decodeDocument(documents.get(alertId) ?? '[]'),
    begin: () => reducer.begin('1'),
    async take(events: readonly StoredEvent[], { mark = false, alertId = 'SG-1' } = {}) {
      const chunk = events.map((event): Accepted => (mark ? { alertId, event, dispatch: true } : { alertId, event }));
      const batch = decodeChunk(encodeChunk(chunk));
      const result = reducer.fold(batch, await reducer.readForBatch(batch));
      for (const [id, document] of result.documents) documents.set(id, document);
      for (const digest of result.seen) seen.add(digest);
      counted.push(result);
      return result;
    },
  };
}
const made = (events: readonly StoredEvent[]) => events.filter(({ source }) => source === 'urn:wagewatch:dispatch');
const summary = (events: readonly StoredEvent[]) =>
  made(events).map(({ id, time, data }) => ({ id, at: time - NOW + MINUTE, ...data }));

describe('dispatch by itself', () => {
  it.each([
    ['red', 'tri-colour', BRIGADE],
    ['orange', 'tri-colour', BRIGADE],
    ['yellow', 'four-platforms', LINPING],
  ] as const)('sends %s to %s, %s, in the commit that counts its raised', async (tier, platform, unit) => {
    const worker = workerOf();
    const result = await worker.take([raised(tier)]);
    expect(summary(worker.events())).toEqual([{ id: 'SG-1/auto', at: 0, platform, unit }]);
    expect(worker.seen).toContain(digestOf('urn:wagewatch:dispatch', 'SG-1/auto'));
    // What it adds has not come in: it is not among those that were.
    expect(result.events).toBe(1);
    expect(foldAlert('SG-1', worker.events(), RULES)).toMatchObject({ stage: 'dispatched', platform, unit });
  });

  it.each([
    ['the desk', { source: 'urn:wagewatch:desk' }, false, 1],
    ['a source whose token says so', { source: 'urn:bank' }, true, 1],
    ['any other source', { source: 'urn:bank' }, false, 0],
    ['what is ten minutes old', { time: NOW - 10 * MINUTE }, false, 0],
    ['what is nearly ten minutes old', { time: NOW - 10 * MINUTE + 1 }, false, 1],
  ])('of %s', async (_, more, mark, events) => {
    const worker = workerOf();
    await worker.take([raised('red', more)], { mark });
    expect(made(worker.events())).toHaveLength(events);
  });

  it('leaves a tier to people where the pack says so, and everything in a rebuild', async () => {
    const red = { platform: 'tri-colour', unit: 'brigade', auto: false } as const;
    const left = workerOf({ pack: { ...PACK, dispatch: { ...PACK.dispatch, red } } });
    await left.take([raised('red')]);
    expect(made(left.events())).toEqual([]);
    const rebuilt = workerOf({ dispatches: false });
    await rebuilt.take([raised('red')]);
    expect(made(rebuilt.events())).toEqual([]);
  });

  it('dispatches nothing that somebody has dispatched, and whoever dispatches later prevails', async () => {
    const before = workerOf();
    await before.take([sent(1)]);
    await before.take([raised('red')]);
    expect(made(before.events())).toEqual([]);
    const later = workerOf();
    await later.take([raised('red')]);
    await later.take([sent(1)]);
    for (const { events } of [before, later])
      expect(foldAlert('SG-1', events(), RULES)).toMatchObject({
        stage: 'dispatched',
        platform: 'other',
        unit: '某队',
      });
  });

  it('transfers what is escalated to the tier of another platform while it is dispatched or accepted', async () => {
    for (const between of [[], [accepted(1000)]]) {
      const worker = workerOf();
      await worker.take([raised('yellow'), ...between]);
      await worker.take([amended('orange', 2000)]);
      expect(summary(worker.events())[1]).toEqual({
        id: 'SG-1/auto/wage.alert.amended-2000',
        at: 2000,
        platform: 'tri-colour',
        unit: BRIGADE,
      });
      await worker.take([amended('red', 3000)]);
      expect(made(worker.events())).toHaveLength(2);
    }
  });

  it.each([
    ['it is handled', [step('wage.alert.handled', 1000, { outcome: 'other' })], amended('red', 2000)],
    ['somebody has sent it on since', [sent(3000)], amended('red', 2000)],
    ['its tier is lowered', [amended('red', 500)], amended('yellow', 2000)],
    ['its facts change', [], step('wage.alert.amended', 2000, { workers: 9 })],
  ])('transfers nothing when %s', async (_, between, last) => {
    const worker = workerOf();
    await worker.take([raised('yellow'), ...between]);
    const before = made(worker.events()).length;
    await worker.take([last]);
    expect(made(worker.events())).toHaveLength(before);
  });

  it.each([
    ['leaves it where the platform that it is with has sent it since', 'four-platforms', 0],
    ['transfers what another platform has sent on without effect', 'tri-colour', 1],
  ] as const)('%s', async (_, platform, transfers) => {
    const worker = workerOf();
    await worker.take([raised('yellow'), { ...sent(3000), by: { platform } }]);
    const before = made(worker.events()).length;
    await worker.take([amended('red', 2000)]);
    expect(made(worker.events()).length - before).toBe(transfers);
  });

  it('tells amendments of different sources apart that have the same id', async () => {
    const worker = workerOf();
    const again = (tier: Tier, at: number, source: string) => ({ ...amended(tier, at), id: 'same', source });
    await worker.take([raised('yellow'), again('red', 1000, 'urn:a')]);
    await worker.take([
      amended('yellow', 1500),
      { ...sent(1600), data: { platform: 'four-platforms', unit: LINPING } } as StoredEvent,
    ]);
    await worker.take([again('red', 2000, 'urn:b')]);
    const ids = made(worker.events()).map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual(['SG-1/auto', 'SG-1/auto/same']);
    expect(ids).toHaveLength(3);
    expect(foldAlert('SG-1', worker.events(), RULES)).toMatchObject({ platform: 'tri-colour' });
    await worker.take([step('wage.case.noted', 2500, { text: 'x' })]);
    expect(made(worker.events())).toHaveLength(3);
  });

  it('takes an escalation of an alert with very many events', async () => {
    const worker = workerOf();
    const notes = Array.from({ length: 200 }, (_, i) => step('wage.case.noted', 100 + i, { text: String(i) }));
    await worker.take([raised('yellow'), ...notes]);
    const { parts } = await worker.take([amended('red', 2000)]);
    expect(parts.map(([, text]) => text).join('')).toContain('SG-1/auto/wage.alert.amended-2000');
  });

  it('gives the same document in any order of arrival, cut into any batches, with repeats and failed commits', async () => {
    const life = [
      raised('yellow'),
      accepted(1000),
      amended('red', 2000),
      step('wage.case.noted', 2500, { text: 'x' }),
      step('wage.alert.handled', 3000, { outcome: 'other' }),
      step('wage.alert.amended', 0, { town: '330110002' }),
    ];
    const inOrder = (events: StoredEvent[]) =>
      [...events].sort((a, b) => (`${a.source} ${a.id}` < `${b.source} ${b.id}` ? -1 : 1));
    const whole = workerOf();
    await whole.take(life);
    const expected = inOrder(whole.events());
    expect(made(expected)).toHaveLength(2);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...life, ...life], { minLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
        fc.boolean(),
        async (arriving, cuts, again) => {
          const worker = workerOf();
          for (let at = 0, n = 0; at < arriving.length; n++) {
            const size = cuts[n % cuts.length]!;
            await worker.take(arriving.slice(at, at + size));
            // What was kept in memory is gone: all is read from what was written.
            if (again) await worker.begin();
            at += size;
          }
          // The town is a fact of the unit that it goes to: known late, it changes where it would have gone, not where it went.
          expect(foldAlert('SG-1', worker.events(), RULES)).toMatchObject({ stage: 'handled', platform: 'tri-colour' });
          expect(inOrder(worker.events()).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
        },
      ),
      { numRuns: 300 },
    );
  });
});
