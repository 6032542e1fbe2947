import type { Frame } from '../../../../contract/frame.ts';
import type { RegionPack } from '../../../../contract/region.ts';

/**
 * Reads a sentence of the day back: takes it apart phrase by phrase, and holds every number and every claim against the
 * frame. Shares nothing with what wrote it. A phrase that nobody knows is a fault.
 */
type Lang = 'zh-CN' | 'en';
type Check = (found: string[], at: Place) => boolean;
interface Place {
  frame: Frame;
  pack: RegionPack;
  lang: Lang;
  /** What the clause is about. */
  topic: string;
  /** Names of areas with their counts of what the first clause counts. */
  counts: [name: string, count: number][];
  raised: number;
  /** Whether the first clause is about today, in a frame of another window. */
  today: boolean;
}

/** What an area is called: in English without what kind of area it is, unless two would be called the same. */
function called(name: { 'zh-CN': string; en: string } | undefined, { pack, lang }: Place): string | undefined {
  if (lang === 'zh-CN' || !name) return name?.['zh-CN'];
  const bare = (en: string) => en.replace(/ (Subdistrict|Town)$/, '');
  return pack.towns.filter((town) => bare(town.name.en) === bare(name.en)).length > 1 ? name.en : bare(name.en);
}

const number = (text: string) => Number(text.replaceAll(',', '').replace('%', ''));
const near = (shown: string, exact: number) => Math.abs(number(shown) - exact) <= 0.0500001;
const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
const audited = (one: { effective: number; falseAlarm: number }) => one.effective + one.falseAlarm;

const WINDOWS: Record<string, Record<Lang, [now: string, then: string, before: string]>> = {
  '1h': {
    'zh-CN': ['近 1 小时', '此前 1 小时', '上期'],
    en: ['in the last hour', 'in the hour before', 'prior hour'],
  },
  '24h': {
    'zh-CN': ['近 24 小时', '此前 24 小时', '上期'],
    en: ['in the last 24 hours', 'in the 24 hours before', 'prior 24 hours'],
  },
  '7d': {
    'zh-CN': ['近 7 天', '此前 7 天', '上期'],
    en: ['in the last 7 days', 'in the 7 days before', 'prior 7 days'],
  },
  '30d': {
    'zh-CN': ['近 30 天', '此前 30 天', '上期'],
    en: ['in the last 30 days', 'in the 30 days before', 'prior 30 days'],
  },
  '365d': {
    'zh-CN': ['近 365 天', '此前 365 天', '上期'],
    en: ['in the last 365 days', 'in the 365 days before', 'prior 365 days'],
  },
  today: { 'zh-CN': ['今日', '当日', '前一日同期'], en: ['today', 'that day', 'same hours the day before'] },
  week: { 'zh-CN': ['本周', '当周', '上周同期'], en: ['this week', 'that week', 'same days a week before'] },
  month: { 'zh-CN': ['本月', '当月', '上月同期'], en: ['this month', 'that month', 'same days a month before'] },
  year: { 'zh-CN': ['今年', '当年', '去年同期'], en: ['this year', 'that year', 'same days a year before'] },
  all: { 'zh-CN': ['累计', '累计', ''], en: ['in all', 'in all', ''] },
};
const nameOf = (window: string, { frame, lang }: Place) => WINDOWS[window]![lang][frame.byStage ? 0 : 1];
const isBefore = (text: string, { frame, lang }: Place) => text === WINDOWS[frame.window]![lang][2];

/** What was raised in what the text names, by area; undefined where the frame does not know. */
function raisedIn(text: string, at: Place): Record<string, number> | undefined {
  const { frame } = at;
  const rows = Object.entries(frame.byTown);
  const own = Object.fromEntries(rows.map(([code, { raised }]) => [code, raised]));
  if (text === nameOf('today', at)) {
    if (frame.window === 'today' && (frame.withheld === undefined || frame.totals.raised > 0)) return own;
    if (!rows.every(([, { days }]) => days)) return undefined;
    return Object.fromEntries(rows.map(([code, { days }]) => [code, days![frame.at.slice(0, 10)] ?? 0]));
  }
  return text === nameOf(frame.window, at) ? own : undefined;
}

