import type { AlertFacts, AlertState } from './state.ts';

/**
 * The fields of an alert, described once. From this follow the facts that the fold keeps, what an amendment may set, the
 * row of feed and table, its chunk codec, the brief, what a display is shown of it, and the columns of an export.
 *
 * A field of the kind `text` or `number` needs no other code on the server. One that is `own` is filtered, sorted or
 * summed by, so hot loops name it by hand; each of them says with `Covers` which ones, and does not compile when one is
 * missing.
 */
export interface AlertField {
  /** What the first `raised` says and `amended` may set (contract §2, Facts); all others follow from the events. */
  fact?: 'required' | 'optional';
  /** How the row carries it; left out of the row where this is not given. */
  row?: 'own' | 'text' | 'number' | 'flag';
  /** In the brief as it is, or as RFC 3339. */
  brief?: 'same' | 'time';
  /** What a display gets of it: all, a part by a rule of its own (server/privacy/mask.ts), or nothing. */
  mask?: 'shown' | 'part' | 'hidden';
  /** Columns of an export. */
  columns?: readonly ExportColumn[];
}
export interface ExportColumn {
  zh: string;
  en: string;
  /** Width in characters, for tables that have widths. */
  width: number;
  /** How the cell is made; `same` where the row's value is one. By hand: server/views/export/exportColumns.ts. */
  cell: 'same' | 'time' | 'yuan' | 'code' | HandMadeCell;
}
export type HandMadeCell =
  | 'town'
  | 'enterprise.name'
  | 'enterprise.uscc'
  | 'project'
  | 'term'
  | 'overdue'
  | 'supervised'
  | 'location.lng'
  | 'location.lat';

/** In the order of an export's columns. */
export const ALERT_FIELDS = {
  alertId: {
    row: 'own',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '预警编号', en: 'Alert', width: 18, cell: 'same' }],
  },
  tier: {
    fact: 'required',
    row: 'own',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '等级', en: 'Tier', width: 8, cell: 'code' }],
  },
  town: {
    fact: 'required',
    row: 'own',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '镇街', en: 'Town', width: 14, cell: 'town' }],
  },
  enterprise: {
    fact: 'required',
    row: 'own',
    brief: 'same',
    mask: 'part',
    columns: [
      { zh: '企业', en: 'Employer', width: 36, cell: 'enterprise.name' },
      { zh: '统一社会信用代码', en: 'Credit code', width: 22, cell: 'enterprise.uscc' },
    ],
  },
  project: {
    fact: 'optional',
    row: 'own',
    brief: 'same',
    mask: 'hidden',
    columns: [{ zh: '项目', en: 'Project', width: 30, cell: 'project' }],
  },
  industry: {
    fact: 'required',
    row: 'own',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '行业', en: 'Industry', width: 24, cell: 'code' }],
  },
  channel: {
    fact: 'required',
    row: 'own',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '来源', en: 'Source', width: 14, cell: 'code' }],
  },
  stage: {
    row: 'own',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '环节', en: 'Stage', width: 10, cell: 'code' }],
  },
  verdict: {
    row: 'own',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '审核结论', en: 'Verdict', width: 10, cell: 'code' }],
  },
  platform: {
    row: 'text',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '处置平台', en: 'Platform', width: 18, cell: 'code' }],
  },
  unit: {
    row: 'text',
    brief: 'same',
    // In the agenda a display gets it (server/privacy/mask.ts).
    mask: 'hidden',
    columns: [{ zh: '处置单位', en: 'Unit', width: 24, cell: 'same' }],
  },
  /** An id, which names nobody. */
  person: { row: 'text', brief: 'same', mask: 'hidden' },
  workers: {
    fact: 'required',
    row: 'own',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '涉及人数', en: 'Workers', width: 10, cell: 'same' }],
  },
  amountFen: {
    fact: 'required',
    row: 'own',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '涉及金额（元）', en: 'Amount (yuan)', width: 16, cell: 'yuan' }],
  },
  recoveredFen: {
    row: 'own',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '已追回（元）', en: 'Recovered (yuan)', width: 16, cell: 'yuan' }],
  },
  raisedAt: {
    row: 'own',
    brief: 'time',
    mask: 'shown',
    columns: [{ zh: '触发时间', en: 'Raised', width: 20, cell: 'time' }],
  },
  dueAt: {
    row: 'own',
    brief: 'time',
    mask: 'shown',
    columns: [
      { zh: '时限', en: 'Term', width: 20, cell: 'term' },
      { zh: '是否超期', en: 'Overdue', width: 10, cell: 'overdue' },
    ],
  },
  closedAt: { row: 'own', columns: [{ zh: '办结时间', en: 'Closed', width: 20, cell: 'time' }] },
  changedAt: {
    row: 'own',
    brief: 'time',
    mask: 'shown',
    columns: [{ zh: '最近变化', en: 'Changed', width: 20, cell: 'time' }],
  },
  location: {
    fact: 'optional',
    row: 'own',
    brief: 'same',
    mask: 'part',
    columns: [
      { zh: '经度', en: 'Longitude', width: 12, cell: 'location.lng' },
      { zh: '纬度', en: 'Latitude', width: 12, cell: 'location.lat' },
    ],
  },
  supervised: {
    row: 'flag',
    brief: 'same',
    mask: 'shown',
    columns: [{ zh: '督办中', en: 'Supervised', width: 10, cell: 'supervised' }],
  },
  /** When it was put under supervision (supervisedTimes.ts): the marks of a time bar. */
  supervisions: { row: 'text' },
  positionOutside: { row: 'own', brief: 'same', mask: 'shown' },
  verdictAt: { row: 'own' },
  recoveries: { row: 'own' },
  arrearsDays: { fact: 'optional' },
  rule: { fact: 'optional' },
} as const satisfies Record<string, AlertField>;

