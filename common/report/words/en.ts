import { CODE_NAMES } from '../../codeNames.ts';
import { parseRfc3339 } from '../../regionTime.ts';
import { joined, text, type SentencePart } from '../../sentence/parts.ts';
import type { ReportKind } from '../../../contract/reportLimits.ts';
import type { RateFact } from '../facts.ts';
import { countText, shareText } from '../numbers.ts';
import { fig, say } from '../say.ts';
import {
  changes,
  changesAt,
  day,
  frozenNote,
  IN,
  KINDS,
  momentText,
  plural,
  rateChanges,
  spanNote,
  spanText,
  thenCount,
  thenMoney,
  thens,
  WHY,
} from './enPhrases.ts';
import type { ReportWords } from './words.ts';

const names = CODE_NAMES.en;

function auditedSentence(rate: RateFact, kind: ReportKind, whole: boolean): SentencePart[] {
  const { part, all } = rate.now;
  if (all === 0) return [text(`Nothing was audited ${IN[kind]}`)];
  const small = all < 10 ? ' (small base)' : '';
  return say`${fig(countText(all))} audited, ${fig(countText(part))} effective and ${fig(countText(all - part))} ${plural(all - part, 'false alarm')}; success rate ${fig(shareText(part, all))}${small}${rateChanges(rate, kind, whole)}`;
}

