import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { basisName } from '../../../common/report/words/zhPhrases.ts';
import { daySentence, periodSentence, plainSentence } from '../../../common/sentence/daySentence.ts';
import { WINDOWS } from '../../../contract/codes.ts';
import type { Frame } from '../../../contract/frame.ts';
import type { ReportKind } from '../../../contract/reportLimits.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { withhold } from '../../../server/privacy/withhold.ts';
import { PACK as BARE, SCOPES, TOWNS } from '../aggregations/support/pack.ts';
import { World } from '../aggregations/support/world.ts';
import { frameAt, NOW, openWorld, randomFrom, worldOf } from '../privacy/support/frames.ts';
import { faultsOf } from './support/readSentence.ts';

const ZH = ['良渚街道', '临平街道', '径山镇', '仓前街道'];
const EN = ['Liangzhu Subdistrict', 'Linping Subdistrict', 'Jingshan Town', 'Cangqian Subdistrict'];
const PACK: RegionPack = {
  ...BARE,
  towns: BARE.towns.map((town, i) => ({ ...town, name: { 'zh-CN': ZH[i]!, en: EN[i]! } })),
};
const LANGS = ['zh-CN', 'en'] as const;
const DAY = 86_400_000;
const HOUR = 3_600_000;

const say = (frame: Frame, lang: 'zh-CN' | 'en' = 'zh-CN', pack = PACK) =>
  plainSentence(daySentence(frame, pack, lang));

/** A frame of now with nothing in it, and what is to be in it. */
function frameOf(change: (frame: Frame) => void, window: Frame['window'] = '30d', scope = BARE.code): Frame {
  const frame = structuredClone(new World().frame(scope, window, NOW));
  frame.byStage!.closed = 9;
  change(frame);
  return frame;
}
const today = frameOf(() => undefined).at.slice(0, 10);
const raised =
  (...counts: number[]) =>
  (frame: Frame) => {
    counts.forEach((n, i) => {
      frame.byTown[TOWNS[i]!]!.days = n ? { [today]: n, '2026-11-01': 3 } : {};
      if (frame.window === 'today') frame.byTown[TOWNS[i]!]!.raised = n;
    });
    if (frame.window === 'today') frame.totals.raised = counts.reduce((a, b) => a + b, 0);
  };
const late =
  (...since: [town: number, ms: number][]) =>
  (frame: Frame) => {
    frame.totals.open = frame.totals.overdue = since.length;
    frame.agenda = Object.fromEntries(
      since.map(([town, ms], i) => [
        `a${i}`,
        {
          town: TOWNS[town]!,
          dueAt: new Date(NOW - ms).toISOString(),
          overdue: true,
        } as unknown as Frame['latest'][''],
      ]),
    );
  };
const rate =
  (rate: number, audited: number, before?: [rate: number, audited: number]) =>
  ({ totals, compare }: Frame) => {
    const of = (share: number, all: number) => ({
      successRate: share,
      effective: Math.round(share * all),
      falseAlarm: all - Math.round(share * all),
    });
    Object.assign(totals, of(rate, audited));
    if (before) Object.assign(compare.previous!, of(...before));
    else if (compare.previous) compare.previous = { ...compare.previous, effective: 0, falseAlarm: 0 };
  };
const all =
  (...changes: ((frame: Frame) => void)[]) =>
  (frame: Frame) =>
    changes.forEach((change) => change(frame));

