import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldAlert, foldRulesOf } from '../../../server/alerts/fold.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { messageOf } from '../../../server/casework/connectors/cloudEvent.ts';
import { createAlertReducer } from '../../../server/streams/counting/alertReducer.ts';
import { decodeOutgoing } from '../../../server/streams/counting/outgoing.ts';
import { decodeChunk, encodeChunk } from '../../../server/streams/intake/chunk.ts';
import { loadPack } from '../../support/packs.ts';

/** What outside platforms hear of an alert, whatever the order in which its events come (docs/casework.md §4). */

const NOW = Date.parse('2026-11-25T10:00:00+08:00');
const PACK = loadPack('330110');
const RULES = foldRulesOf(PACK, []);
const COURT = PACK.units!.find(({ code }) => code === 'court')!.name['zh-CN'];

const step = (type: StoredEvent['type'], at: number, data: object, by?: StoredEvent['by']): StoredEvent =>
  ({ type, time: NOW + at, source: 'urn:test', id: `e${at}`, data, ...(by ? { by } : {}) }) as StoredEvent;
const raised = step('wage.alert.raised', 0, {
  tier: 'red',
  town: '330110001',
  industry: 'E',
  channel: 'petition',
  enterprise: { name: '某禾建筑有限公司' },
  workers: 0,
  amountFen: 100,
});
const sent = (at: number, platform: string, unit = '某队', by?: StoredEvent['by']) =>
  step('wage.alert.dispatched', at, { platform, unit }, by);
const amended = (at: number) => step('wage.alert.amended', at, { workers: at });
const returned = (at: number) => step('wage.alert.audited', at, { verdict: 'returned', note: '某缺项' });
const extended = (at: number) =>
  step('wage.case.extended', at, { dueAt: '2026-12-31T18:00:00+08:00', reason: '某理由' });

interface Got {
  platform: string;
  id: string;
  type: string;
  at: number;
  data: { platform?: string; unit?: string; alert?: { workers: number } };
}

/** Counts batches one by one; says what each puts into the outboxes. */
function worker(connected = ['tri-colour', 'four-platforms', 'other:court'], since = NOW) {
  const documents = new Map<string, string>();
  const reducer = createAlertReducer({
    region: '330110',
    rules: () => RULES,
    dispatches: { pack: PACK, now: () => NOW + 100 * 86_400_000 },
    ask: (alertIds, digests) =>
      Promise.resolve({
        documents: alertIds.map((id) => documents.get(id) ?? null),
        seen: '0'.repeat(digests.size),
        connected: new Map(connected.map((name) => [name, since])),
      }),
    onCounted: () => undefined,
  });
  void reducer.begin('1');
  return async (...events: StoredEvent[]): Promise<Got[]> => {
    const batch = decodeChunk(encodeChunk(events.map((event) => ({ alertId: 'A', event }))));
    const { outgoing = [], documents: after } = reducer.fold(batch, await reducer.readForBatch(batch));
    for (const [id, document] of after) documents.set(id, document);
    return outgoing.map(({ platform, entry }) => {
      const { body } = messageOf('330110', decodeOutgoing(entry));
      const { id, type, time, data } = JSON.parse(body) as Got & { time: string };
      return { platform, id, type, at: Date.parse(time) - NOW, data };
    });
  };
}
const brief = (got: Got[]) => got.map(({ platform, type, at }) => `${platform} ${type.split('.')[2]} ${at}`);

