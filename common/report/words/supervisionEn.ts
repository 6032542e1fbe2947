import { CODE_NAMES } from '../../codeNames.ts';
import { joined, text } from '../../sentence/parts.ts';
import { countText } from '../numbers.ts';
import { fig, say } from '../say.ts';
import { changes, frozenNote, IN, momentText, plural, spanNote, thenCount, thens } from './enPhrases.ts';
import type { SupervisionWords } from './supervisionWords.ts';

const names = CODE_NAMES.en;

export const SUPERVISION_EN: SupervisionWords = {
  title: (scopeName) => `Circular on supervision of unpaid wages in ${scopeName}`,
  addressee: 'To all towns and units:',
  sender: (scopeName) => `Office of the leading group against unpaid wages, ${scopeName}`,
  headings: { issued: 'What was supervised', answers: 'Answers and results', letters: 'The letters' },
  rows: {
    issued: 'Letters issued',
    alerts: 'Alerts',
    units: 'Units',
    workers: 'Workers concerned',
    amount: "Amount, CNY '000",
    answered: 'Answered',
    answeredLate: 'of which late',
    overdue: 'Not answered, overdue',
    open: 'Not answered, not due yet',
    ended: 'Nothing left to answer',
    closed: 'Alerts closed since',
  },
  columns: {
    number: 'Letter',
    unit: 'Unit',
    employer: 'Employer',
    why: 'Why',
    at: 'Issued',
    answerBy: 'Answer by',
    answered: 'Answer',
    result: 'Now',
    issued: 'Letters',
    answeredAll: 'Answered',
    late: 'of which late',
    overdue: 'Overdue',
    open: 'Not due',
    ended: 'Nothing left',
  },
  tables: {
    issued: 'How many',
    levels: 'By form, what they concern',
    answers: 'Answers and results',
    units: 'By unit',
    letters: 'The letters, late ones first',
  },
  officers: 'Officers',
  why: (stage, late) => `${names.stages[stage]}${late ? ', overdue' : ''}`,
  unanswered: { overdue: 'Overdue', open: 'Not due yet', ended: 'Nothing left' },
  answeredLate: ' (late)',
  chart: 'Letters by unit',
  say: {
    issued(place, kind, whole, issued, levels) {
      if (issued.now === 0)
        return say`Nothing was supervised in ${place} ${IN[kind]}${thens(issued, kind, whole, thenCount)}`;
      const [only] = levels;
      const forms =
        levels.length === 1
          ? say` (${issued.now === 1 ? 'as ' : 'all as '}${names.levels[only![0]].toLowerCase()})`
          : say` (${joined(
              levels.map(([level, count]) => say`${names.levels[level].toLowerCase()} ${fig(countText(count))}`),
              ', ',
            )})`;
      return say`${fig(countText(issued.now))} ${plural(issued.now, 'letter')} issued in ${place} ${IN[kind]}${forms}${changes(issued, kind, whole)}`;
    },
    concerned: (alerts, units, workers, amount) =>
      say`${fig(countText(alerts))} ${plural(alerts, 'alert')}, ${fig(countText(units))} ${plural(units, 'unit')}, ${fig(countText(workers))} ${plural(workers, 'worker')} and CNY ${fig(amount)} thousand are concerned`,
    answers(at, { issued, answered, answeredLate, overdue, open, ended }) {
      const late = answeredLate === 0 ? [] : say` (${fig(countText(answeredLate))} late)`;
      const parts = [
        ...(answered === 0 ? [] : [say`${fig(countText(answered))} answered${late}`]),
        ...(overdue === 0 ? [] : [say`${fig(countText(overdue), 'overdue')} overdue`]),
        ...(open === 0 ? [] : [say`${fig(countText(open))} not due yet`]),
        ...(ended === 0 ? [] : [say`${fig(countText(ended))} with nothing left to answer`]),
      ];
      const all = answered === issued && issued > 1 && answeredLate === 0;
      return say`As of ${momentText(at, false)}, ${all ? [text('all answered, none late')] : joined(parts, ', ')}`;
    },
    late: (units) =>
      say`Overdue: ${joined(
        units.map(([name, count]) => say`${name} (${fig(countText(count))})`),
        ', ',
      )}`,
    demand: () => [
      text('Units that are overdue are asked to act, and to report in writing what was done and why it is late'),
    ],
    closed: (alerts, closed) =>
      closed === 0
        ? [text(alerts === 1 ? 'The alert is not closed yet' : 'None of the alerts is closed yet')]
        : closed === alerts
          ? [text(alerts === 1 ? 'The alert is closed' : 'All of the alerts are closed')]
          : say`${fig(countText(closed))} of the alerts ${closed === 1 ? 'is' : 'are'} closed`,
    letters: (listed) =>
      listed === 0
        ? [text('No letters')]
        : say`${fig(countText(listed))} ${plural(listed, 'letter')} listed, late ones first`,
  },
  notes: (situation) => [
    spanNote(situation),
    frozenNote(situation),
    'A letter counts when it was issued; answers and results are those of when the data were frozen. Where an alert was closed without an answer there is nothing left to answer. An alert that was supervised several times counts once, as it stood when it last was.',
    'Employer, workers and amount are those of the letter, as they stood when it was issued. Why: the stage that the alert was in then, and whether its term was past.',
    ...(situation.letters.length < situation.state.issued
      ? [
          `Of ${countText(situation.state.issued)} letters the first ${countText(situation.letters.length)} are listed here; the frozen lists have the others.`,
        ]
      : []),
  ],
};
