import type { BriefingContent } from '../../contract/briefings.ts';
import type { BriefingList } from '../../contract/briefingLimits.ts';
import { ABSENT, count, decimal, moneyFigure, percentFigure, type Figure } from '../i18n/format.ts';
import type { Lang } from '../i18n/lang.ts';
import { compareRates, SMALL_BASE } from '../panels/parts/comparison.ts';

/** The five figures of the situation, each with two comparisons and its last 30 days. Pure: words are keys and values. */
export interface Line {
  key: string;
  values?: Record<string, string>;
  /** Numbers of things, each told with its name. */
  counts?: { workers: number; employers: number };
}
export interface SituationFigure {
  key: 'raised' | 'successRate' | 'recoveredFen' | 'open' | 'close';
  figure: Figure;
  lines: Line[];
  /** One value a day; a day without is left out of the line. */
  days: (number | undefined)[];
  list: BriefingList;
  tone: 'plain' | 'good';
}

const DAY_HOURS = 24;

/** @param than words for the period before: `上周同期` */
export function situationFigures(content: BriefingContent, than: string, lang: Lang): SituationFigure[] {
  const { frame, before, history } = content;
  const { totals, compare } = frame;
  const { previous, lastYear } = compare;
  const close = (hours: number | undefined) => (hours === undefined ? undefined : hours / DAY_HOURS);
  const days = close(totals.avgCloseHours);
  return [
    {
      key: 'raised',
      figure: { prefix: '', value: count(totals.raised), unit: '' },
      lines: [
        ...(previous ? [amountLine('alerts', totals.raised, previous.raised, than)] : []),
        ...(lastYear
          ? [{ key: 'lastYearAlerts', values: { n: count(lastYear.raised) } }]
          : [{ key: 'red', values: { n: count(frame.byTier.red?.raised ?? 0) } }]),
      ],
      days: history.map(({ raised }) => raised),
      list: 'raised',
      tone: 'plain',
    },
    {
      key: 'successRate',
      figure: percentFigure(totals.successRate, 1),
      lines: [
        ...(previous ? [rateLine(content, than)] : []),
        lastYear?.successRate === undefined
          ? { key: 'audited', values: { n: count(totals.effective + totals.falseAlarm) } }
          : { key: 'lastYear', values: { value: `${decimal(lastYear.successRate * 100, 1)}%` } },
      ],
      days: history.map(({ effective, falseAlarm }) =>
        effective + falseAlarm > 0 ? effective / (effective + falseAlarm) : undefined,
      ),
      list: 'audited',
      tone: 'plain',
    },
    {
      key: 'recoveredFen',
      figure: shortMoney(totals.recoveredFen, lang),
      lines: [
        {
          key: 'paid',
          counts: { workers: totals.recoveredWorkers, employers: totals.enterprisesPaid },
        },
        ...(lastYear
          ? [{ key: 'lastYear', values: { value: moneyText(lastYear.recoveredFen, lang) } }]
          : previous
            ? [{ key: 'beforeWas', values: { than, value: moneyText(previous.recoveredFen, lang) } }]
            : []),
      ],
      days: history.map(({ recoveredFen }) => recoveredFen),
      list: 'recovered',
      tone: 'good',
    },
    {
      key: 'open',
      figure: { prefix: '', value: count(totals.open), unit: '' },
      lines: [
        ...(before ? [changeLine(totals.open - before.open)] : []),
        // Of a moment of the past of which no frame was kept, nobody knows.
        totals.overdue === undefined
          ? { key: 'lateUnknown' }
          : { key: 'late', values: { late: count(totals.overdue), today: count(totals.dueToday ?? 0) } },
      ],
      days: history.map(({ open }) => open),
      list: 'open',
      tone: 'plain',
    },
    {
      key: 'close',
      figure: { prefix: '', value: days === undefined ? ABSENT : decimal(days, 1), unit: '' },
      lines: [
        ...(previous ? [daysLine(days, close(previous.avgCloseHours), than)] : []),
        { key: 'closed', values: { n: count(totals.closed) } },
      ],
      days: history.map(({ closed, closeMs }) => (closed > 0 ? closeMs / closed : undefined)),
      list: 'closed',
      tone: 'plain',
    },
  ];
}

/** A sum with three or four digits: `51.3 万元`. */
export function shortMoney(fen: number, lang: Lang): Figure {
  const figure = moneyFigure(fen, lang);
  if (!figure.value.includes('.')) return figure;
  const value = Number(figure.value.replaceAll(',', ''));
  return { ...figure, value: decimal(value, Math.abs(value) >= 1_000 ? 0 : 1) };
}
const moneyText = (fen: number, lang: Lang) => {
  const { prefix, value, unit } = shortMoney(fen, lang);
  return unit ? `${prefix}${value} ${unit}` : `${prefix}${value}`;
};

function amountLine(what: string, now: number, then: number, than: string): Line {
  if (then === now) return { key: now === 0 ? 'noneBoth' : 'same', values: { than } };
  if (then === 0) return { key: 'noneBefore', values: { than } };
  const more = now > then;
  const n = count(Math.abs(now - then));
  // A share of few says nothing.
  if (then < SMALL_BASE) return { key: `${what}.${more ? 'more' : 'fewer'}`, values: { than, n } };
  const share = `${decimal((100 * Math.abs(now - then)) / then, 1)}%`;
  return { key: `${what}.${more ? 'moreShare' : 'fewerShare'}`, values: { than, n, share } };
}

function rateLine({ frame: { totals, compare } }: BriefingContent, than: string): Line {
  const { previous } = compare;
  const comparison = compareRates(
    { rate: totals.successRate, of: totals.effective + totals.falseAlarm },
    { rate: previous?.successRate, of: previous ? previous.effective + previous.falseAlarm : 0 },
  );
  switch (comparison.kind) {
    case 'points':
      return { key: `points.${comparison.direction}`, values: { than, n: decimal(comparison.size, 1) } };
    case 'same':
      return { key: 'same', values: { than } };
    case 'small':
      return { key: 'small', values: {} };
    default:
      return { key: 'noCompare', values: { than } };
  }
}

function changeLine(change: number): Line {
  if (change === 0) return { key: 'openSame' };
  return { key: change > 0 ? 'openMore' : 'openFewer', values: { n: count(Math.abs(change)) } };
}

function daysLine(now: number | undefined, then: number | undefined, than: string): Line {
  if (now === undefined || then === undefined) return { key: 'noCompare', values: { than } };
  const n = decimal(Math.abs(now - then), 1);
  if (n === '0.0') return { key: 'same', values: { than } };
  return { key: now < then ? 'faster' : 'slower', values: { than, n } };
}

/** A line through values, in a box of so many units; gaps where there is none. Pure. */
export function sparkPath(values: readonly (number | undefined)[], width: number, height: number): string {
  const known = values.filter((one): one is number => one !== undefined);
  if (known.length < 2) return '';
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  let pen = 'M';
  return values
    .map((value, i) => {
      if (value === undefined) return '';
      const x = (i / (values.length - 1)) * width;
      const y = height - ((value - low) / span) * height;
      const point = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = 'L';
      return point;
    })
    .join('');
}
