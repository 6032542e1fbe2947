import { describe, expect, it } from 'vitest';
import type { BriefingContent } from '../../../../contract/briefings.ts';
import type { Changes } from '../../../../contract/briefingChanges.ts';
import { BRIEFING_PAGES } from '../../../../contract/briefingLimits.ts';
import type { RegionAnswer } from '../../../../contract/rest.ts';
import { toRfc3339 } from '../../../../common/regionTime.ts';
import enBriefing from '../../../../web/i18n/en/briefing.json';
import { i18n } from '../../../../web/i18n/index.ts';
import type { Lang } from '../../../../web/i18n/lang.ts';
import '../../../../web/i18n/parts/briefing.ts';
import { OPEN_STAGES } from '../../../../contract/codes.ts';
import { findingOf } from '../../../../web/briefing/findings.ts';
import { counted, type Say } from '../../../../web/briefing/words.ts';
import { PACK } from '../../aggregations/support/pack.ts';
import { NOW, worldOf } from '../../privacy/support/frames.ts';

/** What pages find is read back: each number that a sentence tells must be one of the page's own. */

const NAMES = ['某甲镇', '某乙镇', '某丙镇', '某丁镇'];
const pack = {
  ...PACK,
  towns: PACK.towns.map((town, i) => ({ ...town, name: { 'zh-CN': NAMES[i]!, en: `Town ${'ABCD'[i]!}` } })),
} as unknown as RegionAnswer;
const t: Say = (key, values, n) => (n === undefined ? i18n.global.t(key, values) : i18n.global.t(key, values, n));
const say = (page: (typeof BRIEFING_PAGES)[number], content: BriefingContent, lang: Lang = 'zh-CN') => {
  i18n.global.locale.value = lang;
  return findingOf(page, { content, pack, lang, t });
};
const contentOf = (seed: number, parts: Partial<BriefingContent> = {}): BriefingContent => {
  const frame = worldOf(seed, { older: true }).frame(PACK.code, 'month', NOW);
  return {
    at: toRfc3339(NOW),
    scope: PACK.code,
    window: 'month',
    frame,
    before: { at: toRfc3339(NOW), open: seed, byTown: {} },
    history: Array.from({ length: 30 }, (_, i) => ({
      day: `2026-10-${i}`,
      raised: (seed * (i + 3)) % 7,
      effective: 0,
      falseAlarm: 0,
      recoveredFen: 0,
      closed: 0,
      closeMs: 0,
      open: 0,
    })),
    cases: [],
    outlook: [],
    totals: {},
    last: {
      id: 'before',
      title: '区长周例会',
      at: toRfc3339(NOW - 86_400_000),
      changes: changesOf(seed),
    },
    ...parts,
  };
};
/** Of a span, with none, one and several of each. */
const changesOf = (seed: number): Changes => ({
  from: toRfc3339(NOW - 86_400_000),
  to: toRfc3339(NOW),
  raised: seed % 3,
  red: seed % 3,
  effective: 0,
  falseAlarm: 0,
  recoveredFen: 0,
  recoveredWorkers: 0,
  closed: 0,
  open: { then: (seed * 7) % 4, now: (seed * 5) % 4 },
  ...(seed % 5 === 0 ? {} : { late: seed % 4 }),
  towns: {},
});
const numbers = (text: string) =>
  (text.match(/\d[\d,]*(?:\.\d+)?/g) ?? []).map((one) => Number(one.replaceAll(',', '')));
const all = (rows: Record<string, object>): number[] =>
  Object.values(rows).flatMap((row) => Object.values(row).filter((one) => typeof one === 'number'));

describe.each(['zh-CN', 'en'] as const)('what pages find, in %s', (lang) => {
  it('says what their figures say, of 200 random situations', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const content = contentOf(seed);
      const { frame, last } = content;
      const { totals, compare } = frame;
      const { open, red, late } = last!.changes;
      const known = {
        map: [...all(frame.byTown), totals.open, Math.abs(totals.open - seed)],
        towns: [...all(frame.byTown), totals.raised, Math.abs(totals.raised - compare.previous!.raised)],
        changes: [open.then, open.now, red, ...(late === undefined ? [] : [late])],
        sources: [
          ...all(frame.byIndustry),
          ...all(frame.byChannel),
          ...Object.values(frame.byIndustry).map(({ raised }) => Math.round((100 * raised) / totals.raised)),
        ],
        loop: [
          totals.open,
          totals.overdue,
          ...Object.values(frame.byStage ?? {}),
          ...Object.values(frame.overdueByStage ?? {}),
        ],
      };
      for (const [page, may] of Object.entries(known)) {
        const text = say(page as keyof typeof known, content, lang) ?? '';
        expect(text).not.toMatch(/undefined|NaN|briefing\.|codes\.|\{|；；|; ;/);
        expect(text).not.toMatch(/\p{Script=Han}\d|\d\p{Script=Han}/u);
        for (const n of numbers(text)) expect(may, `${seed} ${page}: ${text}`).toContain(n);
      }
    }
  });
});