describe('the sentence of the day', () => {
  it('reads as the design has it', () => {
    const frame = frameOf(
      all(
        raised(7, 3, 1, 1),
        (one) => (one.byTier.red!.raised = 2),
        late([1, 30 * HOUR]),
        rate(0.811, 500, [0.787, 400]),
      ),
      'today',
    );
    expect(say(frame)).toBe(
      '今日新增 12 件，红色 2 件，集中在良渚街道；超期 1 件，在临平街道，已超 1 天 6 小时；今日成功率 81.1%，较前一日同期升 2.4 个百分点',
    );
    expect(say({ ...frame, window: '30d' })).toBe(
      '今日新增 12 件，集中在良渚街道；超期 1 件，在临平街道，已超 1 天 6 小时；近 30 天成功率 81.1%，较上期升 2.4 个百分点',
    );
    expect(say({ ...frame, window: '30d' }, 'en')).toBe(
      '12 new alerts today, mostly in Liangzhu; 1 overdue, in Linping, by 1 day 6 hours; success rate 81.1% in the last 30 days, up 2.4 points vs prior 30 days',
    );
  });

  it('says in any window how many of today are red, while all of them are among the latest', () => {
    const latest = (all: number, red: number) => (frame: Frame) => {
      for (let i = 0; i < all; i++) {
        const tier = i < red ? 'red' : 'yellow';
        frame.latest[`n${i}`] = { tier, raisedAt: `${today}T00:00:00+08:00` } as unknown as Frame['latest'][''];
      }
      frame.latest['before'] = { tier: 'red', raisedAt: `2026-11-01T23:59:59+08:00` } as unknown as Frame['latest'][''];
    };
    const of = (all: number, red: number) =>
      frameOf((frame) => [raised(7, 3, 1, 1), latest(all, red)].forEach((change) => change(frame)));
    expect(say(of(12, 2))).toMatch(/^今日新增 12 件，红色 2 件，集中在良渚街道；/);
    expect(say(of(12, 2), 'en')).toMatch(/^12 new alerts today, 2 red, mostly in Liangzhu; /);
    expect(say(of(12, 0))).toMatch(/^今日新增 12 件，集中在良渚街道；/);
    // Of more than are listed, nobody knows it.
    expect(say(of(11, 2))).toMatch(/^今日新增 12 件，集中在良渚街道；/);
  });

  it.each<[string, string, (frame: Frame) => void]>([
    ['今日无新增', 'No new alerts today', raised()],
    ['今日新增 1 件，在径山镇', '1 new alert today, in Jingshan', raised(0, 0, 1)],
    ['今日新增 2 件，均在径山镇', '2 new alerts today, all in Jingshan', raised(0, 0, 2)],
    ['今日新增 2 件，分布在 2 个镇街', '2 new alerts today, in 2 towns', raised(1, 0, 1)],
    [
      '今日新增 8 件，良渚街道、径山镇最多，各 3 件',
      '8 new alerts today, Liangzhu and Jingshan have the most (3 each)',
      raised(3, 2, 3),
    ],
    ['今日新增 8 件，良渚街道最多，4 件', '8 new alerts today, Liangzhu has the most (4)', raised(4, 2, 2)],
    ['今日新增 9 件，分布在 3 个镇街', '9 new alerts today, in 3 towns', raised(3, 3, 3)],
    ['今日新增 1,234 件，集中在临平街道', '1,234 new alerts today, mostly in Linping', raised(1, 1_233)],
  ])('says what is new, and where: %s', (zh, en, change) => {
    const frame = frameOf(change);
    expect(say(frame).split('；')[0]).toBe(zh);
    expect(say(frame, 'en').split('; ')[0]).toBe(en);
    expect(LANGS.flatMap((lang) => faultsOf(say(frame, lang), frame, PACK, lang))).toEqual([]);
  });

  it('calls towns by their short names in English, but for those of which two would have one name', () => {
    const frame = frameOf(raised(3, 2, 3));
    const twins = { ...PACK, towns: PACK.towns.map((town) => ({ ...town, name: { ...town.name } })) };
    twins.towns[3]!.name.en = 'Liangzhu Town';
    expect(say(frame, 'en', twins)).toContain('Liangzhu Subdistrict and Jingshan have the most (3 each)');
    expect(faultsOf(say(frame, 'en', twins), frame, twins, 'en')).toEqual([]);
  });

  it.each<[string, string, (frame: Frame) => void]>([
    ['无在办预警', 'none open', () => undefined],
    ['无超期', 'none overdue', (frame) => (frame.totals.open = 3)],
    ['今日到期 3 件，无超期', '3 due today, none overdue', ({ totals }) => (totals.open = totals.dueToday = 3)],
    ['超期 1 件，在临平街道，刚刚超期', '1 overdue, in Linping, since just now', late([1, 59_999])],
    ['超期 1 件，在临平街道，已超 1 分钟', '1 overdue, in Linping, by 1 minute', late([1, 60_000])],
    ['超期 1 件，在临平街道，已超 1 小时', '1 overdue, in Linping, by 1 hour', late([1, HOUR + 59 * 60_000])],
    [
      '超期 2 件，最久在临平街道，已超 2 天',
      '2 overdue, the longest in Linping, by 2 days',
      late([0, HOUR], [1, 2 * DAY]),
    ],
    ['超期 2 件，最久已超 5 小时', '2 overdue, the longest by 5 hours', late([0, 5 * HOUR], [1, 5 * HOUR])],
    ['超期 2 件', '2 overdue', all(late([0, HOUR], [0, HOUR]), (frame) => (frame.agenda = {}))],
  ])('says what is late: %s', (zh, en, change) => {
    const frame = frameOf(change);
    expect(say(frame).split('；')[1]).toBe(zh);
    expect(say(frame, 'en').split('; ')[1]).toBe(en);
    expect(LANGS.flatMap((lang) => faultsOf(say(frame, lang), frame, PACK, lang))).toEqual([]);
  });

  it.each<[string, string, (frame: Frame) => void]>([
    ['近 30 天成功率 80%', 'success rate 80% in the last 30 days', rate(0.8, 50)],
    [
      '近 30 天成功率 66.7%（审核 3 件，基数小）',
      'success rate 66.7% in the last 30 days (3 audited, small base)',
      rate(2 / 3, 3, [0.5, 90]),
    ],
    ['近 30 天成功率 80%', 'success rate 80% in the last 30 days', rate(0.8, 50, [0.5, 8])],
    [
      '近 30 天成功率 80%，与上期持平',
      'success rate 80% in the last 30 days, unchanged vs prior 30 days',
      rate(0.8, 50, [0.8, 90]),
    ],
    [
      '近 30 天成功率 80%，与上期基本持平',
      'success rate 80% in the last 30 days, almost unchanged vs prior 30 days',
      rate(0.8, 50, [0.8001, 90]),
    ],
    [
      '近 30 天成功率 80%，较上期降 1 个百分点',
      'success rate 80% in the last 30 days, down 1 point vs prior 30 days',
      rate(0.8, 50, [0.81, 90]),
    ],
    ['近 30 天成功率 99.9%', 'success rate 99.9% in the last 30 days', rate(0.99999, 90)],
    ['近 30 天新增 330 件', '330 new alerts in the last 30 days', ({ totals }) => (totals.raised = 330)],
    [
      '近 30 天新增 330 件，较上期增 10%',
      '330 new alerts in the last 30 days, up 10% vs prior 30 days',
      ({ totals, compare }) => ((totals.raised = 330), (compare.previous!.raised = 300)),
    ],
    [
      '近 30 天新增 30 件，较上期减 90%',
      '30 new alerts in the last 30 days, down 90% vs prior 30 days',
      ({ totals, compare }) => ((totals.raised = 30), (compare.previous!.raised = 300)),
    ],
    [
      '近 30 天新增 330 件，为上期的 11 倍',
      '330 new alerts in the last 30 days, 11 times the prior 30 days',
      ({ totals, compare }) => ((totals.raised = 330), (compare.previous!.raised = 30)),
    ],
    [
      '近 30 天新增 330 件',
      '330 new alerts in the last 30 days',
      ({ totals, compare }) => ((totals.raised = 330), (compare.previous!.raised = 9)),
    ],
  ])('says how it goes: %s', (zh, en, change) => {
    const frame = frameOf(change);
    expect(say(frame).split('；')[2]).toBe(zh);
    expect(say(frame, 'en').split('; ')[2]).toBe(en);
  });

  it('says one calm thing of a region that has nothing yet, and less of a town, of the past, and where figures are withheld', () => {
    const empty = new World().frame(BARE.code, '30d', NOW);
    expect([say(empty), say(empty, 'en')]).toEqual(['系统已就绪，尚无预警', 'Ready; no alerts yet']);
    const town = frameOf(all(raised(2), late([0, HOUR])), '30d', TOWNS[0]);
    expect(say(town)).toBe('今日新增 2 件；超期 1 件，已超 1 小时');
    const past = frameAt(openWorld([[TOWNS[0]!, 'red', 2]]), BARE.code, 'today', NOW - 60_000);
    expect(say(past)).toBe('截至 2026-11-21 10:23，当日新增 2 件，红色 2 件，均在良渚街道；在办 2 件');
    expect(say(past, 'en')).toBe('As of 21 Nov 2026, 10:23: 2 new alerts that day, 2 red, all in Liangzhu; 2 open');
    const few = withhold(frameOf(raised(1)), 5);
    expect([say(few), say(few, 'en')]).toEqual(['预警较少，不公布数字', 'Too few alerts for figures to be shown']);
  });

  it('names districts in the sentence of a city', () => {
    const city: RegionPack = {
      ...PACK,
      code: '330100',
      towns: ['330110', '330113'].map((code, i) => ({ ...PACK.towns[i]!, code })),
    };
    const frame = frameOf(late([0, 25 * HOUR]));
    frame.scope = '330100';
    const [row] = Object.values(frame.byTown);
    frame.byTown = { '330110': { ...row!, days: { [today]: 1 } }, '330113': { ...row!, days: { [today]: 1 } } };
    expect(say(frame, 'zh-CN', city)).toBe('今日新增 2 件，分布在 2 个区县；超期 1 件，在良渚街道，已超 1 天 1 小时');
    expect(say(frame, 'en', city)).toBe('2 new alerts today, in 2 districts; 1 overdue, in Liangzhu, by 1 day 1 hour');
  });

  it('marks figures, and what is late, better and worse', () => {
    const frame = frameOf(all(raised(3), late([1, HOUR]), rate(0.8, 50, [0.9, 50])));
    const parts = daySentence(frame, PACK, 'zh-CN');
    expect(parts.filter(({ figure }) => figure).map(({ text, emphasis }) => [text, emphasis])).toEqual([
      ['3', undefined],
      ['1', 'overdue'],
      ['1', undefined],
      ['80%', undefined],
      ['10', 'worse'],
    ]);
    expect(parts.find(({ text }) => text === '超期 ')).toEqual({ text: '超期 ', emphasis: 'overdue' });
  });
});