describe('what outside platforms hear', () => {
  it('is nothing of a dispatch that comes late and was followed by another', async () => {
    const count = worker();
    expect(brief(await count(raised, sent(20, 'tri-colour')))).toEqual(['tri-colour dispatched 20']);
    expect(brief(await count(sent(10, 'four-platforms')))).toEqual([]);
    expect(brief(await count(sent(15, 'tri-colour')))).toEqual([]);
    expect(brief(await worker()(raised, sent(10, 'four-platforms'), sent(20, 'tri-colour')))).toEqual([
      'tri-colour dispatched 20',
    ]);
  });

  it('is no closing and no urging from before the dispatch that holds, but facts that come late', async () => {
    const count = worker();
    await count(raised, sent(20, 'tri-colour'), amended(30));
    expect(brief(await count(step('wage.alert.closed', 10, {}), step('wage.case.urged', 12, {})))).toEqual([]);
    const got = await count(amended(15));
    expect(brief(got)).toEqual(['tri-colour amended 15']);
    expect(got[0]!.data.alert).toMatchObject({ workers: 30, enterprise: { name: '某禾建筑有限公司' } });
  });

  it('is that an audit has sent the alert back, and that its term was extended', async () => {
    const count = worker();
    await count(raised, sent(10, 'tri-colour'), step('wage.alert.handled', 20, { outcome: 'other' }));
    expect(brief(await count(returned(30)))).toEqual(['tri-colour audited 30']);
    expect(brief(await count(extended(40)))).toEqual(['tri-colour extended 40']);
    expect(brief(await count(step('wage.alert.audited', 50, { verdict: 'effective' })))).toEqual([]);
  });

  it('is, for the platform that loses the alert, who has it now', async () => {
    const count = worker();
    await count(raised, sent(10, 'tri-colour'));
    const got = await count(sent(20, 'other', COURT));
    expect(brief(got)).toEqual(['tri-colour transferred 20', 'other:court dispatched 20']);
    expect(got[0]!.data).toEqual({ alertId: 'A', region: '330110', platform: 'other', unit: COURT });
    expect(brief(await count(amended(30)))).toEqual(['other:court amended 30']);
    // Nobody is connected there.
    expect(brief(await count(sent(40, 'other', '某所')))).toEqual(['other:court transferred 40']);
    expect(brief(await count(amended(50)))).toEqual([]);
  });

  it('is nothing of what the platform has done itself: it knows that it has sent the alert on', async () => {
    const count = worker();
    await count(raised, sent(10, 'tri-colour'));
    const by = { platform: 'tri-colour' } as const;
    expect(brief(await count(sent(20, 'four-platforms', '某街道', by)))).toEqual(['four-platforms dispatched 20']);
  });

  it('is all that has happened since a dispatch that comes late', async () => {
    const count = worker();
    await count(raised, step('wage.alert.closed', 30, {}));
    expect(brief(await count(sent(20, 'tri-colour')))).toEqual(['tri-colour dispatched 20', 'tri-colour closed 30']);
  });

  it('is nothing of history', async () => {
    const count = worker(['tri-colour', 'four-platforms'], NOW + 2 * 86_400_000);
    expect(await count(raised, sent(10, 'tri-colour'))).toEqual([]);
    expect(await count(sent(20, 'four-platforms'))).toEqual([]);
  });

  it('tells the platform that has the alert all of it, and no other that it has it, in any order and any batches', async () => {
    const platforms = [
      ['tri-colour', 'tri-colour', '某队'],
      ['four-platforms', 'four-platforms', '某街道'],
      ['other:court', 'other', COURT],
    ] as const;
    const life = fc.array(
      fc.oneof(
        fc.constantFrom(...platforms).map(
          ([, platform, unit]) =>
            (at: number) =>
              sent(at, platform, unit),
        ),
        fc.constantFrom(amended, returned, extended, (at: number) => step('wage.alert.closed', at, {})),
      ),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(life, fc.infiniteStream(fc.nat()), async (makes, picks) => {
        const events = [raised, ...makes.map((make, i) => make(i + 1))];
        const connectorOf = ({ data }: StoredEvent) =>
          platforms.find(([, name]) => name === (data as { platform: string }).platform)![0];
        const standing = (of: readonly StoredEvent[]) =>
          [...of].sort((a, b) => a.time - b.time).findLast(({ type }) => type === 'wage.alert.dispatched');
        const count = worker();
        const left = [...events];
        const arrived: StoredEvent[] = [];
        const heard = new Map<string, Got[]>(platforms.map(([name]) => [name, []]));
        while (left.length) {
          const batch = Array.from({ length: 1 + (picks.next().value % 3) }, () =>
            left.splice(picks.next().value % Math.max(1, left.length), 1),
          ).flat();
          arrived.push(...batch);
          for (const one of await count(...batch)) {
            heard.get(one.platform)!.push(one);
            // Nobody is told to take an alert that stands elsewhere.
            if (one.type !== 'wage.alert.dispatched') continue;
            const stand = standing(arrived)!;
            expect([one.platform, one.id]).toEqual([connectorOf(stand), stand.id]);
          }
        }
        const stand = standing(events);
        for (const [name, got] of heard) {
          const lost = got.findLastIndex(({ type }) => type === 'wage.alert.transferred');
          const mine = got.findLastIndex(({ type }) => type === 'wage.alert.dispatched');
          expect(mine > lost).toBe(stand !== undefined && connectorOf(stand) === name);
          if (mine <= lost) continue;
          const since = events.filter(({ type, time }) => time >= stand!.time && type !== 'wage.alert.raised');
          const told = new Set(got.slice(mine).map(({ id }) => id));
          expect(since.map(({ id }) => id).filter((id) => !told.has(id))).toEqual([]);
          const facts = got.findLast(({ data }) => data.alert !== undefined)!.data.alert!;
          expect(facts.workers).toBe(foldAlert('A', [...events], RULES)!.facts.workers);
        }
      }),
      { numRuns: 150 },
    );
  });
});
