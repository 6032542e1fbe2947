import type { WindowName } from '../../contract/codes.ts';
import { levelOf } from '../divisions.ts';
import { isoDate, toRfc3339 } from '../regionTime.ts';
import {
  SMALL_BASE,
  type Change,
  type DayFacts,
  type OverdueFact,
  type PeriodFacts,
  type RaisedFact,
  type RateFact,
} from './dayFacts.ts';
import { count, decimal, durationOf, figure, joined, percent, text, type SentencePart } from './parts.ts';

const NOW: Record<WindowName, string> = {
  '1h': '近 1 小时',
  '24h': '近 24 小时',
  '7d': '近 7 天',
  '30d': '近 30 天',
  '365d': '近 365 天',
  today: '今日',
  week: '本周',
  month: '本月',
  year: '今年',
  all: '累计',
};
const THEN: Record<WindowName, string> = {
  '1h': '此前 1 小时',
  '24h': '此前 24 小时',
  '7d': '此前 7 天',
  '30d': '此前 30 天',
  '365d': '此前 365 天',
  today: '当日',
  week: '当周',
  month: '当月',
  year: '当年',
  all: '累计',
};
/** The period before; a calendar's is its same elapsed part (contract §3). Figures of briefings and reports call it the same. */
const BEFORE: Partial<Record<WindowName, string>> = {
  today: '前一日同期',
  week: '上周同期',
  month: '上月同期',
  year: '去年同期',
};
const AREAS = { district: '个镇街', city: '个区县', province: '个地市' };

export function zhSentence(facts: DayFacts, scope: string): SentencePart[] {
  if (facts.empty) return [text('系统已就绪，尚无预警')];
  const names = facts.past === undefined ? NOW : THEN;
  const clauses = [
    raisedClause(facts, names, scope),
    stateClause(facts),
    facts.rate ? rateClause(facts.rate, names) : trendClause(facts, names),
  ].filter((clause) => clause.length > 0);
  if (clauses.length === 0) clauses.push([text('预警较少，不公布数字')]);
  const lead = facts.past === undefined ? [] : [text(`截至 ${momentOf(facts.past)}，`)];
  return [...lead, ...joined(clauses, '；')];
}

export function zhPeriod(facts: PeriodFacts, scope: string): SentencePart[] {
  if (facts.empty) return [text('系统已就绪，尚无预警')];
  const clauses = [
    raisedClause(facts, NOW, scope, beforePhrase(facts)),
    stateClause(facts),
    recoveredClause(facts),
    facts.rate ? rateClause(facts.rate, NOW) : [],
  ];
  return joined(
    clauses.filter((clause) => clause.length > 0),
    '；',
  );
}

/** The same of the period before, in alerts. */
function beforePhrase({ raised, before, window }: PeriodFacts): SentencePart[] {
  const name = BEFORE[window] ?? '上期';
  if (before === undefined || (before === 0 && raised.count === 0)) return [];
  if (before === 0) return [text(`，${name}无新增`)];
  if (raised.count === 0) return [text(`，${name} `), count(before), text(' 件')];
  const more = raised.count - before;
  if (more === 0) return [text(`，与${name}持平`)];
  return [text(`，较${name}${more > 0 ? '多' : '少'} `), count(Math.abs(more)), text(' 件')];
}

function recoveredClause({ recovered }: PeriodFacts): SentencePart[] {
  if (!recovered) return [];
  const { value, unit } = moneyOf(recovered.fen);
  const clause = [text('追回工资 ', 'better'), figure(value, 'better'), text(` ${unit}`, 'better')];
  return recovered.workers > 0 ? [...clause, text('，惠及 '), count(recovered.workers), text(' 人')] : clause;
}

function moneyOf(fen: number): { value: string; unit: string } {
  if (fen < 1_000_000) return { value: (fen / 100).toFixed(fen % 100 === 0 ? 0 : 2), unit: '元' };
  return fen < 1e10 - 5e4
    ? { value: decimal(fen / 1e6), unit: '万元' }
    : { value: (fen / 1e10).toFixed(2), unit: '亿元' };
}

const momentOf = (ms: number) => `${isoDate(ms)} ${toRfc3339(ms).slice(11, 16)}`;

/** @param compared said of all of them, so it stands before what is said of some */
function raisedClause(
  { raised }: Pick<DayFacts, 'raised'>,
  names: typeof NOW,
  scope: string,
  compared: SentencePart[] = [],
): SentencePart[] {
  if (!raised) return [];
  const name = names[raised.in === 'day' ? 'today' : raised.in];
  if (raised.count === 0) return [text(`${name}无新增`), ...compared];
  const clause = [text(name === '累计' ? '累计预警 ' : `${name}新增 `), count(raised.count), text(' 件'), ...compared];
  if (raised.red !== undefined)
    clause.push(text('，'), text('红色 ', 'red'), count(raised.red, 'red'), text(' 件', 'red'));
  return [...clause, ...wherePhrase(raised, scope)];
}

