import { parseRfc3339 } from '../../common/regionTime.ts';
import type { BriefingContent } from '../../contract/briefings.ts';
import type { BriefingPage } from '../../contract/briefingLimits.ts';
import { OPEN_STAGES, type WindowName } from '../../contract/codes.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import { count, dueTime, join, monthDay, percent } from '../i18n/format.ts';
import type { Lang } from '../i18n/lang.ts';
import { placeName, shortName } from '../i18n/places.ts';
import { SMALL_BASE } from '../panels/parts/comparison.ts';
import { isOwed } from '../shell/owed.ts';
import { shortMoney } from './figures.ts';
import { changesTold } from './sinceFinding.ts';
import { counted, midnightOf, type Say } from './words.ts';

/** What a page finds, in one sentence above it: how many, where most are, and whether it gets better. Pure but for the words handed in. */

interface Told {
  content: BriefingContent;
  pack: RegionAnswer;
  lang: Lang;
  t: Say;
}
type Clauses = (string | undefined)[];

const sum = (numbers: readonly number[]) => numbers.reduce((all, n) => all + n, 0);
interface Leaders {
  keys: string[];
  n: number;
  /** One of them has all there is: nobody has “most” then. */
  all: boolean;
}
/** Those with most of something, where it is one or two; of more alike nobody leads. */
function leaders(counts: readonly (readonly [key: string, n: number])[]): Leaders | undefined {
  const most = Math.max(0, ...counts.map(([, n]) => n));
  const keys = counts.filter(([, n]) => n === most).map(([key]) => key);
  const all = most === sum(counts.map(([, n]) => n));
  return most > 0 && counts.length > 1 && keys.length <= 2 ? { keys, n: most, all } : undefined;
}
function leadTowns(
  { content, pack, lang, t }: Told,
  counts: readonly (readonly [code: string, n: number])[],
  text: (n: number) => string,
): string | undefined {
  // Of a town there is one.
  const lead = content.scope === pack.code ? leaders(counts) : undefined;
  if (!lead) return undefined;
  const [a = '', b] = lead.keys.map((code) => shortName(placeName(pack, code, lang), lang));
  if (lead.all) return t(lead.n === 1 ? 'briefing.findings.leadOne' : 'briefing.findings.leadAll', { a });
  return b === undefined
    ? t('briefing.findings.lead', { a, n: text(lead.n) })
    : t('briefing.findings.leadTwo', { a, b, n: text(lead.n) });
}
const alerts =
  ({ t }: Told) =>
  (n: number) =>
    t('briefing.findings.alerts', { n: count(n) });
const rowsOf = (rows: Record<string, { raised: number }>) =>
  Object.entries(rows).map(([key, { raised }]) => [key, raised] as const);
const change = ({ t }: Told, now: number, then: number) =>
  now === then
    ? t('briefing.lines.openSame', {})
    : t(`briefing.lines.${now > then ? 'openMore' : 'openFewer'}`, { n: count(Math.abs(now - then)) });

/**
 * Against the period before, as every page names it: the same elapsed part of it (contract §3).
 * @param more how much more there is now @param words of things that are counted, or of money
 */
const than = (
  { t }: Told,
  window: WindowName,
  more: number,
  words: { by: string; fewer: 'fewer' | 'less'; same: 'many' | 'much' },
) =>
  t(`briefing.findings.than.${more > 0 ? 'more' : more < 0 ? words.fewer : words.same}`, {
    than: t(`briefing.than.${window}`, {}),
    by: words.by,
  });

