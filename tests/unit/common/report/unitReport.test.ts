import { expect, it } from 'vitest';
import type { NameLang } from '../../../../common/codeNames.ts';
import type { Section } from '../../../../common/report/model.ts';
import { reportOf } from '../../../../common/report/reportOf.ts';
import type { UnitSituation, UnitSpanFigures } from '../../../../contract/reportSituation.ts';
import { AREAS } from './randomSituation.ts';
import { randomUnit, UNIT } from './randomUnit.ts';
import { close, compared, inPoints, readBack, value } from './readReport.ts';

/** Reports about a unit, read back: every number stands beside its sentence, and every comparison is true. */

const inTime = (all: 'accepted' | 'handled', late: 'acceptedLate' | 'handledLate') => (figures: UnitSpanFigures) => ({
  part: figures[all] - figures[late],
  all: figures[all],
});
const returned = (figures: UnitSpanFigures) => ({ part: figures.returned, all: figures.audited });
const figuresIn = (sentence: string) => (sentence.match(/\d[\d,.]*(?=[^\d,.]|$)/g) ?? []).map(value);

function meaning({ id }: Section, sentence: string, frozen: UnitSituation, lang: NameLang): string[] {
  const { figures, held } = frozen;
  if (id === 'towns') return towns(sentence, frozen, lang);
  if (id !== 'overview') return [];
  if (/^截至|^As of/.test(sentence)) {
    if (held.open === 0) return /无在办|none open/.test(sentence) ? [] : ['none is open'];
    const told = /在办([\d,]+)起|, ([\d,]+) open/.exec(sentence);
    const late = /超期([\d,]+)起|([\d,]+) of them overdue/.exec(sentence);
    return value(told?.[1] ?? told?.[2] ?? '') === held.open && value(late?.[1] ?? late?.[2] ?? '0') === held.overdue
      ? []
      : ['other figures'];
  }
  if (/接收交派|received/.test(sentence)) {
    const none = /未接收|received nothing/.test(sentence);
    return [
      ...(none === (figures.received === 0) ? [] : ['says none of some, or some of none']),
      ...compared(sentence, figures.received, frozen, (one: UnitSpanFigures) => one.received, true),
    ];
  }
  if (/追回工资|[Ww]ages/.test(sentence))
    return compared(sentence, figures.recoveredFen, frozen, (one: UnitSpanFigures) => one.recoveredFen, false);
  if (/延期|extended/.test(sentence)) return (figuresIn(sentence)[0] ?? 0) === figures.extended ? [] : ['extended'];
  const of = /审核|audited/.test(sentence)
    ? returned
    : /反馈|handled/.test(sentence)
      ? inTime('handled', 'handledLate')
      : inTime('accepted', 'acceptedLate');
  if (!/审核|audited|反馈|handled|受理|accepted/.test(sentence)) return ['no known sentence'];
  return rate(sentence, frozen, of);
}

function rate(sentence: string, frozen: UnitSituation, of: (one: UnitSpanFigures) => { part: number; all: number }) {
  const now = of(frozen.figures);
  if (now.all === 0)
    return /未反馈|未受理|无审核|None|No result/.test(sentence) && figuresIn(sentence).length === 0
      ? []
      : ['there is none'];
  const faults = inPoints(sentence, now, frozen, of);
  const share = /(\d[\d,.]*)%/.exec(sentence)?.[1];
  if (share === undefined) {
    if (!/无退回|none sent back/.test(sentence) || now.part !== 0) faults.push('no share');
    return faults;
  }
  if (!close(value(share), (100 * now.part) / now.all, 0.01)) faults.push(`share ${share}`);
  if (/基数小|small base/.test(sentence) !== now.all < 10) faults.push('small base');
  const [all, first] = figuresIn(sentence);
  if (all !== now.all || first !== now.part) faults.push(`${all} and ${first} are not ${now.all} and ${now.part}`);
  return faults;
}

function towns(sentence: string, { byTown }: UnitSituation, lang: NameLang): string[] {
  const counts = AREAS.map(({ code, name }) => ({ name: name[lang], count: byTown[code]?.received ?? 0 }));
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(...counts.map(({ count }) => count));
  const named = counts.filter(({ name }) => sentence.includes(name));
  if (/均在|交派在|is of/.test(sentence) && !/Most/.test(sentence))
    return named.length === 1 && named[0]!.count === all ? [] : ['not all are there'];
  if (/集中|Most of/.test(sentence)) return named.length === 1 && 2 * named[0]!.count > all ? [] : ['not most'];
  if (/最多|more than of any|The most/.test(sentence))
    return named.every(({ count }) => count === most) &&
      counts.filter(({ count }) => count === most).length === named.length
      ? []
      : ['others have as many'];
  return figuresIn(sentence)[0] === counts.filter(({ count }) => count > 0).length ? [] : ['other number of places'];
}

it('says of a unit nothing but what stands in its tables, and compares truly, in both languages', () => {
  const seen = new Set<string>();
  const spans = new Set<string>();
  for (let seed = 0; seed < 600; seed++) {
    const situation = randomUnit(seed);
    spans.add(`${situation.kind} ${situation.whole} ${situation.scope}`);
    for (const lang of ['zh-CN', 'en'] as const) {
      const report = reportOf(situation, lang);
      expect(
        readBack(report, (section, sentence) => meaning(section, sentence, situation, lang)),
        `seed ${seed} ${lang}`,
      ).toEqual([]);
      expect(report.title).toContain(UNIT.name[lang]);
      expect(reportOf(structuredClone(situation), lang)).toEqual(report);
      const told = report.sections
        .flatMap(({ sentences }) => sentences.map((parts) => parts.map(({ text }) => text).join('')))
        .join('\n');
      expect(told).not.toMatch(/(^|\s)1 (alerts|results|payments|times)\b/m);
      for (const word of ['未接收', '环比上升', '同比下降', '持平', '增加', '个百分点', '基数小', '无退回', '无超期'])
        if (told.includes(word)) seen.add(word);
      for (const word of [
        '均在',
        '集中在',
        '最多的是',
        '分布在',
        '无在办',
        'received nothing',
        'none sent back',
        'spread over',
      ])
        if (told.includes(word)) seen.add(word);
    }
  }
  // The situations have all cases in them.
  expect(seen.size).toBe(17);
  // Of each kind a whole period and a part of one, of a district and of a town.
  expect(spans.size).toBe(11 * 2);
});
