import { CODE_NAMES, type NameLang } from '../../../../common/codeNames.ts';
import type { Report, Section } from '../../../../common/report/model.ts';
import type { FiguresOf, ReportSituation, SpanFigures } from '../../../../contract/reportSituation.ts';
import { AREAS } from './randomSituation.ts';

/**
 * Reads a report back: takes every number and every comparison out of its sentences and looks for them in the situation, with
 * arithmetic of its own (floating point, and a tolerance of one in the last place). @returns what is wrong
 */
export function faultsOf(report: Report, situation: ReportSituation): string[] {
  return readBack(report, (section, sentence) => meaning(section, sentence, situation, report.lang));
}

/** The same of any report. @param meant what is wrong with what a sentence says */
export function readBack(report: Report, meant: (section: Section, sentence: string) => string[]): string[] {
  const faults: string[] = [];
  for (const section of report.sections) {
    const cells = new Set(section.tables.flatMap(({ rows }) => rows.flat()).map(({ text }) => plain(text)));
    for (const parts of section.sentences) {
      const sentence = parts.map(({ text }) => text).join('');
      for (const number of numbersOf(sentence, report.lang))
        if (!cells.has(number)) faults.push(`${number} stands in no table: ${sentence}`);
      if (/undefined|NaN|Infinity|\[object|，，|, ,|\(\)|（）/.test(sentence))
        faults.push(`not a sentence: ${sentence}`);
      faults.push(...meant(section, sentence).map((fault) => `${fault}: ${sentence}`));
    }
    for (const { rows, columns } of section.tables)
      for (const row of rows)
        if (row.length !== columns.length)
          faults.push(`${section.id}: a row of ${row.length} in ${columns.length} columns`);
  }
  return faults;
}

const plain = (text: string) => text.replace(/^[+−]/, '');

/** Numbers of a sentence, without dates, times of day, and names that have digits in them. */
function numbersOf(sentence: string, lang: NameLang): string[] {
  let text = sentence
    .replace(/\d+年(\d+月\d+日)?(\d\d:\d\d)?/g, '')
    .replace(/\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d/g, '');
  for (const name of [...Object.values(CODE_NAMES[lang].channels), ...Object.values(CODE_NAMES[lang].industries)])
    text = text.replaceAll(name, '');
  return text.match(/\d[\d,]*(\.\d+)?%?/g)?.map((number) => number.replace(/,$/, '')) ?? [];
}

export const value = (text: string) => Number(text.replace(/[,%]/g, ''));
export const close = (a: number, b: number, step: number) => Math.abs(a - b) <= step * 0.51 + 1e-9;

interface Reading {
  of: (figures: SpanFigures) => number;
  counted: boolean;
}
const READINGS: [RegExp, Reading][] = [
  [/新增欠薪预警|new alerts?\b/i, { of: ({ totals }) => totals.raised, counted: true }],
  [/办结|closed/i, { of: ({ totals }) => totals.closed, counted: true }],
  [/追回工资|Wages of|No wages/i, { of: ({ totals }) => totals.recoveredFen, counted: false }],
  [/^截至|^As of/, { of: ({ totals }) => totals.open, counted: true }],
];

function meaning(section: Section, sentence: string, situation: ReportSituation, lang: NameLang): string[] {
  if (section.id === 'areas') return places(sentence, situation, lang);
  if (section.id === 'loop') return late(sentence, situation);
  if (section.id === 'kinds') return kinds(sentence, situation, lang);
  if (section.id !== 'overview') return [];
  if (/审核|audited/i.test(sentence)) return audited(sentence, situation);
  const reading = READINGS.find(([pattern]) => pattern.test(sentence))?.[1];
  if (!reading) return /涉及劳动者|concerned/.test(sentence) ? concerned(sentence, situation) : ['no known sentence'];
  const now = reading.of(situation.figures);
  const faults: string[] = [];
  const none = /未新增|无办结|无追回|无在办|No new|None closed|No wages|none open/.test(sentence);
  if (none !== (now === 0)) faults.push(`says ${none ? 'none' : 'some'} of ${now}`);
  faults.push(...compared(sentence, now, situation, reading.of, reading.counted));
  return faults;
}

/** Whether a sentence compares a figure with what it is known of, each basis once, and truly. */
export function compared<F>(
  sentence: string,
  now: number,
  { previous, lastYear }: Pick<FiguresOf<F>, 'previous' | 'lastYear'>,
  of: (figures: F) => number,
  counted: boolean,
): string[] {
  const faults: string[] = [];
  const spans = { previous, lastYear };
  // Each comparison is said of one basis: clauses are told apart by what they are called.
  const clauses = clausesOf(sentence);
  if (now !== 0) faults.push(...misplaced(clauses));
  for (const basis of ['previous', 'lastYear'] as const) {
    const span = spans[basis];
    const said = clauses.filter((clause) =>
      basis === 'lastYear' ? /同比|去年同期|a year before/.test(clause) : isPrevious(clause),
    );
    if (!span || 'missing' in span) {
      if (said.length > 0) faults.push(`${basis} is not known, and is said: ${said.join()}`);
      continue;
    }
    const then = of(span.figures);
    if (now === 0 || then === 0) {
      if (now === 0 && then === 0 && said.length > 0) faults.push('nothing is compared with nothing');
      if (now !== 0 && !said.some((clause) => /无$|none (in|on|at)/.test(clause)))
        faults.push(`${basis}: none before is not said`);
      continue;
    }
    if (said.length !== 1) {
      faults.push(`${basis}: ${said.length} comparisons`);
      continue;
    }
    faults.push(...comparison(said[0]!, now, then, counted));
  }
  return faults;
}

const isPrevious = (clause: string) =>
  /环比|较?(前一日|上周|上月|上季度|上期)/.test(clause) || (/before$/.test(clause) && !/a year before/.test(clause));

/** What is said of a whole, without what stands in brackets of its parts. */
const clausesOf = (sentence: string): string[] =>
  sentence
    .replace(/（[^）]*）| \([^)]*\)/g, '')
    .split(/[，；]|; |, (?=up|down|the same|\d[\d,.]* (?:more|fewer)|none (?:in|on|at)|\d[\d,.]* (?:in|on) the|CNY)/);
