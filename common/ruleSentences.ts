import type {
  Comparison,
  Condition,
  IndicatorKind,
  Operator,
  PackIndicator,
  PackRule,
  RulePack,
} from '../contract/rulePack.ts';

/** Rules as sentences that anybody can read (signals §2), in both languages. Pure. */

export type RuleLanguage = 'zh-CN' | 'en';

interface Words {
  variables: Record<string, string>;
  operators: Record<Operator, string>;
  all: string;
  any: string;
  not: (inner: string) => string;
  group: (inner: string) => string;
  channel: (code: string) => string;
  /** Of an indicator that is counted: whether there is anything of it at all. */
  some: Record<IndicatorKind, { yes: (name: string) => string; no: (name: string) => string }>;
}

/** In English names are of every part of speech: "owner fled", "petitions", "no deposit". */
const ON_RECORD = {
  yes: (name: string) => `“${name}” on record`,
  no: (name: string) => `“${name}” not on record`,
};

const WORDS: Record<RuleLanguage, Words> = {
  'zh-CN': {
    variables: {
      score: '得分',
      channels: '有分来源数',
      workers: '涉及人数',
      amountYuan: '涉及金额（元）',
      months: '欠薪月数',
      headcount: '用工人数',
    },
    operators: { '>=': '不少于', '>': '大于', '<=': '不超过', '<': '小于', '==': '等于', '!=': '不等于' },
    all: '，且',
    any: '，或',
    not: (inner) => `并非（${inner}）`,
    group: (inner) => `（${inner}）`,
    channel: (code) => `来源 ${code} 得分`,
    some: {
      state: { yes: (name) => `有“${name}”情形`, no: (name) => `无“${name}”情形` },
      event: { yes: (name) => `有${name}`, no: (name) => `无${name}` },
    },
  },
  en: {
    variables: {
      score: 'score',
      channels: 'channels with points',
      workers: 'workers concerned',
      amountYuan: 'amount in yuan',
      months: 'months of unpaid wages',
      headcount: 'headcount',
    },
    operators: {
      '>=': 'at least',
      '>': 'more than',
      '<=': 'at most',
      '<': 'less than',
      '==': 'exactly',
      '!=': 'other than',
    },
    all: ', and ',
    any: ', or ',
    not: (inner) => `not (${inner})`,
    group: (inner) => `(${inner})`,
    channel: (code) => `points of channel ${code}`,
    some: { state: ON_RECORD, event: ON_RECORD },
  },
};

/**
 * A condition as a sentence without an end: `得分不少于 40，且有分来源数不少于 2`. Groups within groups stand in brackets.
 * @param channelName of a channel's code; the code itself where it is not given
 */
export function conditionText(
  when: Condition,
  pack: Pick<RulePack, 'indicators'>,
  language: RuleLanguage,
  channelName?: (code: string) => string,
): string {
  const words = WORDS[language];
  const text = (one: Condition, inner: boolean): string => {
    if (isComparison(one)) return comparisonText(one, pack, language, channelName);
    if ('not' in one) return words.not(text(one.not, false));
    const all = 'all' in one;
    const parts = all ? one.all : one.any;
    if (parts.length === 1) return text(parts[0]!, inner);
    const joined = parts.map((part) => text(part, true)).join(all ? words.all : words.any);
    return inner ? words.group(joined) : joined;
  };
  return text(when, false);
}

/** A rule as a sentence: `得分不少于 40，且有分来源数不少于 2：黄色`. @param tierName of its tier */
export function ruleText(
  { when }: Pick<PackRule, 'when'>,
  pack: Pick<RulePack, 'indicators'>,
  language: RuleLanguage,
  tierName: string,
  channelName?: (code: string) => string,
): string {
  const condition = conditionText(when, pack, language, channelName);
  return language === 'en' ? `${tierName}: ${condition}.` : `${tierName}：${condition}。`;
}

function comparisonText(
  [variable, operator, number]: Comparison,
  { indicators }: Pick<RulePack, 'indicators'>,
  language: RuleLanguage,
  channelName: ((code: string) => string) | undefined,
): string {
  const words = WORDS[language];
  const code = variable.slice(variable.indexOf(':') + 1);
  const indicator = variable.startsWith('indicator:') ? indicators[code] : undefined;
  const some = indicator && someOf(indicator, operator, number);
  if (some) return words.some[indicator.kind][some](indicator.name?.[language] ?? code);
  const subject = variable.startsWith('channel:')
    ? (channelName?.(code) ?? words.channel(code))
    : variable.startsWith('indicator:')
      ? (indicator?.name?.[language] ?? code)
      : words.variables[variable]!;
  return language === 'en'
    ? `${subject} ${words.operators[operator]} ${number}`
    : `${subject}${words.operators[operator]} ${number}`;
}

/** Counts are whole numbers, so that these say no more than whether there is one: "不少于 1" is no way to say it. */
function someOf({ measure }: PackIndicator, operator: Operator, number: number): 'yes' | 'no' | undefined {
  if (measure !== 'count') return undefined;
  if (number === 1) return ({ '>=': 'yes', '<': 'no' } as const)[operator as '>=' | '<'];
  if (number === 0)
    return ({ '>': 'yes', '!=': 'yes', '<=': 'no', '==': 'no' } as const)[operator as '>' | '!=' | '<=' | '=='];
  return undefined;
}

function isComparison(when: Condition): when is Comparison {
  return Array.isArray(when);
}
