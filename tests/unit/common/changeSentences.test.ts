import { describe, expect, it } from 'vitest';
import { changeSentences } from '../../../common/changes/changeSentences.ts';
import type { NameLang } from '../../../common/codeNames.ts';
import type { Changes } from '../../../contract/briefingChanges.ts';
import { AREAS, randomOf } from './report/randomSituation.ts';

/** Sentences of what has changed are read back: every number in them is looked for in the figures, with arithmetic of its own. */

const PACK = { code: '330110', towns: AREAS };
const LANGS: readonly NameLang[] = ['zh-CN', 'en'];

function randomChanges(seed: number): Changes {
  const random = randomOf(seed);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const few = () => oneOf([0, 0, 1, 1, 2, 3, 9, 40, 1_234]);
  const towns: Record<string, number> = {};
  if (random() < 0.8)
    for (const { code } of AREAS.filter(() => random() < 0.6)) towns[code] = oneOf([1, 1, 2, 2, 3, 30]);
  const raised = Object.values(towns).reduce((all, n) => all + n, 0);
  const then = few();
  return {
    from: '2026-11-27T09:00:00+08:00',
    to: '2026-11-28T09:00:00+08:00',
    raised,
    red: oneOf([0, Math.min(1, raised), raised, Math.floor(raised / 2)]),
    effective: few(),
    falseAlarm: few(),
    recoveredFen: oneOf([0, 1, 100, 999_999, 1_000_000, 51_234_567, 12_345_678_900]),
    recoveredWorkers: few(),
    closed: few(),
    open: { then, now: oneOf([0, then, few()]) },
    ...(random() < 0.8 ? { late: few() } : {}),
    towns,
  };
}

const plain = (changes: Changes, lang: NameLang) =>
  changeSentences(changes, PACK, lang).map((parts) => parts.map(({ text }) => text).join(''));
const numbersIn = (text: string) =>
  (text.match(/\d[\d,]*(\.\d+)?/g) ?? []).map((number) => Number(number.replaceAll(',', '').replace(/\.$/, '')));
const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

/** What a sentence must hold, by its first words; its numbers, in any order. */
function numbersMeant(sentence: string, changes: Changes): number[] {
  const { raised, red, effective, falseAlarm, recoveredFen, recoveredWorkers, late, open } = changes;
  const audited = effective + falseAlarm;
  if (/没有新增预警|No new alerts/.test(sentence)) return expectNone(raised);
  if (/^新增预警|new alerts?,/.test(sentence)) return red === 0 || red === raised ? [raised] : [raised, red];
  if (/没有审核|No alerts audited/.test(sentence)) return expectNone(audited);
  if (/^审核|audited/.test(sentence))
    return effective === 0 || falseAlarm === 0 ? [audited] : [audited, effective, falseAlarm];
  if (/没有追回|No wages/.test(sentence)) return expectNone(recoveredFen);
  if (/追回工资|wages recovered/.test(sentence)) {
    const wan = sentence.includes('万元');
    const money = wan ? Math.round(recoveredFen / 1e4) / 100 : recoveredFen / 100;
    return recoveredWorkers === 0 ? [money] : [money, recoveredWorkers];
  }
  if (/没有新增超期|Nothing newly/.test(sentence)) return expectNone(late!);
  if (/^新增超期|newly overdue/.test(sentence)) return [late!];
  if (/没有在办|No open/.test(sentence))
    return open.then === 0 ? expectNone(open.now) : [...expectNone(open.now), open.then];
  if (/在办|open/.test(sentence))
    return open.now === open.then ? [open.now] : [open.now, Math.abs(open.now - open.then)];
  return townsMeant(sentence, changes);
}
function expectNone(value: number): number[] {
  expect(value).toBe(0);
  return [];
}
/** Who is named has more than anybody who is not; where nobody is, how many there are. */
function townsMeant(sentence: string, { towns }: Changes): number[] {
  const counts = Object.entries(towns).map(([code, n]) => {
    const { name } = AREAS.find((area) => area.code === code)!;
    return { n, named: Object.values(name).some((one) => sentence.includes(one)) };
  });
  const named = counts.filter((one) => one.named).map(({ n }) => n);
  const others = counts.filter((one) => !one.named).map(({ n }) => n);
  if (named.length === 0) return [counts.length];
  expect(Math.min(...named), sentence).toBeGreaterThan(Math.max(0, ...others));
  return counts.length === 1 ? [] : named;
}

