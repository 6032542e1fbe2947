import type { Tier } from '../../../contract/codes.ts';
import type { AlertBrief, Frame } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';
import { alertKey } from '../../../common/alertRef.ts';
import { DAY_MS, floorTo, parseRfc3339 } from '../../../common/regionTime.ts';
import type { Lang } from '../../i18n/lang.ts';
import { placeName, unitHere } from '../../i18n/places.ts';
import { employerOf } from '../../shell/employer.ts';
import { nextStepOf, type NextStep } from '../../shell/nextStep.ts';

/** What must be done today, in this order: what is late, what ends today, what has just come and waits to be sent on. */
export const GROUPS = ['overdue', 'today', 'received'] as const;
export type GroupKey = (typeof GROUPS)[number];

export interface AgendaRow {
  /** `alertKey`: two districts of a city may use one id. */
  key: string;
  tier: Tier;
  employer: string;
  town: string;
  /** Who must act: the unit, or the officers who dispatch, audit and close. */
  by: NextStep['by'];
  unit?: string;
  step: NextStep['action'];
  /** Epoch ms. */
  dueAt?: number;
  late: boolean;
}

export interface AgendaGroup {
  key: GroupKey;
  /** All alerts of the group, by the frame's own count; undefined where it is withheld. */
  total: number | undefined;
  /** Those that the frame names, most urgent first. */
  rows: AgendaRow[];
}

export type AgendaView =
  /** A frame of the past has no agenda. */
  | { kind: 'past' }
  /** Where small figures are withheld: counts by unit, most first. */
  | { kind: 'units'; groups: AgendaGroup[]; units: { unit: string; n: number }[] }
  | { kind: 'alerts'; groups: AgendaGroup[] };

/**
 * The day's agenda. Pure.
 * @param now the server's clock, epoch ms: decides where today ends; what is overdue, the frame says
 */
export function toAgenda(frame: Frame, pack: RegionAnswer | undefined, now: number, lang: Lang): AgendaView {
  if (!frame.agenda || !frame.byStage) return { kind: 'past' };
  const midnight = floorTo(now, DAY_MS) + DAY_MS;
  const rowOf = (brief: AlertBrief): AgendaRow => {
    const due = brief.dueAt === undefined ? undefined : parseRfc3339(brief.dueAt);
    // What is in an agenda is open.
    const { action, by, unit } = nextStepOf(brief)!;
    return {
      key: alertKey(brief),
      tier: brief.tier,
      employer: employerOf(brief),
      town: placeName(pack, brief.town, lang),
      by,
      ...(unit === undefined ? {} : { unit: unitHere(pack, unit, lang) }),
      step: action,
      ...(due === undefined ? {} : { dueAt: due }),
      late: brief.overdue,
    };
  };
  const pressing = Object.values(frame.agenda).map(rowOf).sort(byTerm);
  const rows: Record<GroupKey, AgendaRow[]> = {
    overdue: pressing.filter(({ late }) => late),
    today: pressing.filter(({ late, dueAt }) => !late && dueAt !== undefined && dueAt <= midnight),
    received: [],
  };
  const listed = new Set([...rows.overdue, ...rows.today].map(({ key }) => key));
  rows.received = Object.values(frame.latest)
    .filter((brief) => brief.stage === 'raised' && !listed.has(alertKey(brief)))
    .sort(
      (a, b) =>
        (parseRfc3339(b.raisedAt) ?? 0) - (parseRfc3339(a.raisedAt) ?? 0) || (alertKey(a) < alertKey(b) ? 1 : -1),
    )
    .map(rowOf);
  const totals: Record<GroupKey, number | undefined> = {
    overdue: frame.totals.overdue,
    today: frame.totals.dueToday,
    received: frame.byStage.raised,
  };
  const groups = GROUPS.map((key): AgendaGroup => {
    const total = totals[key] ?? 0;
    return { key, total: frame.withheld && total === 0 ? undefined : total, rows: rows[key] };
  });
  if (!frame.withheld) return { kind: 'alerts', groups };
  const units = Object.entries(frame.agendaByUnit ?? {})
    .map(([unit, n]) => ({ unit: unitHere(pack, unit, lang), n }))
    .sort((a, b) => b.n - a.n || (a.unit < b.unit ? -1 : 1));
  return { kind: 'units', groups, units };
}

/** As the agenda itself is chosen (contract §4): earliest term first, then by id. */
function byTerm(a: AgendaRow, b: AgendaRow): number {
  return (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) || (a.key < b.key ? -1 : 1);
}

/** Heights, rem: of the head of a group; of a row, and of one where rows are many. */
const HEAD = 3;
const ROW = 5;
const LOW_ROW = 4.4;
const TALL_ROW = 6.4;

export interface AgendaPlan {
  /** Rows of each group; undefined of one that is left out. */
  rows: (number | undefined)[];
  /** Height of a row, rem. */
  row: number;
}

/**
 * What fits: all that is late and all that ends today, if it can be. For that rows become lower, and then what has just come,
 * which the stages count as well, is left out.
 * @param counts rows of each group, in the order of `GROUPS`; all groups or the first two of them
 * @param height rem
 */
export function planAgenda(counts: readonly number[], height: number): AgendaPlan {
  const pressing = counts.slice(0, 2);
  const forms = [
    { counts, row: ROW },
    { counts, row: LOW_ROW },
    { counts: pressing, row: LOW_ROW },
  ];
  const made = forms.map(({ counts: shown, row }) => {
    const free = height - shown.length * HEAD;
    const rows = allot(shown, Math.floor(free / row + 1e-6));
    const used = rows.reduce((sum, n) => sum + n, 0);
    return {
      rows: counts.map((_, i) => rows[i]),
      row: Math.max(row, Math.min(free / Math.max(1, used), TALL_ROW)),
    };
  });
  return made.find(({ rows }) => pressing.every((count, i) => rows[i] === count)) ?? made.at(-1)!;
}

/**
 * How many rows each group gets of `room`: one for what is late and one for what ends today, as far as they go, so that what
 * ends today is seen however much is late; the rest in the order of the groups.
 */
export function allot(counts: readonly number[], room: number): number[] {
  const given = counts.map(() => 0);
  let left = Math.max(0, room);
  counts.slice(0, 2).forEach((count, i) => {
    if (count > 0 && left > 0) {
      given[i] = 1;
      left--;
    }
  });
  counts.forEach((count, i) => {
    const more = Math.min(left, count - given[i]!);
    if (more > 0) {
      given[i] = given[i]! + more;
      left -= more;
    }
  });
  return given;
}
