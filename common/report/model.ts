import type { Tier } from '../../contract/codes.ts';
import type { TimeAxis } from '../charts/timeAxis.ts';
import type { TrendSteps } from '../charts/trendOption.ts';
import type { NameLang } from '../codeNames.ts';
import type { SentencePart } from '../sentence/parts.ts';

/** A report as it is read, before it becomes a page or a file. */
export interface Report {
  lang: NameLang;
  /** 余杭区欠薪预警月报 */
  title: string;
  /** 2026年10月1日至31日 */
  span: string;
  /** Where it is about. */
  scopeName: string;
  /** To whom it is addressed. */
  addressee: string;
  /** Who gives it, and the day on which it was frozen. */
  sender: string;
  date: string;
  sections: Section[];
  /** How figures are meant, one paragraph each. */
  notes: string[];
}

export interface Section {
  id: string;
  heading: string;
  sentences: SentencePart[][];
  tables: Table[];
  chart?: ReportChart;
}

export interface Table {
  id: string;
  caption: string;
  columns: Column[];
  rows: Cell[][];
  /** Of tables of single figures: what a template calls each row (template.ts). */
  ids?: string[];
}
export interface Column {
  label: string;
  kind: 'text' | 'number';
}
export interface Cell {
  text: string;
  /** The figure itself, where it is one: a count, 万元, or a share (0.813). */
  value?: number;
  format?: 'count' | 'money' | 'percent' | 'points' | 'days';
  /** How it was reckoned: (now − then) ÷ then, or now − then, from the cells of these columns of its row. */
  formula?: { kind: 'percent' | 'difference'; now: number; then: number };
  /** Why it is "—", or how it was reckoned, in words. */
  why?: string;
}

/** What a chart shows; `chartOption` makes it a picture. */
export type ReportChart =
  /** The wall's 预警趋势, with its legend: each tier and the wages recovered, with what they come to in the span. */
  | { kind: 'trend'; caption: string; steps: TrendSteps; legend: { of: Tier | 'recovered'; text: string }[] }
  | { kind: 'bars'; caption: string; rows: { label: string; value: number }[] }
  /** Several figures side by side at each step. */
  | { kind: 'columns'; caption: string; axis: TimeAxis; columns: { name: string; values: number[] }[] };
