import { expect, it } from 'vitest';
import { CODE_NAMES, type NameLang } from '../../../../common/codeNames.ts';
import type { Section } from '../../../../common/report/model.ts';
import { reportOf } from '../../../../common/report/reportOf.ts';
import type { SupervisedLetter, SupervisionSituation } from '../../../../contract/reportSituation.ts';
import { LEVELS, randomCircular, UNITS } from './randomCircular.ts';
import { compared, readBack, value } from './readReport.ts';

/** Circulars on supervision (督办通报), read back with counts made anew from their letters. */

function meaning({ id }: Section, sentence: string, frozen: SupervisionSituation, lang: NameLang): string[] {
  const { letters, state } = frozen;
  const count = (wanted: (letter: SupervisedLetter) => boolean) => letters.filter(wanted).length;
  const figure = (pattern: RegExp) => value(pattern.exec(sentence)?.slice(1).find(Boolean) ?? '0');
  if (id === 'letters') return figure(/(\d+)/) === letters.length ? [] : ['other number'];
  if (id === 'issued') {
    if (/涉及|concerned/.test(sentence)) {
      const units = new Set(letters.flatMap(({ unit }) => (unit ? [unit.en] : []))).size;
      return figure(/承办单位(\d+)个|(\d+) units?/) === units &&
        figure(/劳动者([\d,]+)人|([\d,]+) workers?/) === state.workers
        ? []
        : ['other units or workers'];
    }
    const faults = compared(sentence, letters.length, frozen, (one: { issued: number }) => one.issued, true);
    if (letters.length === 0) return /未发出|Nothing/.test(sentence) ? faults : [...faults, 'there is none'];
    const used = LEVELS.filter((level) => count((letter) => letter.level === level) > 0);
    for (const level of used) {
      const name = CODE_NAMES[lang].levels[level];
      if (!sentence.toLowerCase().includes(name.toLowerCase())) faults.push(`${level} is not told`);
      const told = new RegExp(`${name} ?(\\d+)`, 'i').exec(sentence)?.[1];
      if (used.length > 1 && Number(told) !== count((letter) => letter.level === level))
        faults.push(`${level} ${told}`);
    }
    if (used.length === 1 && letters.length > 1 && !/均为|all as/.test(sentence)) faults.push('not said of all');
    return faults;
  }
  if (/^截至|^As of/.test(sentence)) {
    if (/均已回复|all answered/.test(sentence))
      return count(({ state: one, answeredLate }) => one === 'answered' && !answeredLate) === letters.length
        ? []
        : ['not all'];
    const told = {
      answered: figure(/已回复(\d+)件|(\d+) answered/),
      answeredLate: figure(/超期回复(\d+)件|\((\d+) late\)/),
      overdue: figure(/超期未回复(\d+)件|(\d+) overdue/),
      open: figure(/未到期未回复(\d+)件|(\d+) not due/),
      ended: figure(/无需回复(\d+)件|(\d+) with nothing/),
    };
    const { answered, answeredLate, overdue, open, ended } = state;
    return JSON.stringify(told) === JSON.stringify({ answered, answeredLate, overdue, open, ended })
      ? []
      : [`read as ${JSON.stringify(told)}`];
  }
  if (/请超期|asked to act/.test(sentence)) return state.overdue > 0 ? [] : ['nobody is late'];
  if (/超期未回复的是|^Overdue/.test(sentence)) {
    for (const unit of UNITS) {
      const late = count((letter) => letter.state === 'overdue' && letter.unit === unit);
      const name = unit?.[lang] ?? (lang === 'en' ? 'Officers' : '经办科室');
      const told = new RegExp(`${name} ?[（(](\\d+)`).exec(sentence)?.[1];
      if (Number(told ?? 0) !== late) return [`${name} has ${late}`];
    }
    return [];
  }
  if (/办结|closed/.test(sentence)) {
    if (/尚未|均未|not closed|None/.test(sentence)) return state.closed === 0 ? [] : ['some are closed'];
    if (/已办结$|均已办结|The alert is closed|All of/.test(sentence))
      return state.closed === state.alerts ? [] : ['not all'];
    return figure(/(\d+)/) === state.closed ? [] : ['other number'];
  }
  return ['no known sentence'];
}

it('says of supervision nothing but what its letters say, late ones first, in both languages', () => {
  const seen = new Set<string>();
  const spans = new Set<string>();
  for (let seed = 0; seed < 600; seed++) {
    const situation = randomCircular(seed);
    spans.add(`${situation.kind} ${situation.whole} ${situation.scope}`);
    for (const lang of ['zh-CN', 'en'] as const) {
      const report = reportOf(situation, lang);
      expect(
        readBack(report, (section, sentence) => meaning(section, sentence, situation, lang)),
        `seed ${seed} ${lang}`,
      ).toEqual([]);
      const told = report.sections
        .flatMap(({ sentences }) => sentences.map((parts) => parts.map(({ text }) => text).join('')))
        .join('\n');
      expect(told).not.toMatch(/(^|\s)1 (letters|alerts|units|workers)\b/m);
      for (const word of [
        '未发出',
        '均为',
        '其中督办单',
        '均已回复',
        '超期未回复的是',
        '请超期',
        '尚未办结',
        '均已办结',
        '环比',
        '同比',
      ])
        if (told.includes(word)) seen.add(word);
    }
  }
  expect(seen.size).toBe(10);
  expect(spans.size).toBe(11 * 2);
});

it('is called a circular, and says what it leaves out', () => {
  const situation = randomCircular(
    Array.from({ length: 99 }, (_, i) => i).find(
      (i) => randomCircular(i).letters.length === 30 && randomCircular(i).scope === '330110',
    )!,
  );
  expect(reportOf(situation, 'zh-CN').title).toBe('关于某区欠薪预警督办情况的通报');
  expect(reportOf(situation, 'zh-CN').notes.join('')).not.toContain('其余见冻结清单');
  situation.letters.length = 20;
  expect(reportOf(situation, 'zh-CN').notes.join('')).toContain('列出前20件，共30件');
});