function raised([when, shown]: string[], at: Place): boolean {
  const by = raisedIn(when!, at);
  if (!by) return false;
  at.today = when === nameOf('today', at) && at.frame.window !== 'today';
  at.raised = at.today ? sum(Object.values(by)) : at.frame.totals.raised;
  at.counts = Object.entries(by).map(([code, n]) => [
    called(at.pack.towns.find((town) => town.code === code)?.name, at) ?? code,
    n,
  ]);
  return number(shown!) === at.raised && at.raised > 0;
}
/** Of a day in another window the latest alerts tell, where they are as many as there were. */
function red([n]: string[], { frame, raised, today }: Place): boolean {
  if (!today) return number(n!) === frame.byTier.red!.raised;
  const its = Object.values(frame.latest).filter(({ raisedAt }) => raisedAt.startsWith(frame.at.slice(0, 10)));
  return its.length === raised && number(n!) === its.filter(({ tier }) => tier === 'red').length;
}
const none = ([when]: string[], at: Place) => {
  const by = raisedIn(when!, at);
  return by !== undefined && sum(Object.values(by)) === 0 && (at.frame.withheld === undefined || !!at.frame.byTown);
};
const most = (at: Place) => Math.max(...at.counts.map(([, n]) => n));
const of = (name: string, at: Place) => at.counts.find(([other]) => other === name)?.[1] ?? NaN;

const late = (at: Place) =>
  Object.values(at.frame.agenda ?? {})
    .filter(({ overdue }) => overdue)
    .sort((a, b) => Date.parse(a.dueAt!) - Date.parse(b.dueAt!))[0];
const lateHere = (name: string, at: Place) =>
  called(at.pack.towns.find((town) => late(at)!.town.startsWith(town.code.replace(/(00)+$/, '')))?.name, at) === name;
function lateFor(at: Place, days: string | undefined, hours: string | undefined, minutes: string | undefined): boolean {
  const ms = Date.parse(at.frame.at) - Date.parse(late(at)!.dueAt!);
  const said = Number(days ?? 0) * 86_400_000 + Number(hours ?? 0) * 3_600_000 + Number(minutes ?? 0) * 60_000;
  return said > 0 && ms >= said && ms - said < (minutes ? 60_000 : 3_600_000);
}
const points = ({ frame: { totals, compare } }: Place) =>
  100 * (totals.successRate! - (compare.previous!.successRate ?? NaN));
const bases = ({ frame: { totals, compare } }: Place) => audited(totals) >= 10 && audited(compare.previous!) >= 10;
const shares = ({ frame: { totals, compare } }: Place) => totals.raised / compare.previous!.raised;
const count =
  (read: (frame: Frame) => number | undefined): Check =>
  ([n], { frame }) =>
    number(n!) === read(frame);
/** In English, one of something is one. */
const plural = (n: string, s: string) => (n === '1') === (s === '');