type Fields = typeof ALERT_FIELDS;
export type FieldName = keyof Fields;
/** Names of the fields that are described like `T`. */
export type FieldsLike<T extends AlertField> = { [F in FieldName]: Fields[F] extends T ? F : never }[FieldName];

/** Fields of the row that hot loops name by hand, and those that are carried without. */
export type OwnField = FieldsLike<{ row: 'own' }>;
export type ExtraField = FieldsLike<{ row: 'text' | 'number' | 'flag' }>;
/** Facts that the fold names by hand, and those that it copies. */
export type OwnFact = Extract<FieldsLike<{ fact: 'required' | 'optional' }>, OwnField>;
export type ExtraFact = Exclude<FieldsLike<{ fact: 'required' | 'optional' }>, OwnField>;

/** Does not compile while `Needed` has a name that is not in `Handled`; stands beside a loop that names fields by hand. */
export type Covers<Needed extends Handled, Handled extends string> = Handled extends Needed ? Handled : never;

const entries = Object.entries(ALERT_FIELDS) as [FieldName, AlertField][];
const namesOf = <F extends FieldName>(test: (field: AlertField) => boolean) =>
  entries.filter(([, field]) => test(field)).map(([name]) => name) as F[];

export const EXTRA_FACTS: readonly ExtraFact[] = namesOf((field) => field.fact !== undefined && field.row !== 'own');
export const EXTRA_FIELDS: readonly ExtraField[] = namesOf(
  ({ row }) => row === 'text' || row === 'number' || row === 'flag',
);
export const EXTRA_BRIEF_FIELDS: readonly ExtraField[] = EXTRA_FIELDS.filter(
  (name) => (ALERT_FIELDS[name] as AlertField).brief !== undefined,
);
/** What a display is shown of a brief as it is. */
export const SHOWN_FIELDS: readonly FieldsLike<{ mask: 'shown' }>[] = namesOf((field) => field.mask === 'shown');
export const EXPORT_COLUMNS: readonly (ExportColumn & { field: FieldName })[] = entries.flatMap(
  ([field, { columns }]) => (columns ?? []).map((column) => ({ field, ...column })),
);

/** The fields carried without code of their own, as the row has them. */
export type ExtraRow = { [F in ExtraField]?: (AlertFacts & AlertState)[F & keyof (AlertFacts & AlertState)] };