describe('read back', () => {
  it('says nothing in either language that the frame does not, in 500 frames of every kind', () => {
    let read = 0;
    const seen = new Set<string>();
    for (let seed = 1; read < 500; seed++) {
      const random = randomFrom(seed);
      const world = worldOf(seed, { older: seed % 2 === 0 });
      for (const window of WINDOWS) {
        const scope = random() < 0.7 ? SCOPES[0]! : SCOPES[Math.floor(random() * SCOPES.length)]!;
        const live = world.frame(scope, window, NOW + Math.floor(random() * 3 * DAY));
        const frames = [
          live,
          withhold(live, 3),
          withhold(live, 12),
          frameAt(world, scope, window, NOW - random() * DAY * 9),
        ];
        const frame = frames[Math.floor(random() * 1.7 * 4) % 4]!;
        read++;
        for (const lang of LANGS) {
          const sentence = say(frame, lang);
          const faults = faultsOf(sentence, frame, PACK, lang);
          if (faults.length) expect({ seed, window, lang, sentence, faults }).toEqual({ faults: [] });
          seen.add(sentence.replace(/[\d.,:%-]+/g, '#'));
          // Every number that is not a period's name is a part of its own.
          const loose = daySentence(frame, PACK, lang)
            .filter(({ figure }) => !figure)
            .map(({ text }) =>
              text
                .replace(/(近|此前|last|the|prior) \d+ (小时|天|hours|days)/g, '')
                .replace(/截至 [-\d: ]+|As of .*: /, ''),
            );
          expect(loose.join('')).not.toMatch(/\d/);
        }
      }
    }
    // Not the same few words again and again.
    expect(seen.size).toBeGreaterThan(50);
  });

  it('would find what is wrong', () => {
    const frame = frameOf(all(raised(3), late([1, HOUR]), rate(0.8, 50, [0.9, 50])));
    for (const lang of LANGS) {
      const sentence = say(frame, lang);
      expect(faultsOf(sentence, frame, PACK, lang)).toEqual([]);
      for (const [right, wrong] of [
        ['3', '4'],
        ['良渚街道', '径山镇'],
        ['临平街道', '良渚街道'],
        ['Liangzhu', 'Jingshan'],
        ['Linping', 'Liangzhu'],
        ['降', '升'],
        ['down', 'up'],
        ['10 ', '1 '],
        ['hour;', 'hours;'],
        ['alerts', 'alert'],
        ['小时', '天'],
      ] as const)
        if (sentence.includes(right))
          expect([wrong, faultsOf(sentence.replace(right, wrong), frame, PACK, lang)]).not.toEqual([wrong, []]);
    }
  });
});