const isComparison = (clause: string) =>
  /^[环同]比|持平$|^较|(上月|上周|上季度|上期|上年|前一日|同期|期末)无$/.test(clause) ||
  /^(up|down|the same as|none (in|on|at)) |^\d[\d,.]* (more|fewer) than/.test(clause) ||
  /率(与|较)|share sent back (up|down|the same)/.test(clause);

/**
 * Whether comparisons can be read as of something else than the figure that they are of: they follow one another, right after it, and
 * nothing between but that figure has a number.
 */
function misplaced(clauses: readonly string[]): string[] {
  const places = clauses.flatMap((clause, i) => (isComparison(clause) ? [i] : []));
  const [first] = places;
  if (first === undefined) return [];
  if (places.some((place, i) => place !== first + i)) return ['comparisons stand apart'];
  const numbers = (clause: string) =>
    clause.replace(/\d+年(\d+月\d+日)?(\d\d:\d\d)?|\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d/g, '').match(/\d[\d,.]*/g) ??
    [];
  const before = clauses.slice(0, first).flatMap(numbers);
  return before.length === 1 && numbers(clauses[first - 1]!).length === 1
    ? []
    : [`compared after ${before.join(', ') || 'no figure'}`];
}

function comparison(clause: string, now: number, then: number, counted: boolean): string[] {
  if (/持平|the same as/.test(clause)) return now === then ? [] : [`${now} and ${then} are not the same`];
  const up = /上升|增加|\bup |more/.test(clause);
  const down = /下降|减少|\bdown |fewer/.test(clause);
  if (up === down) return ['neither up nor down'];
  if (up !== now > then) return [`wrong direction: ${now} after ${then}`];
  const [, percent] = /(\d[\d,.]*)%/.exec(clause) ?? [];
  if (percent !== undefined) {
    if (counted && then < 10) return [`a share of ${then}`];
    const share = Math.abs(((now - then) / then) * 100);
    return close(value(percent), Math.max(share, 0.01), 0.01 * Math.max(1, share * 1e-12))
      ? []
      : [`${percent}% is not ${share}`];
  }
  const [, difference = ''] = /(\d[\d,]*)/.exec(clause) ?? [];
  return value(difference) === Math.abs(now - then) && then < 10 ? [] : [`${difference} is not ${now - then}`];
}

function concerned(sentence: string, { figures: { totals } }: ReportSituation): string[] {
  const [workers, amount] = sentence.match(/\d[\d,.]*/g)!.map(value) as [number, number];
  const unit = /万元/.test(sentence) ? 1_000_000 : 100_000;
  return workers === totals.workers && close(amount, totals.amountFen / unit, 0.01) ? [] : ['other workers or amount'];
}

function audited(sentence: string, situation: ReportSituation): string[] {
  const of = ({ totals }: SpanFigures) => ({ all: totals.effective + totals.falseAlarm, part: totals.effective });
  const now = of(situation.figures);
  if (now.all === 0) return /无审核|Nothing/.test(sentence) ? [] : ['nothing was audited'];
  const [rate] = /\d[\d,.]*%/.exec(sentence) ?? [''];
  const faults = close(value(rate), (100 * now.part) / now.all, 0.01) ? [] : [`rate ${rate}`];
  if (/基数小|small base/.test(sentence) !== now.all < 10) faults.push('small base');
  return [...faults, ...inPoints(sentence, now, situation, of)];
}

