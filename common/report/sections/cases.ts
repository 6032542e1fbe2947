import { CODE_NAMES } from '../../codeNames.ts';
import { countCell, label, minuteText, moneyCell } from '../cells.ts';
import type { Section } from '../model.ts';
import type { Context } from './context.ts';

/** The gravest alerts of the span, by id: a report goes further than the program, so it names no employer. */
export function cases({ situation, words }: Context): Section {
  const { gravest } = situation;
  const names = CODE_NAMES[words.lang];
  const areaNames = new Map(situation.areas.map(({ code, name }) => [code, name[words.lang]]));
  const { columns } = words;
  const text = (label: string) => ({ label, kind: 'text' as const });
  const number = (label: string) => ({ label, kind: 'number' as const });
  return {
    id: 'cases',
    heading: words.headings.cases,
    sentences: [words.say.cases(gravest.length)],
    tables:
      gravest.length === 0
        ? []
        : [
            {
              id: 'cases',
              caption: words.tables.cases,
              columns: [
                number(columns.number),
                text(columns.alert),
                text(columns.tier),
                text(columns.area),
                text(columns.industry),
                number(columns.workers),
                number(columns.amount),
                number(columns.recoveredOf),
                text(columns.raisedAt),
                text(columns.stage),
              ],
              rows: gravest.map((one, i) => [
                countCell(i + 1),
                label(one.alertId),
                label(names.tiers[one.tier]),
                label(areaNames.get(one.area) ?? one.area),
                label(names.industries[one.industry]),
                countCell(one.workers),
                moneyCell(one.amountFen, words),
                moneyCell(one.recoveredFen, words),
                label(minuteText(one.raisedAt)),
                label(names.stages[one.stage]),
              ]),
            },
          ],
  };
}