function wherePhrase({ where, count: all }: RaisedFact, scope: string): SentencePart[] {
  switch (where?.kind) {
    case 'all':
      return [text(`，${all === 1 ? '' : '均'}在${where.area.name['zh-CN']}`)];
    case 'most':
      return [text(`，集中在${where.area.name['zh-CN']}`)];
    case 'lead': {
      const names = where.areas.map(({ name }) => name['zh-CN']);
      return [text(`，${names.join('、')}最多，${names.length > 1 ? '各 ' : ''}`), count(where.each), text(' 件')];
    }
    case 'spread':
      return [text('，分布在 '), count(where.areas), text(` ${AREAS[levelOf(scope)]}`)];
    default:
      return [];
  }
}

/** What is open, due and late. */
function stateClause({ open, dueToday = 0, overdue }: DayFacts): SentencePart[] {
  if (open !== undefined) return open === 0 ? [text('无在办预警')] : [text('在办 '), count(open), text(' 件')];
  if (overdue && overdue.count > 0) return overdueClause(overdue);
  const due = dueToday > 0 ? [text('今日到期 '), count(dueToday), text(' 件')] : [];
  if (!overdue) return due;
  return due.length > 0 ? [...due, text('，无超期')] : [text('无超期')];
}

function overdueClause({ count: late, longest }: OverdueFact): SentencePart[] {
  const clause = [text('超期 ', 'overdue'), count(late, 'overdue'), text(' 件', 'overdue')];
  if (!longest) return clause;
  const most = late > 1 ? '最久' : '';
  const place = longest.area ? `在${longest.area.name['zh-CN']}` : '';
  const time = durationOf(longest.ms);
  const since = time ? duration(time) : [];
  if (place) return [...clause, text(`，${most}${place}，${time ? '已超 ' : '刚刚超期'}`), ...since];
  return [...clause, text(`，${most}${time ? '已超 ' : '刚刚超期'}`), ...since];
}

function duration({ days, hours, minutes }: NonNullable<ReturnType<typeof durationOf>>): SentencePart[] {
  const parts = [
    [days, '天'],
    [hours, '小时'],
    [minutes, '分钟'],
  ] as const;
  return joined(
    parts.filter(([n]) => n > 0).map(([n, unit]) => [count(n), text(` ${unit}`)]),
    ' ',
  );
}

function rateClause({ window, rate, audited, points }: RateFact, names: typeof NOW): SentencePart[] {
  const clause = [text(`${names[window]}成功率 `), figure(`${percent(rate)}%`)];
  if (audited < SMALL_BASE) return [...clause, text('（审核 '), count(audited), text(' 件，基数小）')];
  if (points === undefined) return clause;
  const before = BEFORE[window] ?? '上期';
  if (points === 0) return [...clause, text(`，与${before}持平`)];
  const shown = decimal(Math.abs(points));
  if (shown === '0') return [...clause, text(`，与${before}基本持平`)];
  const emphasis = points > 0 ? 'better' : 'worse';
  return [
    ...clause,
    text(`，较${before}`),
    text(points > 0 ? '升 ' : '降 ', emphasis),
    figure(shown, emphasis),
    text(' 个百分点', emphasis),
  ];
}

function trendClause({ trend }: DayFacts, names: typeof NOW): SentencePart[] {
  if (!trend) return [];
  const { window, count: raised, change } = trend;
  const clause = [text(window === 'all' ? '累计预警 ' : `${names[window]}新增 `), count(raised), text(' 件')];
  return change ? [...clause, ...changePhrase(change, BEFORE[window] ?? '上期')] : clause;
}

function changePhrase(change: Change, before: string): SentencePart[] {
  if ('times' in change)
    return [text('，'), text(`为${before}的 `, 'worse'), figure(decimal(change.times), 'worse'), text(' 倍', 'worse')];
  if (change.share === 0) return [text(`，与${before}持平`)];
  const shown = decimal(100 * Math.abs(change.share));
  if (shown === '0') return [text(`，与${before}基本持平`)];
  const emphasis = change.share > 0 ? 'worse' : undefined;
  return [text(`，较${before}`), text(change.share > 0 ? '增 ' : '减 ', emphasis), figure(`${shown}%`, emphasis)];
}