/** Whether a share is compared, in points, with what can be compared, and truly. */
export function inPoints<F>(
  sentence: string,
  now: { part: number; all: number },
  { previous, lastYear }: Pick<FiguresOf<F>, 'previous' | 'lastYear'>,
  of: (figures: F) => { part: number; all: number },
): string[] {
  const faults: string[] = [];
  // Points are said right after the share, or say of what they are.
  const clauses = clausesOf(sentence);
  const first = clauses.findIndex(isComparison);
  if (first >= 0 && !/率|share/.test(clauses[first]!) && !clauses[first - 1]?.includes('%'))
    faults.push('points of what?');
  const told = sentence.match(/(上升|下降|up|down) ?(\d[\d.]*)(个百分点| percentage)/g) ?? [];
  const known = [previous, lastYear].flatMap((span) => (span && 'figures' in span ? [of(span.figures)] : []));
  const expected = known
    .filter(({ all }) => all >= 10 && now.all >= 10)
    .map((then) => 100 * (now.part / now.all - then.part / then.all))
    .filter((points) => Math.abs(points) > 1e-12);
  if (told.length !== expected.length) return [...faults, `${told.length} of ${expected.length} comparisons`];
  told.forEach((phrase, i) => {
    const points = expected[i]!;
    if (/上升|up/.test(phrase) !== points > 0) faults.push('rate: wrong direction');
    if (!close(value(/\d[\d.]*/.exec(phrase)![0]), Math.max(Math.abs(points), 0.01), 0.01))
      faults.push(`${phrase} is not ${points}`);
  });
  return faults;
}

function places(sentence: string, { figures }: ReportSituation, lang: NameLang): string[] {
  const counts = AREAS.map(({ code, name }) => ({ name: name[lang], count: figures.byTown[code]?.raised ?? 0 }));
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const named = counts.filter(({ name }) => sentence.includes(name));
  const most = Math.max(...counts.map(({ count }) => count));
  if (all === 0) return /均无|^No /.test(sentence) ? [] : ['there are none'];
  if (/均在|All new|alert is in|预警在/.test(sentence))
    return named.length === 1 && named[0]!.count === all ? [] : ['not all are there'];
  if (/集中|Most new/.test(sentence))
    return named.length === 1 && 2 * named[0]!.count > all ? [] : ['not most are there'];
  if (/最多|more than any other|the most/.test(sentence)) {
    const lead = counts.filter(({ count }) => count === most);
    return named.length === lead.length && named.every(({ count }) => count === most) ? [] : ['others have as many'];
  }
  const [places = ''] = /\d+/.exec(sentence) ?? [];
  return value(places) === counts.filter(({ count }) => count > 0).length ? [] : ['other number of places'];
}

function kinds(sentence: string, { figures }: ReportSituation, lang: NameLang): string[] {
  const [names, rows] = /行业|industry/.test(sentence)
    ? [CODE_NAMES[lang].industries as Record<string, string>, figures.byIndustry]
    : [CODE_NAMES[lang].channels as Record<string, string>, figures.byChannel];
  const counts = Object.entries(rows).map(([code, { raised }]) => ({ name: names[code]!, raised }));
  const all = counts.reduce((sum, { raised }) => sum + raised, 0);
  const most = Math.max(...counts.map(({ raised }) => raised));
  const named = counts.filter(({ name, raised }) => raised > 0 && sentence.includes(name));
  if (named.length === 0) return ['names none'];
  if (/均为|: all in/.test(sentence)) return named.every(({ raised }) => raised === all) ? [] : ['not all'];
  if (/: most in/.test(sentence) && 2 * most <= all) return ['not most'];
  return named.some(({ raised }) => raised === most) ? [] : ['others have more'];
}

function late(sentence: string, { state, figures }: ReportSituation): string[] {
  if ('missing' in state) return /没有留存|not kept/.test(sentence) ? [] : ['says what nobody knows'];
  const corrected = /按现有事实为([\d,]+)|make it ([\d,]+) by the facts/.exec(sentence);
  const told = corrected ? Number((corrected[1] ?? corrected[2])!.replaceAll(',', '')) : undefined;
  const differs = state.source === 'kept' && state.open !== figures.totals.open;
  if (told !== (differs ? figures.totals.open : undefined)) return ['what was shown then is not what is known'];
  if (state.open === 0) return /无在办|none open/.test(sentence) ? [] : ['none is open'];
  const overdue = /其中超期(\d+)|(\d+) of them overdue/.exec(sentence);
  if (state.overdue === 0) return overdue ? ['none is overdue'] : [];
  const supervised = /督办未回复(\d+)|(\d+) supervised/.exec(sentence);
  return Number(overdue?.[1] ?? overdue?.[2]) === state.overdue &&
    Number(supervised?.[1] ?? supervised?.[2] ?? 0) === state.supervised
    ? []
    : ['other figures'];
}
