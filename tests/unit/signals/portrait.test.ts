import { describe, expect, it } from 'vitest';
import { HOUR_MS, startOfDay } from '../../../common/regionTime.ts';
import { NEVER, type Subject } from '../../../server/signals/engine/subject.ts';
import { reasonsOf, ruleInWords } from '../../../server/signals/subjects/alertReasons.ts';
import { portraitOf, type ShownObservation } from '../../../server/signals/subjects/portrait.ts';
import { channelsView, sourcesView } from '../../../server/signals/subjects/sourcesView.ts';
import { NOW } from './engineEvents.ts';
import { compiled, DAY, EVENT, packOf, seen, STATE } from './support.ts';

/** Portraits, sources and what stands behind an alert (signals §5), from what is kept. */

const pack = compiled();
const codeOf = (number: number) => pack.byNumber[number]?.code ?? `#${number}`;
const subject = (observations: Subject['observations'], more: Partial<Subject> = {}): Subject => ({
  key: 'U:91330110000000001X',
  n: 0,
  observations,
  alerts: [],
  scores: [],
  due: NEVER,
  ...more,
});
const refs = (some: readonly { ref: string; why?: string | undefined }[]) =>
  Object.fromEntries(some.map(({ ref, why }) => [ref, why]));

describe('a portrait', () => {
  it('tells of each observation that does not count why', () => {
    const observations = [
      seen(pack, 'water.overdue', 1, { ref: 'counts', value: 20_000 }),
      seen(pack, 'water.overdue', 2, { ref: 'counts', value: 90_000, id: 'older' }),
      seen(pack, 'water.overdue', 46, { ref: 'expired', value: 20_000 }),
      seen(pack, 'water.overdue', 3, { ref: 'until', value: 20_000, until: DAY - 1 }),
      seen(pack, 'water.overdue', 4, { ref: 'over', value: 0 }),
      seen(pack, 'petition.received', 59, { ref: 'event' }),
      seen(pack, 'petition.received', 60, { ref: 'old event' }),
      { ...seen(pack, 'petition.received', 1, { ref: 'unused' }), indicator: 99 },
      seen(pack, 'petition.received', 80, { ref: 'settled' }),
    ];
    const portrait = portraitOf(subject(observations), undefined, pack, {
      day: DAY,
      allSettledAt: startOfDay(DAY - 70),
      codeOf,
    });
    expect(refs(portrait.counting)).toEqual({ counts: undefined, event: undefined });
    expect(portrait.lapsed.filter(({ id }) => id === 'older').map(({ why }) => why)).toEqual(['replaced']);
    expect(refs(portrait.lapsed.filter(({ id }) => id !== 'older'))).toEqual({
      expired: 'expired',
      until: 'expired',
      over: 'over',
      'old event': 'expired',
      unused: 'unused',
      settled: 'settled',
    });
    expect(portrait.assessment).toMatchObject({ score: 20, day: '2026-12-01' });
    expect(portrait.settledAt).toBe(startOfDay(DAY - 70));
  });

  it('has what came by its name, and nothing but what is kept while no version is in force', () => {
    const named = subject([seen(pack, 'petition.received', 1, { ref: 'named' })], { key: 'N:某企业' });
    const own = subject([seen(pack, 'petition.received', 2, { ref: 'own' })]);
    const at = { day: DAY, allSettledAt: -Infinity, codeOf };
    expect(refs(portraitOf(own, named, pack, at).counting)).toEqual({ named: undefined, own: undefined });
    const without = portraitOf(own, named, undefined, at);
    expect(without).toMatchObject({ assessment: undefined, counting: [] });
    expect(refs(without.lapsed)).toEqual({ named: 'unused', own: 'unused' });
  });
});