it('whoever leads has more than anybody else, and of more than two alike nobody leads', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const content = contentOf(seed);
    const counts = Object.entries(content.frame.byTown).map(([code, { open }]) => ({
      name: NAMES[PACK.towns.findIndex((town) => town.code === code)]!.slice(0, 2),
      open,
    }));
    const most = Math.max(...counts.map(({ open }) => open));
    const leading = counts.filter(({ open }) => open === most && open > 0).map(({ name }) => name);
    const text = say('map', content)!;
    for (const { name } of counts)
      expect(text.includes(name), `${seed}: ${text}`).toBe(leading.length <= 2 && leading.includes(name));
  }
});

it('of what one has all of nobody has most', () => {
  const content = contentOf(3);
  const { frame } = content;
  const [stage = 'raised', next = 'dispatched'] = OPEN_STAGES;
  const loop = (byStage: Record<string, number>, overdue: number, overdueByStage: Record<string, number>) =>
    say('loop', {
      ...content,
      frame: { ...frame, totals: { ...frame.totals, open: 6, overdue }, byStage, overdueByStage },
    });
  expect(loop({ [stage]: 6 }, 3, { [stage]: 3 })).toBe('在办 6 件；全部在待交派环节；超期 3 件；全部在待交派环节。');
  expect(loop({ [stage]: 4, [next]: 2 }, 1, { [next]: 1 })).toBe(
    '在办 6 件；待交派环节最多（4 件）；超期 1 件；在待受理环节。',
  );
  expect(loop({ [stage]: 3, [next]: 3 }, 2, { [stage]: 1, [next]: 1 })).toBe(
    '在办 6 件；待交派、待受理环节最多（各 3 件）；超期 2 件；最多在待交派、待受理环节（各 1 件）。',
  );
  const [[town, row], [other, none]] = Object.entries(frame.byTown) as [
    [string, (typeof frame.byTown)[string]],
    [string, (typeof frame.byTown)[string]],
  ];
  const map = (open: readonly [number, number]) =>
    say('map', {
      ...content,
      frame: {
        ...frame,
        totals: { ...frame.totals, open: open[0] + open[1] },
        byTown: { [town]: { ...row, open: open[0] }, [other]: { ...none, open: open[1] } },
      },
    })!;
  expect(map([5, 0])).toMatch(/^在办 5 件；全部在某.；/);
  expect(map([1, 0])).toMatch(/^在办 1 件；在某.；/);
  expect(map([5, 1])).toMatch(/^在办 6 件；某.最多（5 件）；/);
  const due = (second: number) =>
    say('outlook', {
      ...content,
      outlook: [
        { day: '2026-11-21', tiers: { red: 4 } },
        { day: '2026-11-22', tiers: { red: second } },
      ],
    });
  expect(due(0)).toContain('都在 11-21');
  expect(due(1)).toContain('11-21 最多（4 件）');
});

it('says in English how things stand, and of few of many not that they are most', () => {
  const content = contentOf(3);
  const { frame } = content;
  const [stage = 'raised', next = 'dispatched'] = OPEN_STAGES;
  const loop = (
    open: number,
    byStage: Record<string, number>,
    overdue: number,
    overdueByStage: Record<string, number>,
  ) =>
    say(
      'loop',
      { ...content, frame: { ...frame, totals: { ...frame.totals, open, overdue }, byStage, overdueByStage } },
      'en',
    );
  expect(loop(40, { accepted: 25, [stage]: 15 }, 3, { [stage]: 2, accepted: 1 })).toBe(
    '40 open; 25 of them in progress; 3 overdue; 2 of these waiting to be dispatched.',
  );
  expect(loop(6, { [stage]: 3, [next]: 3 }, 1, { [next]: 1 })).toBe(
    '6 open; 3 of them waiting to be dispatched, and 3 waiting to be accepted; 1 overdue; it is waiting to be accepted.',
  );
  expect(loop(2, { handled: 2 }, 2, { handled: 2 })).toBe(
    '2 open; all of them waiting to be audited; 2 overdue; all of these waiting to be audited.',
  );
  const row = Object.values(frame.byIndustry)[0]!;
  const sources = (byChannel: Record<string, number>) =>
    say(
      'sources',
      {
        ...content,
        frame: {
          ...frame,
          byIndustry: {},
          byChannel: Object.fromEntries(Object.entries(byChannel).map(([key, raised]) => [key, { ...row, raised }])),
        },
      },
      'en',
    );
  expect(sources({ petition: 20, water: 18, tax: 19 })).toBe('the largest source is “Petitions” (20).');
  expect(sources({ petition: 1, water: 0 })).toBe('it came from “Petitions”.');
  const due = (...days: Record<string, number>[]) =>
    say('outlook', { ...content, outlook: days.map((tiers, i) => ({ day: `2026-11-2${i}`, tiers })) }, 'en');
  expect(due({ red: 1 })).toBe('1 becomes due in the next seven days; it is red.');
  expect(due({ yellow: 2 })).toBe('2 become due in the next seven days; none of them red.');
  expect(due({ red: 2 }, { yellow: 1 })).toContain('; 2 of them red; ');
});

