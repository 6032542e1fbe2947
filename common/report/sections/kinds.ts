import { CODE_NAMES } from '../../codeNames.ts';
import type { SpanRow } from '../../../contract/reportSituation.ts';
import { countCell, label, moneyCell, shareCell } from '../cells.ts';
import { spreadOf } from '../facts.ts';
import type { Section, Table } from '../model.ts';
import { shareText } from '../numbers.ts';
import type { SentencePart } from '../../sentence/parts.ts';
import type { Context } from './context.ts';

/** What was raised by industry and by source; undefined where nothing was. */
export function kinds({ situation, words }: Context): Section | undefined {
  const { figures } = situation;
  const all = figures.totals.raised;
  if (all === 0) return undefined;
  const names = CODE_NAMES[words.lang];
  const parts = [
    { what: 'industry' as const, record: figures.byIndustry, name: names.industries as Record<string, string> },
    { what: 'channel' as const, record: figures.byChannel, name: names.channels as Record<string, string> },
  ];
  const sentences: SentencePart[][] = [];
  const tables: Table[] = [];
  for (const { what, record, name } of parts) {
    const rows = Object.entries(record as Record<string, SpanRow>)
      .filter(([, row]) => row.raised > 0)
      .sort(([a, x], [b, y]) => y.raised - x.raised || (a < b ? -1 : 1));
    const spread = spreadOf(rows.map(([code, row]) => [name[code] ?? code, row.raised]));
    const sentence = words.say.kinds(what, spread, 'count' in spread ? shareText(spread.count, all) : undefined);
    if (sentence.length > 0) sentences.push(sentence);
    const { columns } = words;
    tables.push({
      id: what === 'industry' ? 'industries' : 'channels',
      caption: words.tables[what === 'industry' ? 'industries' : 'channels'],
      columns: [
        { label: columns[what], kind: 'text' },
        { label: columns.raised, kind: 'number' },
        { label: columns.share, kind: 'number' },
        { label: columns.workers, kind: 'number' },
        { label: columns.amount, kind: 'number' },
        { label: columns.recovered, kind: 'number' },
      ],
      rows: rows.map(([code, row]) => [
        label(name[code] ?? code),
        countCell(row.raised),
        shareCell(row.raised, all),
        countCell(row.workers),
        moneyCell(row.amountFen, words),
        moneyCell(row.recoveredFen, words),
      ]),
    });
  }
  return { id: 'kinds', heading: words.headings.kinds, sentences, tables };
}