describe('the sentence of a period', () => {
  const period = (change: (frame: Frame) => void, lang: 'zh-CN' | 'en' = 'zh-CN') =>
    plainSentence(periodSentence(frameOf(change, 'week'), PACK, lang));
  const week =
    (now: number, before: number | undefined, town = now) =>
    ({ totals, compare, byTown }: Frame) => {
      totals.raised = now;
      byTown[TOWNS[0]!]!.raised = town;
      if (before === undefined) delete compare.previous;
      else Object.assign(compare.previous!, { raised: before });
    };

  it.each(LANGS)('what stands between clauses has the colour of none, in %s', (lang) => {
    let coloured = 0;
    for (let seed = 1; seed <= 12; seed++)
      for (const window of WINDOWS) {
        const frame = worldOf(seed, { older: true }).frame(BARE.code, window, NOW);
        for (const { text, emphasis } of [
          ...periodSentence(frame, PACK, lang, NOW),
          ...daySentence(frame, PACK, lang),
        ]) {
          if (emphasis === undefined) continue;
          coloured++;
          expect(text).not.toMatch(/[，；、,;]/);
        }
      }
    expect(coloured).toBeGreaterThan(50);
  });

  it('says what is new against the period before, what is late, what was recovered, and the rate', () => {
    const change = all(
      week(42, 40, 30),
      (one) => (one.byTier.red!.raised = 3),
      late([1, 30 * HOUR]),
      ({ totals }) => Object.assign(totals, { recoveredFen: 51_300_000, recoveredWorkers: 51 }),
      rate(0.811, 500, [0.787, 400]),
    );
    expect(period(change)).toBe(
      '本周新增 42 件，较上周同期多 2 件，红色 3 件，集中在良渚街道；超期 1 件，在临平街道，已超 1 天 6 小时；追回工资 51.3 万元，惠及 51 人；本周成功率 81.1%，较上周同期升 2.4 个百分点',
    );
    expect(period(change, 'en')).toBe(
      '42 new alerts this week, 2 more than in the same days a week before, 3 red, mostly in Liangzhu; 1 overdue, in Linping, by 1 day 6 hours; ¥513,000 recovered for 51 workers; success rate 81.1% this week, up 2.4 points vs same days a week before',
    );
  });

  it('calls the period before as the figures of briefings and reports do', () => {
    const texts = readFileSync(new URL('../../../web/i18n/zh-CN/briefing.json', import.meta.url), 'utf8');
    const { than } = JSON.parse(texts) as { than: Record<string, string> };
    expect(period(week(42, 40))).toContain(`较${than['week']}多 2 件`);
    expect(['daily', 'weekly', 'monthly'].map((kind) => basisName('previous', kind as ReportKind, false))).toEqual([
      than['today'],
      than['week'],
      than['month'],
    ]);
    expect(basisName('lastYear', 'weekly', true)).toBe(than['year']);
  });

  it.each<[zh: string, en: string, now: number, before: number | undefined]>([
    ['本周无新增', 'No new alerts this week', 0, 0],
    ['本周无新增，上周同期 4 件', 'No new alerts this week, 4 in the same days a week before', 0, 4],
    [
      '本周新增 2 件，上周同期无新增，均在良渚街道',
      '2 new alerts this week, up from none in the same days a week before, all in Liangzhu',
      2,
      0,
    ],
    [
      '本周新增 2 件，与上周同期持平，均在良渚街道',
      '2 new alerts this week, as many as in the same days a week before, all in Liangzhu',
      2,
      2,
    ],
    [
      '本周新增 1 件，较上周同期少 3 件，在良渚街道',
      '1 new alert this week, 3 fewer than in the same days a week before, in Liangzhu',
      1,
      4,
    ],
    ['本周新增 1 件，在良渚街道', '1 new alert this week, in Liangzhu', 1, undefined],
  ])('%s', (zh, en, now, before) => {
    expect(period(week(now, before)).split('；')[0]).toBe(zh);
    expect(period(week(now, before), 'en').split('; ')[0]).toBe(en);
  });

  it('gives money to the fen, and in the unit that fits', () => {
    const money = (fen: number, lang: 'zh-CN' | 'en') =>
      period(({ totals }) => (totals.recoveredFen = fen), lang).split(/；|; /)[2];
    expect(money(5, 'zh-CN')).toBe('追回工资 0.05 元');
    expect(money(123_400, 'zh-CN')).toBe('追回工资 1234 元');
    expect(money(1_000_000, 'zh-CN')).toBe('追回工资 1 万元');
    expect(money(12_345_678_900, 'zh-CN')).toBe('追回工资 1.23 亿元');
    expect(money(12_345_678_901, 'en')).toBe('¥123,456,789.01 recovered');
  });

  it('of today is the sentence of the day', () => {
    const frame = frameOf(raised(1, 2), 'today');
    expect(periodSentence(frame, PACK, 'zh-CN')).toEqual(daySentence(frame, PACK, 'zh-CN'));
  });
});