const RULES: Record<Lang, [topic: RegExp, phrase: RegExp, check: Check][]> = {
  'zh-CN': [
    [/^$/, /^(累计)预警 ([\d,]+) 件$/, raised],
    [/^$|^late$/, /^(.+)新增 ([\d,]+) 件$/, raised],
    [/^$/, /^(.+)无新增$/, none],
    [/^raised$/, /^红色 (\d+) 件$/, red],
    [
      /^raised$/,
      /^(均?)在(.+)$/,
      ([all, name], at) => of(name!, at) === at.raised && (all === '') === (at.raised === 1),
    ],
    [/^raised$/, /^集中在(.+)$/, ([name], at) => 2 * of(name!, at) > at.raised && of(name!, at) < at.raised],
    [
      /^raised$/,
      /^([^、]+)最多 (\d+) 件$/,
      ([name, n], at) =>
        of(name!, at) === most(at) &&
        number(n!) === most(at) &&
        at.counts.filter(([, m]) => m === most(at)).length === 1,
    ],
    [
      /^raised$/,
      /^(.+)、(.+)最多 各 (\d+) 件$/,
      ([a, b, n], at) =>
        of(a!, at) === most(at) &&
        of(b!, at) === most(at) &&
        number(n!) === most(at) &&
        at.counts.filter(([, m]) => m === most(at)).length === 2,
    ],
    [
      /^raised$/,
      /^分布在 (\d+) 个(?:镇街|区县|地市)$/,
      ([n], at) => number(n!) === at.counts.filter(([, m]) => m > 0).length && number(n!) > 1,
    ],
    [/^$/, /^在办 ([\d,]+) 件$/, count(({ totals, byStage }) => (byStage ? NaN : totals.open))],
    [/^$/, /^(无)在办预警$/, (_, { frame }) => frame.totals.open === 0 && frame.withheld === undefined],
    [/^$/, /^今日到期 ([\d,]+) 件$/, count(({ totals }) => totals.dueToday)],
    [/^$|^due$/, /^(无)超期$/, (_, { frame }) => frame.totals.overdue === 0 && frame.withheld === undefined],
    [/^$/, /^超期 ([\d,]+) 件$/, count(({ totals }) => totals.overdue)],
    [
      /^overdue$/,
      /^(最久)?在(.+)$/,
      ([longest, name], at) => lateHere(name!, at) && (longest !== undefined) === at.frame.totals.overdue! > 1,
    ],
    [
      /^overdue$/,
      /^(?:最久)?已超(?: (\d+) 天)?(?: (\d+) 小时)?(?: (\d+) 分钟)?$/,
      ([d, h, m], at) => lateFor(at, d, h, m),
    ],
    [/^overdue$/, /^(?:最久)?(刚刚)超期$/, (_, at) => Date.parse(at.frame.at) - Date.parse(late(at)!.dueAt!) < 60_000],
    [
      /^$/,
      /^(.+)成功率 ([\d.]+%)$/,
      ([when, n], at) => when === nameOf(at.frame.window, at) && near(n!, 100 * at.frame.totals.successRate!),
    ],
    [
      /^$/,
      /^(.+)成功率 ([\d.]+%)（审核 (\d+) 件 基数小）$/,
      ([when, n, base], at) =>
        when === nameOf(at.frame.window, at) &&
        near(n!, 100 * at.frame.totals.successRate!) &&
        number(base!) === audited(at.frame.totals) &&
        number(base!) < 10,
    ],
    [
      /^rate$/,
      /^较(.+)(升|降) ([\d.]+) 个百分点$/,
      ([before, way, n], at) =>
        bases(at) && isBefore(before!, at) && (way === '升') === points(at) > 0 && near(n!, Math.abs(points(at))),
    ],
    [
      /^rate$/,
      /^与(.+?)(基本)?持平$/,
      ([before, almost], at) =>
        bases(at) &&
        isBefore(before!, at) &&
        Math.abs(points(at)) < 0.05 &&
        (almost === undefined) === (points(at) === 0),
    ],
    [
      /^raised$/,
      /^较(.+)(增|减) ([\d.]+%)$/,
      ([before, way, n], at) =>
        isBefore(before!, at) &&
        (way === '增') === shares(at) > 1 &&
        near(n!, 100 * Math.abs(shares(at) - 1)) &&
        shares(at) < 10,
    ],
    [
      /^raised$/,
      /^为(.+)的 ([\d.]+) 倍$/,
      ([before, n], at) => isBefore(before!, at) && near(n!, shares(at)) && shares(at) >= 10,
    ],
    [/^raised$/, /^与(.+?)(基本)?持平$/, ([before], at) => isBefore(before!, at) && Math.abs(shares(at) - 1) < 0.0005],
    [/^$/, /^(系统)已就绪$/, (_, { frame }) => sum(Object.values(frame.byStage!)) === 0],
    [/^ready$/, /^(尚无)预警$/, () => true],
    [/^$/, /^(预警较少)$/, (_, { frame }) => frame.withheld !== undefined],
    [/^few$/, /^(不公布数字)$/, () => true],
  ],
  en: [
    [
      /^$/,
      /^([\d,]+)( new)? alert(s?) (.+)$/,
      ([n, fresh, s, when], at) =>
        plural(n!, s!) && (fresh === undefined) === (when === 'in all') && raised([when!, n!], at),
    ],
    [/^$/, /^no new alerts (.+)$/, none],
    [/^raised$/, /^(\d+) red$/, red],
    [
      /^raised$/,
      /^(all )?in (\D+)$/,
      ([all, name], at) => of(name!, at) === at.raised && (all === undefined) === (at.raised === 1),
    ],
    [/^raised$/, /^mostly in (.+)$/, ([name], at) => 2 * of(name!, at) > at.raised && of(name!, at) < at.raised],
    [
      /^raised$/,
      /^(.+) has the most \((\d+)\)$/,
      ([name, n], at) =>
        of(name!, at) === most(at) &&
        number(n!) === most(at) &&
        at.counts.filter(([, m]) => m === most(at)).length === 1,
    ],
    [
      /^raised$/,
      /^(.+) and (.+) have the most \((\d+) each\)$/,
      ([a, b, n], at) =>
        of(a!, at) === most(at) &&
        of(b!, at) === most(at) &&
        number(n!) === most(at) &&
        at.counts.filter(([, m]) => m === most(at)).length === 2,
    ],
    [
      /^raised$/,
      /^in (\d+) (?:towns|districts|cities)$/,
      ([n], at) => number(n!) === at.counts.filter(([, m]) => m > 0).length && number(n!) > 1,
    ],
    [/^$/, /^([\d,]+) open$/, count(({ totals, byStage }) => (byStage ? NaN : totals.open))],
    [/^$/, /^(none) open$/, (_, { frame }) => frame.totals.open === 0 && frame.withheld === undefined],
    [/^$/, /^([\d,]+) due today$/, count(({ totals }) => totals.dueToday)],
    [/^$|^due$/, /^(none) overdue$/, (_, { frame }) => frame.totals.overdue === 0 && frame.withheld === undefined],
    [/^$/, /^([\d,]+) overdue$/, count(({ totals }) => totals.overdue)],
    [
      /^overdue$/,
      /^(the longest )?in (.+)$/,
      ([longest, name], at) => lateHere(name!, at) && (longest !== undefined) === at.frame.totals.overdue! > 1,
    ],
    [
      /^overdue$/,
      /^(?:the longest )?by (?:(\d+) day(s?))?(?: ?(\d+) hour(s?))?(?: ?(\d+) minute(s?))?$/,
      ([d, ds, h, hs, m, ms], at) =>
        lateFor(at, d, h, m) && (!d || plural(d, ds!)) && (!h || plural(h, hs!)) && (!m || plural(m, ms!)),
    ],
    [
      /^overdue$/,
      /^(?:the longest )?(since) just now$/,
      (_, at) => Date.parse(at.frame.at) - Date.parse(late(at)!.dueAt!) < 60_000,
    ],
    [
      /^$/,
      /^success rate ([\d.]+%) (\D[^(]*[^( ])$/,
      ([n, when], at) => when === nameOf(at.frame.window, at) && near(n!, 100 * at.frame.totals.successRate!),
    ],
    [
      /^$/,
      /^success rate ([\d.]+%) (.+) \((\d+) audited small base\)$/,
      ([n, when, base], at) =>
        when === nameOf(at.frame.window, at) &&
        near(n!, 100 * at.frame.totals.successRate!) &&
        number(base!) === audited(at.frame.totals) &&
        number(base!) < 10,
    ],
    [
      /^rate$/,
      /^(up|down) ([\d.]+) point(s?) vs (.+)$/,
      ([way, n, s, before], at) =>
        bases(at) &&
        plural(n!, s!) &&
        isBefore(before!, at) &&
        (way === 'up') === points(at) > 0 &&
        near(n!, Math.abs(points(at))),
    ],
    [
      /^rate$/,
      /^(almost )?unchanged vs (.+)$/,
      ([almost, before], at) =>
        bases(at) &&
        isBefore(before!, at) &&
        Math.abs(points(at)) < 0.05 &&
        (almost === undefined) === (points(at) === 0),
    ],
    [
      /^raised$/,
      /^(up|down) ([\d.]+%) vs (.+)$/,
      ([way, n, before], at) =>
        isBefore(before!, at) &&
        (way === 'up') === shares(at) > 1 &&
        near(n!, 100 * Math.abs(shares(at) - 1)) &&
        shares(at) < 10,
    ],
    [
      /^raised$/,
      /^([\d.]+) times the (.+)$/,
      ([n, before], at) => isBefore(before!, at) && near(n!, shares(at)) && shares(at) >= 10,
    ],
    [
      /^raised$/,
      /^(?:almost )?unchanged vs (.+)$/,
      ([before], at) => isBefore(before!, at) && Math.abs(shares(at) - 1) < 0.0005,
    ],
    [/^$/, /^(ready)$/, (_, { frame }) => sum(Object.values(frame.byStage!)) === 0],
    [/^$/, /^(no alerts) yet$/, () => true],
    [/^$/, /^(too few) alerts for figures to be shown$/, (_, { frame }) => frame.withheld !== undefined],
  ],
};
const TOPICS: [RegExp, string][] = [
  [/新增|累计预警|alert/, 'raised'],
  [/超期|overdue/, 'overdue'],
  [/到期|due/, 'due'],
  [/成功率|rate/, 'rate'],
  [/就绪/, 'ready'],
  [/较少/, 'few'],
];

/** Every fault that is found; none where the sentence says what the frame says. */
export function faultsOf(sentence: string, frame: Frame, pack: RegionPack, lang: Lang): string[] {
  const at: Place = { frame, pack, lang, topic: '', counts: [], raised: NaN, today: false };
  const faults: string[] = [];
  let rest = sentence;
  if (!frame.byStage) {
    const found =
      lang === 'en'
        ? /^As of (\d+ \w{3} \d{4}), (\d\d:\d\d): (.+)$/.exec(rest)
        : /^截至 (\d{4}-\d\d-\d\d) (\d\d:\d\d)，(.+)$/.exec(rest);
    if (!found) return ['a past frame does not say of when it is'];
    const said = lang === 'en' ? new Date(`${found[1]} UTC`).toISOString().slice(0, 10) : found[1];
    if (`${said}T${found[2]}` !== frame.at.slice(0, 16)) faults.push(`of another moment: ${found[1]} ${found[2]}`);
    rest = found[3]!;
  } else if (lang === 'en') {
    if (!/^[A-Z\d]/.test(rest)) faults.push('does not begin with a capital');
    rest = rest.charAt(0).toLowerCase() + rest.slice(1);
  }
  // What belongs together though a comma stands in it.
  rest = rest
    .replace(/最多，/g, '最多 ')
    .replace('，基数小', ' 基数小')
    .replace(', small base', ' small base');
  for (const clause of rest.split(lang === 'en' ? '; ' : '；')) {
    at.topic = '';
    for (const phrase of clause.split(lang === 'en' ? /, / : '，')) {
      const rules = RULES[lang].filter(([topic, form]) => topic.test(at.topic) && form.test(phrase));
      if (!rules.some(([, form, check]) => check(form.exec(phrase)!.slice(1), at))) faults.push(phrase);
      at.topic ||= TOPICS.find(([word]) => word.test(phrase))?.[1] ?? '';
    }
  }
  if (/ {2}|undefined|NaN|null/.test(sentence)) faults.push('not a sentence');
  return faults;
}