describe('what stands behind an alert', () => {
  const shown = (code: string, age: number, more: Partial<ShownObservation> = {}): ShownObservation => ({
    code,
    ref: '',
    time: startOfDay(DAY - age) + 12 * HOUR_MS,
    source: 's',
    id: `${code}${age}`,
    value: 1,
    amountFen: 0,
    workers: 0,
    ...more,
  });

  it('is, for each reason, what counted when it was raised, whatever has come or lapsed since', () => {
    const kept = [
      shown('petition.received', 3),
      shown('petition.received', 59),
      shown('petition.received', 60),
      shown('petition.received', -1),
      shown('water.overdue', 1, { ref: 'a', value: 61 }),
      shown('water.overdue', 2, { ref: 'a', value: 31 }),
      shown('water.overdue', 1, { ref: 'b', value: 0 }),
      shown('water.overdue', 2, { ref: 'b', value: 31 }),
      shown('water.overdue', 46, { ref: 'c', value: 31 }),
      shown('water.overdue', -1, { ref: 'a', value: 0 }),
    ];
    const reasons = reasonsOf(
      [
        { channel: 'water', text: '逾期 61 天', weight: 30 },
        { channel: 'petition', text: '近 60 天 2 起' },
        { channel: 'petition', text: '逾期 61 天' },
        { channel: 'grid', text: '网格员上报' },
      ],
      { raisedAt: NOW, pack: packOf() },
      kept,
    );
    expect(reasons.map(({ indicator, observations }) => [indicator, observations.map(({ id }) => id)])).toEqual([
      ['water.overdue', ['water.overdue1']],
      ['petition.received', ['petition.received3', 'petition.received59']],
      [undefined, []],
      [undefined, []],
    ]);
    expect(reasons[0]).toMatchObject({ weight: 30 });
    expect(reasons[1]).not.toHaveProperty('weight');
    expect(
      reasonsOf([{ channel: 'water', text: '逾期 61 天' }], { raisedAt: NOW, pack: undefined }, kept)[0]!.observations,
    ).toEqual([]);
  });

  it('finds the words of a text in which signs of patterns stand', () => {
    const text = { 'zh-CN': '（a+b）[{value}] 天.', en: '' };
    const odd = packOf({ indicators: { odd: { ...STATE, text }, 'petition.received': EVENT } });
    const indicatorOf = (said: string) =>
      reasonsOf([{ channel: 'water', text: said }], { raisedAt: NOW, pack: odd }, [])[0]!.indicator;
    expect(indicatorOf('（a+b）[1.5] 天.')).toBe('odd');
    expect(indicatorOf('（aab）[1.5] 天.')).toBeUndefined();
    expect(indicatorOf('（a+b）[1.5] 天。')).toBeUndefined();
  });

  it('has its rule in words, in both languages, with the names of channels', () => {
    const name = { 'zh-CN': '某规则', en: 'some rule' };
    const rules = packOf({
      tiers: [
        {
          id: 'O1',
          tier: 'orange',
          name,
          basis: '某文件',
          when: {
            all: [
              ['channel:water', '>', 0],
              ['workers', '>=', 10],
            ],
          },
        },
      ],
    });
    const rule = { pack: '330110', version: 'test.1', id: 'O1' };
    expect(ruleInWords(rule, rules)).toEqual({
      ...rule,
      tier: 'orange',
      name,
      sentence: {
        'zh-CN': '橙色：水费欠缴得分大于 0，且涉及人数不少于 10。',
        en: expect.stringContaining('and workers concerned at least 10.') as string,
      },
      basis: '某文件',
    });
    expect(ruleInWords({ ...rule, id: 'gone' }, rules)).toEqual({ ...rule, id: 'gone' });
    expect(ruleInWords(rule, undefined)).toEqual(rule);
  });
});

describe('sources', () => {
  const record = (lastAt: number, days: [number, number, number, number][]) => ({
    lastAt,
    observedAt: lastAt - 1,
    days,
  });
  const sources = [
    { channel: 'petition', source: 'b', state: 'ok' as const, ...record(NOW, [[DAY, 2, 20, 15]]) },
    {
      channel: 'petition',
      source: 'a',
      state: 'late' as const,
      ...record(NOW - 9 * 24 * HOUR_MS, [
        [DAY - 60, 9, 9, 1],
        [DAY - 9, 1, 5, 5],
      ]),
    },
    { channel: 'water', source: 'z', state: 'ok' as const, ...record(NOW, [[DAY, 1, 0, 0]]) },
  ];

  it('come by channel in the order of the vocabulary, with the days of the last 60', () => {
    const views = sourcesView(sources, NOW);
    expect(views.map(({ channel, source }) => [channel, source])).toEqual([
      ['water', 'z'],
      ['petition', 'a'],
      ['petition', 'b'],
    ]);
    expect(views[1]).toMatchObject({
      state: 'late',
      today: 0,
      days: { '2026-11-22': { rows: 1, lateMean: 5, lateMost: 5 } },
    });
    expect(Object.keys(views[1]!.days)).toHaveLength(1);
    expect(views[2]).toMatchObject({ today: 2, days: { '2026-12-01': { rows: 2, lateMean: 10, lateMost: 15 } } });
  });

  it('add up to channels; one that is expected and has never spoken is told, too', () => {
    const channels = channelsView(sources, { petition: { cap: 1, everyDays: 7 }, tax: { cap: 1, everyDays: 3 } }, NOW);
    expect(Object.keys(channels)).toEqual(['water', 'petition', 'tax']);
    expect(channels.petition).toMatchObject({ state: 'ok', everyDays: 7, today: 2 });
    expect(Object.keys(channels.petition!.days)).toEqual(['2026-11-22', '2026-12-01']);
    expect(channels.tax).toEqual({ state: 'never', everyDays: 3, today: 0, days: {} });
    expect(channels.water).not.toHaveProperty('everyDays');
    expect(channelsView(sources, { petition: { cap: 1, everyDays: 7 } }, NOW + 8 * 24 * HOUR_MS).petition!.state).toBe(
      'late',
    );
  });
});