it('counts one of something as one', () => {
  i18n.global.locale.value = 'en';
  expect([0, 1, 2].map((n) => counted('workers', n, t))).toEqual(['0 workers', '1 worker', '2 workers']);
  const content = contentOf(3);
  const { frame } = content;
  expect(
    say(
      'recovered',
      {
        ...content,
        frame: {
          ...frame,
          byTown: {},
          compare: {},
          totals: { ...frame.totals, recoveredFen: 100, recoveredWorkers: 1 },
        },
      },
      'en',
    ),
  ).toBe('¥1 recovered for 1 worker.');
  // Every text that counts things has both forms.
  const texts = (node: object): string[] =>
    Object.values(node).flatMap((one: unknown) => (typeof one === 'string' ? [one] : texts(one as object)));
  const several =
    /\{n\} (?:more )?(?:workers|employers|sites|towns|units|alerts)\b|\{n\} days(?! (?:longer|shorter))|\{(?:workers|employers|sites)\} [a-z]+s\b/;
  expect(texts(enBriefing).filter((text) => several.test(text) && !text.includes(' | '))).toEqual([]);
});

it('with nothing there it says so, and of what is withheld nothing', () => {
  const content = contentOf(1);
  const { frame } = content;
  const calm = {
    ...content,
    frame: { ...frame, totals: { ...frame.totals, open: 0, overdue: 0 }, byTown: {}, byStage: {} },
  };
  expect(say('map', { ...calm, before: { at: content.at, open: 0, byTown: {} } })).toBe(
    '目前没有在办预警；与期初持平。',
  );
  expect(say('loop', calm)).toBe('目前没有在办预警；没有超期。');
  expect(say('cases', calm)).toBeUndefined();
  expect(say('outlook', { ...calm, outlook: [{ day: '2026-11-21', tiers: {} }] })).toBe('未来七天没有到期。');
  for (const page of BRIEFING_PAGES)
    expect(say(page, { ...content, frame: { ...frame, withheld: 3 } }), page).toBeUndefined();
});

it('says what came since the last briefing, of none, one and several', () => {
  const of = (open: Changes['open'], red: number, late: number | undefined) => {
    // Of a span of which nobody knows who became late.
    const last = {
      ...contentOf(1).last!,
      changes: { ...changesOf(5), open, red, ...(late === undefined ? {} : { late }) },
    };
    return (['zh-CN', 'en'] as const).map((lang) => say('changes', contentOf(1, { last }), lang));
  };
  expect(of({ then: 77, now: 65 }, 5, 3)).toEqual([
    '上一份汇报以来：在办 77→65 件，新增红色 5 件，新增超期 3 件。',
    'Since the last briefing: open 77→65, 5 new red, 3 newly overdue.',
  ]);
  expect(of({ then: 1, now: 1 }, 1, 0)).toEqual([
    '上一份汇报以来：在办 1 件未变，新增红色 1 件，没有新增超期。',
    'Since the last briefing: 1 open as before, 1 new red, none newly overdue.',
  ]);
  expect(of({ then: 0, now: 0 }, 0, undefined)).toEqual([
    '上一份汇报以来：没有在办预警，没有新增红色。',
    'Since the last briefing: none open, no new red.',
  ]);
  const none = contentOf(1);
  delete none.last;
  expect(say('changes', none)).toBeUndefined();
});

it('compares with the same elapsed part of the period before, named as on every page', () => {
  const towns = (raised: number, before: number, lang: Lang) => {
    const content = contentOf(3);
    const { frame } = content;
    const compare = { previous: { ...frame.compare.previous!, raised: before } };
    return say(
      'towns',
      { ...content, window: 'week', frame: { ...frame, byTown: {}, compare, totals: { ...frame.totals, raised } } },
      lang,
    );
  };
  expect(towns(42, 40, 'zh-CN')).toBe('本期新增 42 件；较上周同期多 2 件。');
  expect(towns(38, 40, 'en')).toBe('38 new in the period; 2 fewer than in the same days a week before.');
  expect(towns(40, 40, 'en')).toBe('40 new in the period; as many as in the same days a week before.');
});
