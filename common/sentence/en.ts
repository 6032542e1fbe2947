import type { WindowName } from '../../contract/codes.ts';
import { levelOf } from '../divisions.ts';
import { dateOf, toRfc3339 } from '../regionTime.ts';
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
  '1h': 'in the last hour',
  '24h': 'in the last 24 hours',
  '7d': 'in the last 7 days',
  '30d': 'in the last 30 days',
  '365d': 'in the last 365 days',
  today: 'today',
  week: 'this week',
  month: 'this month',
  year: 'this year',
  all: 'in all',
};
const THEN: Record<WindowName, string> = {
  '1h': 'in the hour before',
  '24h': 'in the 24 hours before',
  '7d': 'in the 7 days before',
  '30d': 'in the 30 days before',
  '365d': 'in the 365 days before',
  today: 'that day',
  week: 'that week',
  month: 'that month',
  year: 'that year',
  all: 'in all',
};
const BEFORE: Record<Exclude<WindowName, 'all'>, string> = {
  '1h': 'prior hour',
  '24h': 'prior 24 hours',
  '7d': 'prior 7 days',
  '30d': 'prior 30 days',
  '365d': 'prior 365 days',
  today: 'same hours the day before',
  week: 'same days a week before',
  month: 'same days a month before',
  year: 'same days a year before',
};
const AREAS = { district: 'towns', city: 'districts', province: 'cities' };
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const beforeOf = (window: WindowName) => (window === 'all' ? '' : BEFORE[window]);

export function enSentence(facts: DayFacts, scope: string): SentencePart[] {
  if (facts.empty) return [text('Ready; no alerts yet')];
  const names = facts.past === undefined ? NOW : THEN;
  const clauses = [
    raisedClause(facts, names, scope),
    stateClause(facts),
    facts.rate ? rateClause(facts.rate, names) : trendClause(facts, names),
  ].filter((clause) => clause.length > 0);
  if (clauses.length === 0) clauses.push([text('too few alerts for figures to be shown')]);
  if (facts.past !== undefined) return [text(`As of ${momentOf(facts.past)}: `), ...joined(clauses, '; ')];
  const [first, ...rest] = joined(clauses, '; ');
  return [{ ...first!, text: first!.text.charAt(0).toUpperCase() + first!.text.slice(1) }, ...rest];
}

export function enPeriod(facts: PeriodFacts, scope: string): SentencePart[] {
  if (facts.empty) return [text('Ready; no alerts yet')];
  const clauses = [
    raisedClause(facts, NOW, scope, beforePhrase(facts)),
    stateClause(facts),
    recoveredClause(facts),
    facts.rate ? rateClause(facts.rate, NOW) : [],
  ];
  const [first, ...rest] = joined(
    clauses.filter((clause) => clause.length > 0),
    '; ',
  );
  return [{ ...first!, text: first!.text.charAt(0).toUpperCase() + first!.text.slice(1) }, ...rest];
}

/** The same of the period before, in alerts. */
function beforePhrase({ raised, before, window }: PeriodFacts): SentencePart[] {
  const name = beforeOf(window);
  if (before === undefined || (before === 0 && raised.count === 0)) return [];
  if (before === 0) return [text(`, up from none in the ${name}`)];
  if (raised.count === 0) return [text(', '), count(before), text(` in the ${name}`)];
  const more = raised.count - before;
  if (more === 0) return [text(`, as many as in the ${name}`)];
  return [text(', '), count(Math.abs(more)), text(` ${more > 0 ? 'more' : 'fewer'} than in the ${name}`)];
}

function recoveredClause({ recovered }: PeriodFacts): SentencePart[] {
  if (!recovered) return [];
  const { fen, workers } = recovered;
  const [whole = '', cents] = (fen / 100).toFixed(fen % 100 === 0 ? 0 : 2).split('.');
  const yuan = `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${cents === undefined ? '' : `.${cents}`}`;
  const clause = [figure(`¥${yuan}`, 'better'), text(' recovered', 'better')];
  return workers > 0 ? [...clause, text(' for '), count(workers), text(` worker${workers === 1 ? '' : 's'}`)] : clause;
}

function momentOf(ms: number): string {
  const { year, month, day } = dateOf(ms);
  return `${day} ${MONTHS[month - 1]} ${year}, ${toRfc3339(ms).slice(11, 16)}`;
}

function alerts(raised: number, window: WindowName): string {
  return `${window === 'all' ? '' : ' new'} alert${raised === 1 ? '' : 's'}`;
}

