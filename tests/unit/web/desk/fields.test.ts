import { describe, expect, it } from 'vitest';
import { draftKey, dropOldDrafts, loadDraft, type Draft } from '../../../../web/desk/drafts.ts';
import { faultsOf, fieldsOf, stepsOf, type DeskAction } from '../../../../web/desk/fields.ts';
import { save } from '../../../../web/shell/kept.ts';
import { fenOf, wholeOf } from '../../../../web/shell/yuan.ts';
import { loadPack } from '../../../support/packs.ts';

const pack = loadPack('330110');
const TOWN = '330110010';
const now = Date.parse('2026-11-28T10:00:00+08:00');
/** @param as what the case is, besides */
function form(action: DeskAction, typed: Record<string, string>, as: { recoveredFen?: number; dueAt?: string } = {}) {
  const alert = { region: '330110', town: TOWN, events: [], recoveredFen: 0, ...as };
  const fields = fieldsOf(action, { pack, towns: [TOWN], lang: 'zh-CN', typed, now: alert });
  return { faults: faultsOf(action, fields, typed, now), steps: () => stepsOf(action, fields, typed, { pack }) };
}

describe('money as typed', () => {
  it('is whole fen, without floats', () => {
    expect(['118400', '118,400.5', '０．０１', '¥ 20.10元', '9999999999.99'].map(fenOf)).toEqual([
      11_840_000, 11_840_050, 1, 2_010, 999_999_999_999,
    ]);
    expect(['', '-1', '1.234', '262.58 万', '1e5', '.5', '12345678901'].map(fenOf)).toEqual(Array(7).fill(undefined));
    expect(['41', '41 人', '４１', '1,000', '0.5', 'x'].map(wholeOf)).toEqual([
      41,
      41,
      41,
      1_000,
      undefined,
      undefined,
    ]);
  });
});

describe('the forms', () => {
  it('say what is missing or wrong before anything is sent', () => {
    expect(form('handle', {}).faults).toEqual({ outcome: 'needed' });
    // Nobody hands in *paid* of which no wages are recorded, nor gives half of what is asked for.
    expect(form('handle', { outcome: 'paid-in-full' }).faults).toEqual({ workers: 'needed', amount: 'needed' });
    expect(form('handle', { outcome: 'paid-in-full' }, { recoveredFen: 1 }).faults).toEqual({});
    expect(form('handle', { outcome: 'paid-in-part', amount: '100' }, { recoveredFen: 1 }).faults).toEqual({
      workers: 'both',
    });
    // Figures of an outcome that was chosen before, and is not any more, are not asked for.
    expect(form('handle', { outcome: 'unreachable', amount: '100' }).faults).toEqual({});
    expect(form('audit', { verdict: 'returned' }).faults).toEqual({ note: 'needed' });
    expect(form('audit', { verdict: 'effective' }).faults).toEqual({});
    expect(form('extend', { dueAt: '2026-11-28T09:59', reason: '证据未齐' }).faults).toEqual({ dueAt: 'past' });
    const term = { dueAt: '2026-12-02T00:00:00+08:00' };
    expect(form('extend', { dueAt: '2026-11-30T09:59', reason: '证据未齐' }, term).faults).toEqual({
      dueAt: 'notLater',
    });
    expect(form('extend', { dueAt: '2026-12-02T09:59', reason: '证据未齐' }, term).faults).toEqual({});
    expect(form('extend', { dueAt: '2026-02-30T09:59', reason: '证据未齐' }).faults).toEqual({ dueAt: 'notMoment' });
    expect(form('amend', { reason: '核实' }).faults).toEqual({ tier: 'nothing' });
    expect(form('note', { text: '工'.repeat(2_000) }).faults).toEqual({});
    expect(form('note', { text: '工'.repeat(2_001) }).faults).toEqual({ text: 'tooLong' });
    expect(form('recover', { workers: '0.5', amount: 'x' }).faults).toEqual({ workers: 'notWhole', amount: 'notYuan' });
  });

  it('come to actions: the wages that were paid before the result', () => {
    expect(
      form('handle', { outcome: 'paid-in-part', workers: '41', amount: '118400', note: ' 余款月底付清 ' }).steps(),
    ).toEqual([
      { action: 'recover', fields: { amountFen: 11_840_000, workers: 41 } },
      { action: 'handle', fields: { outcome: 'paid-in-part', note: '余款月底付清' } },
    ]);
    const unit = pack.units!.find(({ towns }) => towns?.includes(TOWN))!;
    expect(form('dispatch', { unit: unit.code }).steps()).toEqual([
      { action: 'dispatch', fields: { unit: unit.name['zh-CN'], platform: unit.platform } },
    ]);
    expect(form('extend', { dueAt: '2026-12-01T18:00', reason: '证据未齐' }).steps()[0]!.fields.dueAt).toBe(
      '2026-12-01T18:00:00+08:00',
    );
  });

  it('offer the units that are there for the town, and no other', () => {
    const [field] = fieldsOf('dispatch', { pack, towns: [TOWN], lang: 'zh-CN', typed: {} });
    const offered = field!.choices!.map(({ value }) => value);
    const elsewhere = pack.units!.filter(({ towns }) => towns && !towns.includes(TOWN)).map(({ code }) => code);
    expect(offered.length).toBeGreaterThan(0);
    expect(offered.filter((code) => elsewhere.includes(code))).toEqual([]);
  });
});

describe('drafts', () => {
  const storage = (): Storage => {
    const kept = new Map<string, string>();
    return new Proxy({} as Storage, {
      get: (_, name) =>
        ({
          getItem: (key: string) => kept.get(key) ?? null,
          setItem: (key: string, text: string) => kept.set(key, text),
          removeItem: (key: string) => kept.delete(key),
        })[String(name)],
      ownKeys: () => [...kept.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    });
  };
  const draft: Draft = {
    action: 'note',
    typed: { text: '雨中到场' },
    expect: { stage: 'accepted', events: 3 },
    at: now,
  };

  it('come back to whoever typed them, for that case alone', () => {
    const box = storage();
    const key = draftKey('某经办', { region: '330110', alertId: 'A/1' });
    expect(save(key, draft, box)).toBe(true);
    expect(loadDraft(key, box)).toEqual(draft);
    expect(loadDraft(draftKey('某他人', { region: '330110', alertId: 'A/1' }), box)).toBeUndefined();
    expect(loadDraft(draftKey('某经办', { region: '330110', alertId: 'A/2' }), box)).toBeUndefined();
    box.setItem(key, '{"action":"note"');
    expect(loadDraft(key, box)).toBeUndefined();
  });

  it('are gone after two weeks, and nothing else is', () => {
    const box = storage();
    const key = draftKey('某经办', { region: '330110', alertId: 'A' });
    save(key, draft, box);
    box.setItem('wagewatch.settings', '{}');
    dropOldDrafts(now + 13 * 86_400_000, box);
    expect(loadDraft(key, box)).toEqual(draft);
    dropOldDrafts(now + 15 * 86_400_000, box);
    expect(loadDraft(key, box)).toBeUndefined();
    expect(box.getItem('wagewatch.settings')).toBe('{}');
  });

  it('say that nothing is kept where the browser forbids it', () => {
    const none = {
      setItem: () => {
        throw new Error('full');
      },
    } as unknown as Storage;
    expect(save('k', draft, none)).toBe(false);
  });
});
