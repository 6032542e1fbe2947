import type { ReportAbout } from '../../contract/reportLimits.ts';
import type { Report, Section } from './model.ts';

/**
 * What a site's own document is filled with (docs/reports.md): texts by name, tables as lists of rows with cells `c1` …, and pictures. Pure.
 */

/** Of every report. */
const HEAD = ['title', 'span', 'place', 'addressee', 'sender', 'date', 'madeAt', 'digest', 'link'] as const;
/** A code that opens the frozen lists, as a picture. */
export const CODE_PICTURE = 'qr';

interface Names {
  /** Rows of single figures: `{raised}`, and what it is compared with. */
  figures: readonly string[];
  /** Sentences of a section: `{text.overview}`. */
  sections: readonly string[];
  /** Loops over rows: `{#table.areas}{c1}{/}`. */
  tables: readonly string[];
  /** Pictures: `{chart.overview}`. */
  charts: readonly string[];
}
const NAMES: Record<ReportAbout, Names> = {
  situation: {
    figures: [
      'raised',
      'red',
      'orange',
      'yellow',
      'blue',
      'places',
      'workers',
      'amount',
      'audited',
      'effective',
      'falseAlarm',
      'rate',
      'closed',
      'closeDays',
      'recovered',
      'recoveredWorkers',
      'enterprisesPaid',
      'open',
    ],
    sections: ['overview', 'areas', 'kinds', 'loop', 'cases'],
    tables: ['overview', 'areas', 'industries', 'channels', 'loop', 'cases'],
    charts: ['overview', 'areas'],
  },
  unit: {
    figures: [
      'received',
      'accepted',
      'acceptedInTime',
      'acceptedLate',
      'acceptedRate',
      'handled',
      'handledInTime',
      'handledLate',
      'handledRate',
      'handleDays',
      'extended',
      'audited',
      'returned',
      'returnedRate',
      'recovered',
      'recoveredWorkers',
      'open',
      'overdue',
    ],
    sections: ['overview', 'towns', 'cases'],
    tables: ['overview', 'held', 'towns', 'cases'],
    charts: ['overview'],
  },
  supervision: {
    figures: [
      'issued',
      'notice',
      'talk',
      'circular',
      'alerts',
      'units',
      'workers',
      'amount',
      'answered',
      'answeredLate',
      'overdue',
      'open',
      'ended',
      'closed',
    ],
    sections: ['issued', 'answers', 'letters'],
    tables: ['issued', 'levels', 'answers', 'units', 'letters'],
    charts: ['answers'],
  },
};
const COMPARED = ['previous', 'previousChange', 'lastYear', 'lastYearChange'] as const;
/** A table has at most so many columns. */
const MOST_CELLS = 12;
export const CELL_NAMES: readonly string[] = Array.from({ length: MOST_CELLS }, (_, i) => `c${i + 1}`);

export interface Placeholders {
  texts: readonly string[];
  loops: readonly string[];
  pictures: readonly string[];
}
/** All that a template of a report may name. */
export function placeholdersOf(about: ReportAbout): Placeholders {
  const { figures, sections, tables, charts } = NAMES[about];
  return {
    texts: [
      ...HEAD,
      ...figures.flatMap((name) => [name, ...COMPARED.map((one) => `${name}.${one}`)]),
      ...sections.map((name) => `text.${name}`),
    ],
    loops: [...tables.map((name) => `table.${name}`), 'notes'],
    pictures: [CODE_PICTURE, ...charts.map((name) => `chart.${name}`)],
  };
}

export interface TemplateValues {
  texts: Record<string, string>;
  /** Rows; each has its cells. */
  loops: Record<string, Record<string, string>[]>;
  charts: Record<string, NonNullable<Section['chart']>>;
}

/**
 * What a report fills a template with. What this report has not (a unit of one town has no towns) is empty.
 * @param making texts of how it was made
 * @param stop ends a sentence
 */
export function templateValues(
  report: Report,
  about: ReportAbout,
  making: Record<'madeAt' | 'digest' | 'link', string>,
  stop: string,
): TemplateValues {
  const { texts: names, loops: loopNames } = placeholdersOf(about);
  const texts: Record<string, string> = Object.fromEntries(names.map((name) => [name, '']));
  const loops: TemplateValues['loops'] = Object.fromEntries(loopNames.map((name) => [name, []]));
  const charts: TemplateValues['charts'] = {};
  const { title, span, scopeName: place, addressee, sender, date } = report;
  Object.assign(texts, { title, span, place, addressee, sender, date, ...making });
  for (const { id, sentences, tables, chart } of report.sections) {
    const between = report.lang === 'en' ? ' ' : '';
    texts[`text.${id}`] = sentences.map((parts) => parts.map(({ text }) => text).join('') + stop).join(between);
    if (chart) charts[`chart.${id}`] = chart;
    for (const table of tables) {
      const name = `table.${table.id}`;
      if (name in loops)
        loops[name] = table.rows.map((row) => Object.fromEntries(row.map(({ text }, i) => [`c${i + 1}`, text])));
      // A report without a span before has two columns less.
      const compared = table.columns.length === 6 ? COMPARED : table.columns.length === 4 ? COMPARED.slice(2) : [];
      table.ids?.forEach((figure, r) => {
        const [, now, ...others] = table.rows[r]!;
        texts[figure] = now!.text;
        compared.forEach((one, i) => (texts[`${figure}.${one}`] = others[i]!.text));
      });
    }
  }
  loops['notes'] = report.notes.map((note) => ({ c1: note }));
  return { texts, loops, charts };
}