/** @param compared said of all of them, so it stands before what is said of some */
function raisedClause(
  { raised }: Pick<DayFacts, 'raised'>,
  names: typeof NOW,
  scope: string,
  compared: SentencePart[] = [],
): SentencePart[] {
  if (!raised) return [];
  const window = raised.in === 'day' ? 'today' : raised.in;
  if (raised.count === 0) return [text(`no new alerts ${names[window]}`), ...compared];
  const clause = [count(raised.count), text(`${alerts(raised.count, window)} ${names[window]}`), ...compared];
  if (raised.red !== undefined) clause.push(text(', '), count(raised.red, 'red'), text(' red', 'red'));
  return [...clause, ...wherePhrase(raised, scope)];
}

function wherePhrase({ where, count: all }: RaisedFact, scope: string): SentencePart[] {
  switch (where?.kind) {
    case 'all':
      return [text(`, ${all === 1 ? '' : 'all '}in ${where.area.name.en}`)];
    case 'most':
      return [text(`, mostly in ${where.area.name.en}`)];
    case 'lead': {
      const names = where.areas.map(({ name }) => name.en);
      const several = names.length > 1;
      return [
        text(`, ${names.join(' and ')} ${several ? 'have' : 'has'} the most (`),
        count(where.each),
        text(several ? ' each)' : ')'),
      ];
    }
    case 'spread':
      return [text(', in '), count(where.areas), text(` ${AREAS[levelOf(scope)]}`)];
    default:
      return [];
  }
}

/** What is open, due and late. */
function stateClause({ open, dueToday = 0, overdue }: DayFacts): SentencePart[] {
  if (open !== undefined) return open === 0 ? [text('none open')] : [count(open), text(' open')];
  if (overdue && overdue.count > 0) return overdueClause(overdue);
  const due = dueToday > 0 ? [count(dueToday), text(' due today')] : [];
  if (!overdue) return due;
  return due.length > 0 ? [...due, text(', none overdue')] : [text('none overdue')];
}

function overdueClause({ count: late, longest }: OverdueFact): SentencePart[] {
  const clause = [count(late, 'overdue'), text(' overdue', 'overdue')];
  if (!longest) return clause;
  const time = durationOf(longest.ms);
  const how = time ? [text('by '), ...duration(time)] : [text('since just now')];
  const place = longest.area ? `in ${longest.area.name.en}, ` : '';
  return [...clause, text(`, ${late > 1 ? 'the longest ' : ''}${place}`), ...how];
}

function duration({ days, hours, minutes }: NonNullable<ReturnType<typeof durationOf>>): SentencePart[] {
  const parts = [
    [days, 'day'],
    [hours, 'hour'],
    [minutes, 'minute'],
  ] as const;
  return joined(
    parts.filter(([n]) => n > 0).map(([n, unit]) => [count(n), text(` ${unit}${n === 1 ? '' : 's'}`)]),
    ' ',
  );
}

function rateClause({ window, rate, audited, points }: RateFact, names: typeof NOW): SentencePart[] {
  const clause = [text('success rate '), figure(`${percent(rate)}%`), text(` ${names[window]}`)];
  if (audited < SMALL_BASE) return [...clause, text(' ('), count(audited), text(' audited, small base)')];
  if (points === undefined) return clause;
  const before = ` vs ${beforeOf(window)}`;
  if (points === 0) return [...clause, text(`, unchanged${before}`)];
  const shown = decimal(Math.abs(points));
  if (shown === '0') return [...clause, text(`, almost unchanged${before}`)];
  const emphasis = points > 0 ? 'better' : 'worse';
  return [
    ...clause,
    text(', '),
    text(points > 0 ? 'up ' : 'down ', emphasis),
    figure(shown, emphasis),
    text(` point${shown === '1' ? '' : 's'}`, emphasis),
    text(before),
  ];
}

function trendClause({ trend }: DayFacts, names: typeof NOW): SentencePart[] {
  if (!trend) return [];
  const { window, count: raised, change } = trend;
  const clause = [count(raised), text(`${alerts(raised, window)} ${names[window]}`)];
  return change ? [...clause, ...changePhrase(change, beforeOf(window))] : clause;
}

function changePhrase(change: Change, before: string): SentencePart[] {
  if ('times' in change)
    return [text(', '), figure(decimal(change.times), 'worse'), text(` times the ${before}`, 'worse')];
  if (change.share === 0) return [text(`, unchanged vs ${before}`)];
  const shown = decimal(100 * Math.abs(change.share));
  if (shown === '0') return [text(`, almost unchanged vs ${before}`)];
  const emphasis = change.share > 0 ? 'worse' : undefined;
  return [
    text(', '),
    text(change.share > 0 ? 'up ' : 'down ', emphasis),
    figure(`${shown}%`, emphasis),
    text(` vs ${before}`),
  ];
}
