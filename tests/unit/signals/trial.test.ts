import { describe, expect, it } from 'vitest';
import { startOfDay } from '../../../common/regionTime.ts';
import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { EngineStore } from '../../../server/signals/engine/engineStore.ts';
import { wouldRaise } from '../../../server/signals/engine/trial.ts';
import { Words } from '../../../server/signals/engine/words.ts';
import { readPortrait } from '../../../server/signals/subjects/readPortrait.ts';
import { EngineBox } from './engineBox.ts';
import { alert, fed, newFeed, noon, NOW, observed, registered } from './engineEvents.ts';
import { compiled, DAY, EVENT, STATE } from './support.ts';

/** What a pack would raise if it came into force, and all about one subject (signals §4, §5), over what an engine has stored. */

const PACK = compiled({
  indicators: { 'water.overdue': STATE, 'petition.received': EVENT },
  tiers: [
    { id: 'R1', tier: 'red', name: { 'zh-CN': '红', en: 'red' }, when: ['score', '>=', 40] },
    { id: 'Y1', tier: 'yellow', name: { 'zh-CN': '黄', en: 'yellow' }, when: ['score', '>=', 15] },
  ],
});
const STRICT = compiled({
  version: 'test.2',
  indicators: { 'water.overdue': STATE, 'petition.received': EVENT },
  tiers: [{ id: 'R1', tier: 'red', name: { 'zh-CN': '红', en: 'red' }, when: ['score', '>=', 40] }],
});
const [A, B] = ['U:91330110MA0000001X', 'U:91330110MA0000002X'] as const;
const CODES = PACK.indicators.map(({ code }) => code);

function storeOf(box: EngineBox): Pick<EngineStore, 'standing' | 'words' | 'scan' | 'read'> {
  return {
    standing: () =>
      Promise.resolve({ ...box.counts, whole: true, alerts: '', change: '', rebuilding: false, rawFrom: 0 }),
    words: () => Promise.resolve(new Words()),
    async *scan() {
      for (const subject of box.subjects()) yield await Promise.resolve([{ subject, bytes: Buffer.alloc(0) }]);
    },
    read: (keys) => Promise.resolve(keys.map((key) => box.subject(key))),
  };
}
const raises = (box: EngineBox, pack = PACK, now = NOW) => wouldRaise(storeOf(box) as EngineStore, pack, now);
const portrait = (
  box: EngineBox,
  key: SubjectKey,
  { pack = PACK, now = NOW }: { pack?: typeof PACK | null; now?: number } = {},
) =>
  readPortrait(
    { store: storeOf(box) as EngineStore, words: new Words(), pack: pack ?? undefined, codes: CODES },
    key,
    now,
  );

/** Nobody decides here: what is to be raised is still to be raised. */
const newBox = () => {
  newFeed();
  return new EngineBox([PACK, STRICT], { decides: false });
};

describe('how many alerts a pack would raise', () => {
  it('is those with a tier, a place, and no open alert', async () => {
    const box = newBox();
    box.settle(
      [
        registered(A, '某甲'),
        registered(B, '某乙'),
        observed(PACK, A, 'petition.received', 3),
        observed(PACK, B, 'petition.received', 3),
        // Nobody knows where: nothing is raised.
        observed(PACK, 'N:某丙', 'petition.received', 3),
        // In town and industry of the observation.
        observed(PACK, 'N:某丁', 'petition.received', 3, { more: { town: '330110001', industry: 'E' } }),
      ],
      NOW,
    );
    expect(await raises(box)).toBe(3);
    expect(await raises(box, STRICT)).toBe(0);
    box.settle([fed(alert(A, 'X-1', 'yellow', 'raised'))], NOW);
    expect(await raises(box)).toBe(2);
    // Closed, it is settled; a newer fact raises again.
    box.settle([fed(alert(A, 'X-1', 'yellow', 'closed', { closedAt: NOW }))], NOW);
    expect(await raises(box)).toBe(2);
    box.settle([observed(PACK, A, 'petition.received', -1)], noon(DAY + 1));
    expect(await raises(box, PACK, noon(DAY + 1))).toBe(3);
  });

  it('counts what came under a name with its owner, once', async () => {
    const box = newBox();
    box.settle(
      [
        registered(A, '某甲'),
        observed(PACK, 'N:某甲', 'petition.received', 3),
        observed(PACK, A, 'water.overdue', 3, { value: 40_000 }),
      ],
      NOW,
    );
    expect(await raises(box)).toBe(1);
    // 15 and 15: neither alone is enough for orange, both are not for red.
    expect(await raises(box, STRICT)).toBe(0);
    box.settle([observed(PACK, 'N:某甲', 'petition.received', 2)], NOW);
    expect(await raises(box, STRICT)).toBe(1);
    // An open alert under the name is one of its owner.
    box.settle([fed(alert('N:某甲', 'X-1', 'yellow', 'raised'))], NOW);
    expect(await raises(box, STRICT)).toBe(0);
  });

  it('leaves out what was found false a short time ago, and what is over by the day that is asked for', async () => {
    const box = newBox();
    box.settle([registered(A, '某甲'), observed(PACK, A, 'petition.received', 3)], NOW);
    expect(await raises(box)).toBe(1);
    expect(await raises(box, PACK, noon(DAY + 56))).toBe(1);
    expect(await raises(box, PACK, noon(DAY + 57))).toBe(0);
    const before = startOfDay(DAY - 20);
    box.settle([fed(alert(A, 'X-1', 'yellow', 'closed', { closedAt: before, falseAt: before }))], NOW);
    expect(await raises(box)).toBe(0);
    expect(await raises(box, PACK, noon(DAY + 10))).toBe(1);
  });
});