const FINDINGS: Partial<Record<BriefingPage, (told: Told) => Clauses>> = {
  map(told) {
    const { frame, before } = told.content;
    const { open } = frame.totals;
    return [
      told.t(open === 0 ? 'briefing.findings.openNone' : 'briefing.findings.open', { n: count(open) }),
      leadTowns(
        told,
        Object.entries(frame.byTown).map(([code, row]) => [code, row.open]),
        alerts(told),
      ),
      before && change(told, open, before.open),
    ];
  },
  towns(told) {
    const { frame, window } = told.content;
    const { raised } = frame.totals;
    const before = frame.compare.previous?.raised;
    return [
      told.t('briefing.findings.raised', { n: count(raised) }),
      leadTowns(told, rowsOf(frame.byTown), alerts(told)),
      before === undefined
        ? undefined
        : than(told, window, raised - before, {
            by: alerts(told)(Math.abs(raised - before)),
            fewer: 'fewer',
            same: 'many',
          }),
    ];
  },
  sources({ content: { frame }, t }) {
    const { raised } = frame.totals;
    const most = (rows: Record<string, { raised: number }>) => {
      const lead = leaders(rowsOf(rows));
      return lead?.keys.length === 1 ? { key: lead.keys[0]!, ...lead } : undefined;
    };
    const [industry, channel] = [most(frame.byIndustry), most(frame.byChannel)];
    return [
      industry &&
        t(raised < SMALL_BASE ? 'briefing.findings.industryFew' : 'briefing.findings.industry', {
          name: t(`codes.industriesShort.${industry.key}`, {}),
          n: count(industry.n),
          share: percent(industry.n / raised, 0),
        }),
      channel &&
        t(`briefing.findings.channel${channel.all ? (channel.n === 1 ? 'One' : 'All') : ''}`, {
          name: t(`codes.channels.${channel.key}`, {}),
          n: count(channel.n),
        }),
    ];
  },
  loop({ content: { frame }, t }) {
    const { totals, byStage, overdueByStage } = frame;
    const most = (counts: Record<string, number>) =>
      leaders(OPEN_STAGES.map((stage) => [stage, counts[stage] ?? 0] as const));
    const where = (key: string, lead: Leaders) => {
      const form = lead.all ? (lead.n === 1 ? 'One' : 'All') : lead.keys.length > 1 ? 'Two' : '';
      const [a = '', b = ''] = lead.keys.map((stage) => t(`briefing.findings.stages.${stage}`, {}));
      return t(`briefing.findings.${key}${form}`, { a, b, n: count(lead.n) });
    };
    const [stands, late] = [most(byStage ?? {}), most(overdueByStage ?? {})];
    return [
      t(totals.open === 0 ? 'briefing.findings.openNone' : 'briefing.findings.open', { n: count(totals.open) }),
      stands && where('stage', stands),
      totals.overdue === undefined
        ? undefined
        : totals.overdue === 0
          ? t('briefing.findings.noneLate', {})
          : t('briefing.findings.late', { n: count(totals.overdue) }),
      totals.overdue ? late && where('lateStage', late) : undefined,
    ];
  },
  cases({ content: { cases, at }, lang, t }) {
    if (cases.length === 0) return [];
    const now = parseRfc3339(at)!;
    const owed = cases.filter(isOwed);
    const due = cases.flatMap(({ dueAt }) => (dueAt === undefined ? [] : [parseRfc3339(dueAt)!]));
    const late = due.filter((ms) => ms <= now).length;
    const next = Math.min(...due.filter((ms) => ms > now));
    return [
      t(
        'briefing.findings.cases',
        {
          n: count(cases.length),
          workers: counted('workers', sum(owed.map(({ workers }) => workers)), t),
          amount: join(shortMoney(sum(owed.map(({ amountFen }) => amountFen)), lang)),
        },
        cases.length,
      ),
      late > 0
        ? t(`briefing.findings.casesLate${late === cases.length ? 'All' : ''}`, { n: count(late) }, cases.length)
        : undefined,
      Number.isFinite(next) ? t('briefing.findings.casesNext', { time: dueTime(next, now, lang) }) : undefined,
    ];
  },
  recovered(told) {
    const { content, lang, t } = told;
    const { totals, byTown, compare } = content.frame;
    const text = (fen: number) => join(shortMoney(fen, lang));
    const before = compare.previous?.recoveredFen;
    const by = totals.recoveredFen - (before ?? 0);
    return [
      totals.recoveredFen === 0
        ? t('briefing.recovered.none', {})
        : t('briefing.findings.recovered', {
            sum: text(totals.recoveredFen),
            workers: counted('workers', totals.recoveredWorkers, t),
          }),
      before === undefined
        ? undefined
        : than(told, content.window, by, { by: text(Math.abs(by)), fewer: 'less', same: 'much' }),
      leadTowns(
        told,
        Object.entries(byTown).map(([code, row]) => [code, row.recoveredFen]),
        text,
      ),
    ];
  },
  accounts(told) {
    const { accounts } = told.content;
    if (!accounts) return [];
    const { sites, workers, byTown } = accounts.flagged;
    return sites === 0
      ? [told.t('briefing.findings.accountsNone', { sites: counted('sites', accounts.sites, told.t) })]
      : [
          told.t('briefing.findings.accounts', {
            of: counted('sites', accounts.sites, told.t),
            n: count(sites),
            workers: counted('workers', workers, told.t),
          }),
          leadTowns(told, Object.entries(byTown), (n) => told.t('briefing.findings.sites', { n: count(n) })),
        ];
  },
  changes: ({ content: { last }, t }) => [
    last && t('briefing.changes.finding', { told: changesTold(last.changes, t) }),
  ],
  outlook({ content: { outlook }, lang, t }) {
    const totals = outlook.map(({ day, tiers }) => [day, sum(Object.values(tiers))] as const);
    const all = sum(totals.map(([, n]) => n));
    if (all === 0) return [t('briefing.findings.noneDue', {})];
    const lead = leaders(totals);
    const red = sum(outlook.map(({ tiers }) => tiers['red'] ?? 0));
    return [
      t('briefing.outlook.all', { n: count(all) }, all),
      t(`briefing.findings.red${red === 0 ? 'None' : red === all ? 'All' : ''}`, { n: count(red) }, all),
      lead?.keys.length === 1
        ? t(`briefing.findings.day${lead.all ? (all === 1 ? 'One' : 'All') : ''}`, {
            day: monthDay(midnightOf(lead.keys[0]!), lang),
            n: count(lead.n),
          })
        : undefined,
    ];
  },
};

/** @returns nothing where a page finds nothing, or where figures are withheld: what leads then nobody can say */
export function findingOf(page: BriefingPage, told: Told): string | undefined {
  if (told.content.frame.withheld !== undefined) return undefined;
  const clauses = (FINDINGS[page]?.(told) ?? []).filter((one) => one !== undefined);
  return clauses.length === 0
    ? undefined
    : `${clauses.join(told.lang === 'en' ? '; ' : '；')}${told.lang === 'en' ? '.' : '。'}`;
}
