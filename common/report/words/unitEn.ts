import { text } from '../../sentence/parts.ts';
import { countText, shareText } from '../numbers.ts';
import { fig, say } from '../say.ts';
import {
  changes,
  frozenNote,
  IN,
  KINDS,
  momentText,
  plural,
  rateChanges,
  spanNote,
  thenCount,
  thenMoney,
  thens,
} from './enPhrases.ts';
import type { UnitWords } from './unitWords.ts';

export const UNIT_EN: UnitWords = {
  title: (unitName, kind) => `Work on unpaid wages of ${unitName}: ${KINDS[kind]}`,
  addressee: 'To the leading group against unpaid wages:',
  headings: { overview: 'The work', towns: 'Where', cases: 'Gravest open alerts' },
  rows: {
    received: 'Received',
    accepted: 'Accepted',
    acceptedInTime: 'of which in time',
    acceptedLate: 'of which late',
    acceptedRate: 'Accepted in time',
    handled: 'Handled',
    handledInTime: 'of which in time',
    handledLate: 'of which late',
    handledRate: 'Handled in time',
    handleDays: 'Average days to handle',
    extended: 'Extensions',
    audited: 'Results audited',
    returned: 'of which sent back',
    returnedRate: 'Sent back',
    recovered: "Wages recovered, CNY '000",
    recoveredWorkers: 'Payments to workers',
    open: 'Open',
    overdue: 'of which overdue',
    places: 'Towns of what was received',
  },
  columns: {
    received: 'Received',
    handled: 'Handled',
    late: 'of which late',
    returned: 'Sent back',
    recovered: "Paid, CNY '000",
    due: 'Due',
  },
  tables: {
    overview: 'Main figures',
    held: 'With the unit when the data were frozen',
    towns: 'By town',
    cases: 'Late ones first, then gravest tier and largest amount',
  },
  chart: 'Received and handled over time',
  chartNames: { received: 'Received', handled: 'Handled' },
  late: ' (overdue)',
  why: {
    inTime: {
      noRate: 'There was none',
      smallRate: 'Fewer than 10: not compared',
      points: 'share now − share then, in percentage points',
    },
    returned: {
      noRate: 'Nothing was audited',
      smallRate: 'Fewer than 10 audited: not compared',
      points: 'share now − share then, in percentage points',
    },
  },
  say: {
    received: (name, kind, whole, received) =>
      received.now === 0
        ? say`${name} received nothing ${IN[kind]}${thens(received, kind, whole, thenCount)}`
        : say`${name} received ${fig(countText(received.now))} ${plural(received.now, 'alert')} ${IN[kind]}${changes(received, kind, whole)}`,
    inTime(what, rate, kind, whole, days) {
      const { part, all } = rate.now;
      if (all === 0) return [text(`None ${what} ${IN[kind]}`)];
      const small = all < 10 ? ' (small base)' : '';
      const took = days === undefined ? [] : say`; ${fig(days)} days to handle on average`;
      return say`${fig(countText(all))} ${what}, ${fig(countText(part))} in time and ${fig(countText(all - part))} late; ${fig(shareText(part, all))} in time${small}${rateChanges(rate, kind, whole)}${took}`;
    },
    extended: (count, kind) =>
      count === 0
        ? [text(`No term was extended ${IN[kind]}`)]
        : say`Terms were extended ${count === 1 ? [fig('1'), text(' time')] : [fig(countText(count)), text(' times')]}`,
    returned(rate, kind, whole) {
      const { part, all } = rate.now;
      if (all === 0) return [text(`No result was audited ${IN[kind]}`)];
      if (part === 0)
        return say`${fig(countText(all))} ${plural(all, 'result')} audited, none sent back${rateChanges(rate, kind, whole, '; share sent back ')}`;
      const small = all < 10 ? ' (small base)' : '';
      return say`${fig(countText(all))} ${plural(all, 'result')} audited, ${fig(countText(part))} sent back; share sent back ${fig(shareText(part, all))}${small}${rateChanges(rate, kind, whole)}`;
    },
    recovered: (money, shown, workers, kind, whole) =>
      money.now === 0
        ? say`No wages recovered ${IN[kind]}${thens(money, kind, whole, thenMoney)}`
        : say`Wages of CNY ${fig(shown)} thousand recovered${changes(money, kind, whole)}; ${fig(countText(workers))} ${plural(workers, 'payment')} to workers`,
    held: (at, open, overdue) =>
      open === 0
        ? say`As of ${momentText(at, false)}, none open`
        : overdue === 0
          ? say`As of ${momentText(at, false)}, ${fig(countText(open))} open, none overdue`
          : say`As of ${momentText(at, false)}, ${fig(countText(open))} open, ${fig(countText(overdue), 'overdue')} of them overdue`,
    towns(spread, share, all) {
      switch (spread.kind) {
        case 'none':
          return [text('Nothing was received of any town')];
        case 'all':
          return [text(`${all === 1 ? 'What was received is' : 'All that was received is'} of ${spread.key}`)];
        case 'most':
          return say`Most of what was received is of ${spread.key} (${fig(countText(spread.count))}, ${fig(share!)})`;
        case 'lead':
          return spread.keys.length === 1
            ? say`${fig(countText(spread.count))} ${plural(spread.count, 'alert')} received of ${spread.keys[0]!} (${fig(share!)}), more than of any other town`
            : say`The most was received of ${spread.keys.join(' and ')} (${fig(countText(spread.count))} each)`;
        case 'even':
          return say`What was received is spread over ${fig(countText(spread.places))} towns`;
      }
    },
    cases: (listed) =>
      listed === 0
        ? [text('Nothing was open when the data were frozen')]
        : say`${fig(countText(listed))} of those open, by lateness, tier and amount`,
  },
  notes: (situation) => [
    spanNote(situation),
    frozenNote(situation),
    'Each figure counts when it was done. What is received again counts again; late is what came after the term that held then, extensions included; an audit counts for the unit that had handled it, a recovery for the unit that the alert stood dispatched to.',
    'Changes are (now − then) ÷ then × 100%, with two decimals. With fewer than 10 before, the difference alone is given; with none before, nothing is compared. Shares are compared in percentage points, and not where either is of fewer than 10.',
  ],
};