export const EN: ReportWords = {
  lang: 'en',
  kinds: KINDS,
  title: (scopeName, kind) => `Unpaid wages in ${scopeName}: ${KINDS[kind]}`,
  span: spanText,
  date: (at) => day(parseRfc3339(at)!).text,
  moment: momentText,
  addressee: 'To the leading group against unpaid wages:',
  sender: (scopeName) => `WageWatch, ${scopeName}`,
  headings: {
    overview: 'Overview',
    areas: 'Where',
    kinds: 'Industries and sources',
    loop: 'The closed loop',
    cases: 'Gravest alerts',
    notes: 'How figures are meant',
  },
  numbered: (n, heading) => `${n}. ${heading}`,
  areas: { district: 'Town', city: 'District', province: 'City' },
  columns: {
    indicator: 'Figure',
    now: 'Now',
    previous: 'Before',
    previousChange: 'Change',
    lastYear: 'Year before',
    lastYearChange: 'On the year',
    raised: 'New',
    share: 'Share',
    workers: 'Workers',
    amount: "CNY '000",
    closed: 'Closed',
    recovered: "Paid, CNY '000",
    open: 'Open',
    industry: 'Industry',
    channel: 'Source',
    stage: 'Stage',
    overdue: 'Overdue',
    number: 'No.',
    alert: 'Alert',
    tier: 'Tier',
    area: 'Where',
    raisedAt: 'Raised',
    recoveredOf: "Paid, CNY '000",
  },
  rows: {
    raised: 'New alerts',
    places: 'Areas with new alerts',
    workers: 'Workers concerned',
    amount: "Amount, CNY '000",
    audited: 'Audited',
    effective: 'Effective',
    falseAlarm: 'False alarms',
    rate: 'Success rate',
    closed: 'Closed',
    closeDays: 'Average days to close',
    recovered: "Wages recovered, CNY '000",
    recoveredWorkers: 'Payments to workers',
    enterprisesPaid: 'Employers made to pay',
    open: 'Open at the end',
    total: 'Total',
    supervised: 'Supervised, unanswered',
    corrected: 'Open then, by the facts of today',
  },
  tierRow: (name) => `of which ${name.toLowerCase()}`,
  tables: {
    overview: 'Main figures',
    areas: 'By area',
    industries: 'By industry',
    channels: 'By source',
    loop: 'Open alerts by stage',
    cases: 'Gravest tier first, then largest amount',
  },
  charts: { trend: 'New alerts (upwards) and wages recovered (downwards) over time', areas: 'New alerts by area' },
  money: { unitFen: 100_000 },
  why: {
    nothing: 'Both are 0: nothing is compared with nothing',
    noneBefore: 'There was none before: no share of nothing',
    smallRate: 'Fewer than 10 audited: not compared',
    ...WHY,
    notKept: 'stages and terms of that moment were not kept',
    noRate: 'Nothing was audited',
    percent: '(now − then) ÷ then × 100%',
    difference: 'now − then (fewer than 10 before: the difference alone)',
    points: 'rate now − rate then, in percentage points',
  },
  say: {
    raised(name, kind, whole, raised, red) {
      const { now } = raised;
      if (now === 0) return say`No new alerts in ${name} ${IN[kind]}${thens(raised, kind, whole, thenCount)}`;
      const ofRed =
        red === undefined
          ? []
          : red === 0
            ? [text(' (none of them red)')]
            : red === now
              ? [text(now === 1 ? ' (red)' : ' (all of them red)', 'red')]
              : say` (${fig(countText(red), 'red')} of them red)`;
      return say`${fig(countText(now))} new ${plural(now, 'alert')}${ofRed} in ${name} ${IN[kind]}${changes(raised, kind, whole)}`;
    },
    concerned: (workers, amount) =>
      say`${fig(countText(workers))} ${plural(workers, 'worker')} and CNY ${fig(amount)} thousand are concerned`,
    audited: auditedSentence,
    closed(closed, days, kind, whole) {
      if (closed.now === 0) return say`None closed ${IN[kind]}${thens(closed, kind, whole, thenCount)}`;
      const took = days === undefined ? [] : say`; ${fig(days)} days to close on average`;
      return say`${fig(countText(closed.now))} closed${changes(closed, kind, whole)}${took}`;
    },
    recovered(money, shown, workers, enterprises, kind, whole) {
      if (money.now === 0) return say`No wages recovered ${IN[kind]}${thens(money, kind, whole, thenMoney)}`;
      return say`Wages of CNY ${fig(shown)} thousand recovered${changes(money, kind, whole)}; ${fig(countText(workers))} ${plural(workers, 'payment')} to workers by ${fig(countText(enterprises))} ${plural(enterprises, 'employer')}`;
    },
    open: (at, open, kind, whole) =>
      open.now === 0
        ? say`As of ${momentText(at)}, none open`
        : say`As of ${momentText(at)}, ${fig(countText(open.now))} open${changesAt(open, kind, whole)}`,
    areas(spread, share, level, all) {
      const word = { district: 'towns', city: 'districts', province: 'cities' }[level];
      switch (spread.kind) {
        case 'none':
          return [text(`No ${word.replace('cities', 'city').replace(/s$/, '')} has new alerts`)];
        case 'all':
          return [text(`${all === 1 ? 'The new alert is' : 'All new alerts are'} in ${spread.key}`)];
        case 'most':
          return say`Most new alerts are in ${spread.key} (${fig(countText(spread.count))}, ${fig(share!)})`;
        case 'lead':
          return spread.keys.length === 1
            ? say`${spread.keys[0]!} has ${fig(countText(spread.count))} new ${plural(spread.count, 'alert')} (${fig(share!)}), more than any other`
            : say`${spread.keys.join(' and ')} have the most new alerts (${fig(countText(spread.count))} each)`;
        case 'even':
          return say`New alerts are spread over ${fig(countText(spread.places))} ${word}`;
      }
    },
    kinds(what, spread, share) {
      const by = what === 'industry' ? 'By industry' : 'By source';
      switch (spread.kind) {
        case 'all':
          return [text(`${by}: all in ${spread.key}`)];
        case 'most':
          return say`${by}: most in ${spread.key} (${fig(countText(spread.count))}, ${fig(share!)})`;
        case 'lead':
          return spread.keys.length === 1
            ? say`${by}: ${spread.keys[0]!} ${fig(countText(spread.count))} (${fig(share!)}), more than any other`
            : say`${by}: ${spread.keys.join(' and ')} ${fig(countText(spread.count))} each, more than any other`;
        default:
          return [];
      }
    },
    loop(state, late, corrected) {
      const at = momentText(state.at);
      const since =
        corrected === undefined
          ? []
          : say`; later reports and corrections make it ${fig(countText(corrected))} by the facts of today`;
      const then = corrected === undefined ? '' : ' as recorded then';
      if (state.open === 0) return say`As of ${at}, none open${then}${since}`;
      const where = late.map(([stage, count]) => say`${names.stages[stage].toLowerCase()} ${fig(countText(count))}`);
      const overdue =
        state.overdue === 0
          ? [text('none overdue')]
          : say`${fig(countText(state.overdue), 'overdue')} of them overdue (${joined(where, ', ')})`;
      const supervised =
        state.supervised === 0 ? [] : say`, ${fig(countText(state.supervised))} supervised and not answered`;
      return say`As of ${at}, ${fig(countText(state.open))} open${then}, ${overdue}${supervised}${since}`;
    },
    loopMissing: () => [
      text('Stages and overdue alerts stand as “—”: what they were then was not kept, and cannot be known afterwards'),
    ],
    cases: (listed) =>
      listed === 0
        ? [text('No new alerts')]
        : say`${fig(countText(listed))} of the new alerts, the gravest by tier and amount; stages as of when the data were frozen`,
  },
  notes(situation) {
    const { state } = situation;
    return [
      spanNote(situation),
      frozenNote(situation),
      'Changes are (now − then) ÷ then × 100%, with two decimals. With fewer than 10 before, the difference alone is given; with none before, nothing is compared. Success rate = effective ÷ (effective + false alarms); its change is in percentage points, and is not given where fewer than 10 were audited.',
      'missing' in state
        ? 'Stages and overdue alerts stand as “—”: nothing was kept of that moment.'
        : state.source === 'kept'
          ? `Stages and overdue alerts are those kept at ${momentText(state.at)}.`
          : `Stages and overdue alerts are those of ${momentText(state.at, false)}, when the data were frozen; those at the end of the span were not kept.`,
    ];
  },
};
