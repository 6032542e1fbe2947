import { CODE_NAMES } from '../../codeNames.ts';
import type { ReportSituation, SpanFigures } from '../../../contract/reportSituation.ts';
import { moneyText } from '../cells.ts';
import { comparedOf, effectiveOf, placesWithAlerts, rateOf, type FigureOf } from '../facts.ts';
import type { ReportChart, Section, Table } from '../model.ts';
import { countText, daysText } from '../numbers.ts';
import type { ReportWords } from '../words/words.ts';
import { comparisonTable, type Indicator } from './comparison.ts';
import type { Context } from './context.ts';
import { overTime } from './overTime.ts';

export function overview({ situation, words, spoken, place }: Context): Section {
  const { figures, whole, to } = situation;
  const { totals, byTier } = figures;
  const raised = comparedOf(situation, (one) => one.totals.raised);
  const recovered = comparedOf(situation, (one) => one.totals.recoveredFen, false);
  const closed = comparedOf(situation, (one) => one.totals.closed);
  const red = situation.tiers.includes('red') ? (byTier.red?.raised ?? 0) : undefined;
  const days = totals.closed > 0 ? daysText(totals.closeMs, totals.closed) : undefined;
  return {
    id: 'overview',
    heading: words.headings.overview,
    sentences: [
      words.say.raised(place, spoken, whole, raised, red),
      ...(totals.raised > 0 ? [words.say.concerned(totals.workers, moneyText(totals.amountFen, words))] : []),
      words.say.audited(rateOf(situation, effectiveOf), spoken, whole),
      words.say.closed(closed, days, spoken, whole),
      words.say.recovered(
        recovered,
        moneyText(totals.recoveredFen, words),
        totals.recoveredWorkers,
        totals.enterprisesPaid,
        spoken,
        whole,
      ),
      words.say.open(
        to,
        comparedOf(situation, (one) => one.totals.open),
        spoken,
        whole,
      ),
    ],
    tables: [overviewTable(situation, words)],
    ...(Object.keys(situation.series).length > 0 ? { chart: trendOf(situation, words) } : {}),
  };
}

function overviewTable(situation: ReportSituation, words: ReportWords): Table {
  const { rows } = words;
  const count = (id: keyof typeof rows, of: FigureOf): Indicator<SpanFigures> => ({
    id,
    name: rows[id],
    kind: 'count',
    of,
  });
  return comparisonTable({ id: 'overview', caption: words.tables.overview }, situation, words, [
    count('raised', ({ totals }) => totals.raised),
    ...situation.tiers.map((tier): Indicator<SpanFigures> => ({
      id: tier,
      name: words.tierRow(CODE_NAMES[words.lang].tiers[tier]),
      kind: 'count',
      of: ({ byTier }) => byTier[tier]?.raised ?? 0,
    })),
    ...(situation.scope.length === 6 ? [count('places', placesWithAlerts)] : []),
    count('workers', ({ totals }) => totals.workers),
    { id: 'amount', name: rows.amount, kind: 'money', of: ({ totals }) => totals.amountFen },
    count('audited', ({ totals }) => totals.effective + totals.falseAlarm),
    count('effective', ({ totals }) => totals.effective),
    count('falseAlarm', ({ totals }) => totals.falseAlarm),
    { id: 'rate', name: rows.rate, kind: 'rate', of: effectiveOf, why: words.why },
    count('closed', ({ totals }) => totals.closed),
    {
      id: 'closeDays',
      name: rows.closeDays,
      kind: 'took',
      of: ({ totals }) => ({ ms: totals.closeMs, cases: totals.closed }),
    },
    { id: 'recovered', name: rows.recovered, kind: 'money', of: ({ totals }) => totals.recoveredFen },
    count('recoveredWorkers', ({ totals }) => totals.recoveredWorkers),
    count('enterprisesPaid', ({ totals }) => totals.enterprisesPaid),
    count('open', ({ totals }) => totals.open),
  ]);
}

function trendOf(situation: ReportSituation, words: ReportWords): ReportChart {
  const { step, series, tiers, figures } = situation;
  const { axis, along } = overTime(situation, step, series);
  const names = CODE_NAMES[words.lang].tiers;
  return {
    kind: 'trend',
    caption: words.charts.trend,
    steps: {
      axis,
      tiers: tiers.map((tier) => ({ tier, raised: along((one) => one.tiers[tier] ?? 0) })),
      recoveredFen: along((one) => one.recoveredFen),
    },
    legend: [
      ...tiers.map((of) => ({ of, text: `${names[of]} ${countText(figures.byTier[of]?.raised ?? 0)}` })),
      { of: 'recovered', text: `${words.rows.recovered} ${moneyText(figures.totals.recoveredFen, words)}` },
    ],
  };
}