describe('a portrait', () => {
  it('shows what counts and why the rest does not, newest first', async () => {
    const box = newBox();
    const settledAt = startOfDay(DAY - 40);
    box.settle(
      [
        { kind: 'activated', version: 'test.1', at: 0, settle: false },
        registered(A, '某甲'),
        observed(PACK, A, 'petition.received', 1, { id: 'counts', workers: 4, more: { text: '某事' } }),
        observed(PACK, A, 'petition.received', 50, { id: 'settled' }),
        observed(PACK, A, 'water.overdue', 2, { id: 'newer', ref: 'a', value: 20_000 }),
        observed(PACK, A, 'water.overdue', 3, { id: 'over', ref: 'b', value: 0 }),
        observed(PACK, A, 'water.overdue', 4, { id: 'expired', ref: 'c', until: DAY - 1, value: 90_000 }),
        fed(alert(A, 'X-1', 'yellow', 'closed', { closedAt: settledAt, raisedAt: settledAt - 1 })),
        fed(alert(A, 'X-2', 'yellow', 'raised', { raisedAt: NOW - 1 })),
      ],
      NOW,
    );
    const shown = (await portrait(box, A))!;
    expect(shown.counting.map(({ id, code, value, until }) => ({ id, code, value, until }))).toEqual([
      { id: 'counts', code: 'petition.received', value: 1, until: '2027-01-28' },
      { id: 'newer', code: 'water.overdue', value: 20, until: '2027-01-13' },
    ]);
    expect(shown.counting[0]).toMatchObject({ workers: 4, text: '某事', why: undefined });
    expect(shown.lapsed.map(({ id, why }) => [id, why])).toEqual([
      ['over', 'over'],
      ['expired', 'expired'],
      ['settled', 'settled'],
    ]);
    expect(shown.assessment).toMatchObject({ day: '2026-12-01', version: 'test.1', score: 20, tier: 'yellow' });
    expect(shown.alerts.map(({ alertId }) => alertId)).toEqual(['X-2', 'X-1']);
    expect(shown.open.map(({ alertId }) => alertId)).toEqual(['X-2']);
    expect(shown).toMatchObject({ key: A, settledAt, registration: { name: '某甲' }, scores: { '2026-12-01': 20 } });
    // The day is today's, also before the engine has come to it.
    expect((await portrait(box, A, { now: noon(DAY + 58) }))!.assessment).toMatchObject({
      day: '2027-01-28',
      score: 15,
    });
    expect((await portrait(box, A, { now: noon(DAY + 59) }))!.counting).toEqual([]);
  });

  it('says what something newer under the other key has replaced', async () => {
    const box = newBox();
    box.settle(
      [
        registered(A, '某甲'),
        observed(PACK, A, 'water.overdue', 5, { id: 'old', ref: 'a', value: 70_000 }),
        observed(PACK, 'N:某甲', 'water.overdue', 2, { id: 'new', ref: 'a', value: 20_000 }),
      ],
      NOW,
    );
    for (const key of [A, 'N:某甲'] as const) {
      const shown = (await portrait(box, key))!;
      expect(shown.key).toBe(A);
      expect(shown.counting.map(({ id }) => id)).toEqual(['new']);
      expect(shown.lapsed.map(({ id, why }) => [id, why])).toEqual([['old', 'replaced']]);
    }
  });

  it('shows what is kept while no pack is in force, and nothing of whom nobody knows', async () => {
    const box = newBox();
    box.settle([observed(PACK, 'P:p1', 'petition.received', 1)], NOW);
    const shown = (await portrait(box, 'P:p1', { pack: null }))!;
    expect(shown).toMatchObject({ assessment: undefined, counting: [], lapsed: [{ why: 'unused', until: undefined }] });
    expect(await portrait(box, B)).toBeUndefined();
  });
});