describe.each(LANGS)('sentences of what has changed, in %s', (lang) => {
  it('say what the figures say, of 300 random spans', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const changes = randomChanges(seed);
      const sentences = plain(changes, lang);
      expect(sentences.length).toBeLessThanOrEqual(5);
      expect(sentences.length).toBeGreaterThanOrEqual(4);
      for (const sentence of sentences) {
        expect(sentence).not.toMatch(/undefined|NaN|\[object|，，|, ,|\(\)|（）| {2}/);
        expect(sorted(numbersIn(sentence)), `${seed}: ${sentence}`).toEqual(sorted(numbersMeant(sentence, changes)));
      }
    }
  });

  it('have the words of more and fewer where there are more and fewer', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const changes = randomChanges(seed);
      const { now, then } = changes.open;
      for (const sentence of plain(changes, lang)) {
        if (/比此前多|more than before/.test(sentence)) expect(now).toBeGreaterThan(then);
        if (/比此前少|fewer than before/.test(sentence)) expect(now).toBeLessThan(then);
        if (/与此前持平|as many as before/.test(sentence)) expect(now).toBe(then);
      }
    }
  });
});

const none: Changes = {
  from: '2026-11-27T09:00:00+08:00',
  to: '2026-11-28T09:00:00+08:00',
  raised: 0,
  red: 0,
  effective: 0,
  falseAlarm: 0,
  recoveredFen: 0,
  recoveredWorkers: 0,
  closed: 0,
  open: { then: 0, now: 0 },
  late: 0,
  towns: {},
};
describe('none, one and several', () => {
  it('of nothing, say so', () => {
    expect(plain(none, 'zh-CN')).toEqual([
      '没有新增预警',
      '没有审核预警',
      '没有追回工资',
      '没有新增超期',
      '没有在办预警',
    ]);
    expect(plain(none, 'en')).toEqual([
      'No new alerts',
      'No alerts audited',
      'No wages recovered',
      'Nothing newly overdue',
      'No open alerts',
    ]);
  });

  it('of one, in the singular', () => {
    const one = {
      ...none,
      raised: 1,
      red: 1,
      effective: 1,
      recoveredFen: 150,
      recoveredWorkers: 1,
      late: 1,
      towns: { '330110002': 1 },
    };
    expect(plain(one, 'zh-CN')).toEqual([
      '新增预警 1 件，为红色',
      '审核 1 件，为有效预警',
      '追回工资 1.50 元，惠及 1 人次',
      '新增超期 1 件',
      '新增在某西镇',
    ]);
    expect(plain(one, 'en')).toEqual([
      '1 new alert, red',
      '1 alert audited, effective',
      '¥1.50 of wages recovered, in 1 payment to workers',
      '1 newly overdue',
      'The new one is in Mouxi',
    ]);
  });

  it('of several, with those that stand out', () => {
    const several = {
      ...none,
      raised: 12,
      red: 3,
      effective: 7,
      falseAlarm: 2,
      recoveredFen: 51_300_000,
      recoveredWorkers: 23,
      late: 2,
      towns: { '330110001': 7, '330110002': 3, '330110003': 1, '330110004': 1 },
    };
    expect(plain(several, 'zh-CN')).toEqual([
      '新增预警 12 件，其中红色 3 件',
      '审核 9 件，有效 7 件，误报 2 件',
      '追回工资 51.30 万元，惠及 23 人次',
      '新增超期 2 件',
      '新增最多的是某东街道（7 件）、某西镇（3 件）',
    ]);
    expect(plain(several, 'en')[4]).toBe('Most new ones in Moudong (7), Mouxi (3)');
    const alike = { ...several, raised: 8, towns: { '330110001': 2, '330110002': 2, '330110003': 2, '330110004': 2 } };
    expect(plain(alike, 'zh-CN')[4]).toBe('新增分布在 4 个镇街');
    expect(plain(alike, 'en')[4]).toBe('New ones in 4 towns');
  });
});
